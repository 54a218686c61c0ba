package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.dicomtls.interop.report.Json;

/** The outcome of a run: where it was made, and its parts. */
public record BenchReport(Machine machine, List<Part> parts) {

    public BenchReport {
        parts = List.copyOf(parts);
    }

    /** The ratios whose goal was missed. */
    public List<Ratio> missed() {
        return parts.stream()
                .flatMap(part -> part.ratios().stream())
                .filter(ratio -> !ratio.met().orElse(true))
                .toList();
    }

    /** As JSON: schema {@code dicom-tls/bench/1}. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("schema", "dicom-tls/bench/1");
        json.set("environment", machine.json());
        ArrayNode array = json.putArray("parts");
        parts.forEach(part -> array.add(part.json()));
        return json;
    }
}
