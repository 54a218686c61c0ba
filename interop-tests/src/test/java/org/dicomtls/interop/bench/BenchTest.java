package org.dicomtls.interop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every part measures something; how much is nothing that a test could ask. */
@Timeout(300)
class BenchTest {

    /** Next to nothing of everything. */
    private static final Scale LEAST =
            new Scale(1, 1, 2, 1, 1, 2, 1, 4, List.of(1, 2), List.of(64), List.of(16), List.of(1), false);

    @Test
    void everyPartIsMeasuredAndItsJsonFitsTheSchema() throws Exception {
        JsonNode json = new Bench(LEAST, (done, total, what) -> assertThat(done).isLessThanOrEqualTo(total))
                .run(EnumSet.allOf(Topic.class))
                .json();
        try (InputStream schema = Bench.class.getResourceAsStream("/org/dicomtls/interop/schema/bench-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json))
                    .isEmpty();
        }
        List<String> parts = new ArrayList<>();
        List<String> measured = new ArrayList<>();
        json.get("parts").forEach(part -> {
            parts.add(part.get("part").textValue());
            part.get("series").forEach(series -> {
                measured.add(series.get("id").textValue());
                series.get("rows")
                        .forEach(row -> row.get("samples").forEach(sample -> assertThat(sample.doubleValue())
                                .as(series.get("id") + " of " + row.get("subject"))
                                .isPositive()));
            });
        });
        assertThat(parts).containsExactly("a", "b", "c", "d", "e");
        assertThat(measured)
                .contains("full", "resumed", "stream", "heap", "build", "large", "small", "p256-tls13", "wall", "connections")
                .contains("association-cpu", "size", "pdu", "targets");
    }
}
