package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The audit of clients as those who type it see it: statuses, files, one line for what is wrong. */
@Timeout(60)
class AuditClientCommandTest {

    @TempDir
    private static Path directory;

    private static Path pki;

    @BeforeAll
    static void write() throws IOException {
        pki = directory.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
    }

    private static Said audit(String... more) {
        List<String> all = new ArrayList<>(
                List.of("audit-client", "--listen", "0", "--profile", "bcp195-rfc9325", "--pki", pki.toString()));
        all.addAll(List.of(more));
        return Said.by(all.toArray(String[]::new));
    }

    private static String openssl() {
        try {
            assumeTrue(
                    new ProcessBuilder("openssl", "version").start().waitFor() == 0, "skipped: install openssl");
        } catch (IOException e) {
            assumeTrue(false, "skipped: install openssl");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "openssl s_client -connect {host}:{port} -CAfile " + pki + "/ca.pem -cert " + pki + "/client-rsa.pem -key " + pki
                + "/client-rsa.key -verify_return_error";
    }

    private static JsonNode read(Path file) throws IOException {
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        try (InputStream schema = Audit.class.getResourceAsStream("/org/dicomtls/interop/schema/audit-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema).validate(json))
                    .isEmpty();
        }
        return json;
    }

    @Test
    void aReportOfAClientHoldsThatOfTheServerToo() throws IOException {
        Path first = directory.resolve("first.json");
        Said said = audit("--cases", "C18", "--script", openssl(), "--json", first.toString());
        assertThat(said.status()).as(said.out() + said.err()).isEqualTo(ExitStatus.REFUSED);
        assertThat(said.out()).contains("5 cases", "C18-00", "non-conformant");
        JsonNode report = read(first);
        assertThat(report.path("role").asText()).isEqualTo("client");
        assertThat(report.path("findings")).anyMatch(f -> f.path("rule").asText().equals("DT/downgrade-sentinel")
                && f.path("verdict").asText().equals("SATISFIED")
                && f.path("evidence").toString().contains("C18-01"));

        Path server = directory.resolve("server.json");
        Files.writeString(server, Files.readString(first).replace("\"role\" : \"client\"", "\"role\" : \"server\""));
        Path both = directory.resolve("both.json");
        Said merged = audit(
                "--cases", "C18", "--script", openssl(), "--merge", server.toString(), "--json", both.toString());
        assertThat(read(both).path("other").path("role").asText()).isEqualTo("server");
        assertThat(merged.out()).contains("As a server");
    }

    @Test
    void whatWasFoundIsKeptAndNotAskedAgain() {
        Path kept = directory.resolve("kept.json");
        audit("--cases", "C18", "--script", openssl(), "--resume", kept.toString());
        Said again = audit("--cases", "C18", "--script", openssl(), "--resume", kept.toString());
        assertThat(again.out().lines().filter(line -> line.startsWith("[")).toList())
                .as("the last control only")
                .hasSize(1)
                .allMatch(line -> line.contains("control-after"));
    }

    @Test
    void whereNobodyComesThereIsNoReport() {
        Said said = audit("--wait", "0.2");
        assertThat(said.status()).isEqualTo(ExitStatus.UNREACHABLE);
        assertThat(said.err()).isEqualTo("dicom-tls: no client came" + System.lineSeparator());
    }

    @Test
    void badInputGetsOneLine() throws IOException {
        Path junk = Files.writeString(directory.resolve("junk.json"), "{\"schema\": 1");
        for (String[] arguments : new String[][] {
            {"--cases", "C99"},
            {"--host", "a b"},
            {"--resume", junk.toString()},
            {"--merge", junk.toString()},
            {"--waivers", junk.toString()},
            {"--timeout", "never"},
        }) {
            Said said = audit(arguments);
            assertThat(said.status()).as(String.join(" ", arguments) + said.err()).isEqualTo(ExitStatus.USAGE);
            assertThat(said.err().lines()).hasSize(1);
        }
        Said noPki = Said.by("audit-client", "--listen", "0", "--profile", "bcp195", "--pki", directory.resolve("none").toString());
        assertThat(noPki.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(noPki.err()).contains("no such directory");
    }
}
