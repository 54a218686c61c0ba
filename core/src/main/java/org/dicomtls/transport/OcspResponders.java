package org.dicomtls.transport;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Asks OCSP responders, and remembers their answers until they are outdated, for a day at most. Everything is bounded:
 * the time that a handshake waits, the size of an answer, how many are remembered, and how many questions are under way
 * in the whole JVM. One question at a time is asked about one certificate. Threads live only while there are questions.
 */
final class OcspResponders {

    private static final int LARGEST = 1 << 16;
    private static final int MOST_REMEMBERED = 1000;
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_WAITING = 64;
    private static final int MOST_RESPONDERS = 2;
    private static final Duration LONGEST_REMEMBERED = Duration.ofDays(1);

    /** A responder that does not answer is not asked again by every handshake. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final ThreadPoolExecutor QUESTIONS = questions();

    private static ThreadPoolExecutor questions() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_AT_ONCE, MOST_AT_ONCE, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), body -> {
                    Thread thread = new Thread(body, "dicom-tls-ocsp");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** An answer and how long it is remembered. */
    private record Remembered(CertificateStatus status, Instant until) {}

    private final Map<String, FutureTask<CertificateStatus>> underWay = new ConcurrentHashMap<>();

    /** Guarded by itself; the eldest goes first. */
    private final Map<String, Remembered> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** Whether it is an address that this class would ask. */
    static boolean reachable(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return (scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getUserInfo() == null;
    }

    /**
     * What the configured responder, or else those that the certificate names, says of it. The certificate was validated
     * before, so these are names that a trusted authority has signed.
     *
     * @param end until when to wait, by {@link System#nanoTime()}
     */
    CertificateStatus status(
            X509Certificate certificate,
            X509Certificate issuer,
            Revocation revocation,
            CertificateStrength strength,
            Instant now,
            long end) {
        List<URI> uris = revocation.responder().map(List::of).orElseGet(() -> named(certificate));
        if (uris.isEmpty()) {
            return CertificateStatus.unknown("it names no OCSP responder that is reached by http or https");
        }
        String key = PeerTrait.sha256(PeerTrait.encoded(certificate)) + PeerTrait.sha256(PeerTrait.encoded(issuer));
        Optional<CertificateStatus> known = remembered(key, now);
        return known.orElseGet(() -> ask(key, certificate, issuer, uris, revocation.timeout(), strength, now, end));
    }

    private Optional<CertificateStatus> remembered(String key, Instant now) {
        synchronized (answers) {
            Remembered found = answers.get(key);
            return found == null || now.isAfter(found.until()) ? Optional.empty() : Optional.of(found.status());
        }
    }

    private void remember(String key, CertificateStatus status, Instant now) {
        Instant until = status.kind() == CertificateStatus.Kind.UNKNOWN ? now.plus(PAUSE) : status.until();
        Instant latest = now.plus(LONGEST_REMEMBERED);
        synchronized (answers) {
            answers.remove(key); // to be the youngest
            answers.put(key, new Remembered(status, until.isAfter(latest) ? latest : until));
        }
    }

    private CertificateStatus ask(
            String key,
            X509Certificate certificate,
            X509Certificate issuer,
            List<URI> uris,
            Duration timeout,
            CertificateStrength strength,
            Instant now,
            long end) {
        AtomicReference<HttpPost> open = new AtomicReference<>();
        FutureTask<CertificateStatus> mine = new FutureTask<>(() -> {
            CertificateStatus status = CertificateStatus.unknown("");
            for (URI uri : uris) {
                status = one(uri, certificate, issuer, strength, now, end, timeout, open);
                if (status.kind() != CertificateStatus.Kind.UNKNOWN) {
                    break;
                }
            }
            remember(key, status, now);
            return status;
        });
        FutureTask<CertificateStatus> task = Optional.ofNullable(underWay.putIfAbsent(key, mine)).orElse(mine);
        try {
            if (task == mine) {
                QUESTIONS.execute(mine);
            }
            return task.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            CertificateStatus late = late(uris.get(0), timeout);
            if (task == mine) {
                remember(key, late, now);
                close(open.get());
            }
            return late;
        } catch (RejectedExecutionException e) {
            return CertificateStatus.unknown("too many OCSP questions are under way");
        } catch (ExecutionException e) {
            return CertificateStatus.unknown(
                    "the OCSP responder " + name(uris.get(0)) + " cannot be asked: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CertificateStatus.unknown("the wait for the OCSP responder was interrupted");
        } finally {
            underWay.remove(key, mine);
        }
    }

    private static void close(HttpPost post) {
        try {
            if (post != null) {
                post.close();
            }
        } catch (IOException e) {
            // Nobody waits for it any more.
        }
    }

    private static CertificateStatus late(URI uri, Duration timeout) {
        return CertificateStatus.unknown(
                "the OCSP responder " + name(uri) + " did not answer within " + timeout.toMillis() + " ms");
    }

    private static String name(URI uri) {
        return Printable.of(uri.toString(), 100);
    }

    private static CertificateStatus one(
            URI uri,
            X509Certificate certificate,
            X509Certificate issuer,
            CertificateStrength strength,
            Instant now,
            long end,
            Duration timeout,
            AtomicReference<HttpPost> open) {
        try {
            HttpPost post = new HttpPost(uri, end, LARGEST);
            open.set(post);
            byte[] answer = post.send(
                    "application/ocsp-request", "application/ocsp-response", OcspAnswer.question(certificate, issuer));
            return OcspAnswer.read(
                    answer, certificate, issuer, strength, now, "the answer of the OCSP responder " + name(uri));
        } catch (java.net.SocketTimeoutException e) {
            return late(uri, timeout);
        } catch (IOException | RuntimeException e) {
            return CertificateStatus.unknown("the OCSP responder " + name(uri) + " cannot be asked: "
                    + Printable.of(PemFile.oneLine(e), 100));
        }
    }

    /** The responders that a certificate names by http or https (RFC 5280 §4.2.2.1). */
    private static List<URI> named(X509Certificate certificate) {
        List<URI> uris = new ArrayList<>();
        byte[] extension = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        if (extension == null) {
            return uris;
        }
        try {
            for (AccessDescription access : AuthorityInformationAccess.getInstance(
                            ASN1OctetString.getInstance(extension).getOctets())
                    .getAccessDescriptions()) {
                GeneralName location = access.getAccessLocation();
                if (access.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                        && location.getTagNo() == GeneralName.uniformResourceIdentifier
                        && uris.size() < MOST_RESPONDERS) {
                    URI uri = new URI(((ASN1String) location.getName()).getString());
                    if (reachable(uri)) {
                        uris.add(uri);
                    }
                }
            }
        } catch (URISyntaxException | RuntimeException e) {
            return List.of(); // what cannot be read names nobody
        }
        return uris;
    }
}
