package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trail that cannot be kept is an error before anything listens. */
class AuditTrailOptionsTest {

    @TempDir
    private static Path directory;

    @BeforeAll
    static void files() throws Exception {
        TestPki.create(PkiOptions.defaults()).write(directory.resolve("pki"));
        Files.writeString(directory.resolve("file"), "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    serve --port 0 --profile bcp195 --audit-buffer TMP/b | --audit-repository is missing: where do audit messages go?
                    serve --port 0 --profile bcp195 --audit-proof end-of-stream | --audit-repository is missing: where do audit messages go?
                    serve --port 0 --profile bcp195 --audit-repository localhost:6514 | --audit-buffer is missing: where are messages kept while the repository is away?
                    serve --port 0 --profile bcp195 --audit-repository localhost --audit-buffer TMP/b | 'localhost' is not HOST:PORT
                    serve --port 0 --profile bcp195 --audit-profile nope | unknown profile 'nope'; known: basic
                    serve --port 0 --profile bcp195 --audit-proof maybe | 'maybe' is not close-notify or end-of-stream
                    serve --port 0 --profile bcp195 --audit-repository localhost:6514 --audit-buffer TMP/b | --audit-repository needs --pki, or --cert, --key and --trust
                    serve --port 0 --profile bcp195 --pki TMP/pki --audit-repository localhost:6514 --audit-buffer TMP/file | audit buffer TMP/file is not a directory
                    serve --port 0 --profile bcp195 --pki TMP/pki --audit-repository localhost:6514 --audit-buffer TMP/file/b | audit buffer TMP/file/b cannot be made
                    audit-repository --listen 65536 --profile bcp195 --output TMP/o | port 65536 is outside 0…65535
                    audit-repository --listen 0 --profile bcp195 --pki TMP/pki --output TMP/none/o | TMP/none/o: cannot be written
                    audit-repository --listen 0 --profile bcp195 | Missing required option: '--output=FILE'
                    """)
    void isNamedInOneLine(String line, String message) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(
                line.replace("TMP", directory.toString()).split(" +"), new PrintWriter(out), new PrintWriter(err, true));
        assertThat(err.toString().lines().toList())
                .singleElement()
                .asString()
                .contains(message.replace("TMP", directory.toString()).strip());
        assertThat(status).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
    }
}
