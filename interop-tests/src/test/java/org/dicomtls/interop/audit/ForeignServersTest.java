package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of others, with options that break one rule, and what other clients see of them. */
@Timeout(60)
class ForeignServersTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());
    private static final List<Process> STARTED = new ArrayList<>();

    @TempDir
    private static Path pki;

    @BeforeAll
    static void writeKeys() throws IOException {
        PKI.write(pki);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : STARTED) {
            process.destroyForcibly();
            process.waitFor(5, TimeUnit.SECONDS);
        }
        STARTED.clear();
    }

    private static boolean installed(String tool, String option) {
        try {
            Process process = new ProcessBuilder(tool, option).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int start(int port, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        STARTED.add(process);
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.getPort();
            } catch (IOException e) {
                assertThat(process.isAlive()).as("%s", command).isTrue();
                Thread.sleep(50);
            }
        }
        throw new IOException("does not listen: " + command);
    }

    private static int openssl(String... options) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_server", "-accept", "127.0.0.1:" + port, "-quiet", "-no_dhe", "-serverpref", "-CAfile",
                pki.resolve("ca.pem").toString()));
        command.addAll(List.of(options));
        if (!command.contains("-min_protocol")) {
            command.addAll(List.of("-min_protocol", "TLSv1.2"));
        }
        if (!command.contains("-cert")) {
            command.addAll(List.of(
                    "-cert", pki.resolve("server-rsa.pem").toString(), "-key", pki.resolve("server-rsa.key").toString()));
        }
        if (!command.contains("-cipher")) {
            command.addAll(List.of("-cipher", GOOD));
        }
        if (!command.contains("-sigalgs")) {
            command.addAll(List.of("-sigalgs", SIGNATURES));
        }
        if (!command.contains("-groups")) {
            command.addAll(List.of("-groups", "X25519:P-256:P-384"));
        }
        return start(port, command);
    }

    private static final String GOOD = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";
    private static final String SIGNATURES = "RSA-PSS+SHA256:RSA+SHA256:RSA-PSS+SHA384:RSA+SHA384:ECDSA+SHA256";

    private static Target target(int port) {
        return new Target("127.0.0.1", port, Duration.ofMillis(600), Duration.ZERO);
    }

    private static Set<String> brokenShalls(Audit audit) {
        Set<String> ids = new TreeSet<>();
        for (Finding finding : audit.findings()) {
            if (finding.verdict() == Verdict.VIOLATED && finding.rule().strength() == Strength.SHALL) {
                ids.add(finding.rule().id());
            }
        }
        return ids;
    }

    private static DynamicTest breaks(String what, Set<String> rules, String... options) {
        return DynamicTest.dynamicTest(what, () -> {
            Audit audit = Audit.of(target(openssl(options)), DicomProfiles.BCP195_RFC9325, Presented.NOTHING, new Manner(1, false));
            assertThat(brokenShalls(audit)).isEqualTo(new TreeSet<>(rules));
        });
    }

    @TestFactory
    Stream<DynamicTest> opensslWithOneOptionWrong() {
        assumeTrue(installed("openssl", "version"), "skipped: install openssl");
        String rsa1024 = pki.resolve("flaws/server-rsa-1024.pem").toString();
        String sha1 = pki.resolve("flaws/server-sha1-leaf.pem").toString();
        return Stream.of(
                breaks("the satisfier", Set.of()),
                breaks("an RSA key of 1024 bits", Set.of("RFC9325/server-rsa-certificate-2048"),
                        "-cipher", GOOD + ":@SECLEVEL=0", "-cert", rsa1024, "-key", rsa1024.replace(".pem", ".key")),
                breaks("a certificate signed with SHA-1", Set.of("RFC9325/certificate-sha1-md5-forbidden"),
                        "-cipher", GOOD + ":@SECLEVEL=0", "-cert", sha1, "-key", sha1.replace(".pem", ".key")),
                breaks("NULL", Set.of("RFC9325/null-forbidden", "B12/no-null"),
                        "-cipher", GOOD + ":ECDHE-RSA-NULL-SHA:@SECLEVEL=0"),
                breaks("SHA-1 signatures", Set.of("RFC9325/sha1-md5-signatures-forbidden"),
                        "-cipher", GOOD + ":@SECLEVEL=0", "-sigalgs", SIGNATURES + ":RSA+SHA1"),
                breaks("a curve of 192 bits", Set.of("RFC9325/ecdhe-224"),
                        "-cipher", GOOD + ":@SECLEVEL=0", "-groups", "X25519:P-256:P-192"),
                breaks("TLS 1.3 without its mandatory suite", Set.of("RFC9325/tls13-suite-mandatory"),
                        "-ciphersuites", "TLS_AES_256_GCM_SHA384"),
                breaks("TLS 1.3 alone",
                        Set.of("RFC9325/tls12-supported", "B12/tls12-supported"), "-tls1_3"),
                breaks("static RSA first", Set.of("RFC9325/forward-secrecy-preferred", "RFC9325/strong-suite-chosen"),
                        "-cipher", "AES128-GCM-SHA256:" + GOOD));
    }

    @Test
    void factsAgreeWithSingleOptionHandshakesOfOpenssl() throws Exception {
        assumeTrue(installed("openssl", "version"), "skipped: install openssl");
        int port = openssl("-cipher", "DEFAULT:@SECLEVEL=0", "-min_protocol", "TLSv1");
        Survey survey = Surveyor.of(target(port), Presented.NOTHING, new Manner(1, false));
        SortedSet<TlsVersion> versions = survey.own().support(Dimension.VERSION).supported();
        for (String[] one : new String[][] {{"-tls1", "TLSv1.0"}, {"-tls1_1", "TLSv1.1"}, {"-tls1_2", "TLSv1.2"}, {"-tls1_3", "TLSv1.3"}}) {
            assertThat(versions.contains(TlsVersion.named(one[1]).orElseThrow()))
                    .as(one[1])
                    .isEqualTo(connects(port, one[0], "-cipher", "DEFAULT:@SECLEVEL=0"));
        }
        SortedSet<CipherSuite> suites = survey.own().support(Dimension.SUITE_TLS12).supported();
        for (String[] one : new String[][] {
            {"ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
            {"ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
            {"AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"},
            {"AES128-CCM", "TLS_RSA_WITH_AES_128_CCM"},
            {"DHE-RSA-AES128-GCM-SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
            {"NULL-SHA256", "TLS_RSA_WITH_NULL_SHA256"},
            {"ECDHE-RSA-CAMELLIA128-SHA256", "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"}
        }) {
            assertThat(suites.contains(CipherSuite.require(one[1])))
                    .as(one[1])
                    .isEqualTo(connects(port, "-tls1_2", "-cipher", one[0] + ":@SECLEVEL=0"));
        }
    }

    private static boolean connects(int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.contains("Cipher is ") && !text.contains("Cipher is (NONE)");
    }

    private static Audit dcmtk(String option, Profile profile) throws Exception {
        int port = freePort();
        start(port, List.of(
                "storescp", "+tls", pki.resolve("server-rsa.key").toString(), pki.resolve("server-rsa.pem").toString(),
                "+cf", pki.resolve("ca.pem").toString(), option, "--ignore", Integer.toString(port)));
        return Audit.of(target(port), profile, Presented.directory(pki), new Manner(1, false));
    }

    @Test
    void dcmtkKeepsWhatItsProfilesName() throws Exception {
        assumeTrue(installed("storescp", "--version"), "skipped: install dcmtk");
        Audit nd = dcmtk("--profile-bcp195-nd", DicomProfiles.BCP195_NON_DOWNGRADING);
        assertThat(nd.survey().own().support(Dimension.VERSION).supported()).contains(TlsVersion.TLS_1_2);
        assertThat(nd.survey().own().support(Dimension.VERSION).complete()).isTrue();
        assertThat(nd.survey().own().holds(Property.CLIENT_AUTHENTICATION_REQUIRED)).contains(true);
        assertThat(nd.findings()).noneMatch(f ->
                f.rule().id().equals("B10/suites-required") && f.verdict() == Verdict.VIOLATED);
        Audit ex = dcmtk("--profile-bcp195-ex", DicomProfiles.BCP195_EXTENDED);
        assertThat(ex.survey().own().support(Dimension.SUITE_TLS12).supported()).isNotEmpty();
        Audit aes = dcmtk("--profile-aes", DicomProfiles.AES);
        assertThat(aes.survey().own().support(Dimension.SUITE_TLS12).supported())
                .contains(CipherSuite.require("TLS_RSA_WITH_AES_128_CBC_SHA"));
        for (Audit audit : List.of(nd, ex, aes)) {
            assertThat(audit.survey().silent()).as(audit.words()).isFalse();
        }
    }

    @Test
    void gnutlsIsUnderstood() throws Exception {
        assumeTrue(installed("gnutls-serv", "--version"), "skipped: install gnutls-bin");
        int port = freePort();
        start(port, List.of(
                "gnutls-serv", "--port", Integer.toString(port), "--echo", "--disable-client-cert",
                "--x509certfile", pki.resolve("server-rsa.pem").toString(),
                "--x509keyfile", pki.resolve("server-rsa.key").toString()));
        Survey survey = Surveyor.of(target(port), Presented.NOTHING, new Manner(1, false));
        assertThat(survey.own().support(Dimension.VERSION).supported()).contains(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(survey.own().support(Dimension.SCHEME).complete()).isTrue();
        assertThat(survey.own().holds(Property.EXTENDED_MASTER_SECRET)).contains(true);
    }
}
