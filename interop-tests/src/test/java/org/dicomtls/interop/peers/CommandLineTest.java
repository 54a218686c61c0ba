package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as scripts see it: exit status, standard output, standard error. */
@ExtendWith(Keys.class)
@Timeout(120)
class CommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KNOWN = "unknown profile 'nope'; known: basic, aes, bcp195, bcp195-nd, bcp195-ex,"
            + " bcp195-rfc8996, bcp195-rfc9325, bcp195-mod-2023, bcp195-mod, cryptrec-hs, ihe-tls12-floor";

    @TempDir
    private Path directory;

    /**
     * Words may say {@code PKI} and {@code TMP} for directories, and {@code CLOSED} for a closed port. In TMP there are
     * garbage.pem, empty.pem and directory.
     */
    private Command.Result run(String line) throws IOException {
        Files.writeString(directory.resolve("garbage.pem"), "this is no PEM file\n");
        Files.writeString(directory.resolve("empty.pem"), "");
        Files.createDirectories(directory.resolve("directory"));
        List<String> words = new ArrayList<>();
        for (String word : line.trim().split("\\s+")) {
            words.add(word.replace("PKI", Keys.directory().toString())
                    .replace("TMP", directory.toString())
                    .replace("CLOSED", String.valueOf(Ports.free())));
        }
        return DicomTls.run(words.get(0).isEmpty() ? List.of() : words);
    }

    private void assertOneLine(Command.Result result, int status, String message) {
        assertThat(result.status()).as(result.all()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err())
                .startsWith("dicom-tls: ")
                .contains(message.replace("PKI", Keys.directory().toString()).replace("TMP", directory.toString()))
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    serve --profile nope --port 0                       | KNOWN
                    echo localhost:CLOSED --profile nope                | KNOWN
                    doctor --profile nope                               | KNOWN
                    matrix --profiles bcp195-nd,nope                    | KNOWN
                    compare bcp195 nope                                 | KNOWN
                    explain nope/nope                                   | unknown rule 'nope/nope'
                    nonsense                                            | nonsense
                    ""                                                  | a command is missing
                    echo localhost:CLOSED                               | Missing required option: '--profile=ID'
                    serve --profile bcp195                              | Missing required option: '--port=N'
                    compare bcp195                                      | at least 2
                    echo localhost --profile bcp195                     | 'localhost' is not HOST:PORT
                    echo localhost:0 --profile bcp195                   | port 0 is outside 1…65535
                    echo localhost:65536 --profile bcp195               | port 65536 is outside 1…65535
                    serve --profile bcp195 --port 65536                 | port 65536 is outside 0…65535
                    echo localhost:CLOSED --profile bcp195 --engine ssl | unknown engine 'ssl'; known: jdk, bc
                    echo localhost:CLOSED --profile bcp195 --timeout x  | 'x' is not a time
                    echo localhost:CLOSED --profile bcp195 --timeout 0  | a time of 0 is not possible
                    echo localhost:CLOSED --profile bcp195 --frobnicate | Unknown option: '--frobnicate'
                    echo localhost:CLOSED --profile bcp195 --called TOO-LONG-AN-AE-TITLE | not an AE title
                    echo localhost:CLOSED --profile bcp195 --json TMP/none/x.json | TMP/none/x.json: cannot be written
                    profiles --json TMP/directory                       | TMP/directory: cannot be written
                    compare bcp195 basic --html -                       | only --json can go to standard output by '-'
                    echo localhost:CLOSED --profile bcp195 --timeout 3000000 | '3000000' is longer than 24 days
                    store localhost:CLOSED --profile bcp195 TMP/garbage.pem | TMP/garbage.pem is not a DICOM file
                    store localhost:CLOSED --profile bcp195 TMP/none.dcm | TMP/none.dcm: no such file
                    """)
    void aWrongArgumentIsNamedInOneLine(String line, String message) throws IOException {
        assertOneLine(run(line), 64, message.equals("KNOWN") ? KNOWN : message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --cert TMP/garbage.pem    --key PKI/client-rsa.key   --trust PKI/ca.pem | TMP/garbage.pem: no PEM block in it
                    --cert TMP/empty.pem      --key PKI/client-rsa.key   --trust PKI/ca.pem | TMP/empty.pem: no PEM block in it
                    --cert PKI/client-rsa.key --key PKI/client-rsa.key   --trust PKI/ca.pem | PKI/client-rsa.key: holds no certificate
                    --cert PKI/client-rsa.pem --key PKI/client-rsa.pem   --trust PKI/ca.pem | PKI/client-rsa.pem: holds 0 private keys
                    --cert PKI/client-rsa.pem --key PKI/client-ecdsa.key --trust PKI/ca.pem | PKI/client-rsa.pem: no certificate in it belongs to the private key of PKI/client-ecdsa.key
                    --cert TMP/none.pem       --key PKI/client-rsa.key   --trust PKI/ca.pem | TMP/none.pem: no such file
                    --cert PKI/client-rsa.pem --key TMP/none.key         --trust PKI/ca.pem | TMP/none.key: no such file
                    --cert TMP/directory      --key PKI/client-rsa.key   --trust PKI/ca.pem | TMP/directory: is a directory
                    --cert PKI/client-rsa.pem --key PKI/client-rsa.key   --trust TMP/garbage.pem | TMP/garbage.pem: no PEM block in it
                    --cert PKI/client-rsa.pem --key PKI/client-rsa.key   --trust PKI/ca.key | PKI/ca.key: holds no certificate
                    --cert PKI/client-rsa.pem --trust PKI/ca.pem         | 1 times --cert and 0 times --key
                    --cert PKI/client-rsa.pem --key PKI/client-rsa.key   | --trust is missing
                    --pki TMP/none            | TMP/none: no such directory
                    --pki TMP/directory       | TMP/directory: holds no client-rsa.pem
                    """)
    void aWrongCredentialFileIsNamedWithWhatIsWrongWithIt(String options, String message) throws IOException {
        assertOneLine(run("echo localhost:CLOSED --profile bcp195 " + options), 64, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    audit                                                    | Missing required parameter: 'HOST:PORT'
                    audit localhost:CLOSED                                   | Missing required option: '--profile=ID'
                    audit localhost:CLOSED --profile bcp195 --trust TMP/none.pem | TMP/none.pem: no such file
                    audit localhost:CLOSED --profile bcp195 --trust TMP/garbage.pem | TMP/garbage.pem: holds no certificate
                    audit localhost:CLOSED --profile bcp195 --waivers TMP/none.json | TMP/none.json: no such file
                    audit localhost:CLOSED --profile bcp195 --waivers TMP/garbage.pem | TMP/garbage.pem:1:5: not JSON
                    audit localhost:CLOSED --profile bcp195 --waivers TMP/waivers.json | TMP/waivers.json: entry 1: rule 'B13/tls12-suites-required' is not in bcp195
                    audit localhost:CLOSED --profile bcp195 --baseline TMP/empty.pem | TMP/empty.pem: is empty
                    audit localhost:CLOSED --profile bcp195 --nodes 3         | --nodes belongs to --targets
                    audit localhost:CLOSED --profile bcp195 --reports TMP     | --reports belongs to --targets
                    audit localhost:CLOSED --profile bcp195 --parallel 65     | --parallel 65 is outside 1…64
                    audit localhost:CLOSED --targets TMP/targets.txt          | --targets stands instead of HOST:PORT
                    audit --profile bcp195 --targets TMP/targets.txt          | --targets stands instead of HOST:PORT
                    audit --called X --targets TMP/targets.txt                | --targets stands instead of HOST:PORT
                    audit --baseline TMP/x --targets TMP/targets.txt          | --baseline belongs to one HOST:PORT
                    audit --nodes 0 --targets TMP/targets.txt                 | --nodes 0 is outside 1…64
                    audit --targets TMP/none.txt                              | TMP/none.txt: no such file
                    audit --targets TMP/empty.pem                             | TMP/empty.pem: names no server
                    audit --targets TMP/garbage.pem                           | TMP/garbage.pem:1: 1 part, wanted 4
                    audit --targets TMP/targets.txt --reports TMP/garbage.pem | TMP/garbage.pem: cannot be made a directory
                    """)
    void aWrongAuditIsNamedInOneLine(String line, String message) throws IOException {
        Files.writeString(directory.resolve("targets.txt"), "A, 127.0.0.1, 1, bcp195\n");
        Files.writeString(
                directory.resolve("waivers.json"),
                "[{\"rule\":\"B13/tls12-suites-required\",\"reason\":\"r\",\"owner\":\"o\"}]");
        assertOneLine(run(line), 64, message);
    }

    @Test
    void everyBadLineOfAListOfServersIsNamed() throws IOException {
        Path list = Files.writeString(directory.resolve("bad.txt"), "A, h, 1, nope\nB, h, 1, bcp195\nC, h, 0, bcp195\n");
        Command.Result result = run("audit --targets TMP/bad.txt");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(2);
        assertThat(result.err()).contains(list + ":1: unknown profile 'nope'", list + ":3: port '0' is outside 1…65535");
    }

    @Test
    void aWaiverOrABaselineLetsAnAuditPassAndChangesNoConclusion() throws Exception {
        try (DicomTls.Server server = DicomTls.serve("--profile", "bcp195-nd", "--pki", Keys.directory().toString())) {
            String audit = "audit 127.0.0.1:" + server.port() + " --pki PKI --profile bcp195-mod --json - ";
            JsonNode plain = json(run(audit), 1, "audit/1");
            assertThat(plain.path("conclusion").asText()).isEqualTo("non-conformant");
            assertThat(plain.path("accepted").asBoolean(true)).isFalse();
            List<String> broken = new ArrayList<>();
            List<String> waivers = new ArrayList<>();
            plain.path("findings").forEach(f -> {
                if (f.path("verdict").asText().equals("VIOLATED") && f.path("strength").asText().equals("SHALL")) {
                    broken.add(f.path("rule").asText());
                    waivers.add("{\"rule\":\"" + f.path("rule").asText() + "\",\"reason\":\"r\",\"owner\":\"o\"}");
                }
            });
            assertThat(broken).contains("B13/tls12-suites-required");
            Files.writeString(directory.resolve("w.json"), waivers.toString());
            JsonNode waived = json(run(audit + "--waivers TMP/w.json"), 0, "audit/1");
            assertThat(waived.path("conclusion").asText()).isEqualTo("non-conformant");
            assertThat(waived.path("accepted").asBoolean()).isTrue();
            Files.writeString(directory.resolve("base.json"), plain.toString());
            JsonNode known = json(run(audit + "--baseline TMP/base.json"), 0, "audit/1");
            assertThat(known.path("accepted").asBoolean()).isTrue();
            known.path("findings").forEach(f -> {
                if (f.path("verdict").asText().equals("VIOLATED")) {
                    assertThat(f.path("new").asBoolean(true)).as("%s", f).isFalse();
                }
            });
            Files.writeString(
                    directory.resolve("less.json"),
                    plain.toString().replace("\"VIOLATED\"", "\"SATISFIED\""));
            json(run(audit + "--baseline TMP/less.json"), 1, "audit/1");
        }
    }

    @Test
    void manyServersAreAuditedAndADeadOneIsNamed() throws Exception {
        try (DicomTls.Server server = DicomTls.serve("--profile", "bcp195-nd", "--pki", Keys.directory().toString())) {
            String list = "GOOD, 127.0.0.1, " + server.port() + ", bcp195-nd\n";
            Files.writeString(directory.resolve("good.txt"), list);
            Path reports = directory.resolve("reports");
            String audit = "audit --pki PKI --timeout 2 --json - --reports TMP/reports --targets ";
            JsonNode good = json(run(audit + "TMP/good.txt"), 0, "audits/1");
            assertThat(good.path("audits").get(0).path("conclusion").asText()).isEqualTo("conformant");
            assertThat(reports.resolve("GOOD_127.0.0.1_" + server.port() + "_bcp195-nd.json")).exists();
            assertThat(reports.resolve("GOOD_127.0.0.1_" + server.port() + "_bcp195-nd.html")).exists();
            list += "DEAD, 127.0.0.1, " + Ports.free() + ", bcp195-nd\n";
            Files.writeString(directory.resolve("dead.txt"), list);
            JsonNode dead = json(run(audit + "TMP/dead.txt"), 3, "audits/1");
            assertThat(dead.path("audits").get(1).path("unreachable").asText()).contains("127.0.0.1");
            list += "BAD, 127.0.0.1, " + server.port() + ", bcp195-mod\n";
            Files.writeString(directory.resolve("bad.txt"), list);
            Command.Result text = run("audit --pki PKI --timeout 2 --targets TMP/bad.txt");
            assertThat(text.status()).as(text.all()).isEqualTo(1);
            assertThat(text.out())
                    .contains("3 nodes: 1 conformant, 1 non-conformant, 0 undetermined, 1 unreachable.")
                    .contains("Not audited:");
        }
    }

    @ParameterizedTest
    @CsvSource({"jdk", "bc"})
    void aClosedPortIsUnreachable(String engine) throws IOException {
        assertOneLine(run("echo 127.0.0.1:CLOSED --profile bcp195-nd --engine " + engine), 3, "unreachable: ");
    }

    @Test
    void aProfileThatNoEngineCanHonourIsRefusedByItsRules() throws IOException {
        assertOneLine(run("serve --port 0 --bind 127.0.0.1 --profile basic"), 1, "B1/tls10-supported");
    }

    /** The only thing on standard output, and of the shape that its schema says. */
    private static JsonNode json(Command.Result result, int status, String schema) throws IOException {
        assertThat(result.status()).as(result.all()).isEqualTo(status);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("{").endsWith("}\n");
        JsonNode json = JSON.readerFor(JsonNode.class)
                .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readValue(result.out());
        assertThat(json.path("schema").asText()).isEqualTo("dicom-tls/" + schema);
        String file = "/org/dicomtls/interop/schema/" + schema.replace('/', '-') + ".json";
        try (InputStream in = CommandLineTest.class.getResourceAsStream(file)) {
            assertThat(in).as("%s is a part of the project", file).isNotNull();
            JsonSchema known =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
            assertThat(known.validate(json)).as(file).isEmpty();
        }
        return json;
    }

    @ParameterizedTest
    @CsvSource({
        "profiles, profiles/1",
        "rules --profile bcp195-mod, rules/1",
        "rules --profile basic, rules/1",
        "explain B13/tls12-suites-required, rule/1",
        "compare bcp195-nd bcp195-ex, compare/1",
        "doctor --profile cryptrec-hs, doctor/1"
    })
    void withJsonOnStandardOutputThereIsNothingElse(String line, String schema) throws IOException {
        json(run(line + " --json -"), 0, schema);
    }

    @Test
    void theProfilesAreThoseOfTheDocuments() throws IOException {
        List<String> ids = new ArrayList<>();
        json(run("profiles --json -"), 0, "profiles/1").path("profiles").forEach(p -> ids.add(p.path("id").asText()));
        assertThat(ids).containsExactlyInAnyOrder("basic", "aes", "bcp195", "bcp195-nd", "bcp195-ex", "bcp195-rfc8996",
                "bcp195-rfc9325", "bcp195-mod-2023", "bcp195-mod", "cryptrec-hs", "ihe-tls12-floor");
    }

    @Test
    void anEchoThatReachesNobodySaysSoInJson() throws IOException {
        JsonNode json = json(run("echo 127.0.0.1:CLOSED --profile bcp195-nd --json -"), 3, "echo/1");
        assertThat(json.path("outcome").asText()).isEqualTo("unreachable");
    }

    @Test
    void anEchoThatIsAnsweredAndOneThatIsRefusedSaySoInJson() throws Exception {
        try (DicomTls.Server server = DicomTls.serve(
                "--profile", "bcp195-mod", "--engine", "bc", "--pki", Keys.directory().toString())) {
            String echo = "echo 127.0.0.1:" + server.port() + " --engine bc --pki PKI --json - --profile ";
            JsonNode answered = json(run(echo + "bcp195-mod --verify-host"), 0, "echo/1");
            assertThat(answered.path("outcome").asText()).isEqualTo("established");
            assertThat(answered.path("protocol").asText()).isEqualTo("TLSv1.3");
            assertThat(answered.path("status").asText()).isEqualTo("0000");
            JsonNode refused = json(run(echo + "bcp195-mod --no-client-auth"), 1, "echo/1");
            assertThat(refused.path("outcome").asText()).isEqualTo("refused");
            assertThat(refused.path("refusal").path("alert").asText()).contains("certificate_required");
        }
    }

    @Test
    void theMatrixOfB10AndB11HasTls13WhereBothHaveItAndAgreesEverywhere() throws IOException {
        JsonNode json = json(run("matrix --profiles bcp195-nd,bcp195-ex --json -"), 0, "matrix/1");
        Set<String> pairs = new TreeSet<>();
        assertThat(json.path("cells").size()).isPositive();
        for (JsonNode cell : json.path("cells")) {
            assertThat(cell.path("agrees").asBoolean()).as("%s", cell).isTrue();
            assertThat(cell.path("observed").path("outcome").asText()).as("%s", cell).isEqualTo("established");
            pairs.add(cell.path("client").path("profile").asText() + " " + cell.path("server").path("profile").asText()
                    + " " + cell.path("observed").path("protocol").asText());
        }
        assertThat(pairs).containsExactlyInAnyOrder(
                "bcp195-nd bcp195-nd TLSv1.3",
                "bcp195-nd bcp195-ex TLSv1.2",
                "bcp195-ex bcp195-nd TLSv1.2",
                "bcp195-ex bcp195-ex TLSv1.2");
    }

    @Test
    void everyCombinationOfEnginesAndCertificatesIsInTheMatrix() throws IOException {
        JsonNode json = json(run("matrix --profiles bcp195-nd --json -"), 0, "matrix/1");
        Set<String> seen = new TreeSet<>();
        json.path("cells").forEach(cell -> seen.add(Stream.of("client", "server")
                .map(end -> cell.path(end).path("engine").asText() + "/" + cell.path(end).path("certificate").asText())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow()));
        Set<String> ends = Set.of("jdk/rsa", "jdk/ecdsa", "jdk/rsa+ecdsa", "bc/rsa", "bc/ecdsa", "bc/rsa+ecdsa");
        Set<String> all = new TreeSet<>();
        ends.forEach(client -> ends.forEach(server -> all.add(client + " " + server)));
        assertThat(seen).isEqualTo(all);
    }
}
