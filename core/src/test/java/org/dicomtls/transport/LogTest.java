package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged, by its keys, which are stable; in JVMs of their own, where the logger prints all of it. */
class LogTest {

    /** slf4j-simple prints the pairs before the message. */
    private static final Pattern PAIR = Pattern.compile("(dicomtls\\.\\w+)=(.*?) (?=dicomtls\\.|established |refused |closed )");

    private static final String COMMON = "connection end engine event local peer profile ";

    @TempDir
    private Path directory;

    private List<String> lines(String... options) throws Exception {
        Path errors = directory.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dorg.slf4j.simpleLogger.log.org.dicomtls=debug",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                Speaking.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> read(errors)).isZero();
        List<String> all = new ArrayList<>(List.of(printed.strip()));
        Files.readAllLines(errors).stream().filter(line -> line.contains("dicomtls.event=")).forEach(all::add);
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static Map<String, String> pairs(String line) {
        Map<String, String> pairs = new TreeMap<>();
        for (Matcher pair = PAIR.matcher(line); pair.find(); ) {
            pairs.put(pair.group(1).substring("dicomtls.".length()), pair.group(2));
        }
        return pairs;
    }

    private static List<Map<String, String>> events(List<String> lines, String event, String end) {
        return lines.stream()
                .map(LogTest::pairs)
                .filter(p -> event.equals(p.get("event")) && end.equals(p.get("end")))
                .toList();
    }

    @Test
    void everyEventHasItsKeysAndAMessageThatStandsAlone() throws Exception {
        List<String> lines = lines();
        assertThat(lines.get(0)).isEqualTo("flight recorder JdkFlightRecorder");
        for (String end : List.of("client", "server")) {
            // A client of TLS 1.3 has finished when it is refused.
            assertThat(events(lines, "established", end)).hasSize(end.equals("client") ? 4 : 2).allSatisfy(p -> assertThat(
                            p.keySet())
                    .containsExactlyInAnyOrder((COMMON + "version suite group scheme peerSubject peerSha256 resumed"
                                    + " handshakeMillis")
                            .split(" ")));
            assertThat(events(lines, "closed", end)).isNotEmpty().allSatisfy(p -> assertThat(p.keySet())
                    .containsExactlyInAnyOrder((COMMON + "durationMillis").split(" ")));
        }
        assertThat(events(lines, "refused", "server")).hasSize(2).allSatisfy(p -> {
            assertThat(p.keySet()).containsExactlyInAnyOrder((COMMON + "kind phase byPeer").split(" "));
            assertThat(p).containsEntry("kind", "certificate.expired").containsEntry("byPeer", "false");
        });
        assertThat(events(lines, "refused", "client")).hasSize(2).allSatisfy(p -> {
            assertThat(p.keySet()).containsExactlyInAnyOrder((COMMON + "kind phase byPeer alert").split(" "));
            assertThat(p).containsEntry("kind", "own-certificate.refused").containsEntry("byPeer", "true");
        });
        assertThat(lines).anyMatch(line -> line.matches(".* WARN org\\.dicomtls\\.transport .*refused 127\\.0\\.0\\.1:\\d+,"
                + " profile test-wide, engine jdk: certificate CN=EXPIRED \\(SHA-256 [0-9a-f]{32}\\): it expired on .*"));
        assertThat(lines).anyMatch(line -> line.matches(".* INFO org\\.dicomtls\\.transport .*established with"
                + " 127\\.0\\.0\\.1:\\d+: TLSv1\\.3 TLS_AES_256_GCM_SHA384, group x25519, .*"));
    }

    @Test
    void theGuideHasTheKeysAndNoOthers() throws Exception {
        Set<String> documented = new TreeSet<>();
        Matcher key = Pattern.compile("`dicomtls\\.(\\w+)`").matcher(Files.readString(Path.of("..", "docs", "reading-refusals.md")));
        while (key.find()) {
            if (Character.isLowerCase(key.group(1).charAt(0))) {
                documented.add(key.group(1));
            }
        }
        assertThat(documented)
                .containsExactlyInAnyOrder((COMMON + "version suite group scheme peerSubject peerSha256 resumed"
                                + " handshakeMillis kind phase byPeer rule alert calling called durationMillis")
                        .split(" "));
    }

    @Test
    void aRuntimeWithoutTheFlightRecorderDoesAllTheRest() throws Exception {
        List<String> lines = lines("--limit-modules", "java.logging,java.naming,jdk.crypto.ec");
        assertThat(lines.get(0)).isEqualTo("flight recorder None");
        assertThat(events(lines, "established", "server")).hasSize(2);
        assertThat(events(lines, "refused", "server")).hasSize(2);
    }
}
