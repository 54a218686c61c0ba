package org.dicomtls.interop.export;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/**
 * Programs that leave TLS to Java's own engine and set versions, suites and client authentication, and no more. Measured
 * with Java 17.0.15 and 25.0.3 as delivered.
 */
final class JsseEnd {

    private static final Set<NamedGroup> GROUPS = Set.copyOf(NamedGroup.matching(
            new EngineModel(Engine.JDK, 17)::supports));

    private JsseEnd() {}

    /** Whether the engine of every Java from 17 on has that suite; one that it does not have is an error there. */
    static boolean has(CipherSuite suite) {
        return new EngineModel(Engine.JDK, 17).supports(suite) && new EngineModel(Engine.JDK, 25).supports(suite);
    }

    private static String lacks(CipherSuite suite) {
        return suite.cipher() == BulkCipher.CAMELLIA || suite.name().contains("_CCM")
                ? "Java's own engine has neither CCM nor Camellia"
                : "Java's own engine does not have " + suite;
    }

    /** @param java the feature version */
    static ProgramEnd of(Policy policy, Role role, Site site, int java) {
        ProgramEnd end = new ProgramEnd(policy, role, site, JsseEnd::has, JsseEnd::lacks);
        String property = "only a property of the whole JVM sets it";
        end.keeps(
                Property.PROTOCOL_VERSION_ALERT, Property.DOWNGRADE_SENTINEL, Property.NO_COMPRESSION,
                Property.NO_TRUNCATED_HMAC, Property.EXTENDED_MASTER_SECRET, Property.RENEGOTIATION_INFO,
                Property.NO_EARLY_DATA, Property.NO_POST_HANDSHAKE_AUTHENTICATION, Property.INVALID_KEY_SHARES_REFUSED,
                Property.NO_KEY_SHARE_REUSE, Property.RESUMPTION_WITH_KEY_EXCHANGE, Property.CERTIFICATE_PATH_VALIDATED,
                Property.CERTIFICATE_ATTRIBUTES_TOLERATED, Property.DIRECT_TRUST_SUPPORTED, Property.SERVER_NAME_SUPPORTED,
                Property.ALPN_SUPPORTED, Property.COUNTER_NONCES);
        end.refuses(Property.EXTENDED_MASTER_SECRET_DEMANDED, property + ": jdk.tls.allowLegacyMasterSecret")
                .refuses(Property.RENEGOTIATION_INFO_DEMANDED, property + ": sun.security.ssl.allowLegacyHelloMessages")
                .refuses(Property.RENEGOTIATION_REFUSED, property + ": jdk.tls.rejectClientInitiatedRenegotiation")
                .refuses(Property.REVOCATION_STRATEGY, property + ": com.sun.net.ssl.checkRevocation")
                .refuses(Property.KEY_LIMITS_HONOURED, "Java does not change the keys of TLS 1.2")
                .groups(GROUPS, property + ": jdk.tls.namedGroups")
                .schemes(
                        schemes(java),
                        property + ": jdk.tls." + (role == Role.SERVER ? "server" : "client") + ".SignatureSchemes")
                .takesWeakCertificates(
                        1024,
                        List.of(HashAlgorithm.SHA1),
                        "the security property jdk.certpath.disabledAlgorithms allows it");
        return role == Role.SERVER ? server(end, property) : client(end);
    }

    private static ProgramEnd server(ProgramEnd end, String property) {
        return end.keeps(
                        Property.PREFERS_TLS_1_3, Property.ANY_RECORD_VERSION, Property.NO_FIXED_DH_CERTIFICATE_TYPES,
                        Property.TICKETS_PROTECTED, Property.TICKET_LIFETIME_LIMITED, Property.OLD_SESSIONS_NOT_RESUMED,
                        Property.TICKET_KEYS_ROTATED)
                .refuses(Property.OCSP_STAPLING, property + ": jdk.tls.server.enableStatusRequestExtension")
                .refuses(Property.UNKNOWN_SERVER_NAME_REFUSED, "the program sets no names");
    }

    private static ProgramEnd client(ProgramEnd end) {
        return end.keeps(
                        Property.ATTEMPTS_TLS_1_3, Property.NO_VERSION_FALLBACK, Property.SUPPORTED_GROUPS_SENT,
                        Property.POINT_FORMATS_UNCOMPRESSED, Property.HOST_IDENTITY_CHECKABLE)
                .dhe(1024, "the security property jdk.tls.disabledAlgorithms allows it")
                .refuses(
                        Property.HOST_IDENTITY_CHECKED,
                        "a certificate that names the host as its common name only is taken");
    }

    private static Set<SignatureScheme> schemes(int java) {
        Set<SignatureScheme> schemes = new HashSet<>(SignatureScheme.matching(s -> switch (s.hash()) {
            case SHA224 -> true;
            case SHA256 -> s.code() <= 0x080B;
            case SHA384, SHA512 -> s.code() <= 0x080B && s.algorithm() != SignatureScheme.Algorithm.DSA;
            case INTRINSIC -> true;
            default -> false;
        }));
        if (java < 25) {
            schemes.addAll(SignatureScheme.matching(s -> s.hash() == HashAlgorithm.SHA1));
        }
        return schemes;
    }
}
