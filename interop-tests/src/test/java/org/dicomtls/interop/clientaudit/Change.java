package org.dicomtls.interop.clientaudit;

import java.util.Collections;
import java.util.Set;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;

/** One fact in which an odd client differs from a sound one, and the rules that this fact contradicts. */
sealed interface Change {

    /** The wire test of what is taken of servers: only rules that name it are about certificates of servers. */
    String SERVER_CERTIFICATES = "C28";

    /** Whether the fact alone is what the rule says must not be; computed from the rule and in no way from an audit. */
    boolean contradicts(Rule rule);

    private static boolean about(Rule rule, boolean ofServers) {
        return !ofServers || rule.tests().contains(SERVER_CERTIFICATES);
    }

    /** It has that value, too. */
    record Added(Dimension<?> dimension, Object value, boolean ofServers) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            if (!about(rule, ofServers)) {
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
    record Smaller(Metric metric, int bits, boolean ofServers) implements Change {
        @Override
        public boolean contradicts(Rule rule) {
            return about(rule, ofServers)
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
}
