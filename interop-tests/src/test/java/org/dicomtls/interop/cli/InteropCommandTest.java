package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.dicomtls.interop.peer.Dcmtk;
import org.dicomtls.interop.run.OddPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dicom-tls interop}, and peers that are named on its command line. */
class InteropCommandTest {

    private static final String SCP = "storescp +B -od {dir} +tls {key} {cert} +cf {ca} --profile-bcp195-nd {port}";
    private static final String ECHO = "echoscu +tls {key} {cert} +cf {ca} --profile-bcp195-nd {host} {port}";
    private static final String STORE = "storescu +tls {key} {cert} +cf {ca} --profile-bcp195-nd {host} {port} {file}";

    @TempDir
    private Path directory;

    private record Result(int status, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }

        List<String> cells() throws IOException {
            return StreamSupport.stream(json().path("cells").spliterator(), false)
                    .map(c -> c.path("own").path("role").asText() + " " + c.path("peer").path("id").asText() + " "
                            + c.path("observed").path("protocol").asText() + " " + c.path("observed").path("store").asText()
                            + " " + c.path("agrees").asText())
                    .toList();
        }
    }

    private static Result interop(String... options) {
        List<String> words = new ArrayList<>(List.of("interop", "--profiles", "bcp195-nd", "--engines", "jdk"));
        words.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
        return new Result(status, out.toString(), err.toString());
    }

    private static void assumeDcmtk() throws InterruptedException {
        assumeTrue(new Dcmtk().presence().isInstalled(), "skipped: install dcmtk");
    }

    @Test
    void aClassIsAPeer() throws IOException {
        Result result = interop("--peer", OddPeer.class.getName(), "--json", "-");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.cells())
                .containsExactlyInAnyOrder("client lab TLSv1.3 identical true", "server lab TLSv1.3 identical true");
    }

    @Test
    void commandsArePeers() throws Exception {
        assumeDcmtk();
        Result result = interop("--peer", SCP, "--peer", ECHO, "--json", "-");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.cells())
                .containsExactlyInAnyOrder("client command TLSv1.3 none true", "server command-2 TLSv1.3 none true");
    }

    @Test
    void aFileDescribesAPeerThatStores() throws Exception {
        assumeDcmtk();
        Path file = Files.writeString(
                directory.resolve("peer.json"),
                """
                {"id": "lab", "title": "A device of the lab", "version": "storescp --version",
                 "configurations": [{"id": "nd", "title": "as installed",
                    "server": {"start": "%s", "stores": true}, "client": {"echo": "%s", "store": "%s"}}]}
                """
                        .formatted(SCP, ECHO, STORE));
        Result result = interop("--peer", file.toString(), "--json", "-");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.cells())
                .containsExactlyInAnyOrder("client lab TLSv1.3 identical true", "server lab TLSv1.3 identical true");
        JsonNode peer = result.json().path("peers").path(0);
        assertThat(peer.path("version").asText()).isEqualTo("3.6.7");

        // What was measured can be written into the description, and then it is the model.
        Path again = Files.writeString(
                directory.resolve("modelled.json"),
                Files.readString(file)
                        .replace(
                                "\"stores\": true",
                                "\"stores\": true, \"model\": "
                                        + peer.path("configurations").path(0).path("server").path("model"))
                        .replace(
                                "{\"echo\"",
                                "{\"model\": " + peer.path("configurations").path(0).path("client").path("model") + ", \"echo\""));
        Result modelled = interop("--peer", again.toString(), "--json", "-");
        assertThat(modelled.err()).isEmpty();
        assertThat(modelled.status()).isZero();
        JsonNode configuration = modelled.json().path("peers").path(0).path("configurations").path(0);
        assertThat(configuration.path("server").path("measured").asBoolean(true)).isFalse();
        assertThat(configuration.path("client").path("measured").asBoolean(true)).isFalse();
    }

    @Test
    void aCommandThatIsNoServerIsAMismatchWithItsLastWords() {
        Result result = interop("--peer", "sh -c 'echo no licence; exit 3' {port}");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("1 NOT as predicted:")
                .contains("observed refused: not run: sh does not listen on port")
                .contains("no licence");
    }

    @Test
    void aPeerThatIsNotInstalledIsSkippedByName() throws IOException {
        Path file = Files.writeString(
                directory.resolve("absent.json"),
                """
                {"id": "absent", "version": "no-such-program-anywhere --version",
                 "configurations": [{"id": "a", "client": {"echo": "no-such-program-anywhere {host} {port}"}}]}
                """);
        Result result = interop("--peer", file.toString());
        assertThat(result.out()).contains("skipped: absent: 'no-such-program-anywhere --version' cannot be run, or fails");
        assertThat(result.status()).isEqualTo(3);
    }

    @Test
    void thePageAndTheJUnitXmlAreWritten() {
        Path page = directory.resolve("interop.html");
        Path junit = directory.resolve("interop.xml");
        Result result = interop("--peers", "jsse", "--html", page.toString(), "--junit-xml", junit.toString());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).contains("All of them as predicted.").contains("The page: " + page);
        assertThat(page).content().contains("All of them as predicted.");
        assertThat(junit).content().contains("<testsuite name=\"dicom-tls interop\" tests=\"4\" failures=\"0\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --peers nope                     | unknown peer 'nope'; known: dcmtk, orthanc, pixelmed, openssl, gnutls, jsse
                    --peer no.such.Class             | class no.such.Class is not on the class path
                    --peer java.lang.String          | class java.lang.String does not implement org.dicomtls.interop.peer.Peer
                    --peer org.dicomtls.interop.peer.Peer | has no public constructor without parameters
                    --peer no-such-file.json         | no-such-file.json: no such file
                    --peer acme-scp                  | 'acme-scp' is neither a class, nor a JSON file, nor a command with {port} in it
                    --peer {host}                    | {port} is missing in '{host}'
                    --peer {port}{file}              | unknown placeholder {file} in '{port}{file}'; known here:
                    --peer {port}'x                  | a quote is not closed in '{port}'x'
                    --html /no/such/directory/x      | /no/such/directory/x: cannot be written
                    --pki /no/such/directory         | /no/such/directory: no such directory; 'dicom-tls pki /no/such/directory'
                    --host a/b                       | --host 'a/b' is no host name
                    --engines turbo                  | unknown engine 'turbo'
                    """)
    void badInputIsOneLine(String options, String message) {
        Result result = interop(options.split(" "));
        assertThat(result.status()).as(result.err()).isEqualTo(64);
        assertThat(result.err()).startsWith("dicom-tls: ").contains(message).endsWith("\n").doesNotContain("\tat ");
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    nonsense                          | not JSON
                    []                                | a peer is a JSON object
                    {"id": "A B"}                     | an id of peers, 'A B', is not up to 40 lower-case letters
                    {"id": "a", "id": "b"}            | not JSON: Duplicate field 'id'
                    {"id": "a"} x                     | not JSON
                    {"id": "a", "extra": 1}           | unknown key 'extra' in a peer; known: configurations, id, title, version
                    {"id": "a"}                       | 'configurations' is a list of at least one
                    {"id": "a", "configurations": [{"id": "x"}]} | configuration 'x' has neither 'server' nor 'client'
                    {"id": "a", "configurations": [{"id": "x", "server": {}}]} | a server has either 'start' or 'address'
                    {"id": "a", "configurations": [{"id": "x", "server": {"start": "s"}}]} | {port} is missing in 's'
                    {"id": "a", "configurations": [{"id": "x", "server": {"start": "{port}", "stores": 1}}]} | 'stores' is true or false
                    {"id": "a", "configurations": [{"id": "x", "server": {"address": "h"}}]} | 'address' is HOST:PORT, not 'h'
                    {"id": "a", "configurations": [{"id": "x", "server": {"address": "h:1", "stores": true}}]} | 'kept' is missing
                    {"id": "a", "configurations": [{"id": "x", "client": {"echo": "{port}", "model": {}}}]} | a model has 'versions' and 'suites'
                    {"id": "a", "configurations": [{"id": "x", "client": {"echo": "{port}", "model": {"versions": "TLSv9", "suites": ""}}}]} | unknown TLS version 'TLSv9'
                    {"id": "a", "configurations": [{"id": "x", "client": {"echo": "{port}", "model": {"versions": "TLSv1.2", "suites": "X"}}}]} | unknown cipher suite 'X'
                    {"id": "a", "configurations": [{"id": "x", "client": {"echo": "{port}", "model": {"version": "TLSv1.2"}}}]} | unknown key 'version' in a model
                    {"id": "jsse", "configurations": [{"id": "x", "client": {"echo": "{port}"}}, {"id": "x", "client": {"echo": "{port}"}}]} | two configurations are called 'x'
                    """)
    void aFileThatDescribesNoPeerIsOneLine(String text, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("bad.json"), text);
        Result result = interop("--peer", file.toString());
        assertThat(result.status()).as(result.err()).isEqualTo(64);
        assertThat(result.err()).startsWith("dicom-tls: " + file + ": ").contains(message);
        assertThat(result.err().lines()).hasSize(1);
    }

    @Test
    void twoPeersOfOneNameAreTooMany() throws IOException {
        Path file = Files.writeString(
                directory.resolve("jsse.json"),
                "{\"id\": \"jsse\", \"configurations\": [{\"id\": \"x\", \"client\": {\"echo\": \"e {port}\"}}]}");
        Result result = interop("--peers", "jsse", "--peer", file.toString());
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.err()).isEqualTo("dicom-tls: two peers are called 'jsse'\n");
    }
}
