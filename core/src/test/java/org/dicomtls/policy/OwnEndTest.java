package org.dicomtls.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Ruleset;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we claim of our own end. What is claimed is tested where it is done; here, that nothing is claimed by mistake. */
class OwnEndTest {

    private static final EngineModel JDK = new EngineModel(Engine.JDK, 17);

    private static List<CipherSuite> suites(int... codes) {
        return Arrays.stream(codes).mapToObj(CipherSuite::of).toList();
    }

    private static List<SignatureScheme> schemes(int... codes) {
        return Arrays.stream(codes).mapToObj(SignatureScheme::of).toList();
    }

    private static Policy policy(Constraint... shalls) {
        return Policy.of(Ruleset.profile(shalls));
    }

    private static Policy tls12(int... codes) {
        return policy(
                Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)),
                Constraint.permits(Dimension.SUITE_TLS12, suites(codes)));
    }

    /** An end whose engine has that order of suites, whatever the policy would prefer. */
    private static OwnEnd ordered(int... codes) {
        List<CipherSuite> suites = suites(codes);
        List<TlsVersion> versions = Stream.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)
                .filter(v -> suites.stream().anyMatch(s -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .toList();
        return OwnEnd.measured(policy(), Engine.JDK,
                new EngineModel.Usable(versions, suites, List.of(NamedGroup.X25519), schemes(0x0804)),
                hello(Hello.clientTls13()));
    }

    private static ClientHello hello(Hello hello) {
        try {
            return ClientHello.read(hello.body());
        } catch (org.dicomtls.wire.WireException e) {
            throw new AssertionError(e);
        }
    }

    private static OwnEnd writing(Hello hello) {
        return OwnEnd.measured(policy(), Engine.JDK, JDK.usable(policy()), hello(hello));
    }

    private static boolean holds(OwnEnd end, Property property) {
        return end.facts(Role.CLIENT).holds(property).orElseThrow();
    }

    private static Set<Property> kept(OwnEnd end, Role role) {
        Facts facts = end.facts(role);
        return Arrays.stream(Property.values())
                .filter(p -> facts.holds(p).orElse(false))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatWeSupportIsWhatTheEngineUsesOfThePolicy() {
        Policy policy = policy(
                Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)),
                Constraint.permits(Dimension.SUITE_TLS13, suites(0x1301, 0x1304)),
                Constraint.permits(Dimension.SUITE_TLS12, suites(0xC02F, 0xC09E)),
                Constraint.permits(Dimension.GROUP, List.of(NamedGroup.SECP384R1, NamedGroup.X448)),
                Constraint.permits(Dimension.SCHEME, schemes(0x0804)),
                Constraint.permits(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA384)),
                Constraint.atLeast(Metric.RSA_CERTIFICATE_BITS, 3072),
                Constraint.atLeast(Metric.EC_CERTIFICATE_BITS, 384),
                Constraint.atLeast(Metric.DHE_BITS, 4096),
                Constraint.atLeast(Metric.ECDHE_BITS, 256));
        Facts facts = OwnEnd.modelled(policy, JDK).facts(Role.SERVER);
        assertThat(facts.role()).isEqualTo(Role.SERVER);
        assertThat(facts.support(Dimension.VERSION).supported())
                .containsExactlyInAnyOrder(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        assertThat(facts.support(Dimension.SUITE_TLS13).supported()).containsExactlyElementsOf(suites(0x1301));
        assertThat(facts.support(Dimension.SUITE_TLS12).supported()).containsExactlyElementsOf(suites(0xC02F));
        assertThat(facts.support(Dimension.GROUP).supported())
                .containsExactlyInAnyOrder(NamedGroup.SECP384R1, NamedGroup.X448);
        assertThat(facts.support(Dimension.SCHEME).supported()).containsExactlyElementsOf(schemes(0x0804));
        assertThat(facts.support(Dimension.CERTIFICATE_HASH).supported()).containsExactly(HashAlgorithm.SHA384);
        assertThat(measured(facts, Metric.RSA_CERTIFICATE_BITS)).isEqualTo(3072);
        assertThat(measured(facts, Metric.EC_CERTIFICATE_BITS)).isEqualTo(384);
        assertThat(measured(facts, Metric.DHE_BITS)).isEqualTo(4096);
        assertThat(measured(facts, Metric.ECDHE_BITS)).isEqualTo(NamedGroup.SECP384R1.bits());
    }

    private static int measured(Facts facts, Metric metric) {
        return facts.measured(metric).orElseThrow().values().first();
    }

    @Test
    void withoutACurveTheLeastOfThePolicyStands() {
        Policy policy = policy(
                Constraint.permits(Dimension.GROUP, List.of(NamedGroup.FFDHE2048)),
                Constraint.atLeast(Metric.ECDHE_BITS, 255));
        assertThat(measured(OwnEnd.modelled(policy, JDK).facts(Role.CLIENT), Metric.ECDHE_BITS)).isEqualTo(255);
    }

    @Test
    void conditionsFollowFromWhatIsUsed() {
        Facts modern = OwnEnd.modelled(
                        policy(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_3))), JDK)
                .facts(Role.CLIENT);
        assertThat(modern.condition(Condition.TLS_1_3)).contains(true);
        assertThat(modern.condition(Condition.TLS_1_2)).contains(false);
        assertThat(modern.condition(Condition.DHE)).contains(false);
        assertThat(modern.condition(Condition.CBC)).contains(false);
        assertThat(modern.condition(Condition.CLIENT_AUTHENTICATION)).contains(true);
        for (Condition never : List.of(Condition.RESUMPTION, Condition.ALPN, Condition.SERVER_NAMES)) {
            assertThat(modern.condition(never)).contains(false);
        }
        Facts older = OwnEnd.modelled(tls12(0x009E, 0xC027), JDK).facts(Role.CLIENT);
        assertThat(older.condition(Condition.TLS_1_3)).contains(false);
        assertThat(older.condition(Condition.TLS_1_2)).contains(true);
        assertThat(older.condition(Condition.DHE)).contains(true);
        assertThat(older.condition(Condition.CBC)).contains(true);
    }

    @Test
    void anEngineThatCannotWriteAHelloSupportsNothing() {
        OwnEnd end = OwnEnd.unable(
                policy(Constraint.requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_3))), Engine.JDK);
        assertThat(end.usable()).isEqualTo(new EngineModel.Usable(List.of(), List.of(), List.of(), List.of()));
        assertThat(end.clientHello()).isEmpty();
        assertThat(end.violated(List.of(Role.CLIENT, Role.SERVER)))
                .extracting(f -> f.rule().id())
                .containsExactly("T/0");
    }

    @Test
    void theHelloThatWasSeenIsKept() {
        ClientHello seen = hello(Hello.clientTls13());
        assertThat(OwnEnd.measured(policy(), Engine.JDK, JDK.usable(policy()), seen).clientHello()).containsSame(seen);
    }

    @Test
    void whatIsAskedOfEitherEndIsKeptByBothAndNothingElseIsClaimed() {
        Set<Property> client = kept(OwnEnd.modelled(tls12(0xC030), JDK), Role.CLIENT);
        assertThat(client).isEqualTo(kept(OwnEnd.modelled(tls12(0xC030), JDK), Role.SERVER));
        assertThat(client)
                .contains(Property.STRICT_TLS, Property.NO_COMPRESSION, Property.RENEGOTIATION_REFUSED)
                .doesNotContain(
                        Property.RECOMMENDED_PORT,
                        Property.TLS_PORT_SEPARATE,
                        Property.INTEGRITY_FAILURE_ABORTS,
                        Property.DETERMINISTIC_ECDSA,
                        Property.TICKETS_PROTECTED,
                        Property.EXTENDED_MASTER_SECRET_DEMANDED,
                        Property.RENEGOTIATION_INFO_DEMANDED);
    }

    @Test
    void whatIsDemandedOfPeersIsKeptWhereTheProfileDemandsIt() {
        for (Property property : List.of(
                Property.EXTENDED_MASTER_SECRET_DEMANDED,
                Property.RENEGOTIATION_INFO_DEMANDED,
                Property.HOST_IDENTITY_CHECKED)) {
            assertThat(kept(OwnEnd.modelled(policy(Constraint.holds(property)), JDK), Role.CLIENT)).contains(property);
            assertThat(kept(OwnEnd.modelled(policy(), JDK), Role.CLIENT)).doesNotContain(property);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aPropertyThatIsClaimedHasAMeansAndOneThatIsNotHasNone(Role role) {
        OwnEnd end = OwnEnd.modelled(tls12(0xC030), JDK);
        Set<Property> kept = kept(end, role);
        Set<Means> byUs = Set.of(Means.CONTEXT, Means.GATE, Means.CERTIFICATE_CHECK, Means.RECORD_COUNT, Means.ENGINE);
        for (Property property : Property.values()) {
            Means means = end.means(Ruleset.rule("T/x", Constraint.holds(property)), role);
            if (kept.contains(property)) {
                assertThat(means).as(property.name()).isIn(byUs);
            } else if (end.facts(role).holds(property).isEmpty()) {
                assertThat(means).as(property.name()).isNotIn(byUs);
            }
        }
    }

    @Test
    void theMeansOfARuleFollowFromItsKind() {
        OwnEnd end = OwnEnd.modelled(tls12(0xC030), JDK);
        assertThat(means(end, Constraint.attested("?"))).isEqualTo(Means.ATTESTED);
        assertThat(means(end, Constraint.atLeast(Metric.RSA_CERTIFICATE_BITS, 1))).isEqualTo(Means.CERTIFICATE_CHECK);
        assertThat(means(end, Constraint.atLeast(Metric.EC_CERTIFICATE_BITS, 1))).isEqualTo(Means.CERTIFICATE_CHECK);
        assertThat(means(end, Constraint.atLeast(Metric.DHE_BITS, 1))).isEqualTo(Means.GATE);
        assertThat(means(end, Constraint.atLeast(Metric.ECDHE_BITS, 1))).isEqualTo(Means.CONTEXT);
        List<HashAlgorithm> hashes = List.of(HashAlgorithm.SHA256);
        for (Constraint constraint : List.of(
                Constraint.permits(Dimension.CERTIFICATE_HASH, hashes),
                Constraint.forbids(Dimension.CERTIFICATE_HASH, hashes),
                Constraint.requiresAll(Dimension.CERTIFICATE_HASH, hashes))) {
            assertThat(means(end, constraint)).isEqualTo(Means.CERTIFICATE_CHECK);
        }
        List<TlsVersion> versions = List.of(TlsVersion.TLS_1_2);
        for (Constraint constraint : List.of(
                Constraint.permits(Dimension.VERSION, versions),
                Constraint.forbids(Dimension.VERSION, versions),
                Constraint.requiresAll(Dimension.VERSION, versions))) {
            assertThat(means(end, constraint)).isEqualTo(Means.CONTEXT);
        }
    }

    private static Means means(OwnEnd end, Constraint constraint) {
        return end.means(Ruleset.rule("T/x", constraint), Role.CLIENT);
    }

    @Test
    void theDowngradeSentinelIsLookedForByUsAndSetByTheEngine() {
        OwnEnd end = OwnEnd.modelled(tls12(0xC030), JDK);
        Rule rule = Ruleset.rule("T/x", Constraint.holds(Property.DOWNGRADE_SENTINEL));
        assertThat(end.means(rule, Role.CLIENT)).isEqualTo(Means.GATE);
        assertThat(end.means(rule, Role.SERVER)).isEqualTo(Means.ENGINE);
    }

    @Test
    void whatTheHelloShowsIsTakenFromTheHello() {
        Hello tls13 = Hello.clientTls13();
        assertThat(holds(writing(tls13), Property.ATTEMPTS_TLS_1_3)).isTrue();
        assertThat(holds(writing(Hello.clientTls12()), Property.ATTEMPTS_TLS_1_3)).isFalse();
        assertThat(holds(writing(tls13), Property.EXTENDED_MASTER_SECRET)).isTrue();
        assertThat(holds(writing(Hello.clientTls13().without(Extensions.EXTENDED_MASTER_SECRET)),
                        Property.EXTENDED_MASTER_SECRET))
                .isFalse();
        assertThat(holds(writing(tls13), Property.RENEGOTIATION_INFO)).isTrue();
        assertThat(holds(writing(Hello.clientTls13().withoutScsv()), Property.RENEGOTIATION_INFO)).isFalse();
        assertThat(holds(writing(tls13), Property.SUPPORTED_GROUPS_SENT)).isTrue();
        assertThat(holds(writing(Hello.clientTls13().without(Extensions.SUPPORTED_GROUPS)),
                        Property.SUPPORTED_GROUPS_SENT))
                .isFalse();
        assertThat(holds(writing(tls13), Property.POINT_FORMATS_UNCOMPRESSED)).isTrue();
        assertThat(holds(writing(Hello.clientTls13().with(Extensions.EC_POINT_FORMATS, 1, 1)),
                        Property.POINT_FORMATS_UNCOMPRESSED))
                .isFalse();
    }

    @Test
    void whereOnlyTls13IsUsedWhatBelongsToTls12IsNotMissed() {
        Policy modern = policy(Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)));
        OwnEnd end = OwnEnd.measured(
                modern, Engine.JDK,
                JDK.usable(modern),
                hello(Hello.clientTls13().withoutScsv().without(Extensions.EXTENDED_MASTER_SECRET)));
        assertThat(holds(end, Property.EXTENDED_MASTER_SECRET)).isTrue();
        assertThat(holds(end, Property.RENEGOTIATION_INFO)).isTrue();
        OwnEnd older = OwnEnd.measured(tls12(0xC030), Engine.JDK, JDK.usable(tls12(0xC030)), hello(Hello.clientTls12()));
        assertThat(holds(older, Property.ATTEMPTS_TLS_1_3)).isTrue();
    }

    @Test
    void theOrderOfSuitesIsJudgedWithinEachVersion() {
        assertThat(holds(ordered(0x1302, 0x1301, 0xC030, 0xC02F), Property.SUITES_256_BIT_FIRST)).isTrue();
        assertThat(holds(ordered(0x1301, 0x1302, 0xC030), Property.SUITES_256_BIT_FIRST)).isFalse();
        assertThat(holds(ordered(0x1302, 0xC02F, 0xC030), Property.SUITES_256_BIT_FIRST)).isFalse();
        assertThat(holds(ordered(0xC030, 0x009F), Property.ECDHE_BEFORE_DHE)).isTrue();
        assertThat(holds(ordered(0x009F, 0xC030), Property.ECDHE_BEFORE_DHE)).isFalse();
        assertThat(holds(ordered(0xC030, 0x009C), Property.FORWARD_SECRECY_PREFERRED)).isTrue();
        assertThat(holds(ordered(0x009C, 0xC030), Property.FORWARD_SECRECY_PREFERRED)).isFalse();
        assertThat(holds(ordered(0xC030, 0xC012), Property.AES_BEFORE_3DES)).isTrue();
        assertThat(holds(ordered(0xC012, 0xC030), Property.AES_BEFORE_3DES)).isFalse();
    }

    @Test
    void theFirstSuiteOfTls12IsToBeStrong() {
        for (Property property : List.of(Property.STRONG_SUITE_FIRST, Property.STRONG_SUITE_CHOSEN)) {
            assertThat(holds(ordered(0x1301), property)).isTrue();
            assertThat(holds(ordered(0x1301, 0xC030), property)).isTrue();
            assertThat(holds(ordered(0xCCA8, 0xC030), property)).isFalse();
            assertThat(holds(ordered(0x009C, 0xC030), property)).isFalse();
            assertThat(holds(ordered(0xC027, 0xC030), property)).isFalse();
        }
    }

    @Test
    void theLongerKeyIsToStandFirstAmongSuitesThatDifferInNothingElse() {
        assertThat(holds(ordered(0xC030, 0xC02F), Property.STRONGEST_SUITE_CHOSEN)).isTrue();
        assertThat(holds(ordered(0xC02F, 0xC030), Property.STRONGEST_SUITE_CHOSEN)).isFalse();
        assertThat(holds(ordered(0xC02F, 0xC02C), Property.STRONGEST_SUITE_CHOSEN)).isTrue();
        assertThat(holds(ordered(0xC02F, 0x009F), Property.STRONGEST_SUITE_CHOSEN)).isTrue();
        assertThat(holds(ordered(0xC02F, 0xCCA8, 0xC030), Property.STRONGEST_SUITE_CHOSEN)).isFalse();
    }

    @Test
    void cbcAndDheAreClaimedToBeInOrderOnlyWhereTheyAreOff() {
        assertThat(ordered(0xC030).facts(Role.SERVER).holds(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC)).contains(true);
        assertThat(ordered(0xC030, 0xC027).facts(Role.SERVER).holds(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC))
                .isEmpty();
        assertThat(ordered(0xC030).facts(Role.SERVER).holds(Property.DHE_SIZE_SET_EXPLICITLY)).contains(true);
        assertThat(ordered(0x009F).facts(Role.SERVER).holds(Property.DHE_SIZE_SET_EXPLICITLY)).isEmpty();
    }

    @Test
    void rsaCertificatesNeedAScheme() {
        OwnEnd ecOnly = OwnEnd.modelled(policy(Constraint.permits(Dimension.SCHEME, schemes(0x0403))), JDK);
        assertThat(holds(ecOnly, Property.RSA_CERTIFICATE_SUPPORTED)).isFalse();
        assertThat(holds(ordered(0xC030), Property.RSA_CERTIFICATE_SUPPORTED)).isTrue();
    }

    @Test
    void aShallThatBothRolesBreakIsNamedOnce() {
        Policy policy = policy(Constraint.requiresAll(Dimension.SUITE_TLS13, suites(0x1304)));
        assertThat(OwnEnd.modelled(policy, JDK).violated(List.of(Role.CLIENT, Role.SERVER)))
                .extracting(f -> f.rule().id())
                .containsExactly("T/0");
        assertThat(OwnEnd.modelled(policy, new EngineModel(Engine.BC, 17)).violated(List.of(Role.CLIENT)))
                .isEmpty();
    }

    @Test
    void enginesAreNamedAsOnTheCommandLine() {
        assertThat(Engine.ids()).containsExactly("jdk", "bc");
        assertThat(Engine.named("bc")).contains(Engine.BC);
        assertThat(Engine.named("jdk")).contains(Engine.JDK);
        assertThat(Engine.named("openssl")).isEqualTo(Optional.empty());
        assertThat(Engine.JDK.id()).isEqualTo("jdk");
        assertThat(Engine.BC.title()).isEqualTo("BCJSSE");
        assertThat(Engine.BC).hasToString("bc");
        assertThat(Means.JVM_PROPERTY.title()).isEqualTo("needs JVM property");
    }
}
