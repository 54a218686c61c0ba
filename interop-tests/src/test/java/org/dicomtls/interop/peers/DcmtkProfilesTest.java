package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.Ports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DCMTK's own implementation of B.9, B.10 and B.11 against ours, in both directions and on both engines. */
@ExtendWith(Keys.class)
@Timeout(60)
class DcmtkProfilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SAID = Pattern.compile("D: +(Protocol|Ciphersuite) +: ([^, ]+).*");
    private static final Pattern SERVED =
            Pattern.compile(".* association from (\\S+) to \\S+, (TLSv1\\.\\d) (TLS_\\S+) \\S+, client CN=.*");

    @TempDir
    private Path directory;

    @BeforeEach
    void assumeInstalled() {
        Command.assumeInstalled("dcmtk", "storescp", "echoscu", "storescu", "dump2dcm", "dcmdump");
    }

    /** What was negotiated: the version, and the suite by its IANA name. */
    private record Agreed(String protocol, String suite) {
        /** Of DCMTK's debug output, which calls the suites of TLS 1.2 what OpenSSL calls them. */
        static Agreed of(List<String> lines) {
            Map<String, String> said = lines.stream()
                    .map(SAID::matcher)
                    .filter(Matcher::matches)
                    .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2), (first, last) -> last));
            assertThat(said).as("%s", lines).containsOnlyKeys("Protocol", "Ciphersuite");
            return new Agreed(said.get("Protocol"), iana(said.get("Ciphersuite")));
        }

        private static String iana(String name) {
            if (name.startsWith("TLS_")) {
                return name;
            }
            Command.assumeInstalled("openssl", "openssl");
            return Command.mustRun("openssl", "ciphers", "-stdname", "ALL").lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(words -> words[2].equals(name))
                    .map(words -> words[0])
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no IANA name for " + name));
        }

        static Agreed of(JsonNode json) {
            return new Agreed(json.path("protocol").asText(), json.path("cipherSuite").asText());
        }
    }

    // --- DCMTK as the server

    private record Storescp(Command command, int port, Path kept) implements AutoCloseable {
        /** It has no way to take a free port by itself, and says nothing when it is ready; its port does. */
        static Storescp start(Path kept, String... options) throws IOException {
            Files.createDirectories(kept);
            int port = Ports.free();
            List<String> words = new ArrayList<>(List.of("storescp", "-d", "+B", "-od", kept.toString()));
            words.addAll(List.of(options));
            words.add(String.valueOf(port));
            Command command = Command.start(words);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!isOpen(port)) {
                if (!command.isAlive() || System.nanoTime() > end) {
                    command.close();
                    throw new AssertionError("storescp does not listen: " + command.lines());
                }
                Thread.onSpinWait();
            }
            return new Storescp(command, port, kept);
        }

        private static boolean isOpen(int port) throws IOException {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (ConnectException notYet) {
                return false;
            }
        }

        /** All it said: it is ended first. */
        List<String> lines() {
            command.close();
            return command.lines();
        }

        @Override
        public void close() {
            command.close();
        }
    }

    /** With a group of RFC 7919 for DHE, which both engines know. */
    private Storescp storescp(String profile) throws IOException {
        Command.assumeInstalled("openssl", "openssl");
        String group = directory.resolve("ffdhe2048.pem").toString();
        Command.mustRun("openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", group);
        return storescp(profile, "+dp", group);
    }

    private Storescp storescp(String... profile) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "+tls", Keys.file("server-rsa.key"), Keys.file("server-rsa.pem"), "+cf", Keys.file("ca.pem"),
                "--require-peer-cert"));
        options.addAll(List.of(profile));
        return Storescp.start(directory.resolve("kept"), options.toArray(String[]::new));
    }

    private static Command.Result echo(int port, String profile, String engine, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "echo", "localhost:" + port, "--profile", profile, "--engine", engine, "--pki", Keys.directory().toString(),
                "--json", "-"));
        arguments.addAll(List.of(more));
        return DicomTls.run(arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "bcp195, jdk, TLSv1.3", "bcp195, bc, TLSv1.3",
        "bcp195-nd, jdk, TLSv1.3", "bcp195-nd, bc, TLSv1.3",
        "bcp195-ex, jdk, TLSv1.2", "bcp195-ex, bc, TLSv1.2"
    })
    void ourEchoIsAnsweredByStorescpOfTheSameProfile(String profile, String engine, String protocol) throws Exception {
        try (Storescp scp = storescp("--profile-" + profile)) {
            Command.Result result = echo(scp.port(), profile, engine);
            assertThat(result.status()).as(result.all()).isZero();
            JsonNode json = JSON.readTree(result.out());
            assertThat(json.path("status").asText()).isEqualTo("0000");
            assertThat(json.path("protocol").asText()).isEqualTo(protocol);
            assertThat(Published.of(profile).permitsSuite(json.path("cipherSuite").asText())).as("%s", json).isTrue();
            assertThat(Agreed.of(json)).isEqualTo(Agreed.of(scp.lines()));
        }
    }

    @ParameterizedTest
    @CsvSource({"bcp195, jdk", "bcp195, bc", "bcp195-nd, jdk", "bcp195-nd, bc", "bcp195-ex, jdk", "bcp195-ex, bc"})
    void whatWeStoreAtStorescpHasTheSamePixels(String profile, String engine) throws Exception {
        Path image = image();
        try (Storescp scp = storescp("--profile-" + profile)) {
            Command.Result result = DicomTls.run(
                    "store", "localhost:" + scp.port(), image.toString(), "--profile", profile, "--engine", engine, "--pki",
                    Keys.directory().toString(), "--json", "-");
            assertThat(result.status()).as(result.all()).isZero();
            assertThat(Agreed.of(JSON.readTree(result.out()))).isEqualTo(Agreed.of(scp.lines()));
            assertThat(pixels(only(scp.kept()))).isEqualTo(pixels(image));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bcp195-ex, --profile-bcp195-nd", "bcp195-ex, --profile-bcp195", "bcp195-nd, --profile-bcp195-ex",
        "bcp195-rfc9325, --profile-bcp195-ex"
    })
    void whereOneEndKnowsTls12OnlyBothUseIt(String ours, String theirs) throws Exception {
        try (Storescp scp = storescp(theirs)) {
            Command.Result result = echo(scp.port(), ours, "bc");
            assertThat(result.status()).as(result.all()).isZero();
            assertThat(JSON.readTree(result.out()).path("protocol").asText()).isEqualTo("TLSv1.2");
            assertThat(Agreed.of(scp.lines()).protocol()).isEqualTo("TLSv1.2");
        }
    }

    /** DCMTK 3.6.7 prefers DHE under B.11, with a prime of its own making. BCJSSE takes primes of RFCs only. */
    @ParameterizedTest
    @CsvSource({"jdk, 0, established", "bc, 1, refused"})
    void theDhGroupThatDcmtkBringsIsTakenByTheJdkEngineOnly(String engine, int status, String outcome) throws Exception {
        try (Storescp scp = storescp(new String[] {"--profile-bcp195-ex"})) {
            Command.Result result = echo(scp.port(), "bcp195-ex", engine);
            assertThat(result.status()).as(result.all()).isEqualTo(status);
            assertThat(JSON.readTree(result.out()).path("outcome").asText()).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "bc"})
    void weRefuseAStorescpThatSpeaksPlainDicom(String engine) throws Exception {
        try (Storescp scp = Storescp.start(directory.resolve("kept"))) {
            Command.Result result = echo(scp.port(), "bcp195-nd", engine);
            assertThat(result.status()).as(result.all()).isEqualTo(1);
            assertThat(JSON.readTree(result.out()).path("outcome").asText()).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "bc"})
    void storescpRefusesUsWithoutACertificate(String engine) throws Exception {
        try (Storescp scp = storescp("--profile-bcp195-nd")) {
            Command.Result result = echo(scp.port(), "bcp195-nd", engine, "--no-client-auth");
            assertThat(result.status()).as(result.all()).isEqualTo(1);
            assertThat(JSON.readTree(result.out()).path("outcome").asText()).isEqualTo("refused");
        }
    }

    // --- DCMTK as the client

    private static List<String> scu(String tool, int port, String... options) {
        List<String> words = new ArrayList<>(List.of(tool, "-d", "-to", "10", "-ta", "10"));
        words.addAll(List.of(options));
        words.addAll(List.of("localhost", String.valueOf(port)));
        return words;
    }

    private static String[] withCertificate(String profile) {
        return new String[] {
            "+tls", Keys.file("client-rsa.key"), Keys.file("client-rsa.pem"), "+cf", Keys.file("ca.pem"),
            "--require-peer-cert", profile
        };
    }

    private DicomTls.Server serve(String profile, String engine) throws InterruptedException {
        return DicomTls.serve(
                "--profile", profile, "--engine", engine, "--pki", Keys.directory().toString(), "--store",
                directory.resolve("kept").toString());
    }

    private static Agreed served(DicomTls.Server server) throws InterruptedException {
        Matcher line = SERVED.matcher(server.command().line(text -> text.contains(" association from ")));
        assertThat(line.matches()).as("%s", server.command().lines()).isTrue();
        return new Agreed(line.group(2), line.group(3));
    }

    @ParameterizedTest
    @CsvSource({
        "bcp195, jdk, TLSv1.3", "bcp195, bc, TLSv1.3",
        "bcp195-nd, jdk, TLSv1.3", "bcp195-nd, bc, TLSv1.3",
        "bcp195-ex, jdk, TLSv1.2", "bcp195-ex, bc, TLSv1.2"
    })
    void echoscuAndStorescuOfTheSameProfileAreServed(String profile, String engine, String protocol) throws Exception {
        Path image = image();
        try (DicomTls.Server server = serve(profile, engine)) {
            Command.Result echo = Command.run(scu("echoscu", server.port(), withCertificate("--profile-" + profile)));
            assertThat(echo.status()).as(echo.all()).isZero();
            Agreed agreed = Agreed.of((echo.out() + echo.err()).lines().toList());
            assertThat(agreed.protocol()).isEqualTo(protocol);
            assertThat(Published.of(profile).permitsSuite(agreed.suite())).as(agreed.suite()).isTrue();
            assertThat(served(server)).isEqualTo(agreed);

            List<String> store = scu("storescu", server.port(), withCertificate("--profile-" + profile));
            store.add(image.toString());
            Command.Result stored = Command.run(store);
            assertThat(stored.status()).as(stored.all()).isZero();
            assertThat(pixels(only(directory.resolve("kept")))).isEqualTo(pixels(image));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bcp195-ex, --profile-bcp195-nd", "bcp195-ex, --profile-bcp195", "bcp195-nd, --profile-bcp195-ex",
        "bcp195-rfc9325, --profile-bcp195-ex"
    })
    void whereOneEndKnowsTls12OnlyEchoscuIsServedWithIt(String ours, String theirs) throws Exception {
        try (DicomTls.Server server = serve(ours, "bc")) {
            Command.Result result = Command.run(scu("echoscu", server.port(), withCertificate(theirs)));
            assertThat(result.status()).as(result.all()).isZero();
            assertThat(served(server).protocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void echoscuInTheClearIsRefused() throws Exception {
        assertRefused("bcp195-ex", "the client speaks plain DICOM where TLS is spoken");
    }

    @ParameterizedTest
    @CsvSource({"bcp195-nd, the client presented no certificate", "bcp195-ex, ''"})
    void echoscuWithoutACertificateIsRefused(String profile, String why) throws Exception {
        assertRefused(profile, why, "+tla", "+cf", Keys.file("ca.pem"), "--profile-" + profile);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profile-aes", "--profile-null"})
    void echoscuWithARetiredProfileIsRefused(String theirs) throws Exception {
        assertRefused("bcp195", "no common cipher suite", withCertificate(theirs));
    }

    /** By its exit status, and by what our server says. */
    private void assertRefused(String profile, String why, String... options) throws InterruptedException {
        try (DicomTls.Server server = serve(profile, "bc")) {
            Command.Result result = Command.run(scu("echoscu", server.port(), options));
            assertThat(result.status()).as(result.all()).isEqualTo(1);
            assertThat(server.command().line(line -> line.contains(" refused: "))).contains(why);
            assertThat(server.command().lines()).noneMatch(line -> line.contains(" association from "));
        }
    }

    // --- an image

    /** 64 by 64 pixels of noise. */
    private Path image() throws IOException {
        Random noise = new Random(195);
        String words = IntStream.range(0, 64 * 64 / 2)
                .mapToObj(i -> "%04x".formatted(noise.nextInt(0x10000)))
                .collect(Collectors.joining("\\"));
        Path dump = Files.writeString(
                directory.resolve("image.dump"),
                """
                (0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]
                (0008,0018) UI [2.25.1950]
                (0008,0064) CS [WSD]
                (0010,0010) PN [Test^Interop]
                (0010,0020) LO [1]
                (0020,000d) UI [2.25.1951]
                (0020,000e) UI [2.25.1952]
                (0028,0002) US 1
                (0028,0004) CS [MONOCHROME2]
                (0028,0010) US 64
                (0028,0011) US 64
                (0028,0100) US 8
                (0028,0101) US 8
                (0028,0102) US 7
                (0028,0103) US 0
                (7fe0,0010) OW %s
                """
                        .formatted(words));
        Path image = directory.resolve("image.dcm");
        Command.mustRun("dump2dcm", "+l", "100000", "+te", dump.toString(), image.toString());
        return image;
    }

    /** The whole of the pixel data, as dcmdump prints it. */
    private static String pixels(Path file) {
        String text = Command.mustRun("dcmdump", "-q", "+L", "+P", "7fe0,0010", file.toString());
        assertThat(text.length()).as(text).isGreaterThan(64 * 64 * 2);
        return text;
    }

    private static Path only(Path kept) throws IOException {
        try (Stream<Path> files = Files.list(kept)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
