package org.dicomtls.profiles;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What a policy makes of a profile's rules, written a second time and as plainly as possible, so that the catalogue can
 * be tested without the policy.
 */
record EnforcedSets(List<Rule> rules) {

    static EnforcedSets of(Profile profile) {
        return new EnforcedSets(profile.effectiveRules());
    }

    SortedSet<TlsVersion> versions() {
        return allowed(Dimension.VERSION, TlsVersion.known());
    }

    SortedSet<CipherSuite> tls12() {
        return allowed(Dimension.SUITE_TLS12, CipherSuite.matching(s -> !s.tls13()));
    }

    /** None where TLS 1.3 itself is not allowed. */
    SortedSet<CipherSuite> tls13() {
        return versions().contains(TlsVersion.TLS_1_3)
                ? allowed(Dimension.SUITE_TLS13, CipherSuite.matching(CipherSuite::tls13))
                : new TreeSet<>();
    }

    SortedSet<NamedGroup> groups() {
        return allowed(Dimension.GROUP, NamedGroup.matching(g -> true));
    }

    SortedSet<SignatureScheme> schemes() {
        return allowed(Dimension.SCHEME, SignatureScheme.matching(s -> true));
    }

    SortedSet<HashAlgorithm> certificateHashes() {
        return allowed(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.values()));
    }

    int least(Metric metric) {
        return rules.stream()
                .filter(rule -> rule.strength() != Strength.MAY)
                .map(Rule::constraint)
                .filter(Constraint.AtLeast.class::isInstance)
                .map(Constraint.AtLeast.class::cast)
                .filter(least -> least.metric() == metric)
                .mapToInt(Constraint.AtLeast::least)
                .max()
                .orElse(0);
    }

    Set<Property> demandedOf(Role role) {
        Set<Property> demanded = EnumSet.noneOf(Property.class);
        for (Rule rule : rules) {
            if (rule.strength() != Strength.MAY
                    && rule.subject().binds(role)
                    && rule.constraint() instanceof Constraint.Holds holds) {
                demanded.add(holds.property());
            }
        }
        return demanded;
    }

    <T extends Comparable<? super T>> SortedSet<T> allowed(Dimension<T> dimension, Collection<T> known) {
        SortedSet<T> values = new TreeSet<>(known);
        narrow(values, dimension, Strength.SHALL, List.of());
        List<Object> kept = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.strength() == Strength.SHALL
                    && rule.constraint() instanceof Constraint.Requires<?> requires
                    && requires.dimension().equals(dimension)
                    && requires.all()) {
                kept.addAll(requires.wanted());
            }
        }
        narrow(values, dimension, Strength.SHOULD, kept);
        return values;
    }

    private void narrow(SortedSet<?> values, Dimension<?> dimension, Strength strength, Collection<?> kept) {
        for (Rule rule : rules) {
            if (rule.strength() != strength) {
                continue;
            }
            if (rule.constraint() instanceof Constraint.Permits<?> permits && permits.dimension().equals(dimension)) {
                requireSettingCondition(rule);
                values.removeIf(value -> !permits.allowed().contains(value) && !kept.contains(value));
            } else if (rule.constraint() instanceof Constraint.Forbids<?> forbids
                    && forbids.dimension().equals(dimension)) {
                requireSettingCondition(rule);
                values.removeIf(value -> forbids.denied().contains(value) && !kept.contains(value));
            }
        }
    }

    /** A list that held only under a condition of the connection could not be put into a context beforehand. */
    private static void requireSettingCondition(Rule rule) {
        if (!Set.of(Condition.ALWAYS, Condition.TLS_1_2, Condition.TLS_1_3).contains(rule.condition())) {
            throw new AssertionError(rule + " permits or forbids under " + rule.condition());
        }
    }
}
