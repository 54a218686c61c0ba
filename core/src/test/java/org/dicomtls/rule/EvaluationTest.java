package org.dicomtls.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on every kind of constraint for every state of knowledge. */
class EvaluationTest {

    private static final TlsVersion V12 = TlsVersion.TLS_1_2;
    private static final TlsVersion V13 = TlsVersion.TLS_1_3;
    private static final TlsVersion V11 = TlsVersion.TLS_1_1;
    private static final TlsVersion V10 = TlsVersion.TLS_1_0;

    static Rule rule(Constraint constraint) {
        return builder().shall(constraint).build();
    }

    static Rule.Builder builder() {
        return Rule.named("T/rule").states("s").because("b").cites(Citation.text("T", "§1"));
    }

    private static Arguments row(
            Constraint constraint, UnaryOperator<Facts.Builder> facts, Verdict verdict, String actual) {
        return Arguments.of(constraint, facts.apply(Facts.of(Role.SERVER)).build(), verdict, actual);
    }

    static Stream<Arguments> table() {
        Constraint permits = Constraint.permits(Dimension.VERSION, List.of(V13, V12));
        Constraint forbids = Constraint.forbids(Dimension.VERSION, List.of(V10, V11));
        Constraint all = Constraint.requiresAll(Dimension.VERSION, List.of(V13, V12));
        Constraint any = Constraint.requiresAny(Dimension.VERSION, List.of(V13, V12));
        Constraint least = Constraint.atLeast(Metric.DHE_BITS, 2048);
        Constraint holds = Constraint.holds(Property.NO_COMPRESSION);
        Constraint attested = Constraint.attested("Is it so?");
        return Stream.of(
                row(permits, f -> f, Verdict.INCONCLUSIVE, "not observed"),
                row(permits, f -> f.supports(Dimension.VERSION, List.of(V12)), Verdict.INCONCLUSIVE,
                        "TLSv1.2 seen; not everything was asked for"),
                row(permits, f -> f.supportsExactly(Dimension.VERSION, List.of(V12)), Verdict.SATISFIED, "TLSv1.2"),
                row(permits, f -> f.supportsExactly(Dimension.VERSION, List.of()), Verdict.SATISFIED, "none"),
                row(permits, f -> f.supports(Dimension.VERSION, List.of(V11, V12)), Verdict.VIOLATED, "also TLSv1.1"),
                row(permits, f -> f.supportsExactly(Dimension.VERSION, List.of(V10, V11)), Verdict.VIOLATED,
                        "also TLSv1.0, TLSv1.1"),
                row(permits, f -> f.lacks(Dimension.VERSION, List.of(V11)), Verdict.INCONCLUSIVE, "not observed"),
                row(forbids, f -> f, Verdict.INCONCLUSIVE, "not asked for: TLSv1.0, TLSv1.1"),
                row(forbids, f -> f.lacks(Dimension.VERSION, List.of(V10)), Verdict.INCONCLUSIVE,
                        "not asked for: TLSv1.1"),
                row(forbids, f -> f.lacks(Dimension.VERSION, List.of(V10, V11)), Verdict.SATISFIED, "none of them"),
                row(forbids, f -> f.supportsExactly(Dimension.VERSION, List.of(V12)), Verdict.SATISFIED,
                        "none of them"),
                row(forbids, f -> f.supports(Dimension.VERSION, List.of(V11)), Verdict.VIOLATED, "TLSv1.1"),
                row(all, f -> f, Verdict.INCONCLUSIVE, "not asked for: TLSv1.2, TLSv1.3"),
                row(all, f -> f.supports(Dimension.VERSION, List.of(V12)), Verdict.INCONCLUSIVE,
                        "not asked for: TLSv1.3"),
                row(all, f -> f.supports(Dimension.VERSION, List.of(V12, V13)), Verdict.SATISFIED, "TLSv1.2, TLSv1.3"),
                row(all, f -> f.lacks(Dimension.VERSION, List.of(V13)), Verdict.VIOLATED, "without TLSv1.3"),
                row(all, f -> f.supportsExactly(Dimension.VERSION, List.of(V12)), Verdict.VIOLATED, "without TLSv1.3"),
                row(any, f -> f, Verdict.INCONCLUSIVE, "not asked for: TLSv1.2, TLSv1.3"),
                row(any, f -> f.lacks(Dimension.VERSION, List.of(V13)), Verdict.INCONCLUSIVE, "not asked for: TLSv1.2"),
                row(any, f -> f.supports(Dimension.VERSION, List.of(V12)), Verdict.SATISFIED, "TLSv1.2"),
                row(any, f -> f.supportsExactly(Dimension.VERSION, List.of(V11)), Verdict.VIOLATED,
                        "without TLSv1.2, TLSv1.3"),
                row(least, f -> f, Verdict.INCONCLUSIVE, "not observed"),
                row(least, f -> f.measured(Metric.DHE_BITS, 2048, false), Verdict.INCONCLUSIVE,
                        "2048 bits seen; unknown whether less is accepted"),
                row(least, f -> f.measured(Metric.DHE_BITS, 2048, true), Verdict.SATISFIED, "2048 bits"),
                row(least, f -> f.measured(Metric.DHE_BITS, 2047, false), Verdict.VIOLATED, "2047 bits"),
                row(least, f -> f.measured(Metric.DHE_BITS, 4096, true).measured(Metric.DHE_BITS, 1024, false),
                        Verdict.VIOLATED, "1024 bits"),
                row(least, f -> f.measured(Metric.ECDHE_BITS, 2048, true), Verdict.INCONCLUSIVE, "not observed"),
                row(holds, f -> f, Verdict.INCONCLUSIVE, "not observed"),
                row(holds, f -> f.holds(Property.NO_COMPRESSION, true), Verdict.SATISFIED, "it does"),
                row(holds, f -> f.holds(Property.NO_COMPRESSION, false), Verdict.VIOLATED, "it does not"),
                row(attested, f -> f, Verdict.INCONCLUSIVE, "nobody has answered"),
                row(attested, f -> f.answer("Is it so?", true), Verdict.SATISFIED, "answered yes"),
                row(attested, f -> f.answer("Is it so?", false), Verdict.VIOLATED, "answered no"),
                row(attested, f -> f.answer("Is it not?", true), Verdict.INCONCLUSIVE, "nobody has answered"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void theVerdictFollowsFromTheFacts(Constraint constraint, Facts facts, Verdict verdict, String actual) {
        Finding finding = Evaluation.of(rule(constraint), facts);
        assertThat(finding.verdict()).isEqualTo(verdict);
        assertThat(finding.actual()).isEqualTo(actual);
        assertThat(finding.expected()).isEqualTo(constraint.expected());
    }

    @ParameterizedTest
    @EnumSource(names = "ALWAYS", mode = EnumSource.Mode.EXCLUDE)
    void aConditionThatIsNotMetMakesARuleNotApplicable(Condition condition) {
        Rule rule = builder().shall(Constraint.holds(Property.STRICT_TLS)).when(condition).build();
        Facts.Builder broken = Facts.of(Role.SERVER).holds(Property.STRICT_TLS, false);
        assertThat(Evaluation.of(rule, broken.build()).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Evaluation.of(rule, broken.build()).actual())
                .isEqualTo("it does not; unknown whether the rule applies (" + condition.title() + ")");
        assertThat(Evaluation.of(rule, broken.condition(condition, true).build()).verdict())
                .isEqualTo(Verdict.VIOLATED);
        Finding apart = Evaluation.of(rule, broken.condition(condition, false).build());
        assertThat(apart.verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
        assertThat(apart.actual()).isEqualTo("applies only " + condition.title());
    }

    @Test
    void anUnknownConditionDoesNotDoubtWhatIsSatisfied() {
        Rule rule = builder().shall(Constraint.holds(Property.STRICT_TLS)).when(Condition.DHE).build();
        assertThat(Evaluation.of(rule, Facts.of(Role.SERVER).holds(Property.STRICT_TLS, true).build()).verdict())
                .isEqualTo(Verdict.SATISFIED);
    }

    static Stream<Arguments> bindings() {
        return Stream.of(Subject.values()).flatMap(s -> Stream.of(Role.values()).map(r -> Arguments.of(s, r)));
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void aRuleForTheOtherRoleIsNotApplicable(Subject subject, Role role) {
        Rule rule = builder().shall(Constraint.holds(Property.STRICT_TLS)).subject(subject).build();
        Finding finding = Evaluation.of(rule, Facts.of(role).holds(Property.STRICT_TLS, false).build());
        boolean other = subject == Subject.CLIENT && role == Role.SERVER || subject == Subject.SERVER && role == Role.CLIENT;
        assertThat(finding.verdict()).isEqualTo(other ? Verdict.NOT_APPLICABLE : Verdict.VIOLATED);
        if (other) {
            assertThat(finding.actual()).isEqualTo("binds the " + role.other().title());
        }
    }

    @Test
    void onlyABrokenShallBreaksConformance() {
        Facts broken = Facts.of(Role.CLIENT).holds(Property.STRICT_TLS, false).build();
        Constraint constraint = Constraint.holds(Property.STRICT_TLS);
        assertThat(Evaluation.of(builder().shall(constraint).build(), broken).breaksConformance()).isTrue();
        assertThat(Evaluation.of(builder().should(constraint).build(), broken).breaksConformance()).isFalse();
        assertThat(Evaluation.of(builder().may(constraint).build(), broken).breaksConformance()).isFalse();
        assertThat(Evaluation.of(builder().shall(constraint).build(), Facts.of(Role.CLIENT).build()).breaksConformance())
                .isFalse();
    }

    @Test
    void evidenceOfTheDimensionComesWithTheVerdict() {
        Facts facts = Facts.of(Role.SERVER)
                .supports(Dimension.VERSION, List.of(V10))
                .evidence(Dimension.VERSION, "S03")
                .evidence(Dimension.GROUP, "S42")
                .build();
        assertThat(Evaluation.of(rule(Constraint.forbids(Dimension.VERSION, List.of(V10))), facts).evidence())
                .containsExactly("S03");
    }

    @Test
    void whatWasAcceptedOnceIsSupportedThoughItWasRefusedElsewhere() {
        Facts facts = Facts.of(Role.SERVER)
                .lacks(Dimension.GROUP, List.of(NamedGroup.X448))
                .supports(Dimension.GROUP, List.of(NamedGroup.X448))
                .lacks(Dimension.GROUP, List.of(NamedGroup.X448))
                .build();
        assertThat(facts.support(Dimension.GROUP).supported()).containsExactly(NamedGroup.X448);
        assertThat(facts.support(Dimension.GROUP).unsupported()).isEmpty();
    }

    @Test
    void aPropertyThatOnceDidNotHoldStaysBroken() {
        assertThat(Facts.of(Role.SERVER)
                        .holds(Property.STRICT_TLS, false)
                        .holds(Property.STRICT_TLS, true)
                        .build()
                        .holds(Property.STRICT_TLS))
                .contains(false);
    }

    @Test
    void findingsStandInTheOrderOfTheRules() {
        Rule first = Rule.named("T/a").shall(Constraint.holds(Property.STRICT_TLS)).states("s").because("b")
                .cites(Citation.text("T", "1")).build();
        Rule second = rule(Constraint.holds(Property.NO_COMPRESSION));
        assertThat(Evaluation.of(List.of(second, first), Facts.of(Role.CLIENT).build()))
                .extracting(Finding::rule)
                .containsExactly(second, first);
    }
}
