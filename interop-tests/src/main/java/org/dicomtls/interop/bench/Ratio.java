package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.dicomtls.interop.report.Json;

/**
 * A quotient of two quantities of the same run, or a single quantity that has a goal.
 *
 * @param title what is compared with what
 * @param samples one for each round, so that a machine that slows down slows down both
 */
public record Ratio(String id, String title, String unit, Samples samples, Optional<Goal> goal) {

    /**
     * What is wanted of a ratio.
     *
     * @param atLeast whether the value is the least or the most that is wanted
     */
    public record Goal(boolean atLeast, double value) {
        static Optional<Goal> least(double value) {
            return Optional.of(new Goal(true, value));
        }

        static Optional<Goal> most(double value) {
            return Optional.of(new Goal(false, value));
        }

        boolean met(double median) {
            return atLeast ? median >= value : median <= value;
        }

        @Override
        public String toString() {
            return (atLeast ? "≥ " : "≤ ") + Numbers.of(value);
        }
    }

    /** Whether the median is as wanted; nothing where nothing is wanted. */
    public Optional<Boolean> met() {
        return goal.map(g -> g.met(samples.median()));
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("id", id).put("title", title).put("unit", unit);
        samples.into(node);
        goal.ifPresent(g -> node.put("goal", String.format(Locale.ROOT, "%s%s", g.atLeast() ? ">=" : "<=", g.value()))
                .put("met", g.met(samples.median())));
        return node;
    }
}
