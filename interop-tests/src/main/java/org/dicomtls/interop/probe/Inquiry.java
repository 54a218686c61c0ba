package org.dicomtls.interop.probe;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/** What the probes of one survey share: the server, the notes, and what is known of it so far. */
final class Inquiry {

    /** A server has a chain for each kind of key; more than this are not kept. */
    private static final int MOST_CHAINS = 8;

    /**
     * Values in the order of the server's choice.
     *
     * @param complete whether they are known to be all
     */
    record Listed<T>(List<T> values, boolean complete) {}

    private final Target target;
    private final Presented presented;
    private final Offered offered;
    private final Notes notes = new Notes(Role.SERVER);
    private final Map<TlsVersion, Answer> hellos = new TreeMap<>();
    private final Map<TlsVersion, Listed<CipherSuite>> suites = new TreeMap<>();
    private final Map<String, List<X509Certificate>> chains = new LinkedHashMap<>();
    private List<NamedGroup> groups = List.of();
    private Optional<Answer.Request> request12 = Optional.empty();
    private Optional<Answer.Request> request13 = Optional.empty();
    private Optional<Boolean> sslv2 = Optional.empty();
    private boolean asks;
    private final Object readableLock = new Object();
    private Optional<Question> readable;

    Inquiry(Target target, Presented presented, Manner manner) {
        this.target = target;
        this.presented = presented;
        this.offered = manner.gentle() ? Offered.GENTLE : Offered.ALL;
    }

    Target target() {
        return target;
    }

    Presented presented() {
        return presented;
    }

    Notes notes() {
        return notes;
    }

    /** The values that are asked for. */
    Offered offered() {
        return offered;
    }

    /** Asks, and keeps what every answer tells by the way: certificates, and requests for one. */
    Answer ask(Question question) throws UnreachableException {
        Answer answer = target.ask(question);
        keep(answer);
        return answer;
    }

    static String evidence(Question question, Answer answer) {
        return question.words() + " → " + answer.words();
    }

    private synchronized void keep(Answer answer) {
        Optional<TlsVersion> version = answer.hello().map(h -> h.version());
        if (answer.request().isPresent()) {
            asks = true;
            if (version.equals(Optional.of(TlsVersion.TLS_1_3))) {
                request13 = answer.request();
            } else if (version.equals(Optional.of(TlsVersion.TLS_1_2))) {
                request12 = answer.request();
            }
        }
        if (answer.certificates().isEmpty() || chains.size() >= MOST_CHAINS) {
            return;
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> chain = new ArrayList<>();
            for (byte[] der : answer.certificates()) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
            chains.putIfAbsent(PeerText.fingerprint(chain.get(0)), chain);
        } catch (CertificateException e) {
            notes.evidence(Metric.RSA_CERTIFICATE_BITS, "a certificate of the server cannot be read: " + e.getMessage());
        }
    }

    /** The answer to the first hello of that version, if one was sent. */
    synchronized Optional<Answer> hello(TlsVersion version) {
        return Optional.ofNullable(hellos.get(version));
    }

    synchronized void hello(TlsVersion version, Answer answer) {
        hellos.put(version, answer);
    }

    synchronized Optional<Listed<CipherSuite>> suites(TlsVersion version) {
        return Optional.ofNullable(suites.get(version));
    }

    synchronized void suites(TlsVersion version, Listed<CipherSuite> listed) {
        suites.put(version, listed);
    }

    /** Whether the server speaks SSL 2.0, where it was asked. */
    synchronized Optional<Boolean> sslv2() {
        return sslv2;
    }

    synchronized void sslv2(boolean spoken) {
        sslv2 = Optional.of(spoken);
    }

    /** The suites that are known, in the order of the server's choice. */
    List<CipherSuite> list(TlsVersion version) {
        return suites(version).map(Listed::values).orElse(List.of());
    }

    boolean complete(TlsVersion version) {
        return suites(version).map(Listed::complete).orElse(false);
    }

    boolean speaks(TlsVersion version) {
        return !list(version).isEmpty();
    }

    synchronized List<NamedGroup> groups() {
        return groups;
    }

    synchronized void groups(Collection<NamedGroup> found) {
        groups = List.copyOf(found);
    }

    /** The chains that the server presented, each once. */
    synchronized List<List<X509Certificate>> chains() {
        return List.copyOf(chains.values());
    }

    /** The CertificateRequest that was seen in that version. */
    synchronized Optional<Answer.Request> request(TlsVersion version) {
        return version.equals(TlsVersion.TLS_1_3) ? request13 : request12;
    }

    /** Whether the server asked for a client certificate at any time. */
    synchronized boolean asks() {
        return asks;
    }

    <T extends Comparable<? super T>> void facts(Dimension<T> dimension, Collection<T> values, boolean complete) {
        if (complete && offered.everything()) {
            notes.supportsExactly(dimension, values);
            return;
        }
        notes.supports(dimension, values);
        if (complete) {
            List<T> lacking = new ArrayList<>(offered.of(dimension));
            lacking.removeAll(values);
            notes.lacks(dimension, lacking);
            notes.open(dimension, "asked gently, for values of well-behaved clients only");
        } else {
            notes.open(dimension, "the server did not answer every question");
        }
    }

    /** A question of TLS 1.2 with those suites and everything else that is asked for. */
    Question tls12(List<CipherSuite> with) {
        return Question.tls12(with).groups(offered.groups()).schemes(offered.schemes());
    }

    /** A question of TLS 1.3 with those suites and everything else that is asked for. */
    Question tls13(List<CipherSuite> with) {
        return Question.tls13(with).groups(offered.groups()).schemes(offered.schemes());
    }

    /**
     * A question of TLS 1.3 whose answer can be read to the end: with a suite that can be opened here and a real share of
     * a group that the server takes.
     */
    Optional<Question> readable13() throws UnreachableException {
        synchronized (readableLock) {
            if (readable == null) {
                readable = findReadable();
            }
            return readable;
        }
    }

    private Optional<Question> findReadable() throws UnreachableException {
        List<CipherSuite> known = list(TlsVersion.TLS_1_3).stream().filter(FlightKeys::known).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        for (NamedGroup group : KeyShare.GROUPS) {
            if (ask(tls13(known).groups(List.of(group))).accepted()) {
                return Optional.of(tls13(known).groups(List.of(group)).share(KeyShare.of(group)));
            }
        }
        return Optional.empty();
    }

    /** A question of SSL 3.0, TLS 1.0 or TLS 1.1. */
    Question old(TlsVersion version, List<CipherSuite> with) {
        Question question = Question.old(version, with);
        return version.equals(TlsVersion.SSL_3) ? question : question.groups(offered.groups());
    }
}
