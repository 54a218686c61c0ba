package org.dicomtls.interop.witness;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;

/** One fact in which an odd end differs from a sound one, and the rules that this fact contradicts. */
public sealed interface Change {

    /** Whose certificates a fact is about. */
    enum Whose {
        OWN(""),
        /** Those that a server takes of clients. */
        OF_CLIENTS("S62"),
        /** Those that a client takes of servers. */
        OF_SERVERS("C28");

        private final String test;

        Whose(String test) {
            this.test = test;
        }

        /** Only rules that name the wire test of it are about the certificates of the other end. */
        private boolean concerns(Rule rule) {
            return this == OWN || rule.tests().contains(test);
        }
    }

    /** Whether the fact alone is what the rule says must not be; computed from the rule and in no way from an audit. */
    boolean contradicts(Rule rule);

    /** It has that value, too. */
    record Added(Dimension<?> dimension, Object value, Whose whose) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            if (!whose.concerns(rule)) {
                return false;
            }
            if (rule.constraint() instanceof Constraint.Forbids<?> forbids) {
                return forbids.dimension() == dimension && forbids.denied().contains(value);
            }
            return rule.constraint() instanceof Constraint.Permits<?> permits
                    && permits.dimension() == dimension
                    && !permits.allowed().contains(value);
        }
    }

    /** Some values are gone, and those are left. */
    record Left(Dimension<?> dimension, Set<?> values) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            return rule.constraint() instanceof Constraint.Requires<?> requires
                    && requires.dimension() == dimension
                    && (requires.all()
                            ? !values.containsAll(requires.wanted())
                            : Collections.disjoint(values, requires.wanted()));
        }
    }

    /** Some key has no more bits than that. */
    record Smaller(Metric metric, int bits, Whose whose) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            return whose.concerns(rule)
                    && rule.constraint() instanceof Constraint.AtLeast least
                    && least.metric() == metric
                    && least.least() > bits;
        }
    }

    /** It has that property no more. */
    record Lost(Property property) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            return rule.constraint() instanceof Constraint.Holds holds && holds.property() == property;
        }
    }

    /** It has that value, too, and it is its own. */
    static Change added(Dimension<?> dimension, Object value) {
        return new Added(dimension, value, Whose.OWN);
    }

    /** Of that dimension those are left. */
    static Change left(Dimension<?> dimension, Collection<?> values) {
        return new Left(dimension, Set.copyOf(values));
    }

    /** It has those properties no more. */
    static List<Change> lost(Property... properties) {
        return Arrays.stream(properties).<Change>map(Lost::new).toList();
    }
}
