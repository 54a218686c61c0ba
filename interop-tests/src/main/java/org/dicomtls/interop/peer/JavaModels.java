package org.dicomtls.interop.peer;

import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** What SunJSSE of Java 17 and 25 does by default. */
final class JavaModels {

    private static final String SUITES =
            """
            TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
            TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_DHE_DSS_WITH_AES_256_GCM_SHA384
            TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 TLS_DHE_DSS_WITH_AES_128_GCM_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
            TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
            TLS_DHE_RSA_WITH_AES_256_CBC_SHA256 TLS_DHE_DSS_WITH_AES_256_CBC_SHA256
            TLS_DHE_RSA_WITH_AES_128_CBC_SHA256 TLS_DHE_DSS_WITH_AES_128_CBC_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
            TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
            TLS_DHE_RSA_WITH_AES_256_CBC_SHA TLS_DHE_DSS_WITH_AES_256_CBC_SHA
            TLS_DHE_RSA_WITH_AES_128_CBC_SHA TLS_DHE_DSS_WITH_AES_128_CBC_SHA
            """;

    private static final String STATIC_RSA =
            """
            TLS_RSA_WITH_AES_256_GCM_SHA384 TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA256
            TLS_RSA_WITH_AES_128_CBC_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA TLS_RSA_WITH_AES_128_CBC_SHA
            """;

    private static final List<NamedGroup> GROUPS = Names.groups(
            "x25519 secp256r1 secp384r1 secp521r1 x448 ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192");

    private static final String SCHEMES =
            """
            ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 ed25519 ed448
            rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 rsa_pss_pss_sha256 rsa_pss_pss_sha384
            rsa_pss_pss_sha512 rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512 dsa_sha256 ecdsa_sha224 rsa_pkcs1_sha224
            dsa_sha224
            """;

    private JavaModels() {}

    /** Java 25 has no static RSA any more. */
    private static Optional<List<CipherSuite>> suites(int java) {
        return switch (java) {
            case 17 -> Optional.of(Names.suites(SUITES + STATIC_RSA));
            case 25 -> Optional.of(Names.suites(SUITES));
            default -> Optional.empty();
        };
    }

    /** Java 25 has no SHA-1 any more. */
    static List<SignatureScheme> schemes(int java) {
        return Names.schemes(java == 17 ? SCHEMES + "ecdsa_sha1 rsa_pkcs1_sha1 dsa_sha1" : SCHEMES);
    }

    /** A client of that Java; empty for one that was not looked at. */
    static Optional<ClientModel> client(int java, KeyKind key) {
        return suites(java).map(suites -> ClientModel.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)
                .suites(Names.joined(suites, List.of(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV)))
                .groups(GROUPS)
                .keyShares(Names.groups("x25519 secp256r1"))
                .schemes(schemes(java))
                .keys(key)
                .build());
    }

    /** A server of that Java that demands a client certificate; empty for one that was not looked at. */
    static Optional<ServerModel.Builder> server(int java, KeyKind key) {
        return suites(java).map(suites -> {
            List<CipherSuite> served =
                    suites.stream().filter(s -> s.tls13() || key.serves(s)).toList();
            ServerModel.Builder builder = ServerModel.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)
                    .suites(served, Chooser.SERVER)
                    .groups(GROUPS, Chooser.CLIENT)
                    .sharesChosenBy(Chooser.CLIENT)
                    .retryChosenBy(Chooser.CLIENT)
                    .schemes(schemes(java).stream().filter(s -> key.signs(s, TlsVersion.TLS_1_2)).toList())
                    .clientSchemes(schemes(java))
                    .keys(key);
            if (served.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE)) {
                builder.dhePrime(DhePrime.of(NamedGroup.FFDHE2048)).namedFieldsHeeded(true);
            }
            return builder;
        });
    }
}
