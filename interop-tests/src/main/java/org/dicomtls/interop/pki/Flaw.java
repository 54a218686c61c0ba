package org.dicomtls.interop.pki;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.dicomtls.rule.Role;

/** What can be wrong, or merely unusual, with a certificate: each credential of a test PKI has at most one. */
public enum Flaw {
    EXPIRED("the certificate ended yesterday"),
    NOT_YET_VALID("the certificate begins in ten days"),
    UNKNOWN_CA("issued by an authority that is not ca.pem"),
    SELF_SIGNED("signed with its own key, by no authority"),
    WRONG_HOST("issued for other.example only"),
    COMMON_NAME_ONLY("no subjectAltName; the host stands in the common name only"),
    WILDCARD_PARTIAL("issued for p*.lab.example: a wildcard that is part of a label"),
    WILDCARD_DOUBLE("issued for *.*.lab.example: two wildcards"),
    WILDCARD_INNER("issued for a.*.lab.example: a wildcard that is not the first label"),
    RSA_1024("an RSA key of 1024 bits"),
    SHA1_LEAF("the certificate is signed with SHA-1"),
    SHA1_INTERMEDIATE("the issuing authority's certificate is signed with SHA-1"),
    MD5_LEAF("the certificate is signed with MD5"),
    P_224("an ECDSA key on P-224"),
    RSA_1024_ISSUER("the issuing authority has an RSA key of 1024 bits"),
    EKU_CLIENT_ONLY("a server's certificate whose extended key usage is clientAuth only"),
    EKU_SERVER_ONLY("a client's certificate whose extended key usage is serverAuth only"),
    KEY_USAGE_NO_SIGNATURE("the key usage does not include digitalSignature"),
    REVOKED("listed in ca.crl"),
    EXPIRED_ISSUER("the issuing authority's certificate ended yesterday"),
    MARKUP_SUBJECT("acceptable: the subject holds markup, which reports must escape"),
    LONG_SUBJECT("acceptable: the subject is several thousand characters long"),
    UNKNOWN_EXTENSION("acceptable: an unknown extension that is not critical, and unusual subject attributes");

    private final String description;

    Flaw(String description) {
        this.description = description;
    }

    /** In kebab case, as in file names: {@code not-yet-valid}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One line for people. */
    public String description() {
        return description;
    }

    /** Whether a peer that validates with care accepts the certificate all the same. */
    public boolean isAcceptable() {
        return this == MARKUP_SUBJECT || this == LONG_SUBJECT || this == UNKNOWN_EXTENSION;
    }

    /** Whether it is a flaw in the certificate of that end: an extended key usage is wrong for one of the two only. */
    public boolean concerns(Role role) {
        return switch (this) {
            case EKU_CLIENT_ONLY -> role == Role.SERVER;
            case EKU_SERVER_ONLY -> role == Role.CLIENT;
            default -> true;
        };
    }

    /** The flaw of that id, if there is one. */
    public static Optional<Flaw> of(String id) {
        return Arrays.stream(values()).filter(flaw -> flaw.id().equals(id)).findFirst();
    }
}
