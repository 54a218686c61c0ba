package org.dicomtls.profiles;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;

/** The sets of cipher suites that the clauses name, or describe by what is in them. */
final class Suites {

    // Named one by one. The order is that of the text.

    /** B.1, Table B.1-1: the mechanisms together are this suite. */
    static final List<CipherSuite> BASIC = named("TLS_RSA_WITH_3DES_EDE_CBC_SHA");

    /** B.3. */
    static final List<CipherSuite> AES = named("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA");

    /** RFC 7525 §4.2, B.10, B.11, ITI-19. */
    static final List<CipherSuite> RFC7525_RECOMMENDED = named(
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    /** RFC 9325 §4.2. */
    static final List<CipherSuite> RFC9325_RECOMMENDED = named(
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");

    /** The ECDSA forms of the four suites of B.10; finite-field DHE has none. */
    static final List<CipherSuite> ECDSA_TWINS =
            named("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");

    /** B.11: one or more of these should be supported. */
    static final List<CipherSuite> EXTENDED_ADDITIONAL = named(
            "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256");

    /** What B.10 leaves, read as "similar or greater strength". */
    static final List<CipherSuite> NON_DOWNGRADING = joined(RFC7525_RECOMMENDED, ECDSA_TWINS);

    static final List<CipherSuite> EXTENDED = joined(RFC7525_RECOMMENDED, EXTENDED_ADDITIONAL);

    /** B.13 and the high security type, in their order. */
    static final List<CipherSuite> MODIFIED_TLS13 = List.of(
            CipherSuite.TLS_AES_256_GCM_SHA384,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_AES_128_CCM_SHA256,
            CipherSuite.TLS_AES_128_CCM_8_SHA256);

    /** B.13 as of 2024c: servers support all. */
    static final List<CipherSuite> MODIFIED_REQUIRED = named(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");

    /** B.13: required up to 2024b, optional since 2024c. */
    static final List<CipherSuite> MODIFIED_CAMELLIA = named(
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256");

    /** B.13: the DHE suites; the fourth is printed with a name that no registry has. */
    static final List<CipherSuite> MODIFIED_DHE = named(
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_AES_256_CCM",
            "TLS_DHE_RSA_WITH_AES_256_CCM_8",
            "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_CCM",
            "TLS_DHE_RSA_WITH_AES_128_CCM_8");

    static final List<CipherSuite> MODIFIED_REQUIRED_2023 = joined(MODIFIED_REQUIRED, MODIFIED_CAMELLIA);
    static final List<CipherSuite> MODIFIED_OPTIONAL = joined(MODIFIED_CAMELLIA, MODIFIED_DHE);
    static final List<CipherSuite> MODIFIED_ALL = joined(MODIFIED_REQUIRED_2023, MODIFIED_DHE);

    /** RFC 8446 §9.1: what TLS 1.3 itself asks for. */
    static final List<CipherSuite> TLS13_MANDATORY = List.of(CipherSuite.TLS_AES_128_GCM_SHA256);

    static final List<CipherSuite> TLS13_RECOMMENDED =
            List.of(CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256);

    static final List<CipherSuite> TLS13_USUAL = joined(TLS13_MANDATORY, TLS13_RECOMMENDED);

    /** TLS 1.3 suites at least as strong as AES-128-GCM; CCM_8's tag of 8 octets is not. */
    static final List<CipherSuite> TLS13_FULL_TAG = joined(TLS13_USUAL, List.of(CipherSuite.TLS_AES_128_CCM_SHA256));

    // Described. All of TLS 1.2 and earlier unless the name says otherwise.

    static final List<CipherSuite> NULL_ENCRYPTION = tls12(s -> s.mode() == CipherMode.NULL);
    static final List<CipherSuite> NULL_ENCRYPTION_TLS13 =
            CipherSuite.matching(s -> s.tls13() && s.mode() == CipherMode.NULL);
    static final List<CipherSuite> ANONYMOUS = tls12(CipherSuite::anonymous);

    /** B.12: NULL as key exchange, as encryption, or in place of a signature. */
    static final List<CipherSuite> NULL_ANYWHERE = tls12(s -> s.mode() == CipherMode.NULL || s.anonymous());

    static final List<CipherSuite> RC4 = tls12(s -> s.cipher() == BulkCipher.RC4);

    /** RC4 with short keys is here too: RFC 9325 names both reasons. */
    static final List<CipherSuite> BELOW_112_BITS = tls12(s -> s.bits() > 0 && s.bits() < 112);

    static final List<CipherSuite> BELOW_128_BITS = tls12(s -> s.cipher() == BulkCipher.TRIPLE_DES);
    static final List<CipherSuite> STATIC_RSA = exchanging(KeyExchange.RSA, KeyExchange.RSA_PSK);
    static final List<CipherSuite> STATIC_DH = exchanging(KeyExchange.DH);
    static final List<CipherSuite> STATIC_ECDH = exchanging(KeyExchange.ECDH);
    static final List<CipherSuite> DHE = exchanging(KeyExchange.DHE, KeyExchange.DHE_PSK);
    static final List<CipherSuite> CBC = tls12(s -> s.mode() == CipherMode.CBC);

    /** Every suite whose name holds an algorithm of B.13's list of what shall not be used. */
    static final List<CipherSuite> MODIFIED_PROHIBITED = tls12(Suites::prohibitedByModified);

    /** Forward-secret, authenticated by a certificate, AES-GCM or ChaCha20-Poly1305 (D-02). */
    static final List<CipherSuite> FORWARD_SECRET_AEAD = tls12(s -> (s.keyExchange() == KeyExchange.ECDHE
                    || s.keyExchange() == KeyExchange.DHE)
            && (s.authentication() == Authentication.RSA || s.authentication() == Authentication.ECDSA)
            && (s.cipher() == BulkCipher.AES && s.mode() == CipherMode.GCM || s.cipher() == BulkCipher.CHACHA20));

    private Suites() {}

    static List<CipherSuite> named(String... names) {
        return Stream.of(names).map(CipherSuite::require).toList();
    }

    private static List<CipherSuite> joined(List<CipherSuite> first, List<CipherSuite> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<CipherSuite> tls12(Predicate<CipherSuite> property) {
        return CipherSuite.matching(s -> !s.tls13() && property.test(s));
    }

    private static List<CipherSuite> exchanging(KeyExchange... any) {
        Set<KeyExchange> set = Set.of(any);
        return tls12(s -> set.contains(s.keyExchange()));
    }

    private static boolean prohibitedByModified(CipherSuite suite) {
        boolean exchange =
                switch (suite.keyExchange()) {
                    case DH, ECDH, RSA, RSA_PSK -> true;
                    default -> false;
                };
        boolean cipher =
                switch (suite.cipher()) {
                    case RC2, IDEA, DES, DES40, TRIPLE_DES, ARIA, SEED, RC4 -> true;
                    default -> false;
                };
        return exchange
                || cipher
                || suite.mode() == CipherMode.CBC
                || suite.hash() == HashAlgorithm.MD5
                || suite.hash() == HashAlgorithm.SHA1;
    }
}
