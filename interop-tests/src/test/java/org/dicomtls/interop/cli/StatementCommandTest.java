package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dicom-tls statement} as scripts see it. */
class StatementCommandTest {

    @TempDir
    private Path directory;

    private static Said run(String options) {
        return Said.of("statement", options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ja"})
    void itGoesWhereItIsSentAndSaysTheSameThere(String language) throws IOException {
        String asked = "--profile bcp195-mod --profile cryptrec-hs --lang " + language;
        Said shown = run(asked);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.status()).isZero();
        assertThat(shown.out()).startsWith("# ").contains("N.8.4.2", "N.11.2.5-1", "B13/tls12-suites-required");

        Path file = directory.resolve("statement.md");
        Path page = directory.resolve("statement.html");
        Said written = run(asked + " --output " + file + " --html " + page);
        assertThat(written.out()).isEmpty();
        assertThat(file).content().isEqualTo(shown.out());
        assertThat(page).content().contains("<html lang=\"" + language + "\">", "N.11.2.5-1");

        JsonNode json = new ObjectMapper().readTree(run(asked + " --json -").out());
        try (InputStream schema = getClass().getResourceAsStream("/org/dicomtls/interop/schema/statement-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json))
                    .isEmpty();
        }
        assertThat(json.path("text").asText()).isEqualTo(shown.out());
        assertThat(json.path("claims").findValuesAsText("profile")).containsExactly("bcp195-mod", "cryptrec-hs");
    }

    @Test
    void aProfileThatNoEngineKeepsIsNotClaimed() {
        Said result = run("--profile bcp195-nd,basic");
        assertThat(result.status()).isEqualTo(ExitStatus.REFUSED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("dicom-tls: basic cannot be claimed as client or server").contains("B1/suite-supported");
        assertThat(result.err().lines()).hasSize(1);

        Said server = run("--profile bcp195-mod --engine jdk --role server");
        assertThat(server.status()).isEqualTo(ExitStatus.REFUSED);
        assertThat(server.err())
                .startsWith("dicom-tls: bcp195-mod cannot be claimed as server on engine jdk; not kept: ")
                .contains("B13/tls12-suites-required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                            | --profile
            --profile nobody                              | unknown profile 'nobody'
            --profile bcp195-nd --lang fr                 | unknown language 'fr'; known: en, ja
            --profile bcp195-nd --port 0                  | port 0 is outside 1…65535
            --profile bcp195-nd --ae-title SEVENTEEN_LETTERS | not an AE title
            --profile bcp195-nd --html /nowhere/x.html    | /nowhere/x.html: cannot be written
            --profile bcp195-nd --output /                | /: cannot be written
            """)
    void whatIsWrongIsSaidInOneLine(String line, String problem) {
        Said result = run(line);
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("dicom-tls: ").contains(problem);
        assertThat(result.err().lines()).hasSize(1);
    }
}
