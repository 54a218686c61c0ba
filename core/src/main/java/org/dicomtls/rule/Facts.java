package org.dicomtls.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of one end, and no more: values that it supports, values that it is known not to support, least
 * values that were met, properties that hold or do not, answers of people. What is not here is unknown.
 */
public final class Facts {

    private final Role role;
    private final Map<Dimension<?>, Support<?>> dimensions;
    private final Map<Metric, Measured> metrics;
    private final Map<Property, Boolean> properties;
    private final Map<Condition, Boolean> conditions;
    private final Map<String, Boolean> answers;
    private final Map<Object, List<String>> evidence;

    private Facts(Builder builder) {
        role = builder.role;
        dimensions = Map.copyOf(builder.dimensions);
        metrics = Collections.unmodifiableMap(new EnumMap<>(builder.metrics));
        properties = Collections.unmodifiableMap(new EnumMap<>(builder.properties));
        conditions = Collections.unmodifiableMap(new EnumMap<>(builder.conditions));
        answers = Map.copyOf(builder.answers);
        Map<Object, List<String>> shown = new LinkedHashMap<>();
        builder.evidence.forEach((about, what) -> shown.put(about, List.copyOf(what)));
        evidence = Collections.unmodifiableMap(shown);
    }

    /**
     * Of one dimension, what an end supports.
     *
     * @param supported values that it was seen to support
     * @param unsupported values that it was seen not to support
     * @param complete whether everything that is not in {@code supported} is known not to be supported
     */
    public record Support<T extends Comparable<? super T>>(
            SortedSet<T> supported, SortedSet<T> unsupported, boolean complete) {

        boolean lacks(Object value) {
            return !supported.contains(value) && (complete || unsupported.contains(value));
        }
    }

    /**
     * Of one metric, what was met.
     *
     * @param values all that were met
     * @param complete whether a smaller value than those met is known to be impossible
     */
    public record Measured(SortedSet<Integer> values, boolean complete) {}

    public static Builder of(Role role) {
        return new Builder(role);
    }

    public Role role() {
        return role;
    }

    /** What is known of that dimension; nothing supported and nothing complete when it is not known at all. */
    @SuppressWarnings("unchecked") // the builder puts a Support<T> under a Dimension<T> and nothing else
    public <T extends Comparable<? super T>> Support<T> support(Dimension<T> dimension) {
        Support<?> support = dimensions.get(dimension);
        return support != null
                ? (Support<T>) support
                : new Support<T>(Collections.unmodifiableSortedSet(new TreeSet<T>()), Collections.unmodifiableSortedSet(new TreeSet<T>()), false);
    }

    public Optional<Measured> measured(Metric metric) {
        return Optional.ofNullable(metrics.get(metric));
    }

    public Optional<Boolean> holds(Property property) {
        return Optional.ofNullable(properties.get(property));
    }

    public Optional<Boolean> condition(Condition condition) {
        if (condition == Condition.ALWAYS) {
            return Optional.of(true);
        }
        return Optional.ofNullable(conditions.get(condition));
    }

    public Optional<Boolean> answer(String question) {
        return Optional.ofNullable(answers.get(question));
    }

    /** References to what shows a dimension, metric, property or answer. */
    public List<String> evidence(Object about) {
        return evidence.getOrDefault(about, List.of());
    }

    /** Collects facts. Later facts add to earlier ones; a property that was seen not to hold stays so. */
    public static final class Builder {
        private final Role role;
        private final Map<Dimension<?>, Support<?>> dimensions = new HashMap<>();
        private final Map<Metric, Measured> metrics = new EnumMap<>(Metric.class);
        private final Map<Property, Boolean> properties = new EnumMap<>(Property.class);
        private final Map<Condition, Boolean> conditions = new EnumMap<>(Condition.class);
        private final Map<String, Boolean> answers = new HashMap<>();
        private final Map<Object, List<String>> evidence = new HashMap<>();

        private Builder(Role role) {
            this.role = role;
        }

        /** The end supports these. */
        public <T extends Comparable<? super T>> Builder supports(Dimension<T> dimension, Collection<T> values) {
            return add(dimension, values, Set.of(), false);
        }

        /** The end does not support these. */
        public <T extends Comparable<? super T>> Builder lacks(Dimension<T> dimension, Collection<T> values) {
            return add(dimension, Set.of(), values, false);
        }

        /** The end supports exactly these. */
        public <T extends Comparable<? super T>> Builder supportsExactly(
                Dimension<T> dimension, Collection<T> values) {
            return add(dimension, values, Set.of(), true);
        }

        @SuppressWarnings("unchecked") // as in support()
        private <T extends Comparable<? super T>> Builder add(
                Dimension<T> dimension, Collection<T> yes, Collection<T> no, boolean complete) {
            Support<T> before = (Support<T>) dimensions.get(dimension);
            SortedSet<T> supported = new TreeSet<>(yes);
            SortedSet<T> unsupported = new TreeSet<>(no);
            boolean all = complete;
            if (before != null) {
                supported.addAll(before.supported());
                unsupported.addAll(before.unsupported());
                all |= before.complete();
            }
            // Seen once is seen: what was refused in one handshake and accepted in another is supported.
            unsupported.removeAll(supported);
            dimensions.put(
                    dimension,
                    new Support<>(
                            Collections.unmodifiableSortedSet(supported),
                            Collections.unmodifiableSortedSet(unsupported),
                            all));
            return this;
        }

        /** A value of the metric was met; {@code complete} when a smaller one is known to be impossible. */
        public Builder measured(Metric metric, int value, boolean complete) {
            SortedSet<Integer> values = new TreeSet<>();
            values.add(value);
            Measured before = metrics.get(metric);
            if (before != null) {
                values.addAll(before.values());
            }
            metrics.put(
                    metric,
                    new Measured(
                            Collections.unmodifiableSortedSet(values),
                            complete || before != null && before.complete()));
            return this;
        }

        public Builder holds(Property property, boolean value) {
            properties.merge(property, value, Boolean::logicalAnd);
            return this;
        }

        public Builder condition(Condition condition, boolean met) {
            conditions.put(condition, met);
            return this;
        }

        public Builder answer(String question, boolean yes) {
            answers.put(question, yes);
            return this;
        }

        /** Adds a reference to what shows the dimension, metric, property or question. */
        public Builder evidence(Object about, String reference) {
            evidence.computeIfAbsent(about, k -> new ArrayList<>()).add(reference);
            return this;
        }

        public Facts build() {
            return new Facts(this);
        }
    }
}
