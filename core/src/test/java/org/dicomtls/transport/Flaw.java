package org.dicomtls.transport;

import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
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
    }),
    ISSUER_FOR_OTHER_PURPOSES("CN=Mail CA", "its extended key usage does not include ", "none", () -> {
        Certificate.Issued mail = Certificate.of("CN=Mail CA", "EC secp256r1 mail")
                .authority()
                .purposes(KeyPurposeId.id_kp_emailProtection)
                .issued();
        return Certificate.of("CN=ISSUER_FOR_OTHER_PURPOSES", Transports.P256).issuedBy(mail).with(mail);
    }),
    ISSUER_MAY_NOT_SIGN("CN=Mute CA", "", "none", () -> {
        Certificate.Issued mute = Certificate.of("CN=Mute CA", "EC secp256r1 mute")
                .authority()
                .usage(KeyUsage.cRLSign)
                .issued();
        return Certificate.of("CN=ISSUER_MAY_NOT_SIGN", Transports.P256).issuedBy(mute).with(mute);
    }),
    PATH_TOO_LONG("CN=Below", "", "none", () -> {
        Certificate.Issued above = Certificate.of("CN=Above", "EC secp256r1 above")
                .authority()
                .pathLength(0)
                .issued();
        Certificate.Issued below =
                Certificate.of("CN=Below", "EC secp256r1 below").authority().issuedBy(above);
        return Certificate.of("CN=PATH_TOO_LONG", Transports.P256).issuedBy(below).with(below, above);
    }),
    NAME_OUTSIDE_CONSTRAINTS("CN=NAME_OUTSIDE_CONSTRAINTS", "", "none", () -> {
        Certificate.Issued elsewhere = Certificate.of("CN=Elsewhere CA", "EC secp256r1 elsewhere")
                .authority()
                .permitted("elsewhere.example.org")
                .issued();
        return Certificate.of("CN=NAME_OUTSIDE_CONSTRAINTS", Transports.P256).issuedBy(elsewhere).with(elsewhere);
    }),
    UNKNOWN_CRITICAL_EXTENSION(
            "CN=UNKNOWN_CRITICAL_EXTENSION",
            "",
            "none",
            () -> Certificate.of("CN=UNKNOWN_CRITICAL_EXTENSION", Transports.P256)
                    .with(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, new DERUTF8String("?"))
                    .issued()
                    .with());

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
            case CODE_SIGNING, NO_DIGITAL_SIGNATURE, ISSUER_FOR_OTHER_PURPOSES -> PeerCertificateException.Reason.WRONG_USAGE;
            case ISSUED_BY_A_LEAF,
                    ISSUER_MAY_NOT_SIGN,
                    PATH_TOO_LONG,
                    NAME_OUTSIDE_CONSTRAINTS,
                    UNKNOWN_CRITICAL_EXTENSION -> PeerCertificateException.Reason.INVALID;
        };
    }

    Optional<String> ruleId() {
        return rule.equals("none") ? Optional.empty() : Optional.of(rule);
    }
}
