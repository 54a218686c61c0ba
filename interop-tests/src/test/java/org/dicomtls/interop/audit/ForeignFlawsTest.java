package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.profiles.DicomProfiles;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One option of a foreign server set wrong breaks just the SHALLs that are about it. */
@Timeout(60)
class ForeignFlawsTest {

    private static final String GOOD = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";
    private static final String SIGNATURES = "RSA-PSS+SHA256:RSA+SHA256:RSA-PSS+SHA384:RSA+SHA384:ECDSA+SHA256";

    @TempDir
    private static Path pki;

    @BeforeAll
    static void writeKeys() throws IOException {
        TestPki.create(PkiOptions.defaults()).write(pki);
    }

    private static List<String> openssl(int port, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_server", "-accept", "127.0.0.1:" + port, "-quiet", "-no_dhe", "-serverpref", "-CAfile",
                pki.resolve("ca.pem").toString()));
        command.addAll(List.of(options));
        unless(command, "-min_protocol", "TLSv1.2");
        unless(command, "-cert", pki.resolve("server-rsa.pem").toString());
        unless(command, "-key", pki.resolve("server-rsa.key").toString());
        unless(command, "-cipher", GOOD);
        unless(command, "-sigalgs", SIGNATURES);
        unless(command, "-groups", "X25519:P-256:P-384");
        return command;
    }

    private static void unless(List<String> command, String option, String value) {
        if (!command.contains(option)) {
            command.addAll(List.of(option, value));
        }
    }

    private static DynamicTest breaks(String what, Set<String> rules, String... options) {
        return DynamicTest.dynamicTest(what, () -> {
            ForeignServer.assumeInstalled("openssl", "openssl", "version");
            try (ForeignServer server = ForeignServer.start(port -> openssl(port, options))) {
                Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(1), Duration.ZERO);
                Audit audit =
                        Audit.of(target, DicomProfiles.BCP195_RFC9325, Presented.NOTHING, new Manner(1, false));
                assertThat(audit.broken())
                        .extracting(finding -> finding.rule().id())
                        .containsExactlyInAnyOrderElementsOf(rules);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> opensslWithOneOptionWrong() {
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
                breaks("TLS 1.3 alone", Set.of("RFC9325/tls12-supported", "B12/tls12-supported"), "-tls1_3"),
                breaks("static RSA first", Set.of("RFC9325/forward-secrecy-preferred", "RFC9325/strong-suite-chosen"),
                        "-cipher", "AES128-GCM-SHA256:" + GOOD));
    }
}
