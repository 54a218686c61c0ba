package org.dicomtls.rule;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One requirement. Rules are data: enforcement, prediction, audit and documents read the same object.
 *
 * @param id stable for ever, e.g. {@code B13/tls12-suites-required}; never renumbered, never used again for another rule
 * @param strength how binding it is
 * @param subject whom it binds
 * @param condition when it applies
 * @param constraint what it demands
 * @param statement the requirement in our own words, one sentence
 * @param rationale why it is there, or how an ambiguity was decided
 * @param citation where it stands
 * @param sources the identifiers of the normative sentences that this rule carries, e.g. {@code B13-12}
 * @param tests the wire tests that can show it, by their catalogue numbers, e.g. {@code S23}; empty where none can
 */
public record Rule(
        String id,
        Strength strength,
        Subject subject,
        Condition condition,
        Constraint constraint,
        String statement,
        String rationale,
        Citation citation,
        List<String> sources,
        List<String> tests) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]+/[a-z0-9-]+");

    public Rule {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("rule id '" + id + "' is not of the form SOURCE/short-name");
        }
        Objects.requireNonNull(strength, "strength");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(constraint, "constraint");
        Objects.requireNonNull(citation, "citation");
        if (statement.isBlank() || rationale.isBlank()) {
            throw new IllegalArgumentException("rule " + id + " has no statement or no rationale");
        }
        sources = List.copyOf(sources);
        tests = List.copyOf(tests);
    }

    /** Starts a rule; every part that is not set and has no default below fails at {@link Builder#build()}. */
    public static Builder named(String id) {
        return new Builder(id);
    }

    /** A rule in the making. Defaults: {@link Subject#BOTH}, {@link Condition#ALWAYS}, no tests. */
    public static final class Builder {
        private final String id;
        private Strength strength;
        private Subject subject = Subject.BOTH;
        private Condition condition = Condition.ALWAYS;
        private Constraint constraint;
        private String statement = "";
        private String rationale = "";
        private Citation citation;
        private List<String> sources = List.of();
        private List<String> tests = List.of();

        private Builder(String id) {
            this.id = id;
        }

        public Builder shall(Constraint demanded) {
            return demand(Strength.SHALL, demanded);
        }

        public Builder should(Constraint demanded) {
            return demand(Strength.SHOULD, demanded);
        }

        public Builder may(Constraint demanded) {
            return demand(Strength.MAY, demanded);
        }

        private Builder demand(Strength how, Constraint demanded) {
            if (strength != null) {
                throw new IllegalStateException("rule " + id + " has a demand already");
            }
            strength = how;
            constraint = demanded;
            return this;
        }

        public Builder subject(Subject value) {
            subject = value;
            return this;
        }

        public Builder when(Condition value) {
            condition = value;
            return this;
        }

        public Builder states(String value) {
            statement = value;
            return this;
        }

        public Builder because(String value) {
            rationale = value;
            return this;
        }

        public Builder cites(Citation value) {
            citation = value;
            return this;
        }

        public Builder sources(String... values) {
            sources = List.of(values);
            return this;
        }

        public Builder tests(String... values) {
            tests = List.of(values);
            return this;
        }

        public Rule build() {
            return new Rule(
                    id, strength, subject, condition, constraint, statement, rationale, citation, sources, tests);
        }
    }

    /** The clause in words, e.g. {@code PS3.15 2024c B.13}. */
    public String clause() {
        return citation.toString();
    }

    @Override
    public String toString() {
        return id;
    }
}
