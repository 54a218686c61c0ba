package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command runs and its figures are figures; how large they are is nothing that a test could ask. */
@Timeout(300)
class BenchCommandTest {

    @TempDir
    private Path directory;

    @Test
    void aQuickRunWritesReportsThatAreWellFormed() throws Exception {
        Path page = directory.resolve("bench.html");
        Said run = Said.by("bench", "--quick", "--rounds", "1", "--only", "b", "--json", "-", "--html", page.toString());
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        try (InputStream schema = Main.class.getResourceAsStream("/org/dicomtls/interop/schema/bench-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json))
                    .isEmpty();
        }
        assertThat(json.at("/parts/0/part").textValue()).isEqualTo("b");
        assertThat(json.at("/environment/quick").booleanValue()).isTrue();
        assertThat(json.at("/environment/warning").textValue()).startsWith("a quick run");
        assertThat(Files.readString(page)).contains("<svg", "goals reached").doesNotContain("<script");
    }

    @ParameterizedTest
    @CsvSource({
        "--only, 'a,x', '--only x: unknown part; known: a, b, c, d, e'",
        "--rounds, 0, --rounds 0 is outside 1…100",
        "--html, /no/such/directory/page.html, /no/such/directory/page.html: cannot be written"
    })
    void whatCannotBeUnderstoodIsSaidBeforeAnythingIsMeasured(String option, String value, String message) {
        Said run = Said.by("bench", option, value);
        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().strip()).endsWith(message);
    }
}
