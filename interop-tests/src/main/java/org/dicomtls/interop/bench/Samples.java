package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What was measured of one thing, in the order of the rounds.
 *
 * @param values at least one, all finite
 */
public record Samples(List<Double> values) {

    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty() || values.stream().anyMatch(v -> v.isNaN() || v.isInfinite())) {
            throw new IllegalArgumentException("not samples: " + values);
        }
    }

    /** The median; of an even number the mean of the two in the middle. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double low() {
        return values.stream().mapToDouble(v -> v).min().orElseThrow();
    }

    public double high() {
        return values.stream().mapToDouble(v -> v).max().orElseThrow();
    }

    /** Into that object: median, low, high, and every sample. */
    void into(ObjectNode node) {
        node.put("median", median()).put("low", low()).put("high", high());
        ArrayNode all = node.putArray("samples");
        values.forEach(all::add);
    }
}
