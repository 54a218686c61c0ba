package org.dicomtls.interop.peers;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each profile permits, written out by hand from PS3.15 Annex B, the RFCs of BCP 195 and the decisions D-02 to D-05,
 * D-11 and D-14. Nothing here may be taken from the code that is tested.
 */
enum Published {
    BCP195("bcp195", Lists.BOTH_VERSIONS, Lists.FORWARD_SECRET_AEAD, Lists.TLS13_THREE, Lists.WITH_FFDHE, Lists.ALL_SCHEMES),
    BCP195_ND("bcp195-nd", Lists.BOTH_VERSIONS, Lists.B10, Lists.TLS13_FOUR, Lists.WITH_FFDHE, Lists.ALL_SCHEMES),
    BCP195_EX("bcp195-ex", Lists.TLS12_ONLY, Lists.B11, "", Lists.WITH_FFDHE, Lists.ALL_SCHEMES),
    BCP195_RFC8996(
            "bcp195-rfc8996",
            Lists.BOTH_VERSIONS,
            Lists.FORWARD_SECRET_AEAD,
            Lists.TLS13_THREE,
            Lists.WITH_FFDHE,
            Lists.ALL_SCHEMES),
    BCP195_RFC9325(
            "bcp195-rfc9325", Lists.BOTH_VERSIONS, Lists.RFC9325, Lists.TLS13_THREE, Lists.FIVE_CURVES, Lists.ALL_SCHEMES),
    BCP195_MOD_2023(
            "bcp195-mod-2023", Lists.BOTH_VERSIONS, Lists.B13, Lists.TLS13_FIVE, Lists.FIVE_CURVES, Lists.B13_SCHEMES),
    BCP195_MOD("bcp195-mod", Lists.BOTH_VERSIONS, Lists.B13, Lists.TLS13_FIVE, Lists.FIVE_CURVES, Lists.B13_SCHEMES),
    CRYPTREC_HS("cryptrec-hs", Lists.BOTH_VERSIONS, Lists.B13, Lists.TLS13_FIVE, Lists.FIVE_CURVES, Lists.B13_SCHEMES),
    IHE_TLS12_FLOOR(
            "ihe-tls12-floor",
            Lists.BOTH_VERSIONS,
            Lists.FORWARD_SECRET_AEAD,
            Lists.TLS13_THREE,
            Lists.WITH_FFDHE,
            Lists.ALL_SCHEMES);

    /** Code points and IANA names. */
    private static final class Lists {
        static final String TLS12_ONLY = "0303 TLSv1.2";
        static final String BOTH_VERSIONS = "0303 TLSv1.2  0304 TLSv1.3";

        static final String FORWARD_SECRET_AEAD =
                """
                C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                CCA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
                C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                CCA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
                009E TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
                009F TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
                CCAA TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
                """;
        static final String B10 =
                """
                009E TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
                C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                009F TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
                C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                """;
        static final String B11 =
                """
                009E TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
                C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                009F TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
                C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                C07D TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384
                C07C TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
                C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                C087 TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384
                C08B TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384
                C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                C086 TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256
                C08A TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
                """;
        static final String RFC9325 =
                """
                C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                CCA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
                C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                CCA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
                """;
        static final String B13 =
                """
                C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
                C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                C087 TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384
                C08B TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384
                C0AD TLS_ECDHE_ECDSA_WITH_AES_256_CCM
                C0AF TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8
                CCA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
                CCA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
                C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                C086 TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256
                C08A TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
                C0AC TLS_ECDHE_ECDSA_WITH_AES_128_CCM
                C0AE TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8
                """;

        static final String TLS13_THREE =
                "1301 TLS_AES_128_GCM_SHA256  1302 TLS_AES_256_GCM_SHA384  1303 TLS_CHACHA20_POLY1305_SHA256";
        static final String TLS13_FOUR = TLS13_THREE + "  1304 TLS_AES_128_CCM_SHA256";
        static final String TLS13_FIVE = TLS13_FOUR + "  1305 TLS_AES_128_CCM_8_SHA256";

        static final String FIVE_CURVES = "0017 secp256r1  0018 secp384r1  0019 secp521r1  001D x25519  001E x448";
        static final String WITH_FFDHE =
                FIVE_CURVES + "  0100 ffdhe2048  0101 ffdhe3072  0102 ffdhe4096  0103 ffdhe6144  0104 ffdhe8192";

        static final String B13_SCHEMES =
                """
                0403 ecdsa_secp256r1_sha256
                0503 ecdsa_secp384r1_sha384
                0804 rsa_pss_rsae_sha256
                0805 rsa_pss_rsae_sha384
                0809 rsa_pss_pss_sha256
                080A rsa_pss_pss_sha384
                0401 rsa_pkcs1_sha256
                0501 rsa_pkcs1_sha384
                """;
        static final String ALL_SCHEMES = B13_SCHEMES
                + """
                0603 ecdsa_secp521r1_sha512
                0806 rsa_pss_rsae_sha512
                080B rsa_pss_pss_sha512
                0601 rsa_pkcs1_sha512
                0807 ed25519
                0808 ed448
                """;
    }

    private static final Pattern CODE = Pattern.compile("\\b[0-9A-F]{4}(?= )");

    private final String id;
    private final String versions;
    private final String suites12;
    private final String suites13;
    private final String groups;
    private final String schemes;

    Published(String id, String versions, String suites12, String suites13, String groups, String schemes) {
        this.id = id;
        this.versions = versions;
        this.suites12 = suites12;
        this.suites13 = suites13;
        this.groups = groups;
        this.schemes = schemes;
    }

    @Override
    public String toString() {
        return id;
    }

    private static Set<String> codes(String list) {
        return CODE.matcher(list).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> versions() {
        return codes(versions);
    }

    Set<String> suites(String version) {
        return codes(version.equals("0304") ? suites13 : suites12);
    }

    /** Whether the profile permits the suite of that IANA name, in any version. */
    boolean permitsSuite(String name) {
        return Stream.of((suites12 + " " + suites13).split("\\s+")).anyMatch(name::equals);
    }

    static Published of(String id) {
        return Stream.of(values()).filter(p -> p.id.equals(id)).findFirst().orElseThrow();
    }

    /** None in a version that the profile does not permit. */
    Set<String> groups(String version) {
        return versions().contains(version) ? codes(groups) : Set.of();
    }

    /** None in a version that the profile does not permit; RFC 8446 §4.2.3: no PKCS #1 v1.5 in a TLS 1.3 handshake. */
    Set<String> schemes(String version) {
        Set<String> all = versions().contains(version) ? codes(schemes) : new TreeSet<>();
        if (version.equals("0304")) {
            Stream.of("0401", "0501", "0601").forEach(all::remove);
        }
        return all;
    }
}
