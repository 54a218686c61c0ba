package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code audit-repository} as users run them. */
@ExtendWith(Keys.class)
class AuditTrailCommandTest {

    @TempDir
    private Path directory;

    @Test
    void whatServeRefusesIsInTheRepositoryWhenServeHasEnded() throws Exception {
        String pki = Keys.directory().toString();
        Path output = directory.resolve("audit.log");
        String buffer = directory.resolve("buffer").toString();
        try (DicomTls.Server repository = DicomTls.auditRepository(
                0, "--profile", "cryptrec-hs", "--pki", pki, "--output", output.toString())) {
            String[] options = {
                "--profile", "bcp195-nd",
                "--engine", "bc",
                "--pki", pki,
                "--called", "STORESCP",
                "--audit-repository", "localhost:" + repository.port(),
                "--audit-profile", "cryptrec-hs",
                "--audit-buffer", buffer,
                "--audit-source", "ct-3"
            };
            try (DicomTls.Server server = DicomTls.serve(options)) {
                String to = "127.0.0.1:" + server.port();
                Path flaws = Path.of(pki, "flaws");
                Command.Result expired = DicomTls.run(
                        "echo", to, "--profile", "bcp195-nd", "--trust", Path.of(pki, "ca.pem").toString(),
                        "--cert", flaws.resolve("client-expired.pem").toString(),
                        "--key", flaws.resolve("client-expired.key").toString());
                assertThat(expired.status()).as(expired.all()).isEqualTo(1);
                try (RefusedClients plain = RefusedClients.start(server.port(), 1, 1)) {
                    plain.await();
                    plain.stop();
                }
                Command.Result second = DicomTls.run(
                        "serve", "--port", "0", "--bind", "127.0.0.1", "--profile", "bcp195-nd", "--pki", pki,
                        "--audit-repository", "localhost:1", "--audit-buffer", buffer);
                assertThat(second.status()).isEqualTo(64);
                assertThat(second.err()).isEqualTo("dicom-tls: audit buffer " + buffer + " is in use by process "
                        + server.command().pid() + "\n");
                server.command().line(line -> line.endsWith(" audit messages delivered"));
            }
            long end = System.nanoTime() + Command.DEADLINE.toNanos();
            while (AuditMessages.in(output).size() < 2 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            List<Map<String, String>> messages = AuditMessages.details(output);
            assertThat(messages.get(0))
                    .containsEntry("Refusal Kind", "certificate.expired")
                    .containsEntry("Profile", "bcp195-nd");
            assertThat(messages.subList(1, messages.size())).isNotEmpty().allSatisfy(details -> assertThat(details)
                    .containsEntry("Refusal Kind", "transport.plain-dicom"));
            assertThat(AuditMessages.in(output)).allSatisfy(line -> assertThat(line)
                    .startsWith("<84>1 ")
                    .contains("AuditSourceID=\"ct-3\"", "AlternativeUserID=\"AETITLES=STORESCP\""));
        }
    }
}
