package org.dicomtls.interop.export;

import java.util.List;
import java.util.Set;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/** Programs that leave TLS to OpenSSL 3. What it does by itself was measured with 3.0.22 and 3.5.9. */
final class OpenSslEnd {

    /** What OpenSSL 3.0 offers where no groups are set. */
    static final Set<NamedGroup> DEFAULT_GROUPS = Set.of(
            NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.X448, NamedGroup.SECP521R1, NamedGroup.SECP384R1,
            NamedGroup.FFDHE2048, NamedGroup.FFDHE3072, NamedGroup.FFDHE4096, NamedGroup.FFDHE6144, NamedGroup.FFDHE8192);

    /** What OpenSSL 3.0 signs with and accepts at security level 2 where no schemes are set. */
    static final Set<SignatureScheme> DEFAULT_SCHEMES = Set.copyOf(SignatureScheme.matching(s -> switch (s.hash()) {
        case SHA224, SHA256, SHA384, SHA512 -> s.code() <= 0x080B;
        case INTRINSIC -> true;
        default -> false;
    }));

    private OpenSslEnd() {}

    /** A program at security level 2 with that version of the library, set in everything as the policy wants it. */
    static ProgramEnd of(Policy policy, Role role, Site site, OpenSslLibrary library) {
        ProgramEnd end = of(policy, role, site);
        if (library == OpenSslLibrary.V3_5) {
            List<CipherSuite> left = policy.suites().stream()
                    .filter(OpenSslNames::has)
                    .filter(s -> s.mode() != CipherMode.CCM_8)
                    .toList();
            end.suites(
                    left,
                    library.title() + " has CCM_8 at security level 0 only, where weak keys and hashes are taken, too");
        }
        return end;
    }

    /** A program set in everything as the policy wants it, as far as all versions of the library have it. */
    static ProgramEnd of(Policy policy, Role role, Site site) {
        ProgramEnd end = new ProgramEnd(policy, role, site, OpenSslNames::has, OpenSslNames::lacks);
        end.keeps(
                Property.PROTOCOL_VERSION_ALERT, Property.DOWNGRADE_SENTINEL, Property.NO_COMPRESSION,
                Property.NO_TRUNCATED_HMAC, Property.EXTENDED_MASTER_SECRET, Property.RENEGOTIATION_INFO,
                Property.NO_EARLY_DATA, Property.NO_POST_HANDSHAKE_AUTHENTICATION, Property.INVALID_KEY_SHARES_REFUSED,
                Property.NO_KEY_SHARE_REUSE, Property.RENEGOTIATION_REFUSED, Property.RESUMPTION_WITH_KEY_EXCHANGE,
                Property.CERTIFICATE_PATH_VALIDATED, Property.CERTIFICATE_ATTRIBUTES_TOLERATED,
                Property.DIRECT_TRUST_SUPPORTED, Property.DETERMINISTIC_ECDSA, Property.SERVER_NAME_SUPPORTED,
                Property.ALPN_SUPPORTED);
        String willing = "OpenSSL uses it where the peer does, and cannot be told to insist";
        end.refuses(Property.EXTENDED_MASTER_SECRET_DEMANDED, willing)
                .reason(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC, willing)
                .refuses(Property.COUNTER_NONCES, "OpenSSL counts its explicit nonces from a random start")
                .refuses(
                        Property.KEY_LIMITS_HONOURED,
                        "OpenSSL changes keys only where the program asks for it, and this one does not");
        return role == Role.SERVER ? server(end) : client(end);
    }

    private static ProgramEnd server(ProgramEnd end) {
        return end.keeps(
                        Property.PREFERS_TLS_1_3, Property.ANY_RECORD_VERSION, Property.NO_FIXED_DH_CERTIFICATE_TYPES,
                        Property.TICKETS_PROTECTED, Property.TICKET_LIFETIME_LIMITED, Property.OLD_SESSIONS_NOT_RESUMED,
                        Property.TICKET_KEYS_ROTATED)
                .refuses(Property.RENEGOTIATION_INFO_DEMANDED, "OpenSSL demands it of servers only")
                .refuses(Property.OCSP_STAPLING, "no OCSP response is stapled")
                .refuses(Property.UNKNOWN_SERVER_NAME_REFUSED, "whatever the name, the only certificate is shown");
    }

    private static ProgramEnd client(ProgramEnd end) {
        return end.keeps(
                        Property.ATTEMPTS_TLS_1_3, Property.NO_VERSION_FALLBACK, Property.RENEGOTIATION_INFO_DEMANDED,
                        Property.SUPPORTED_GROUPS_SENT, Property.HOST_IDENTITY_CHECKABLE,
                        Property.SAME_CERTIFICATE_ON_RENEGOTIATION)
                .refuses(Property.POINT_FORMATS_UNCOMPRESSED, "OpenSSL offers compressed points, too")
                .refuses(
                        Property.CERTIFICATE_PATH_VALIDATED,
                        "a certificate whose key usage does not allow to sign is taken")
                .refuses(
                        Property.HOST_IDENTITY_CHECKED,
                        "a certificate that names the host as its common name only is taken");
    }
}
