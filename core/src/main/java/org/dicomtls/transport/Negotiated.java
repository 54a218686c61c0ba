package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What a handshake came to. What no engine and no octet in the clear tells is empty, not guessed.
 *
 * @param connection the connection: both addresses, the profile, the engine, the role of this end
 * @param group the group of the key exchange
 * @param dhBits the size of the prime where a DHE suite was used
 * @param scheme the scheme of the server's signature; in TLS 1.3 that is encrypted, so it is empty unless the server's
 *     key leaves no choice
 * @param peer the peer's certificates, its own first; empty if it presented none
 * @param applicationProtocol the protocol chosen by ALPN
 * @param resumed whether an earlier session was resumed, so that no certificate was shown; profiles never do
 * @param handshake how long the handshake took
 */
public record Negotiated(
        TransportConnection connection,
        TlsVersion version,
        CipherSuite suite,
        Optional<NamedGroup> group,
        Optional<Integer> dhBits,
        Optional<SignatureScheme> scheme,
        List<X509Certificate> peer,
        Optional<String> applicationProtocol,
        boolean resumed,
        Duration handshake) {

    /** The id of the profile at this end. */
    public String profile() {
        return connection.profile();
    }

    /** The role of this end. */
    public Role end() {
        return connection.end();
    }

    /** When the handshake was finished. */
    public Instant time() {
        return connection.since().plus(handshake);
    }

    /**
     * What was negotiated, as text by name: version, suite, group, scheme, peerSubject, peerSha256, resumed. What cannot be
     * known is {@code unknown}; a peer without certificate is {@code none}.
     */
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", version.name());
        facts.put("suite", suite.name());
        facts.put("group", group.map(NamedGroup::name).or(() -> dhBits.map(bits -> "DHE " + bits)).orElse("unknown"));
        facts.put("scheme", scheme.map(SignatureScheme::name).orElse("unknown"));
        boolean anonymous = peer.isEmpty();
        facts.put("peerSubject", anonymous ? "none" : PeerCertificateException.name(peer.get(0).getSubjectX500Principal()));
        facts.put("peerSha256", anonymous ? "none" : PeerCertificateException.fingerprint(peer.get(0)));
        facts.put("resumed", resumed ? "yes" : "no");
        return facts;
    }

    /** The facts on one line. */
    public String text() {
        Map<String, String> facts = facts();
        return version + " " + suite + ", group " + facts.get("group") + ", signature scheme " + facts.get("scheme")
                + (peer.isEmpty()
                        ? ", peer without certificate"
                        : ", peer " + facts.get("peerSubject") + " (SHA-256 " + facts.get("peerSha256") + ")")
                + (resumed ? ", resumed" : "");
    }

    /** What was negotiated on that socket, if it is one of ours and its handshake is finished. */
    public static Optional<Negotiated> of(java.net.Socket socket) {
        return socket instanceof PolicySocket ours ? ours.negotiated() : Optional.empty();
    }

    /** What was negotiated by that engine, if it is one of ours and its handshake is finished. */
    public static Optional<Negotiated> of(javax.net.ssl.SSLEngine engine) {
        return engine instanceof PolicyEngine ours ? ours.negotiated() : Optional.empty();
    }
}
