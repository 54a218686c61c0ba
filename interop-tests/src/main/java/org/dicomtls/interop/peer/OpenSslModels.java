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

/** What OpenSSL 3.0 does by default, and what all that is built on it does alike. */
final class OpenSslModels {

    static final List<CipherSuite> TLS_1_3_SUITES =
            Names.suites("TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256");

    static final List<CipherSuite> TLS_1_2_SUITES = Names.suites(
            """
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
            TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 TLS_DHE_RSA_WITH_AES_256_CBC_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 TLS_DHE_RSA_WITH_AES_128_CBC_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA TLS_DHE_RSA_WITH_AES_256_CBC_SHA
            TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA TLS_DHE_RSA_WITH_AES_128_CBC_SHA
            TLS_RSA_WITH_AES_256_GCM_SHA384 TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA256
            TLS_RSA_WITH_AES_128_CBC_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA TLS_RSA_WITH_AES_128_CBC_SHA
            """);

    static final List<NamedGroup> CURVES = Names.groups("x25519 secp256r1 x448 secp521r1 secp384r1");

    static final List<NamedGroup> GROUPS = Names.joined(
            CURVES, Names.groups("ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192"));

    private static final String STRONG_SCHEMES =
            """
            ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 ed25519 ed448
            rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha384
            rsa_pss_rsae_sha512 rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512
            """;

    /** With TLS 1.2, at security level 2, which is Debian's. */
    static final List<SignatureScheme> SCHEMES = Names.schemes(
            STRONG_SCHEMES + "ecdsa_sha224 rsa_pkcs1_sha224 dsa_sha224 dsa_sha256 dsa_sha384 dsa_sha512");

    /** With TLS 1.3 alone. */
    static final List<SignatureScheme> TLS_1_3_SCHEMES = Names.schemes(STRONG_SCHEMES);

    /** With TLS 1.2, at security level 1 or 0, with which DCMTK is content. */
    static final List<SignatureScheme> WEAK_SCHEMES = Names.schemes(
            STRONG_SCHEMES
                    + "ecdsa_sha224 ecdsa_sha1 rsa_pkcs1_sha224 rsa_pkcs1_sha1 dsa_sha224 dsa_sha1 dsa_sha256 dsa_sha384"
                    + " dsa_sha512");

    /** RFC 3526 §3, by the size of an RSA key of 2048 bits. */
    private static final DhePrime MODP_2048 = new DhePrime(2048, Optional.empty(), true);

    private OpenSslModels() {}

    /** A client writes the signal of RFC 5746 after its suites, and one share, for its first group. */
    static ClientModel.Builder client(
            List<TlsVersion> versions,
            List<CipherSuite> suites,
            List<NamedGroup> groups,
            List<SignatureScheme> schemes,
            KeyKind key) {
        ClientModel.Builder builder = ClientModel.of(versions.toArray(TlsVersion[]::new))
                .suites(Names.joined(suites, List.of(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV)))
                .keys(key);
        if (!schemes.isEmpty()) {
            builder.schemes(schemes);
        }
        if (!groups.isEmpty()) {
            builder.groups(groups);
        }
        if (versions.contains(TlsVersion.TLS_1_3)) {
            builder.keyShares(groups.subList(0, 1));
        }
        return builder;
    }

    /** A server goes by the client's order of suites and groups, unless it is told otherwise, but asks by its own. */
    static ServerModel.Builder server(
            List<TlsVersion> versions,
            List<CipherSuite> suites,
            List<NamedGroup> groups,
            List<SignatureScheme> schemes,
            KeyKind key) {
        List<CipherSuite> served =
                suites.stream().filter(s -> s.tls13() || key.serves(s)).toList();
        ServerModel.Builder builder = ServerModel.of(versions.toArray(TlsVersion[]::new))
                .suites(served, Chooser.CLIENT)
                .groups(groups, Chooser.CLIENT)
                .sharesChosenBy(Chooser.CLIENT)
                .retryChosenBy(Chooser.SERVER)
                .schemes(schemes)
                .keys(key);
        if (served.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE)) {
            builder.dhePrime(MODP_2048);
        }
        return builder;
    }
}
