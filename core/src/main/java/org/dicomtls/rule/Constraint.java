package org.dicomtls.rule;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a rule demands. Polarity lives here and nowhere else: a rule's strength says how much it matters, never in
 * which direction.
 */
public sealed interface Constraint {

    /** What is expected, in words that stand alone: "only TLSv1.3, TLSv1.2". */
    String expected();

    /** A closed list: of this dimension the end supports nothing but these. */
    static <T extends Comparable<? super T>> Permits<T> permits(Dimension<T> dimension, Collection<T> allowed) {
        return new Permits<>(dimension, ordered(allowed));
    }

    /** Of this dimension the end supports none of these. */
    static <T extends Comparable<? super T>> Forbids<T> forbids(Dimension<T> dimension, Collection<T> denied) {
        return new Forbids<>(dimension, ordered(denied));
    }

    /** The end supports all of these. */
    static <T extends Comparable<? super T>> Requires<T> requiresAll(Dimension<T> dimension, Collection<T> wanted) {
        return new Requires<>(dimension, ordered(wanted), true);
    }

    /** The end supports at least one of these. */
    static <T extends Comparable<? super T>> Requires<T> requiresAny(Dimension<T> dimension, Collection<T> wanted) {
        return new Requires<>(dimension, ordered(wanted), false);
    }

    static AtLeast atLeast(Metric metric, int least) {
        return new AtLeast(metric, least);
    }

    static Holds holds(Property property) {
        return new Holds(property);
    }

    static Attested attested(String question) {
        return new Attested(question);
    }

    private static <T> Set<T> ordered(Collection<T> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    private static String list(Set<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** See {@link #permits}. */
    record Permits<T extends Comparable<? super T>>(Dimension<T> dimension, Set<T> allowed) implements Constraint {
        public Permits {
            Objects.requireNonNull(dimension);
            if (allowed.isEmpty()) {
                throw new IllegalArgumentException("a closed list of no " + dimension + " leaves nothing to use");
            }
        }

        @Override
        public String expected() {
            return "only " + list(allowed);
        }
    }

    /** See {@link #forbids}. */
    record Forbids<T extends Comparable<? super T>>(Dimension<T> dimension, Set<T> denied) implements Constraint {
        public Forbids {
            Objects.requireNonNull(dimension);
            if (denied.isEmpty()) {
                throw new IllegalArgumentException("a rule that forbids no " + dimension + " says nothing");
            }
        }

        @Override
        public String expected() {
            return "none of " + list(denied);
        }
    }

    /** See {@link #requiresAll} and {@link #requiresAny}. */
    record Requires<T extends Comparable<? super T>>(Dimension<T> dimension, Set<T> wanted, boolean all)
            implements Constraint {
        public Requires {
            Objects.requireNonNull(dimension);
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException("a rule that requires no " + dimension + " says nothing");
            }
        }

        @Override
        public String expected() {
            return wanted.size() == 1 ? list(wanted) : (all ? "all of " : "at least one of ") + list(wanted);
        }
    }

    /**
     * The metric is never below that value.
     *
     * @param least in the metric's unit, bits
     */
    record AtLeast(Metric metric, int least) implements Constraint {
        public AtLeast {
            Objects.requireNonNull(metric);
            if (least < 1) {
                throw new IllegalArgumentException("a least " + metric.title() + " of " + least + " bits says nothing");
            }
        }

        @Override
        public String expected() {
            return metric.title() + " of at least " + least + " bits";
        }
    }

    /** The end has that property. */
    record Holds(Property property) implements Constraint {
        public Holds {
            Objects.requireNonNull(property);
        }

        @Override
        public String expected() {
            return "the end " + property.title();
        }
    }

    /**
     * No machine can tell; a person answers.
     *
     * @param question to be answered with yes where the rule is kept
     */
    record Attested(String question) implements Constraint {
        public Attested {
            if (!question.endsWith("?")) {
                throw new IllegalArgumentException("not a question: " + question);
            }
        }

        @Override
        public String expected() {
            return "yes to: " + question;
        }
    }
}
