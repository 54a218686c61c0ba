package org.dicomtls.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Evaluation;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.Verdict;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;

/** A stricter rule is never kept where the laxer one was broken, and no facts make the evaluation fail. */
class TighteningTest {

    private static final List<CipherSuite> SUITES = CipherSuite.matching(s -> !s.tls13()).subList(0, 12);
    private static final List<NamedGroup> GROUPS =
            List.of(NamedGroup.SECP224R1, NamedGroup.SECP256R1, NamedGroup.X25519, NamedGroup.FFDHE2048);

    /** The same demand twice, once more strictly. */
    record Pair(Constraint lax, Constraint strict) {}

    @Provide
    Arbitrary<Facts> facts() {
        Arbitrary<Set<CipherSuite>> suites = Arbitraries.of(SUITES).set().ofMaxSize(12);
        Arbitrary<Set<NamedGroup>> groups = Arbitraries.of(GROUPS).set().ofMaxSize(4);
        Arbitrary<List<Integer>> bits =
                Arbitraries.integers().between(1, 4096).list().ofMaxSize(3);
        Arbitrary<Set<Condition>> met = Arbitraries.of(Condition.class).set();
        return Combinators.combine(
                        Arbitraries.of(Role.class),
                        suites,
                        suites,
                        groups,
                        groups,
                        bits,
                        Arbitraries.of(true, false),
                        met)
                .as((role, yes, no, groupsYes, groupsNo, values, complete, conditions) -> {
                    Facts.Builder facts = Facts.of(role);
                    if (complete) {
                        facts.supportsExactly(Dimension.SUITE_TLS12, yes).supportsExactly(Dimension.GROUP, groupsYes);
                    } else {
                        facts.supports(Dimension.SUITE_TLS12, yes).lacks(Dimension.SUITE_TLS12, no);
                        facts.supports(Dimension.GROUP, groupsYes).lacks(Dimension.GROUP, groupsNo);
                    }
                    values.forEach(value -> facts.measured(Metric.DHE_BITS, value, complete));
                    conditions.forEach(condition -> facts.condition(condition, values.size() % 2 == 0));
                    return facts.build();
                });
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Arbitraries.oneOf(
                listPairs(Dimension.SUITE_TLS12, SUITES), listPairs(Dimension.GROUP, GROUPS), leastPairs());
    }

    private static Arbitrary<Pair> leastPairs() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4096), Arbitraries.integers().between(0, 4096))
                .as((least, more) -> new Pair(
                        Constraint.atLeast(Metric.DHE_BITS, least),
                        Constraint.atLeast(Metric.DHE_BITS, least + more)));
    }

    private static <T extends Comparable<? super T>> Arbitrary<Pair> listPairs(Dimension<T> dimension, List<T> all) {
        return Combinators.combine(
                        Arbitraries.of(all).set().ofMinSize(1),
                        Arbitraries.of(all).set(),
                        Arbitraries.integers().between(0, 3))
                .as((base, extra, kind) -> {
                    List<T> larger = new ArrayList<>(base);
                    extra.stream().filter(value -> !base.contains(value)).forEach(larger::add);
                    return switch (kind) {
                        case 0 -> new Pair(
                                Constraint.permits(dimension, larger), Constraint.permits(dimension, base));
                        case 1 -> new Pair(
                                Constraint.forbids(dimension, base), Constraint.forbids(dimension, larger));
                        case 2 -> new Pair(
                                Constraint.requiresAll(dimension, base), Constraint.requiresAll(dimension, larger));
                        default -> new Pair(
                                Constraint.requiresAny(dimension, larger), Constraint.requiresAny(dimension, base));
                    };
                });
    }

    private static Rule rule(Constraint constraint, Subject subject, Condition condition, Strength strength) {
        return new Rule(
                "TEST/rule",
                strength,
                subject,
                condition,
                constraint,
                "A statement.",
                "A reason.",
                Citation.decision("test"),
                List.of(),
                List.of());
    }

    @Property(tries = 2000)
    void tighteningNeverHeals(
            @ForAll("facts") Facts facts,
            @ForAll("pairs") Pair pair,
            @ForAll Subject subject,
            @ForAll Condition condition,
            @ForAll Strength strength) {
        Finding lax = Evaluation.of(rule(pair.lax(), subject, condition, strength), facts);
        Finding strict = Evaluation.of(rule(pair.strict(), subject, condition, strength), facts);
        if (lax.verdict() == Verdict.VIOLATED) {
            assertThat(strict.verdict()).isEqualTo(Verdict.VIOLATED);
        }
        if (strict.verdict() == Verdict.SATISFIED) {
            assertThat(lax.verdict()).isEqualTo(Verdict.SATISFIED);
        }
        assertThat(lax.verdict() == Verdict.NOT_APPLICABLE).isEqualTo(strict.verdict() == Verdict.NOT_APPLICABLE);
    }

    /** The whole catalogue over random facts: a verdict for every rule, in words. */
    @Property(tries = 100)
    void everyRuleCanBeJudged(@ForAll("facts") Facts facts) {
        List<Rule> rules = List.copyOf(NormativeSentences.rules().values());
        List<Finding> findings = Evaluation.of(rules, facts);
        assertThat(findings).hasSameSizeAs(rules).allSatisfy(finding -> {
            assertThat(finding.expected()).isNotBlank();
            assertThat(finding.actual()).isNotBlank();
        });
    }
}
