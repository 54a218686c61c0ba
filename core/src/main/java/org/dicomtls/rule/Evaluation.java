package org.dicomtls.rule;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Turns facts into verdicts. A pure function of a rule and the facts. */
public final class Evaluation {

    private Evaluation() {}

    /** What the facts say of every one of these rules, in their order. */
    public static List<Finding> of(Collection<Rule> rules, Facts facts) {
        return rules.stream().map(rule -> of(rule, facts)).collect(Collectors.toUnmodifiableList());
    }

    /** What the facts say of that rule. */
    public static Finding of(Rule rule, Facts facts) {
        if (!rule.subject().binds(facts.role())) {
            return finding(rule, Verdict.NOT_APPLICABLE, "binds the " + facts.role().other().title(), facts, rule);
        }
        var met = facts.condition(rule.condition());
        if (met.isPresent() && !met.get()) {
            return finding(rule, Verdict.NOT_APPLICABLE, "applies only " + rule.condition().title(), facts, rule);
        }
        Finding finding = judge(rule, facts);
        if (met.isEmpty() && finding.verdict() == Verdict.VIOLATED) {
            return finding(
                    rule,
                    Verdict.INCONCLUSIVE,
                    finding.actual() + "; unknown whether the rule applies (" + rule.condition().title() + ")",
                    facts,
                    rule);
        }
        return finding;
    }

    private static Finding judge(Rule rule, Facts facts) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Permits<?> permits) {
            return permits(rule, permits, facts);
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            return forbids(rule, forbids, facts);
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            return requires(rule, requires, facts);
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return atLeast(rule, atLeast, facts);
        } else if (constraint instanceof Constraint.Holds holds) {
            return facts.holds(holds.property())
                    .map(value -> finding(
                            rule,
                            value ? Verdict.SATISFIED : Verdict.VIOLATED,
                            value ? "it does" : "it does not",
                            facts,
                            holds.property()))
                    .orElseGet(() -> unobserved(rule));
        } else if (constraint instanceof Constraint.Attested attested) {
            return facts.answer(attested.question())
                    .map(yes -> finding(
                            rule,
                            yes ? Verdict.SATISFIED : Verdict.VIOLATED,
                            yes ? "answered yes" : "answered no",
                            facts,
                            attested.question()))
                    .orElseGet(() -> finding(rule, Verdict.INCONCLUSIVE, "nobody has answered", facts, rule));
        }
        throw new AssertionError("sealed: " + constraint);
    }

    private static <T extends Comparable<? super T>> Finding permits(
            Rule rule, Constraint.Permits<T> permits, Facts facts) {
        Facts.Support<T> support = facts.support(permits.dimension());
        SortedSet<T> outside = new TreeSet<>(support.supported());
        outside.removeAll(permits.allowed());
        if (!outside.isEmpty()) {
            return finding(rule, Verdict.VIOLATED, "also " + list(outside), facts, permits.dimension());
        }
        if (support.complete()) {
            return finding(rule, Verdict.SATISFIED, list(support.supported()), facts, permits.dimension());
        }
        return support.supported().isEmpty()
                ? unobserved(rule)
                : finding(
                        rule,
                        Verdict.INCONCLUSIVE,
                        list(support.supported()) + " seen; not everything was asked for",
                        facts,
                        permits.dimension());
    }

    private static <T extends Comparable<? super T>> Finding forbids(
            Rule rule, Constraint.Forbids<T> forbids, Facts facts) {
        Facts.Support<T> support = facts.support(forbids.dimension());
        SortedSet<T> inside = new TreeSet<>(support.supported());
        inside.retainAll(forbids.denied());
        if (!inside.isEmpty()) {
            return finding(rule, Verdict.VIOLATED, list(inside), facts, forbids.dimension());
        }
        SortedSet<T> unasked = new TreeSet<>(forbids.denied());
        unasked.removeIf(support::lacks);
        return unasked.isEmpty()
                ? finding(rule, Verdict.SATISFIED, "none of them", facts, forbids.dimension())
                : finding(rule, Verdict.INCONCLUSIVE, "not asked for: " + list(unasked), facts, forbids.dimension());
    }

    private static <T extends Comparable<? super T>> Finding requires(
            Rule rule, Constraint.Requires<T> requires, Facts facts) {
        Facts.Support<T> support = facts.support(requires.dimension());
        SortedSet<T> present = new TreeSet<>(requires.wanted());
        present.retainAll(support.supported());
        SortedSet<T> missing = new TreeSet<>(requires.wanted());
        missing.removeIf(value -> !support.lacks(value));
        boolean satisfied = requires.all() ? present.size() == requires.wanted().size() : !present.isEmpty();
        boolean violated = requires.all() ? !missing.isEmpty() : missing.size() == requires.wanted().size();
        if (satisfied) {
            return finding(rule, Verdict.SATISFIED, list(present), facts, requires.dimension());
        }
        if (violated) {
            return finding(rule, Verdict.VIOLATED, "without " + list(missing), facts, requires.dimension());
        }
        SortedSet<T> open = new TreeSet<>(requires.wanted());
        open.removeAll(present);
        open.removeAll(missing);
        return finding(rule, Verdict.INCONCLUSIVE, "not asked for: " + list(open), facts, requires.dimension());
    }

    private static Finding atLeast(Rule rule, Constraint.AtLeast atLeast, Facts facts) {
        Facts.Measured measured = facts.measured(atLeast.metric()).orElse(null);
        if (measured == null) {
            return unobserved(rule);
        }
        int least = measured.values().first();
        String actual = least + " bits";
        if (least < atLeast.least()) {
            return finding(rule, Verdict.VIOLATED, actual, facts, atLeast.metric());
        }
        return measured.complete()
                ? finding(rule, Verdict.SATISFIED, actual, facts, atLeast.metric())
                : finding(
                        rule,
                        Verdict.INCONCLUSIVE,
                        actual + " seen; unknown whether less is accepted",
                        facts,
                        atLeast.metric());
    }

    private static Finding unobserved(Rule rule) {
        return new Finding(rule, Verdict.INCONCLUSIVE, rule.constraint().expected(), "not observed", List.of());
    }

    private static Finding finding(Rule rule, Verdict verdict, String actual, Facts facts, Object about) {
        return new Finding(rule, verdict, rule.constraint().expected(), actual, facts.evidence(about));
    }

    private static String list(Collection<?> values) {
        return values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
