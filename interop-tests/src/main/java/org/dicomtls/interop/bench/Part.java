package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.dicomtls.interop.report.Json;

/**
 * The outcome of one part of a run.
 *
 * @param how what was done, for those who read the numbers
 * @param notes what was left out and why, and what else a reader should know
 */
public record Part(
        Topic topic, String how, List<Series> series, List<Ratio> ratios, List<String> notes, double seconds) {

    public Part {
        series = List.copyOf(series);
        ratios = List.copyOf(ratios);
        notes = List.copyOf(notes);
    }

    ObjectNode json() {
        ObjectNode node = Json.object()
                .put("part", topic.id())
                .put("title", topic.title())
                .put("how", how)
                .put("seconds", seconds);
        ArrayNode all = node.putArray("series");
        series.forEach(one -> all.add(one.json()));
        ArrayNode compared = node.putArray("ratios");
        ratios.forEach(one -> compared.add(one.json()));
        node.set("notes", Json.names(notes));
        return node;
    }
}
