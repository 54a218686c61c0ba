package org.dicomtls.interop.audit;

import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;

/** Says what to change so that a broken rule holds, with the option of common software where one is known. */
final class Remedy {

    private Remedy() {}

    /** One or two sentences. */
    static String of(Rule rule) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Holds holds) {
            return property(holds.property());
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return switch (atLeast.metric()) {
                case RSA_CERTIFICATE_BITS, EC_CERTIFICATE_BITS ->
                    "Use, and accept of clients, certificates with keys of at least " + atLeast.least() + " bits only.";
                case DHE_BITS -> "Use DHE primes of at least " + atLeast.least()
                        + " bits (DCMTK: --dhparam; Java: jdk.tls.ephemeralDHKeySize), or switch DHE suites off.";
                case ECDHE_BITS -> "Switch off curves below " + atLeast.least()
                        + " bits (Java: jdk.tls.namedGroups; OpenSSL: Groups).";
            };
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            return "Switch on: " + constraint.expected() + where(requires.dimension());
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            return "Switch off what was found of the " + forbids.dimension().title() + "s that are forbidden"
                    + where(forbids.dimension());
        } else if (constraint instanceof Constraint.Permits<?> permits) {
            return "Switch off every " + permits.dimension().title() + " that is not on the list" + where(permits.dimension());
        }
        return "Ask those who operate the server.";
    }

    private static String where(Dimension<?> dimension) {
        if (dimension == Dimension.CERTIFICATE_HASH) {
            return ": have the certificate issued with SHA-256 or stronger.";
        } else if (dimension == Dimension.GROUP) {
            return " (Java: jdk.tls.namedGroups; OpenSSL: Groups).";
        } else if (dimension == Dimension.SCHEME) {
            return " (OpenSSL: SignatureAlgorithms; Java: jdk.tls.server.SignatureSchemes on newer versions).";
        } else if (dimension == Dimension.VERSION) {
            return " (DCMTK: the --profile-… option; Java and dcm4che: the enabled protocols; OpenSSL: MinProtocol).";
        }
        return " (DCMTK: the --profile-… option or --cipher; Java and dcm4che: the enabled cipher suites; Orthanc:"
                + " DicomTlsCiphersAccepted).";
    }

    private static String property(Property property) {
        return switch (property) {
            case CLIENT_AUTHENTICATION_SUPPORTED, CLIENT_AUTHENTICATION_REQUIRED, CERTIFICATE_PATH_VALIDATED ->
                "Demand and check a client certificate (DCMTK: --require-peer-cert; Orthanc: DicomTlsRemoteCertificateRequired;"
                        + " Java: setNeedClientAuth(true) with a trust manager that checks).";
            case PREFERS_TLS_1_3 -> "Choose TLS 1.3 whenever it is offered, whatever the order of supported_versions.";
            case STRONG_SUITE_CHOSEN, STRONGEST_SUITE_CHOSEN, FORWARD_SECRECY_PREFERRED, SUITES_256_BIT_FIRST, ECDHE_BEFORE_DHE,
                    AES_BEFORE_3DES ->
                "Let the server's order of suites decide, the strongest with ECDHE first (Java: setUseCipherSuitesOrder(true);"
                        + " OpenSSL: SSL_OP_CIPHER_SERVER_PREFERENCE).";
            case EXTENDED_MASTER_SECRET, EXTENDED_MASTER_SECRET_DEMANDED ->
                "Support extended_master_secret and insist on it (Java: jdk.tls.allowLegacyMasterSecret=false).";
            case RENEGOTIATION_INFO, RENEGOTIATION_INFO_DEMANDED ->
                "Support renegotiation_info and insist on it (Java: sun.security.ssl.allowLegacyHelloMessages=false).";
            case RENEGOTIATION_REFUSED ->
                "Refuse renegotiation (Java: jdk.tls.rejectClientInitiatedRenegotiation=true; OpenSSL: SSL_OP_NO_RENEGOTIATION).";
            case PROTOCOL_VERSION_ALERT -> "Answer hellos of TLS 1.0 and 1.1 with the alert protocol_version and close.";
            case NO_COMPRESSION -> "Switch TLS compression off (OpenSSL: SSL_OP_NO_COMPRESSION).";
            case CBC_ONLY_WITH_ENCRYPT_THEN_MAC -> "Switch CBC suites off, or negotiate them with encrypt_then_mac only.";
            case STRICT_TLS -> "Give TLS a port of its own, on which nothing is said without it.";
            case NO_FIXED_DH_CERTIFICATE_TYPES -> "Take the fixed (EC)DH types out of CertificateRequest.";
            case UNKNOWN_SERVER_NAME_REFUSED -> "Answer unknown server names with unrecognized_name (Java: SNIMatcher).";
            case OCSP_STAPLING -> "Switch stapling on (Java: jdk.tls.server.enableStatusRequestExtension=true).";
            case RECOMMENDED_PORT -> "Use port 2762 where the site allows it.";
            case NO_EARLY_DATA -> "Issue no tickets that allow early data.";
            case P_256_FOR_ECDSA -> "Use an ECDSA certificate on P-256.";
            default -> "Change the server so that it " + property.title() + ".";
        };
    }
}
