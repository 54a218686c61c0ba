package org.dicomtls.rule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * A named security profile: its rules in order, those of the BCP 195 edition that it cites among them. Immutable.
 * A profile of one's own {@linkplain #derive derives} from a named one: tightening is free; a waiver drops the claim
 * to the base and stays visible.
 */
public final class Profile {

    /** Where a profile stands in its life. */
    public enum State {
        CURRENT("current"),
        /** Withdrawn from the standard; still what older equipment claims. */
        RETIRED("retired"),
        /** Replaced by a later edition under the same clause. */
        SUPERSEDED("superseded"),
        /** Proposed, not adopted. */
        PROPOSED("proposed"),
        /** Published by someone other than DICOM. */
        EXTERNAL("external"),
        /** Derived by a user of this library. */
        DERIVED("derived");

        private final String title;

        State(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");

    private final String id;
    private final String title;
    private final String clause;
    private final State state;
    private final List<String> editions;
    private final String intent;
    private final Map<String, Rule> rules;
    private final Optional<Profile> base;
    private final Map<String, Waiver> waivers;

    private Profile(
            String id,
            String title,
            String clause,
            State state,
            List<String> editions,
            String intent,
            Collection<Rule> rules,
            Optional<Profile> base,
            Map<String, Waiver> waivers) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("profile id '" + id + "' is not lower-case letters, digits, dots and hyphens");
        }
        this.id = id;
        this.title = Objects.requireNonNull(title, "title");
        this.clause = Objects.requireNonNull(clause, "clause");
        this.state = Objects.requireNonNull(state, "state");
        this.editions = List.copyOf(editions);
        this.intent = Objects.requireNonNull(intent, "intent");
        Map<String, Rule> byId = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (byId.put(rule.id(), rule) != null) {
                throw new IllegalArgumentException("profile " + id + " has rule " + rule.id() + " twice");
            }
        }
        this.rules = Collections.unmodifiableMap(byId);
        this.base = base;
        this.waivers = Collections.unmodifiableMap(new LinkedHashMap<>(waivers));
    }

    /**
     * A profile of its own.
     *
     * @param id lower-case letters, digits, dots and hyphens, at most 64
     * @param clause where it is defined, e.g. {@code PS3.15 B.13}
     * @param editions the editions of the document that carry it, and of BCP 195 that it cites
     * @param intent one paragraph: what it is for
     */
    public static Profile of(
            String id, String title, String clause, State state, List<String> editions, String intent, List<Rule> rules) {
        return new Profile(id, title, clause, state, editions, intent, rules, Optional.empty(), Map.of());
    }

    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    public String clause() {
        return clause;
    }

    public State state() {
        return state;
    }

    public List<String> editions() {
        return editions;
    }

    public String intent() {
        return intent;
    }

    /** All rules, waived ones among them, in the order of the profile. */
    public List<Rule> rules() {
        return List.copyOf(rules.values());
    }

    /** The rules that no waiver sets aside today. */
    public List<Rule> effectiveRules() {
        return effectiveRules(LocalDate.now());
    }

    /** The rules that no waiver sets aside on that day. */
    public List<Rule> effectiveRules(LocalDate day) {
        return rules.values().stream()
                .filter(rule -> !Optional.ofNullable(waivers.get(rule.id()))
                        .map(w -> w.holdsOn(day))
                        .orElse(false))
                .collect(Collectors.toUnmodifiableList());
    }

    public Optional<Rule> rule(String ruleId) {
        return Optional.ofNullable(rules.get(ruleId));
    }

    /** The profile that this one was derived from. */
    public Optional<Profile> base() {
        return base;
    }

    public List<Waiver> waivers() {
        return List.copyOf(waivers.values());
    }

    /** Whether who keeps this profile keeps that one: the same, or a base from which no rule was waived. */
    public boolean claims(Profile other) {
        return equals(other) || waivers.isEmpty() && base.map(b -> b.claims(other)).orElse(false);
    }

    /** Starts a profile of one's own on top of this one. */
    public Derivation derive(String newId) {
        return new Derivation(this, newId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Profile p
                && p.id.equals(id)
                && p.rules.equals(rules)
                && p.waivers.equals(waivers);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }

    /** A derived profile in the making. */
    public static final class Derivation {
        private final Profile from;
        private final String id;
        private String title;
        private final List<Rule> added = new ArrayList<>();
        private final Map<String, Waiver> waivers;

        private Derivation(Profile from, String id) {
            this.from = from;
            this.id = id;
            this.title = from.title + ", derived: " + id;
            this.waivers = new LinkedHashMap<>(from.waivers);
        }

        public Derivation title(String value) {
            title = value;
            return this;
        }

        /** Adds a rule. A rule can only narrow what the others leave. */
        public Derivation tighten(Rule rule) {
            added.add(rule);
            return this;
        }

        public Derivation versions(TlsVersion... allowed) {
            return only("versions", Dimension.VERSION, List.of(allowed));
        }

        /** Of TLS 1.2 suites, and of TLS 1.3 suites, nothing but these; a version of which none is named is untouched. */
        public Derivation suites(CipherSuite... allowed) {
            List<CipherSuite> all = List.of(allowed);
            List<CipherSuite> tls13 = all.stream().filter(CipherSuite::tls13).toList();
            List<CipherSuite> tls12 = all.stream().filter(s -> !s.tls13()).toList();
            if (!tls13.isEmpty()) {
                only("tls13-suites", Dimension.SUITE_TLS13, tls13);
            }
            if (!tls12.isEmpty()) {
                only("tls12-suites", Dimension.SUITE_TLS12, tls12);
            }
            return this;
        }

        public Derivation groups(NamedGroup... allowed) {
            return only("groups", Dimension.GROUP, List.of(allowed));
        }

        public Derivation schemes(SignatureScheme... allowed) {
            return only("schemes", Dimension.SCHEME, List.of(allowed));
        }

        /** A server of this profile always asks for a client certificate. */
        public Derivation clientCertificateRequired() {
            return tighten(Rule.named(id + "/client-certificate-required")
                    .shall(Constraint.holds(Property.CLIENT_AUTHENTICATION_REQUIRED))
                    .subject(Subject.SERVER)
                    .states("A server refuses a client without a valid certificate.")
                    .because("Demanded by the derived profile.")
                    .cites(Citation.decision("derived profile " + id))
                    .build());
        }

        private <T extends Comparable<? super T>> Derivation only(
                String name, Dimension<T> dimension, List<T> allowed) {
            return tighten(Rule.named(id + "/" + name)
                    .shall(Constraint.permits(dimension, allowed))
                    .states("Of each " + dimension + " only those of the derived profile are used.")
                    .because("Demanded by the derived profile.")
                    .cites(Citation.decision("derived profile " + id))
                    .build());
        }

        /**
         * Sets a rule of the base aside.
         *
         * @throws IllegalArgumentException when the base has no such rule
         */
        public Derivation waive(String rule, String reason, String owner) {
            return waive(new Waiver(rule, reason, owner, Optional.empty()));
        }

        /**
         * Sets a rule of the base aside, possibly until a day.
         *
         * @throws IllegalArgumentException when the base has no such rule
         */
        public Derivation waive(Waiver waiver) {
            if (from.rule(waiver.rule()).isEmpty()) {
                throw new IllegalArgumentException("profile " + from.id + " has no rule " + waiver.rule() + " to waive");
            }
            waivers.put(waiver.rule(), waiver);
            return this;
        }

        public Profile build() {
            List<Rule> all = new ArrayList<>(from.rules.values());
            all.addAll(added);
            return new Profile(
                    id, title, from.clause, State.DERIVED, from.editions, from.intent, all, Optional.of(from), waivers);
        }
    }
}
