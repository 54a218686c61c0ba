package org.dicomtls.dcm4che;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.dcm4che3.net.Association;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.transport.Negotiated;

/**
 * What the TLS connection under an association came to.
 *
 * @param negotiated the profile, version, suite and group, and the peer's certificates
 */
public record AssociationSecurity(Negotiated negotiated) {

    private static final int LONGEST_NAME = 120;

    /**
     * The security of that association, as acceptor or as requestor.
     *
     * @throws IllegalStateException when it is not on TLS under a profile
     */
    public static AssociationSecurity of(Association association) {
        return Negotiated.of(association.getSocket())
                .map(AssociationSecurity::new)
                .orElseThrow(() -> new IllegalStateException(
                        "association " + printable(association.toString()) + " is not on TLS under a profile"));
    }

    /** The peer's certificates, its own first; they were validated. Empty if it presented none. */
    public List<X509Certificate> peerCertificates() {
        return negotiated.peer();
    }

    /** The peer's own certificate; absent if it presented none. */
    public Optional<X509Certificate> peerCertificate() {
        return peerCertificates().stream().findFirst();
    }

    /** One line for a log. The peer's name comes from outside, so it is cut and cleaned. */
    @Override
    public String toString() {
        return negotiated.profile() + " " + negotiated.version() + " " + negotiated.suite()
                + negotiated.group().map(NamedGroup::toString).map(g -> " " + g).orElse("")
                + peerCertificate()
                        .map(c -> ", peer " + printable(c.getSubjectX500Principal().getName()))
                        .orElse(", peer without a certificate");
    }

    /** What a peer says of itself, fit for a log. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7E]", "?");
        return clean.length() > LONGEST_NAME ? clean.substring(0, LONGEST_NAME) + "…" : clean;
    }
}
