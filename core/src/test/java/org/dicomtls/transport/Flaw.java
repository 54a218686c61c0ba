package org.dicomtls.transport;

import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Certificates named by what is wrong with them, and how it is said. */
enum Flaw {
    RSA_1024(
            "CN=RSA_1024",
            "RSA key of a certificate of 1024 bits, at least 2048 are wanted",
            "TEST/rsa",
            () -> Certificate.of("CN=RSA_1024", "RSA 1024").issued().with()),
    RSA_1024_ISSUER("CN=Short CA", "RSA key of a certificate of 1024 bits, at least 2048 are wanted", "TEST/rsa", () -> {
        Certificate.Issued weak =
                Certificate.of("CN=Short CA", "RSA 1024").authority().issued();
        return Certificate.of("CN=RSA_1024_ISSUER", Transports.P256).issuedBy(weak).with(weak);
    }),
    SHA_1(
            "CN=SHA_1",
            "signed with SHA-1, wanted is one of [SHA-256, SHA-384, SHA-512]",
            "TEST/hashes",
            () -> Certificate.of("CN=SHA_1", Transports.P256)
                    .signedBy("SHA1withECDSA")
                    .issued()
                    .with()),
    EXPIRED(
            "CN=EXPIRED",
            "it expired on ",
            "none",
            () -> Certificate.of("CN=EXPIRED", Transports.P256).validForDays(-30, -1).issued().with()),
    EXPIRED_ISSUER("CN=Old CA", "it expired on ", "none", () -> {
        Certificate.Issued old = Certificate.of("CN=Old CA", "EC secp256r1 old")
                .authority()
                .validForDays(-30, -1)
                .issued();
        return Certificate.of("CN=EXPIRED_ISSUER", Transports.P256).issuedBy(old).with(old);
    }),
    NOT_YET_VALID(
            "CN=NOT_YET_VALID",
            "it is valid only from ",
            "none",
            () -> Certificate.of("CN=NOT_YET_VALID", Transports.P256).validForDays(1, 30).issued().with()),
    UNKNOWN_CA("CN=UNKNOWN_CA", "its issuer CN=Other CA is not among the trusted authorities", "none", () -> {
        Certificate.Issued other =
                Certificate.of("CN=Other CA", "EC secp256r1 other").authority().selfSigned();
        return Certificate.of("CN=UNKNOWN_CA", Transports.P256).issuedBy(other).with();
    }),
    NAMESAKE_OF_THE_CA("CN=NAMESAKE", "its issuer CN=Test CA is not among the trusted authorities", "none", () -> {
        Certificate.Issued namesake =
                Certificate.of("CN=Test CA", "EC secp256r1 other").authority().selfSigned();
        return Certificate.of("CN=NAMESAKE", Transports.P256).issuedBy(namesake).with();
    }),
    SELF_SIGNED(
            "CN=SELF_SIGNED",
            "it is self-signed and not among the trusted certificates",
            "none",
            () -> Certificate.of("CN=SELF_SIGNED", Transports.P256).selfSigned().with()),
    CODE_SIGNING(
            "CN=CODE_SIGNING",
            "its extended key usage does not include ",
            "none",
            () -> Certificate.of("CN=CODE_SIGNING", Transports.P256)
                    .purposes(KeyPurposeId.id_kp_codeSigning)
                    .issued()
                    .with()),
    NO_DIGITAL_SIGNATURE(
            "CN=NO_DIGITAL_SIGNATURE",
            "its key usage does not include digitalSignature",
            "none",
            () -> Certificate.of("CN=NO_DIGITAL_SIGNATURE", Transports.P256)
                    .usage(KeyUsage.keyAgreement)
                    .issued()
                    .with()),
    ISSUED_BY_A_LEAF("CN=Leaf", "", "none", () -> {
        Certificate.Issued leaf = Certificate.of("CN=Leaf", "EC secp256r1 leaf").issued();
        return Certificate.of("CN=ISSUED_BY_A_LEAF", Transports.P256).issuedBy(leaf).with(leaf);
    });

    /** The subject of the certificate that is to blame. */
    final String subject;

    /** How the message says what is wrong. */
    final String why;

    /** The rule that refuses it, or none. */
    final String rule;

    private final Supplier<Identity> identity;

    Flaw(String subject, String why, String rule, Supplier<Identity> identity) {
        this.subject = subject;
        this.why = why;
        this.rule = rule;
        this.identity = identity;
    }

    Identity identity() {
        return identity.get();
    }

    PeerCertificateException.Reason reason() {
        return switch (this) {
            case RSA_1024, RSA_1024_ISSUER, SHA_1 -> PeerCertificateException.Reason.TOO_WEAK;
            case EXPIRED, EXPIRED_ISSUER -> PeerCertificateException.Reason.EXPIRED;
            case NOT_YET_VALID -> PeerCertificateException.Reason.NOT_YET_VALID;
            case UNKNOWN_CA, NAMESAKE_OF_THE_CA, SELF_SIGNED -> PeerCertificateException.Reason.UNKNOWN_CA;
            case CODE_SIGNING, NO_DIGITAL_SIGNATURE -> PeerCertificateException.Reason.WRONG_USAGE;
            case ISSUED_BY_A_LEAF -> PeerCertificateException.Reason.INVALID;
        };
    }

    Optional<String> ruleId() {
        return rule.equals("none") ? Optional.empty() : Optional.of(rule);
    }
}
