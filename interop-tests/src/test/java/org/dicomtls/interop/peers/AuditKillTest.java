package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed (SIGKILL) in the middle of delivery, the server's and the repository's: every refusal of which
 * a client has seen the end arrives once or more. {@code -Ddicomtls.audit.kills=N} kills more often than the default.
 */
@ExtendWith(Keys.class)
class AuditKillTest {

    private static final int KILLS = Integer.getInteger("dicomtls.audit.kills", 4);

    @TempDir
    private Path directory;

    private final Random random = new Random(20_261_125);

    private DicomTls.Server repository(int port) throws InterruptedException {
        return DicomTls.auditRepository(
                port, "--profile", "bcp195-rfc9325", "--pki", Keys.directory().toString(), "--output", output().toString());
    }

    private Path output() {
        return directory.resolve("audit.log");
    }

    private DicomTls.Server serve(int repository) throws InterruptedException {
        return DicomTls.serve(
                "--profile", "bcp195-nd",
                "--pki", Keys.directory().toString(),
                "--audit-repository", "localhost:" + repository,
                "--audit-profile", "bcp195-rfc9325",
                "--audit-buffer", directory.resolve("buffer").toString(),
                "--audit-source", "under-test");
    }

    private Set<String> arrived() throws IOException {
        Set<String> arrived = new HashSet<>();
        for (Map<String, String> details : AuditMessages.details(output())) {
            arrived.add(details.get("Peer Address") + " " + details.get("Local Address"));
        }
        return arrived;
    }

    @Test
    void everyRefusalArrivesWhoeverIsKilled() throws Exception {
        Set<String> wanted = new TreeSet<>();
        DicomTls.Server repository = repository(0);
        int port = repository.port();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                boolean alive = kill % 3 != 1; // one in three times there is no repository at all
                if (!alive) {
                    repository.command().kill();
                }
                try (DicomTls.Server server = serve(port);
                        RefusedClients clients = RefusedClients.start(server.port(), 3, 20 + random.nextInt(40))) {
                    clients.await();
                    if (alive && kill % 3 == 2) {
                        repository.command().kill();
                    }
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(800)); // anywhere in a delivery
                    wanted.addAll(clients.stop());
                    server.command().kill();
                }
                if (!repository.command().isAlive()) {
                    repository = repository(port);
                }
            }
            assertThat(wanted).hasSizeGreaterThanOrEqualTo(20 * KILLS);
            try (DicomTls.Server last = serve(port)) {
                long end = System.nanoTime() + Command.DEADLINE.toNanos();
                while (!arrived().containsAll(wanted) && System.nanoTime() < end) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                wanted.removeAll(arrived());
                assertThat(wanted).as("lost; the server says %s", last.command().lines()).isEmpty();
            }
            List<Map<String, String>> messages = AuditMessages.details(output());
            assertThat(messages).allSatisfy(details -> assertThat(details)
                    .containsEntry("Refusal Kind", "transport.plain-dicom")
                    .containsEntry("Rule", "B10/strict-tls (PS3.15 2021b B.10)"));
            AuditMessages.in(output()).forEach(AuditMessages::document);
        } finally {
            repository.close();
        }
    }
}
