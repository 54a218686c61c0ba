package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.CipherSuite;

/**
 * What to change so that a broken rule holds.
 *
 * @param what in a sentence, without its full stop
 * @param steps where that is set in common software; a system of which it is not known is left out
 */
public record Remedy(String what, List<Step> steps) {

    /**
     * Where it is set.
     *
     * @param software for example {@code DCMTK}
     * @param words the option or the property, with its value where that is known
     */
    public record Step(String software, String words) {
        @Override
        public String toString() {
            return software + ": " + words;
        }
    }

    private static final String DCMTK = "DCMTK";
    private static final String DCM4CHE = "dcm4che";
    private static final String ARCHIVE = "dcm4chee-arc";
    private static final String ORTHANC = "Orthanc";
    private static final String JAVA = "Java";
    private static final String OPENSSL = "OpenSSL";

    public Remedy {
        steps = List.copyOf(steps);
    }

    /** In one line: {@code Switch it off (DCMTK: --option; Java: property).} */
    @Override
    public String toString() {
        return what
                + (steps.isEmpty()
                        ? ""
                        : steps.stream().map(Step::toString).collect(Collectors.joining("; ", " (", ")")))
                + ".";
    }

    /** Software and words in turn. */
    private static Remedy of(String what, String... steps) {
        List<Step> list = new ArrayList<>();
        for (int i = 0; i < steps.length; i += 2) {
            list.add(new Step(steps[i], steps[i + 1]));
        }
        return new Remedy(what, list);
    }

    /** What a client does about it, where that differs from what a server does. */
    static Remedy of(Rule rule, Role role) {
        if (role == Role.SERVER) {
            return of(rule);
        }
        if (rule.constraint() instanceof Constraint.Holds holds) {
            return ofClient(holds.property());
        } else if (rule.constraint() instanceof Constraint.AtLeast atLeast) {
            return ofClient(atLeast.metric(), atLeast.least());
        } else if (rule.constraint() instanceof Constraint.Permits<?> permits
                        && permits.dimension() == Dimension.CERTIFICATE_HASH
                || rule.constraint() instanceof Constraint.Forbids<?> forbids
                        && forbids.dimension() == Dimension.CERTIFICATE_HASH) {
            return of(
                    "Have the certificate issued with SHA-256 or stronger, and accept no weaker one of servers",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with MD5, SHA1");
        }
        return of(rule);
    }

    private static Remedy ofClient(Metric metric, int least) {
        return switch (metric) {
            case RSA_CERTIFICATE_BITS -> of(
                    "Use, and accept of servers, certificates with RSA keys of at least " + least + " bits only",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with RSA keySize < " + least);
            case EC_CERTIFICATE_BITS -> of(
                    "Use, and accept of servers, certificates with elliptic-curve keys of at least " + least + " bits only",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with EC keySize < " + least);
            case DHE_BITS -> of(
                    "Refuse DHE primes of less than " + least + " bits, or switch DHE suites off",
                    JAVA, "security property jdk.tls.disabledAlgorithms with DH keySize < " + least,
                    OPENSSL, "security level 2 in the list of ciphers (@SECLEVEL=2)");
            case ECDHE_BITS -> metric(metric, least);
        };
    }

    private static Remedy ofClient(Property property) {
        return switch (property) {
            case HOST_IDENTITY_CHECKED, HOST_IDENTITY_CHECKABLE -> of(
                    "Check the server's name against the subjectAltName of its certificate (RFC 9525)",
                    JAVA, "SSLParameters.setEndpointIdentificationAlgorithm(\"LDAPS\"), and a check of one's own against common"
                            + " names and partial wildcards",
                    OPENSSL, "X509_VERIFY_PARAM_set1_host with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS"
                            + " and X509_CHECK_FLAG_NEVER_CHECK_SUBJECT");
            case CERTIFICATE_PATH_VALIDATED -> of(
                    "Check where the server's certificate leads, its dates and its usages",
                    DCMTK, "--require-peer-cert with +cf and the authority's certificate",
                    ORTHANC, "DicomTlsTrustedCertificates",
                    JAVA, "a trust manager that checks");
            case CLIENT_CERTIFICATE_PRESENTED -> of(
                    "Present a certificate when asked for one",
                    DCMTK, "+tls with the key and the certificate",
                    ORTHANC, "DicomTlsCertificate with DicomTlsPrivateKey",
                    JAVA, "a key manager with a certificate of an issuer that the server names");
            case STRONG_SUITE_FIRST, FORWARD_SECRECY_PREFERRED, SUITES_256_BIT_FIRST, ECDHE_BEFORE_DHE, AES_BEFORE_3DES -> of(
                    "List the strongest suites with ECDHE first",
                    DCM4CHE, "the order of Connection.setTlsCipherSuites",
                    JAVA, "the order of SSLParameters.setCipherSuites");
            case NO_VERSION_FALLBACK -> of("Do not connect again with a lower version after a failed handshake");
            case ATTEMPTS_TLS_1_3 -> of(
                    "Offer TLS 1.3 in every handshake",
                    DCM4CHE, "Connection.setTlsProtocols with TLSv1.3",
                    JAVA, "SSLParameters.setProtocols with TLSv1.3");
            case RENEGOTIATION_REFUSED -> of("Do not follow a HelloRequest", OPENSSL, "SSL_OP_NO_RENEGOTIATION");
            case DOWNGRADE_SENTINEL -> of("Check the last octets of the server's random (RFC 8446 §4.1.3)");
            case STRICT_TLS -> of("Speak TLS from the first octet, and end the connection where the server does not");
            case PROTOCOL_VERSION_ALERT -> of("Answer a ServerHello of TLS 1.0 or 1.1 with the alert protocol_version");
            case REVOCATION_STRATEGY -> of(
                    "Check whether servers' certificates are revoked",
                    DCMTK, "+crl with the authority's list",
                    JAVA, "system property com.sun.net.ssl.checkRevocation=true; what has no status is then refused");
            case EXTENDED_MASTER_SECRET, EXTENDED_MASTER_SECRET_DEMANDED, RENEGOTIATION_INFO, RENEGOTIATION_INFO_DEMANDED,
                    NO_COMPRESSION -> property(property);
            default -> of("Change the client so that it " + property.title());
        };
    }

    static Remedy of(Rule rule) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Holds holds) {
            return property(holds.property());
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return metric(atLeast.metric(), atLeast.least());
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            String what = requires.all() && requires.wanted().size() > 1
                    ? "Switch on what is missing of the required " + requires.dimension().title() + "s"
                    : "Switch on: " + constraint.expected();
            return dimension(what, requires.dimension(), lacksInJdk(requires));
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            return dimension(
                    "Switch off what was found of the " + forbids.dimension().title() + "s that are forbidden",
                    forbids.dimension(),
                    false);
        } else if (constraint instanceof Constraint.Permits<?> permits) {
            return dimension(
                    "Switch off every " + permits.dimension().title() + " that is not on the list", permits.dimension(), false);
        }
        return of("Ask those who operate it");
    }

    /** Whether the JDK's own engine cannot do all that is wanted: it has neither CCM nor Camellia. */
    private static boolean lacksInJdk(Constraint.Requires<?> requires) {
        return requires.all()
                && requires.wanted().stream()
                        .anyMatch(value -> value instanceof CipherSuite
                                && (value.toString().contains("_CCM") || value.toString().contains("_CAMELLIA_")));
    }

    private static Remedy dimension(String what, Dimension<?> dimension, boolean needsBouncyCastle) {
        if (dimension == Dimension.CERTIFICATE_HASH) {
            return of(
                    "Have the certificate issued with SHA-256 or stronger, and accept no weaker one of clients",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with MD5, SHA1");
        } else if (dimension == Dimension.GROUP) {
            return of(
                    what,
                    JAVA, "system property jdk.tls.namedGroups; SSLParameters.setNamedGroups from Java 20 on",
                    OPENSSL, "Groups");
        } else if (dimension == Dimension.SCHEME) {
            return of(
                    what,
                    JAVA,
                    "security property jdk.tls.disabledAlgorithms, which takes names such as SHA1withRSA;"
                            + " SSLParameters.setSignatureSchemes from Java 19 on",
                    OPENSSL, "SignatureAlgorithms");
        } else if (dimension == Dimension.VERSION) {
            return of(
                    what,
                    DCMTK, "the --profile-… option",
                    DCM4CHE, "Connection.setTlsProtocols",
                    ARCHIVE, "LDAP attribute dcmTLSProtocol of the network connection",
                    ORTHANC, "DicomTlsMinimumProtocolVersion, from 1.12.4 on",
                    JAVA, "SSLParameters.setProtocols",
                    OPENSSL, "MinProtocol, MaxProtocol");
        }
        String java = "SSLParameters.setCipherSuites"
                + (needsBouncyCastle
                        ? "; the JDK's engine has no CCM and no Camellia suites, Bouncy Castle's BCJSSE has"
                        : "");
        if (dimension == Dimension.SUITE_TLS13) {
            return of(
                    what,
                    DCMTK, "the --profile-… option",
                    DCM4CHE, "Connection.setTlsCipherSuites",
                    ARCHIVE, "LDAP attribute dicomTLSCipherSuite of the network connection",
                    JAVA, java,
                    OPENSSL, "Ciphersuites");
        }
        return of(
                what,
                DCMTK, "the --profile-… option, or --cipher",
                DCM4CHE, "Connection.setTlsCipherSuites",
                ARCHIVE, "LDAP attribute dicomTLSCipherSuite of the network connection",
                ORTHANC, "DicomTlsCiphersAccepted, from 1.12.4 on",
                JAVA, java,
                OPENSSL, "CipherString");
    }

    private static Remedy metric(Metric metric, int least) {
        return switch (metric) {
            case RSA_CERTIFICATE_BITS -> of(
                    "Use, and accept of clients, certificates with RSA keys of at least " + least + " bits only",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with RSA keySize < " + least);
            case EC_CERTIFICATE_BITS -> of(
                    "Use, and accept of clients, certificates with elliptic-curve keys of at least " + least + " bits only",
                    JAVA, "security property jdk.certpath.disabledAlgorithms with EC keySize < " + least);
            case DHE_BITS -> of(
                    "Use DHE primes of at least " + least + " bits, or switch DHE suites off",
                    DCMTK, "--dhparam",
                    JAVA, "system property jdk.tls.ephemeralDHKeySize=" + least);
            case ECDHE_BITS -> of(
                    "Switch off groups below " + least + " bits",
                    JAVA, "system property jdk.tls.namedGroups",
                    OPENSSL, "Groups");
        };
    }

    private static Remedy property(Property property) {
        return switch (property) {
            case CLIENT_AUTHENTICATION_SUPPORTED, CLIENT_AUTHENTICATION_REQUIRED, CERTIFICATE_PATH_VALIDATED -> of(
                    "Demand a client certificate and check where it comes from",
                    DCMTK, "--require-peer-cert with +cf and the authority's certificate",
                    DCM4CHE, "Connection.setTlsNeedClientAuth(true)",
                    ARCHIVE, "LDAP attribute dcmTLSNeedClientAuth of the network connection",
                    ORTHANC, "DicomTlsRemoteCertificateRequired with DicomTlsTrustedCertificates",
                    JAVA, "setNeedClientAuth(true) with a trust manager that checks");
            case PREFERS_TLS_1_3 -> of(
                    "Choose TLS 1.3 whenever it is offered, whatever the order of supported_versions",
                    JAVA, "the JDK's engine does; Bouncy Castle's BCJSSE 1.84 follows the client's order");
            case STRONG_SUITE_CHOSEN,
                    STRONGEST_SUITE_CHOSEN,
                    FORWARD_SECRECY_PREFERRED,
                    SUITES_256_BIT_FIRST,
                    ECDHE_BEFORE_DHE,
                    AES_BEFORE_3DES -> of(
                    "Let the server's order of suites decide, the strongest with ECDHE first",
                    JAVA, "SSLParameters.setUseCipherSuitesOrder(true), and the order of setCipherSuites",
                    OPENSSL, "SSL_OP_CIPHER_SERVER_PREFERENCE");
            case EXTENDED_MASTER_SECRET, EXTENDED_MASTER_SECRET_DEMANDED -> of(
                    "Support extended_master_secret and insist on it",
                    JAVA, "system property jdk.tls.allowLegacyMasterSecret=false");
            case RENEGOTIATION_INFO, RENEGOTIATION_INFO_DEMANDED -> of(
                    "Support renegotiation_info and insist on it",
                    JAVA, "system property sun.security.ssl.allowLegacyHelloMessages=false");
            case RENEGOTIATION_REFUSED -> of(
                    "Refuse renegotiation",
                    JAVA, "system property jdk.tls.rejectClientInitiatedRenegotiation=true; BCJSSE refuses by itself",
                    OPENSSL, "SSL_OP_NO_RENEGOTIATION");
            case PROTOCOL_VERSION_ALERT -> of("Answer hellos of TLS 1.0 and 1.1 with the alert protocol_version and close");
            case NO_COMPRESSION -> of("Switch TLS compression off", OPENSSL, "SSL_OP_NO_COMPRESSION");
            case CBC_ONLY_WITH_ENCRYPT_THEN_MAC -> of(
                    "Switch CBC suites off, or negotiate them with encrypt_then_mac only",
                    JAVA, "SSLParameters.setCipherSuites; the JDK's engine has no encrypt_then_mac");
            case STRICT_TLS -> of(
                    "Give TLS a port of its own, on which nothing is said without it", ORTHANC, "DicomTlsEnabled");
            case NO_FIXED_DH_CERTIFICATE_TYPES -> of("Take the fixed (EC)DH types out of CertificateRequest");
            case UNKNOWN_SERVER_NAME_REFUSED -> of(
                    "Answer unknown server names with unrecognized_name", JAVA, "SSLParameters.setSNIMatchers");
            case ALPN_MISMATCH_REFUSED -> of(
                    "Answer unknown application protocols with no_application_protocol",
                    JAVA, "SSLParameters.setApplicationProtocols");
            case OCSP_STAPLING -> of(
                    "Switch stapling on", JAVA, "system property jdk.tls.server.enableStatusRequestExtension=true");
            case REVOCATION_STRATEGY -> of(
                    "Check whether clients' certificates are revoked",
                    JAVA,
                    "system property com.sun.net.ssl.checkRevocation=true; what has no status is then refused");
            case KEY_LIMITS_HONOURED -> of(
                    "Change keys before the limit of the AEAD is reached", JAVA, "security property jdk.tls.keyLimits");
            case TICKET_KEYS_ROTATED, TICKETS_PROTECTED, OLD_SESSIONS_NOT_RESUMED -> of(
                    "Change ticket keys often, or issue no tickets",
                    JAVA,
                    "system properties jdk.tls.server.statelessKeyTimeout,"
                            + " jdk.tls.server.enableSessionTicketExtension=false for TLS 1.2");
            case RECOMMENDED_PORT -> of(
                    "Use port 2762 where the site allows it",
                    DCM4CHE, "Connection.setPort(2762)",
                    ORTHANC, "DicomPort");
            case NO_EARLY_DATA -> of("Issue no tickets that allow early data");
            case P_256_FOR_ECDSA -> of("Use an ECDSA certificate on P-256");
            default -> of("Change it so that it " + property.title());
        };
    }
}
