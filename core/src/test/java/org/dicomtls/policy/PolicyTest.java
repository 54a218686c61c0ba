package org.dicomtls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** What a profile leaves to use, and in which order. */
class PolicyTest {

    private final List<Rule> rules = new ArrayList<>();

    private static Rule.Builder rule(String name) {
        return Rule.named("T/" + name).states("s").because("b").cites(Citation.text("T", "1"));
    }

    private PolicyTest shall(Constraint constraint) {
        rules.add(rule("r" + rules.size()).shall(constraint).build());
        return this;
    }

    private PolicyTest should(Constraint constraint) {
        rules.add(rule("r" + rules.size()).should(constraint).build());
        return this;
    }

    private PolicyTest may(Constraint constraint) {
        rules.add(rule("r" + rules.size()).may(constraint).build());
        return this;
    }

    private Policy policy() {
        return Policy.of(Profile.of("p", "p", "none", Profile.State.CURRENT, List.of(), "p", rules));
    }

    private static List<CipherSuite> suites(int... codes) {
        return java.util.Arrays.stream(codes).mapToObj(CipherSuite::of).toList();
    }

    private PolicyTest onlySuites(int... codes) {
        return shall(Constraint.permits(Dimension.SUITE_TLS12, suites(codes)))
                .shall(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)));
    }

    @Test
    void whatAShallPermitsIsLeft() {
        shall(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)));
        assertThat(policy().versions()).containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
    }

    @Test
    void whatTwoPermitIsWhatBothPermit() {
        shall(Constraint.permits(Dimension.GROUP, List.of(NamedGroup.X25519, NamedGroup.SECP256R1)))
                .shall(Constraint.permits(Dimension.GROUP, List.of(NamedGroup.SECP256R1, NamedGroup.SECP384R1)));
        assertThat(policy().groups()).containsExactly(NamedGroup.SECP256R1);
    }

    @Test
    void whatAShallForbidsIsOut() {
        shall(Constraint.permits(Dimension.GROUP, List.of(NamedGroup.X25519, NamedGroup.SECP256R1)))
                .shall(Constraint.forbids(Dimension.GROUP, List.of(NamedGroup.X25519)));
        assertThat(policy().groups()).containsExactly(NamedGroup.SECP256R1);
    }

    @Test
    void whatAShouldForbidsIsOutToo() {
        onlySuites(0xC030, 0x009F).should(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x009F)));
        assertThat(policy().suites()).containsExactlyElementsOf(suites(0xC030));
    }

    @Test
    void aShouldGivesWayToWhatAShallRequires() {
        onlySuites(0xC030, 0x009F)
                .should(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x009F)))
                .shall(Constraint.requiresAll(Dimension.SUITE_TLS12, suites(0x009F)));
        assertThat(policy().suites()).containsExactlyElementsOf(suites(0xC030, 0x009F));
    }

    @Test
    void aShouldDoesNotGiveWayToOneOfSeveral() {
        onlySuites(0xC030, 0x009F)
                .should(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x009F)))
                .shall(Constraint.requiresAny(Dimension.SUITE_TLS12, suites(0x009F, 0xC030)));
        assertThat(policy().suites()).containsExactlyElementsOf(suites(0xC030));
    }

    @Test
    void aShallThatForbidsDoesNotGiveWay() {
        onlySuites(0xC030, 0x009F)
                .shall(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x009F)))
                .shall(Constraint.requiresAll(Dimension.SUITE_TLS12, suites(0x009F)));
        assertThat(policy().suites()).containsExactlyElementsOf(suites(0xC030));
    }

    @Test
    void aMayIsOfNoEffect() {
        onlySuites(0xC030, 0x009F)
                .may(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x009F)))
                .may(Constraint.permits(Dimension.SUITE_TLS12, suites(0x009F)))
                .may(Constraint.atLeast(Metric.DHE_BITS, 8192))
                .may(Constraint.holds(Property.STRICT_TLS));
        assertThat(policy().suites()).containsExactlyElementsOf(suites(0xC030, 0x009F));
        assertThat(policy().least(Metric.DHE_BITS)).isZero();
        assertThat(policy().demands(Property.STRICT_TLS, Role.CLIENT)).isEmpty();
    }

    @Test
    void aVersionWithoutASuiteIsNotUsed() {
        shall(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)))
                .shall(Constraint.forbids(Dimension.SUITE_TLS13, CipherSuite.matching(CipherSuite::tls13)));
        assertThat(policy().versions()).containsExactly(TlsVersion.TLS_1_2);
        assertThat(policy().suites()).noneMatch(CipherSuite::tls13);
    }

    @Test
    void aSuiteWithoutAVersionIsNotUsed() {
        shall(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)));
        assertThat(policy().suites()).isNotEmpty().allMatch(CipherSuite::tls13);
    }

    @Test
    void theGreatestLeastCounts() {
        shall(Constraint.atLeast(Metric.DHE_BITS, 2048)).should(Constraint.atLeast(Metric.DHE_BITS, 3072));
        assertThat(policy().least(Metric.DHE_BITS)).isEqualTo(3072);
        assertThat(policy().least(Metric.RSA_CERTIFICATE_BITS)).isZero();
        assertThat(policy().demands(Metric.DHE_BITS, Role.CLIENT).map(Rule::id)).contains("T/r1");
        assertThat(policy().groups()).doesNotContain(NamedGroup.FFDHE2048).contains(NamedGroup.FFDHE3072);
    }

    @Test
    void shortGroupsAreOut() {
        shall(Constraint.atLeast(Metric.ECDHE_BITS, 384));
        assertThat(policy().groups().stream().filter(NamedGroup::ellipticCurve))
                .containsExactly(NamedGroup.SECP384R1, NamedGroup.SECP521R1, NamedGroup.X448);
    }

    @Test
    void aDemandIsOfItsRole() {
        rules.add(rule("server")
                .shall(Constraint.holds(Property.STRICT_TLS))
                .subject(org.dicomtls.rule.Subject.SERVER)
                .build());
        assertThat(policy().demands(Property.STRICT_TLS, Role.SERVER).map(Rule::id)).contains("T/server");
        assertThat(policy().demands(Property.STRICT_TLS, Role.CLIENT)).isEmpty();
    }

    @Test
    void theStrongestRuleIsNamedForWhatIsOut() {
        onlySuites(0xC030)
                .should(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x002F)))
                .shall(Constraint.forbids(Dimension.SUITE_TLS12, suites(0x002F)));
        assertThat(policy().excludes(Dimension.SUITE_TLS12, CipherSuite.of(0x002F)).map(Rule::id)).contains("T/r0");
        assertThat(policy().excludes(Dimension.SUITE_TLS12, CipherSuite.of(0xC030))).isEmpty();
    }

    @Test
    void certificateHashesFollowTheSameAlgebra() {
        shall(Constraint.permits(
                        Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA1, HashAlgorithm.SHA256, HashAlgorithm.SHA384)))
                .should(Constraint.forbids(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA1)));
        assertThat(policy().certificateHashes()).isEqualTo(Set.of(HashAlgorithm.SHA256, HashAlgorithm.SHA384));
    }

    @Test
    void suitesStandInTheOrderOfBcp195WithSlowOnesAndShortTagsLast() {
        onlySuites(0x009C, 0x009F, 0x009E, 0xC02F, 0xC030, 0xC02B, 0xC02C, 0xCCA8, 0xCCA9, 0xC0AC, 0xC0AE, 0xC0AD, 0xC08A);
        assertThat(policy().suites())
                .extracting(CipherSuite::name)
                .containsExactly(
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
                        "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
                        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_RSA_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void a256BitKeyComesFirstWhereTheProfileDemandsIt() {
        shall(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)))
                .shall(Constraint.permits(Dimension.SUITE_TLS13, suites(0x1301, 0x1302, 0x1303, 0x1304)))
                .shall(Constraint.permits(Dimension.SUITE_TLS12, suites(0xC02F, 0xCCA8, 0xC030, 0x009F)))
                .should(Constraint.holds(Property.SUITES_256_BIT_FIRST));
        assertThat(policy().suites())
                .extracting(CipherSuite::name)
                .containsExactly(
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_128_CCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void groupsAndSchemesStandInAFixedOrder() {
        assertThat(policy().groups())
                .containsExactly(
                        NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1,
                        NamedGroup.X448, NamedGroup.FFDHE2048, NamedGroup.FFDHE3072, NamedGroup.FFDHE4096,
                        NamedGroup.FFDHE6144, NamedGroup.FFDHE8192);
        assertThat(policy().schemes())
                .extracting(SignatureScheme::code)
                .containsExactly(
                        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401,
                        0x0501, 0x0601);
    }

    @Test
    void aWaivedRuleIsOfNoEffect() {
        shall(Constraint.permits(Dimension.GROUP, List.of(NamedGroup.X25519)));
        Profile base = Profile.of("p", "p", "none", Profile.State.CURRENT, List.of(), "p", rules);
        assertThat(Policy.of(base).groups()).containsExactly(NamedGroup.X25519);
        assertThat(Policy.of(base.derive("w").waive("T/r0", "r", "o").build()).groups())
                .contains(NamedGroup.SECP256R1);
    }
}
