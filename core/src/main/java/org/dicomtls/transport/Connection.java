package org.dicomtls.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.predict.Negotiation;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/**
 * One connection under a policy, whether it is used through a socket or an engine: its gate, its floor, the verdict
 * after the handshake, and the words for a failure.
 */
final class Connection {

    /** "Received fatal alert: handshake_failure" of SunJSSE; "(handshake_failure) Received…" since 22; "…(40)" of BCJSSE. */
    private static final Pattern ALERT = Pattern.compile("(?:[Rr]eceived (?:fatal|handshake warning)[^:]*: *)([a-z_]+)");

    private static final Pattern BC_ALERT = Pattern.compile("([a-z_]+)\\((\\d+)\\)");

    private final SecureTransport transport;
    private final PolicySettings settings;
    private final EngineModel.Usable usable;
    final Gate gate;
    private final Floor floor;
    private final TransportConnection about;
    private final long begun = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Negotiated negotiated;

    /** The addresses are those of the two ends, as far as they are known. */
    Connection(
            SecureTransport transport,
            PolicySettings settings,
            Optional<InetSocketAddress> local,
            Optional<InetSocketAddress> peer) {
        this.transport = transport;
        this.about = TransportConnection.begun(transport, settings.role(), local, peer, transport.clock().instant());
        this.settings = settings;
        this.usable = settings.usable();
        this.gate = new Gate(
                settings.role(),
                transport.policy(),
                usable,
                transport.identity().kinds());
        this.floor = new Floor(transport.floorNames());
    }

    EngineModel.Usable usable() {
        return usable;
    }

    /** Fails where the application has narrowed versions and suites until they have nothing in common. */
    void requireSomething() throws TlsRefusal {
        if (!transport.roles().contains(settings.role())) {
            // Whether the engine can honour what the profile demands of that role was never asked.
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HELLO,
                            RefusalKind.WRONG_ROLE,
                            "this transport was built for the role " + transport.roles().iterator().next().title())
                    .offered("the role " + settings.role().title())
                    .wanted("the role " + transport.roles().iterator().next().title())
                    .remedy("build the SecureTransport for both roles, or one for each")
                    .build();
        }
        if (usable.versions().isEmpty()) {
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HELLO,
                            RefusalKind.NOTHING_ENABLED,
                            "the protocols and the cipher suites that the application enabled do not go together")
                    .offered(String.join(", ", settings.protocols()) + " with "
                            + Printable.of(String.join(", ", settings.cipherSuites()), 200))
                    .wanted("a version with at least one suite of it")
                    .remedy("enable suites of an enabled version, or leave both to the profile")
                    .build();
        }
    }

    Optional<Negotiated> negotiated() {
        return Optional.ofNullable(negotiated);
    }

    SSLContext context() throws IOException {
        try {
            return transport.engineContext(gate.negotiation().map(Negotiation::keys));
        } catch (GeneralSecurityException e) {
            throw new SSLHandshakeException("engine " + transport.engine().id() + " gives no context: " + e.getMessage());
        }
    }

    /**
     * What the engine is told for this connection. A server is told only what the ClientHello leaves to choose: BCJSSE
     * would otherwise follow the client's order of versions, SunJSSE use X25519 with clients that do not offer it.
     */
    SSLParameters engineParameters() {
        List<TlsVersion> versions = usable.versions();
        List<CipherSuite> suites = usable.suites();
        Optional<Negotiation> answer = gate.negotiation();
        if (answer.isPresent() && answer.get().version().isPresent()) {
            suites = answer.get().suites();
            if (answer.get().version().get().equals(TlsVersion.TLS_1_3)) {
                versions = List.of(TlsVersion.TLS_1_3);
            } else if (versions.contains(TlsVersion.TLS_1_3)) {
                // TLS 1.3 stays enabled, since the engine marks a lower choice by the downgrade sentinel only then.
                List<CipherSuite> both = new ArrayList<>(usable.suites());
                both.removeIf(s -> !s.tls13());
                both.addAll(suites);
                suites = both;
            }
        }
        return settings.engineParameters(floor, versions, suites);
    }

    /**
     * The verdict after the engine's handshake: nothing outside the policy was negotiated, and who had to prove
     * himself has done so.
     */
    Negotiated finish(SSLSession session, Optional<String> applicationProtocol) throws TlsRefusal {
        gate.close();
        TlsVersion version = TlsVersion.named(session.getProtocol())
                .orElseThrow(() -> outside("version " + session.getProtocol()));
        CipherSuite suite = CipherSuite.named(session.getCipherSuite())
                .orElseThrow(() -> outside("cipher suite " + session.getCipherSuite()));
        if (!usable.versions().contains(version) || !usable.suites().contains(suite)) {
            throw outside(version + " with " + suite);
        }
        Optional<String> chosen = applicationProtocol.filter(p -> !p.isEmpty());
        if (chosen.isPresent() && !settings.offers(chosen.get())) {
            // BCJSSE takes whatever a server acknowledges (RFC 7301 §3.2 lets it choose from the offer only).
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HANDSHAKE,
                            RefusalKind.APPLICATION_PROTOCOL,
                            "the server chose an application protocol that was not offered")
                    .offered(Printable.of(chosen.get(), 40))
                    .wanted(settings.parameters().getApplicationProtocols().length == 0
                            ? "none"
                            : String.join(", ", settings.parameters().getApplicationProtocols()))
                    .rule(transport.policy().demands(Property.ALPN_MISMATCH_REFUSED, settings.role()))
                    .build();
        }
        List<X509Certificate> peer = peer(session);
        if (peer.isEmpty() && (settings.role() == Role.CLIENT || settings.needClientAuth())) {
            throw noCertificate().alert(AlertDescription.HANDSHAKE_FAILURE).build();
        }
        if (version.compareTo(TlsVersion.TLS_1_3) < 0) {
            floor.seal();
        }
        transport.binding().forget(session);
        negotiated = new Negotiated(
                about,
                version,
                suite,
                gate.group(),
                gate.dhBits(),
                gate.scheme(),
                peer,
                chosen,
                gate.resumed(),
                Duration.ofNanos(System.nanoTime() - begun));
        transport.report(negotiated);
        return negotiated;
    }

    private static List<X509Certificate> peer(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private TlsRefusal outside(String what) {
        return TlsRefusal.at(
                        settings.role(),
                        TlsRefusal.Phase.HANDSHAKE,
                        RefusalKind.OUTSIDE_POLICY,
                        "the engine negotiated outside the policy")
                .offered(what)
                .wanted(usable.versions() + " with " + usable.suites())
                .build();
    }

    private TlsRefusal.Builder noCertificate() {
        return TlsRefusal.at(
                        settings.role(),
                        TlsRefusal.Phase.PEER_CERTIFICATE,
                        RefusalKind.CERTIFICATE_NONE,
                        "the " + settings.role().other().title() + " presented no certificate")
                .offered("no certificate")
                .wanted("a certificate issued by a trusted authority")
                .rule(transport.policy()
                        .demands(Property.CLIENT_AUTHENTICATION_REQUIRED, Role.SERVER)
                        .or(() -> transport.policy()
                                .demands(Property.CLIENT_AUTHENTICATION_SUPPORTED, Role.SERVER)))
                .remedy("configure a certificate and key at the " + settings.role().other().title()
                        + ", issued by an authority that this end trusts");
    }

    /** What counts the use of the keys, once the handshake is finished. */
    KeyUse keyUse(RecordCount sent, RecordCount received) {
        long limit = Math.min(transport.recordLimit(), KeyUse.limit(negotiated.suite()));
        return new KeyUse(sent, received, transport.binding().renewal(negotiated.version(), limit), limit, this::keysNearlyUsedUp);
    }

    /** Why an established connection should be brought to its end; reported the first time. */
    private TlsRefusal keysNearlyUsedUp(KeyUse keys) {
        return keysUsedUp(keys, "nearly used up", "");
    }

    /**
     * Why an established connection is given up; reported the first time.
     *
     * @param octets what was still to be sent
     */
    TlsRefusal keysUsedUp(KeyUse keys, int octets) {
        return keysUsedUp(keys, "used up", octets == 0 ? "" : ", " + octets + " octets to be sent");
    }

    private TlsRefusal keysUsedUp(KeyUse keys, String howFar, String more) {
        TlsRefusal refusal = TlsRefusal.at(
                        settings.role(),
                        TlsRefusal.Phase.AFTER_HANDSHAKE,
                        RefusalKind.KEYS_USED_UP,
                        "the keys of the connection are " + howFar + ", and " + negotiated.version() + " on engine "
                                + transport.engine().id() + " cannot change them")
                .offered(keys.sent() + " records sent, " + keys.received() + " received" + more)
                .wanted("at most " + keys.limit() + " records of " + negotiated.suite() + " under one key (RFC 9325 §4.4)")
                .rule(transport.policy().demands(Property.KEY_LIMITS_HONOURED, settings.role()))
                .remedy("open a new association for what is left; TLSv1.3 changes keys without one")
                .build();
        return keys.tell() ? report(refusal) : refusal;
    }

    /** Tells the listener and the log of a refusal, and returns it to be thrown. */
    TlsRefusal report(TlsRefusal refusal) {
        refusal.on(about, transport.clock().instant());
        transport.report(refusal);
        return refusal;
    }

    /** Tells that the connection, which was established, is closed. */
    void closed() {
        if (negotiated != null && !closed.getAndSet(true)) {
            transport.report(new Closed(negotiated, Duration.ofNanos(System.nanoTime() - begun)));
        }
    }

    /** A failure of the handshake in our words. */
    TlsRefusal translate(IOException failure, TlsRefusal.Phase phase) {
        TlsRefusal ours = find(failure, TlsRefusal.class);
        if (ours != null) {
            return ours;
        }
        PeerCertificateException certificate = find(failure, PeerCertificateException.class);
        if (certificate != null) {
            return TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.PEER_CERTIFICATE,
                            RefusalKind.of(certificate.reason()),
                            Printable.of(certificate.getMessage(), 400))
                    .rule(certificate.rule())
                    .remedy(remedy(certificate.reason()))
                    .build(failure);
        }
        if (transport.engine() == Engine.BC
                && settings.role() == Role.CLIENT
                && gate.dhBits().isPresent()
                && gate.group().isEmpty()
                && String.valueOf(failure.getMessage()).contains("insufficient_security")) {
            return TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.KEY_EXCHANGE,
                            RefusalKind.DHE_UNNAMED,
                            "engine bc accepts DHE with the primes of RFC 7919 only, and the server has one of its own")
                    .offered("a prime of " + gate.dhBits().get() + " bits that has no name")
                    .wanted("ffdhe2048 or larger")
                    .alert(AlertDescription.INSUFFICIENT_SECURITY)
                    .remedy("use engine jdk, or give the server the parameters of ffdhe2048; for the whole JVM"
                            + " -Dorg.bouncycastle.jsse.client.dh.unrestrictedGroups=true lifts it")
                    .build(failure);
        }
        if (find(failure, SocketTimeoutException.class) != null) {
            return TlsRefusal.at(
                            settings.role(),
                            phase,
                            RefusalKind.TIMEOUT,
                            "the " + settings.role().other().title() + " did not finish the handshake within " + transport.handshakeTimeout().toMillis() + " ms")
                    .remedy("look whether it speaks TLS at all, and whether it is overloaded")
                    .build(failure);
        }
        if (settings.role() == Role.SERVER && (gate.emptyClientCertificate() || saysNoClientCertificate(failure))) {
            return noCertificate().build(failure);
        }
        Optional<AlertDescription> alert = gate.alertReceived().or(() -> alertIn(failure));
        if (alert.isPresent() && alert.get().code() != 0) {
            return byPeer(alert.get(), phase, failure);
        }
        if (find(failure, EOFException.class) != null
                || find(failure, SocketException.class) != null
                || saysClosed(failure)) {
            return TlsRefusal.at(
                            settings.role(),
                            phase,
                            RefusalKind.CLOSED,
                            "the " + settings.role().other().title() + " closed the connection during the handshake")
                    .byPeer()
                    .remedy("read the log of the " + settings.role().other().title()
                            + "; many close without an alert when they find nothing in common")
                    .build(failure);
        }
        return TlsRefusal.at(settings.role(), phase, RefusalKind.FAILED, Printable.of(PemFile.oneLine(failure), 200))
                .build(failure);
    }

    private TlsRefusal byPeer(AlertDescription alert, TlsRefusal.Phase phase, IOException failure) {
        String peer = settings.role().other().title();
        boolean bare = settings.role() == Role.CLIENT && transport.identity().isEmpty();
        if (bare && (alert.code() == 42 || alert.code() == 116)) {
            return TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.OWN_CERTIFICATE,
                            RefusalKind.OWN_CERTIFICATE_NONE,
                            "the server demands a client certificate")
                    .offered("no certificate")
                    .remedy("configure a certificate and key at this end, issued by an authority that the server trusts")
                    .byPeer()
                    .alert(alert)
                    .build(failure);
        }
        TlsRefusal.Builder refusal =
                switch (alert.code()) {
                    case 40, 71 -> TlsRefusal.at(
                                    settings.role(), TlsRefusal.Phase.HELLO, RefusalKind.NOTHING_ACCEPTABLE, "the " + peer
                                    + " found nothing acceptable in what was offered, or missed a certificate")
                            .offered(usable.versions() + "; " + usable.suites() + "; " + usable.groups())
                            .remedy("compare the offer with the profile of the " + peer
                                    + ", and look whether it demands a certificate");
                    case 70 -> TlsRefusal.at(
                                    settings.role(), TlsRefusal.Phase.HELLO, RefusalKind.VERSION, "the " + peer
                                    + " accepts none of the TLS versions offered")
                            .offered(usable.versions().toString())
                            .remedy("enable " + usable.versions() + " at the " + peer);
                    case 42, 43, 44, 45, 46, 48, 49, 51 -> TlsRefusal.at(
                                    settings.role(), TlsRefusal.Phase.OWN_CERTIFICATE, own(alert), "the " + peer
                                            + " refused our certificate")
                            .offered(transport.identity().toString())
                            .remedy(
                                    alert.code() == 48
                                            ? "let the " + peer + " trust the issuer of our certificate"
                                            : "look at the dates, usages, key and issuer of our certificate");
                    case 116 -> TlsRefusal.at(
                                    settings.role(), TlsRefusal.Phase.OWN_CERTIFICATE, RefusalKind.OWN_CERTIFICATE_NONE, "the " + peer
                                    + " demands a certificate, and none of ours fits what it accepts")
                            .offered(transport.identity().toString())
                            .remedy("configure a certificate of an authority and a kind that the " + peer + " accepts");
                    default -> TlsRefusal.at(
                            settings.role(), phase, RefusalKind.ALERT, "the " + peer + " ended the handshake");
                };
        return refusal.byPeer().alert(alert).build(failure);
    }

    private static RefusalKind own(AlertDescription alert) {
        return switch (alert.code()) {
            case 44 -> RefusalKind.OWN_CERTIFICATE_REVOKED;
            case 45 -> RefusalKind.OWN_CERTIFICATE_EXPIRED;
            case 48 -> RefusalKind.OWN_CERTIFICATE_UNKNOWN_CA;
            default -> RefusalKind.OWN_CERTIFICATE_REFUSED;
        };
    }

    private static String remedy(PeerCertificateException.Reason reason) {
        return switch (reason) {
            case UNKNOWN_CA -> "trust that issuer at this end, or give the peer a certificate of a trusted one";
            case EXPIRED -> "renew the certificate, or correct the clock of this end";
            case NOT_YET_VALID -> "correct the clocks of both ends";
            case TOO_WEAK -> "issue a new certificate that meets the profile";
            case WRONG_USAGE -> "issue a certificate for this role";
            case WRONG_HOST -> "connect by a name that the certificate carries, or issue one with this name";
            case INVALID -> "issue a valid certificate";
        };
    }

    private static boolean saysNoClientCertificate(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (message.contains("Empty client certificate chain") || message.contains("certificate_required(116)")) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysClosed(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("terminated the handshake") || message.contains("closed") || message.contains("eof");
    }

    /** Whether a failure tells of an alert that the peer has sent; BCJSSE throws such as plain IOExceptions. */
    static boolean carriesAlert(IOException failure) {
        return alertIn(failure).filter(alert -> alert.code() != 0).isPresent();
    }

    private static Optional<AlertDescription> alertIn(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            Matcher sun = ALERT.matcher(message);
            if (sun.find()) {
                return AlertDescription.named(sun.group(1));
            }
            if (t.getClass().getSimpleName().equals("TlsFatalAlertReceived")) {
                Matcher bc = BC_ALERT.matcher(message);
                if (bc.find()) {
                    return Optional.of(new AlertDescription(Integer.parseInt(bc.group(2))));
                }
            }
        }
        return Optional.empty();
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> wanted) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (wanted.isInstance(t)) {
                return wanted.cast(t);
            }
        }
        return null;
    }
}
