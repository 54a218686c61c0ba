package org.dicomtls.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each profile comes down to, written out by hand. */
class EnforcedSetsTest {

    private static final List<String> ECDHE_GCM = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    private static final List<String> DHE_GCM =
            List.of("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
    private static final List<String> ECDHE_CHACHA = List.of(
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final List<String> DHE_CHACHA = List.of("TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final List<String> NINE = together(ECDHE_GCM, DHE_GCM, ECDHE_CHACHA, DHE_CHACHA);
    private static final List<String> ECDHE_CAMELLIA = List.of(
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256");
    private static final List<String> ECDHE_CCM = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");
    private static final List<String> TEN = together(ECDHE_GCM, ECDHE_CCM, ECDHE_CHACHA);
    private static final List<String> FOURTEEN = together(TEN, ECDHE_CAMELLIA);

    private static final List<String> TLS13_THREE =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> TLS13_FOUR = together(TLS13_THREE, List.of("TLS_AES_128_CCM_SHA256"));
    private static final List<String> TLS13_FIVE = together(TLS13_FOUR, List.of("TLS_AES_128_CCM_8_SHA256"));

    private static final List<String> FIVE_CURVES = List.of("secp256r1", "secp384r1", "secp521r1", "x25519", "x448");
    private static final List<String> CURVES_AND_FIELDS =
            together(FIVE_CURVES, List.of("ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"));
    private static final List<String> EIGHT_SCHEMES = List.of(
            "ecdsa_secp256r1_sha256",
            "ecdsa_secp384r1_sha384",
            "rsa_pss_rsae_sha256",
            "rsa_pss_rsae_sha384",
            "rsa_pss_pss_sha256",
            "rsa_pss_pss_sha384",
            "rsa_pkcs1_sha256",
            "rsa_pkcs1_sha384");
    private static final List<String> FOURTEEN_SCHEMES = together(
            EIGHT_SCHEMES,
            List.of(
                    "ecdsa_secp521r1_sha512",
                    "rsa_pss_rsae_sha512",
                    "rsa_pss_pss_sha512",
                    "rsa_pkcs1_sha512",
                    "ed25519",
                    "ed448"));

    private static final List<String> NEW_VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    record Expected(
            String profile,
            List<String> versions,
            List<String> tls12,
            List<String> tls13,
            List<String> groups,
            List<String> schemes) {
        @Override
        public String toString() {
            return profile;
        }
    }

    static final List<Expected> EXPECTED = List.of(
            new Expected(
                    "basic",
                    List.of("TLSv1.0"),
                    List.of("TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
                    List.of(),
                    FIVE_CURVES,
                    FOURTEEN_SCHEMES),
            new Expected(
                    "aes",
                    List.of("TLSv1.0"),
                    List.of("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
                    List.of(),
                    FIVE_CURVES,
                    FOURTEEN_SCHEMES),
            new Expected("bcp195", NEW_VERSIONS, NINE, TLS13_THREE, CURVES_AND_FIELDS, FOURTEEN_SCHEMES),
            new Expected(
                    "bcp195-nd",
                    NEW_VERSIONS,
                    together(ECDHE_GCM, DHE_GCM),
                    TLS13_FOUR,
                    CURVES_AND_FIELDS,
                    FOURTEEN_SCHEMES),
            new Expected(
                    "bcp195-ex",
                    List.of("TLSv1.2"),
                    together(
                            ECDHE_GCM,
                            DHE_GCM,
                            ECDHE_CAMELLIA,
                            List.of(
                                    "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
                                    "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256")),
                    List.of(),
                    CURVES_AND_FIELDS,
                    FOURTEEN_SCHEMES),
            new Expected("bcp195-rfc8996", NEW_VERSIONS, NINE, TLS13_THREE, CURVES_AND_FIELDS, FOURTEEN_SCHEMES),
            new Expected(
                    "bcp195-rfc9325",
                    NEW_VERSIONS,
                    together(ECDHE_GCM, ECDHE_CHACHA),
                    TLS13_THREE,
                    FIVE_CURVES,
                    FOURTEEN_SCHEMES),
            new Expected("bcp195-mod-2023", NEW_VERSIONS, FOURTEEN, TLS13_FIVE, FIVE_CURVES, EIGHT_SCHEMES),
            new Expected("bcp195-mod", NEW_VERSIONS, FOURTEEN, TLS13_FIVE, FIVE_CURVES, EIGHT_SCHEMES),
            new Expected("cryptrec-hs", NEW_VERSIONS, FOURTEEN, TLS13_FIVE, FIVE_CURVES, EIGHT_SCHEMES),
            new Expected("ihe-tls12-floor", NEW_VERSIONS, NINE, TLS13_THREE, CURVES_AND_FIELDS, FOURTEEN_SCHEMES));

    @SafeVarargs
    private static List<String> together(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private static Profile profile(String id) {
        return DicomProfiles.all().stream()
                .filter(p -> p.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    @ParameterizedTest
    @FieldSource("EXPECTED")
    void enforcedSets(Expected expected) {
        EnforcedSets sets = EnforcedSets.of(profile(expected.profile()));
        assertThat(names(sets.versions())).containsExactlyInAnyOrderElementsOf(expected.versions());
        assertThat(names(sets.tls12())).containsExactlyInAnyOrderElementsOf(expected.tls12());
        assertThat(names(sets.tls13())).containsExactlyInAnyOrderElementsOf(expected.tls13());
        assertThat(names(sets.groups())).containsExactlyInAnyOrderElementsOf(expected.groups());
        assertThat(names(sets.schemes())).containsExactlyInAnyOrderElementsOf(expected.schemes());
    }

    @Test
    void everyProfileIsExpectedSomething() {
        assertThat(EXPECTED).extracting(Expected::profile).containsExactlyElementsOf(
                DicomProfiles.all().stream().map(Profile::id).toList());
    }

    @Test
    void sizesOfTheLists() {
        assertThat(NINE).hasSize(9);
        assertThat(TEN).hasSize(10);
        assertThat(FOURTEEN).hasSize(14);
        assertThat(Suites.MODIFIED_ALL).hasSize(23).doesNotHaveDuplicates();
        assertThat(Suites.EXTENDED).hasSize(12).doesNotHaveDuplicates();
        assertThat(Suites.MODIFIED_OPTIONAL).hasSize(13);
        assertThat(Suites.MODIFIED_PROHIBITED).doesNotContainAnyElementsOf(Suites.MODIFIED_ALL);
    }

    /** The code points that PS3.15 B.11 prints beside its names. */
    @Test
    void codePointsOfTheExtendedProfile() {
        assertThat(Suites.EXTENDED_ADDITIONAL)
                .extracting(CipherSuite::code)
                .containsExactly(0xC07D, 0xC07C, 0xC02C, 0xC087, 0xC08B, 0xC02B, 0xC086, 0xC08A);
        assertThat(Suites.RFC7525_RECOMMENDED)
                .extracting(CipherSuite::code)
                .containsExactly(0x009E, 0xC02F, 0x009F, 0xC030);
        assertThat(Suites.MODIFIED_REQUIRED)
                .extracting(CipherSuite::code)
                .containsExactly(0xC02C, 0xC030, 0xC0AD, 0xC0AF, 0xCCA9, 0xCCA8, 0xC02F, 0xC02B, 0xC0AC, 0xC0AE);
        assertThat(Suites.MODIFIED_DHE)
                .extracting(CipherSuite::code)
                .containsExactly(0x009F, 0xC07D, 0xC09F, 0xC0A3, 0xCCAA, 0x009E, 0xC07C, 0xC09E, 0xC0A2);
    }

    static Stream<Profile> all() {
        return DicomProfiles.all().stream();
    }

    /** Nothing that a SHALL names can be cut away by the same profile, or nobody could keep it. */
    @ParameterizedTest
    @MethodSource("all")
    void everyRequiredValueIsEnforceable(Profile profile) {
        EnforcedSets sets = EnforcedSets.of(profile);
        List<Object> left = Stream.<Collection<?>>of(
                        sets.versions(), sets.tls12(), sets.tls13(), sets.groups(), sets.schemes())
                .<Object>flatMap(Collection::stream)
                .toList();
        profile.rules().stream()
                .filter(rule -> rule.strength() != Strength.MAY)
                .forEach(rule -> {
                    if (rule.constraint() instanceof Constraint.Requires<?> requires) {
                        if (requires.all()) {
                            assertThat(left).as(rule.id()).containsAll(requires.wanted());
                        } else {
                            assertThat(requires.wanted().stream().anyMatch(left::contains)).as(rule.id()).isTrue();
                        }
                    }
                });
    }

    @Test
    void leastBits() {
        assertLeast("basic", 0, 0, 0, 0);
        assertLeast("aes", 0, 0, 0, 0);
        assertLeast("bcp195", 2048, 192, 2048, 192);
        assertLeast("bcp195-nd", 2048, 192, 2048, 192);
        assertLeast("bcp195-ex", 2048, 192, 2048, 256);
        assertLeast("bcp195-rfc8996", 2048, 192, 2048, 192);
        assertLeast("bcp195-rfc9325", 2048, 224, 2048, 224);
        assertLeast("bcp195-mod-2023", 2048, 256, 2048, 256);
        assertLeast("bcp195-mod", 2048, 256, 2048, 256);
        assertLeast("cryptrec-hs", 2048, 256, 2048, 256);
        assertLeast("ihe-tls12-floor", 2048, 192, 2048, 192);
    }

    private static void assertLeast(String id, int rsa, int ec, int dhe, int ecdhe) {
        EnforcedSets sets = EnforcedSets.of(profile(id));
        assertThat(List.of(
                        sets.least(Metric.RSA_CERTIFICATE_BITS),
                        sets.least(Metric.EC_CERTIFICATE_BITS),
                        sets.least(Metric.DHE_BITS),
                        sets.least(Metric.ECDHE_BITS)))
                .as(id)
                .containsExactly(rsa, ec, dhe, ecdhe);
    }

    @Test
    void certificateHashes() {
        for (String id : List.of("bcp195-mod", "bcp195-mod-2023", "cryptrec-hs")) {
            assertThat(EnforcedSets.of(profile(id)).certificateHashes())
                    .as(id)
                    .containsExactly(HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512);
        }
        for (String id : List.of("bcp195", "bcp195-nd", "bcp195-ex", "bcp195-rfc8996", "bcp195-rfc9325")) {
            assertThat(EnforcedSets.of(profile(id)).certificateHashes())
                    .as(id)
                    .containsExactly(
                            HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512, HashAlgorithm.INTRINSIC);
        }
    }

    @Test
    void clientAuthentication() {
        for (Profile profile : DicomProfiles.all()) {
            Set<Property> server = EnforcedSets.of(profile).demandedOf(Role.SERVER);
            Set<Property> client = EnforcedSets.of(profile).demandedOf(Role.CLIENT);
            boolean required = Set.of("cryptrec-hs", "ihe-tls12-floor").contains(profile.id());
            boolean supported = Set.of(
                            "bcp195-rfc8996", "bcp195-rfc9325", "bcp195-mod-2023", "bcp195-mod", "cryptrec-hs")
                    .contains(profile.id());
            assertThat(server.contains(Property.CLIENT_AUTHENTICATION_REQUIRED)).as(profile.id()).isEqualTo(required);
            assertThat(client.contains(Property.CLIENT_CERTIFICATE_PRESENTED)).as(profile.id()).isEqualTo(required);
            assertThat(server.contains(Property.CLIENT_AUTHENTICATION_SUPPORTED)).as(profile.id()).isEqualTo(supported);
        }
    }

    @Test
    void demandsOnPeers() {
        Set<String> rfc9325 = Set.of("bcp195-rfc9325", "bcp195-mod", "cryptrec-hs");
        Set<String> tls10 = Set.of("basic", "aes");
        for (Profile profile : DicomProfiles.all()) {
            for (Role role : Role.values()) {
                Set<Property> demanded = EnforcedSets.of(profile).demandedOf(role);
                String about = profile.id() + " " + role;
                boolean on9325 = rfc9325.contains(profile.id());
                boolean onBcp = !tls10.contains(profile.id());
                assertThat(demanded.contains(Property.EXTENDED_MASTER_SECRET)).as(about).isEqualTo(on9325);
                assertThat(demanded.contains(Property.EXTENDED_MASTER_SECRET_DEMANDED)).as(about).isEqualTo(on9325);
                assertThat(demanded.contains(Property.RENEGOTIATION_INFO_DEMANDED)).as(about).isEqualTo(on9325);
                assertThat(demanded.contains(Property.RENEGOTIATION_INFO)).as(about).isEqualTo(onBcp);
                assertThat(demanded.contains(Property.RENEGOTIATION_REFUSED)).as(about).isEqualTo(onBcp);
                assertThat(demanded.contains(Property.NO_COMPRESSION)).as(about).isEqualTo(onBcp);
                assertThat(demanded.contains(Property.NO_TRUNCATED_HMAC)).as(about).isEqualTo(onBcp);
                assertThat(demanded.contains(Property.STRICT_TLS)).as(about).isEqualTo(onBcp);
                assertThat(demanded.contains(Property.REVOCATION_STRATEGY)).as(about).isEqualTo(on9325);
                assertThat(demanded.contains(Property.HOST_IDENTITY_CHECKED))
                        .as(about)
                        .isEqualTo(on9325 && role == Role.CLIENT);
            }
        }
    }

    @Test
    void tls13First() {
        Set<String> demanding =
                Set.of("bcp195-rfc8996", "bcp195-rfc9325", "bcp195-mod-2023", "bcp195-mod", "cryptrec-hs");
        for (Profile profile : DicomProfiles.all()) {
            EnforcedSets sets = EnforcedSets.of(profile);
            boolean demands = demanding.contains(profile.id());
            assertThat(sets.demandedOf(Role.SERVER).contains(Property.PREFERS_TLS_1_3)).isEqualTo(demands);
            assertThat(sets.demandedOf(Role.CLIENT).contains(Property.ATTEMPTS_TLS_1_3)).isEqualTo(demands);
        }
        assertThat(EnforcedSets.of(DicomProfiles.CRYPTREC_HIGH_SECURITY).demandedOf(Role.SERVER))
                .contains(Property.SUITES_256_BIT_FIRST);
    }

    /** The case of B.9's note: possible, on record, and no longer a claim to B.9. */
    @Test
    void oldModality() {
        Profile derived = DicomProfiles.BCP195
                .derive("ct-room-3")
                .waive("DT/forward-secret-aead-suites", "CT of 2009 has AES-CBC only", "Radiology IT")
                .waive("RFC7525/static-rsa-discouraged", "CT of 2009 has AES-CBC only", "Radiology IT")
                .suites(Stream.concat(Suites.named("TLS_RSA_WITH_AES_128_CBC_SHA").stream(),
                                Suites.RFC9325_RECOMMENDED.stream())
                        .toArray(CipherSuite[]::new))
                .build();
        assertThat(names(EnforcedSets.of(derived).tls12()))
                .containsExactlyInAnyOrderElementsOf(together(ECDHE_GCM, List.of("TLS_RSA_WITH_AES_128_CBC_SHA")));
        assertThat(derived.claims(DicomProfiles.BCP195)).isFalse();
    }
}
