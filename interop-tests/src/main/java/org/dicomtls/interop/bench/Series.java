package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.report.Json;

/**
 * One quantity, measured of several subjects.
 *
 * @param higherIsBetter whether more of it is better, as of a rate, or worse, as of a time
 * @param along what the subjects were measured along, e.g. {@code concurrent associations}; without it each subject has
 *     one row
 */
public record Series(
        String id, String title, String unit, boolean higherIsBetter, Optional<String> along, List<Row> rows) {

    /**
     * What was measured of a subject.
     *
     * @param at the place on the axis, where the series has one
     */
    public record Row(String subject, Optional<Double> at, Samples samples) {}

    public Series {
        rows = List.copyOf(rows);
    }

    ObjectNode json() {
        ObjectNode node = Json.object()
                .put("id", id)
                .put("title", title)
                .put("unit", unit)
                .put("better", higherIsBetter ? "higher" : "lower");
        along.ifPresent(axis -> node.put("along", axis));
        ArrayNode array = node.putArray("rows");
        for (Row row : rows) {
            ObjectNode one = array.addObject().put("subject", row.subject());
            row.at().ifPresent(at -> one.put("at", at));
            row.samples().into(one);
        }
        return node;
    }
}
