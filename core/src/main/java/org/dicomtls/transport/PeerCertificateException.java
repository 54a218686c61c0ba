package org.dicomtls.transport;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.dicomtls.rule.Rule;

/** A certificate that the peer presented is refused: which one, why, and by which rule. */
public final class PeerCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;

    /** Kinds of refusal. */
    public enum Reason {
        UNKNOWN_CA,
        EXPIRED,
        NOT_YET_VALID,
        /** Key too short, or a hash that the profile does not allow. */
        TOO_WEAK,
        /** Key usage or extended key usage says that it is for something else. */
        WRONG_USAGE,
        WRONG_HOST,
        /** Its authority has revoked it. */
        REVOKED,
        /** Whether it was revoked cannot be told, and that is not enough here. */
        STATUS_UNKNOWN,
        /** It is valid, but its owner is not among the peers of this node. */
        NOT_LISTED,
        INVALID
    }

    private final Reason reason;
    private final transient X509Certificate certificate;
    private final transient Rule rule;

    PeerCertificateException(Reason reason, X509Certificate certificate, String why, Rule rule) {
        super("certificate " + name(certificate.getSubjectX500Principal()) + " (SHA-256 "
                + fingerprint(certificate) + "): " + why);
        this.reason = reason;
        this.certificate = certificate;
        this.rule = rule;
    }

    public Reason reason() {
        return reason;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The rule of the profile that refuses it; absent where any TLS would. */
    public Optional<Rule> rule() {
        return Optional.ofNullable(rule);
    }

    /** A name from a certificate, for a message: it comes from the peer, so it is cut and cleaned. */
    static String name(X500Principal principal) {
        return Printable.of(principal.getName(), 120);
    }

    /** The first 16 octets of the certificate's SHA-256, enough to find it by. */
    static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (GeneralSecurityException e) {
            return "unknown";
        }
    }
}
