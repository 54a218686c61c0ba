package org.dicomtls.interop.audit;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;

/** One fact in which an odd server differs from an honest one, and the rules that this fact contradicts. */
sealed interface Change {

    /** The wire test of what is taken of clients: only rules that name it are about certificates of clients. */
    String CLIENT_CERTIFICATES = "S62";

    /** Whether the fact alone is what the rule says must not be; computed from the rule and in no way from an audit. */
    boolean contradicts(Rule rule);

    /** It has that value, too. */
    record Added(Dimension<?> dimension, Object value, boolean ofClients) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            if (ofClients && !rule.tests().contains(CLIENT_CERTIFICATES)) {
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
    record Smaller(Metric metric, int bits, boolean ofClients) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            return !(ofClients && !rule.tests().contains(CLIENT_CERTIFICATES))
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

    static Change added(Dimension<?> dimension, Object value) {
        return new Added(dimension, value, false);
    }

    static Change left(Dimension<?> dimension, Collection<?> values) {
        return new Left(dimension, Set.copyOf(values));
    }

    static List<Change> lost(Property... properties) {
        return java.util.Arrays.stream(properties).<Change>map(Lost::new).toList();
    }
}
