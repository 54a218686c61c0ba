package org.dicomtls.interop.clientaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.PeerProcess;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.client.Identities;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** An audit of clients of others ends with a conclusion, and with the same one each time. */
class ForeignClientsTest {

    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 240;

    @TempDir
    private static Path scratch;

    private static ExecutorService pool;
    private static final Map<ForeignClient, Future<ClientAudits.Result>> RESULTS = new LinkedHashMap<>();

    @BeforeAll
    static void begin() throws IOException, InterruptedException {
        Path pki = scratch.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
        Identities identities = Identities.directory(pki);
        pool = Executors.newFixedThreadPool(AT_ONCE);
        for (ForeignClient client : new ForeignClients(pki, scratch).all()) {
            RESULTS.put(
                    client, PeerProcess.said(client.tryOut()).isPresent() ? pool.submit(() -> ask(client, identities)) : null);
        }
    }

    @AfterAll
    static void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).as("all clients are ended").isTrue();
        RESULTS.clear();
    }

    private static ClientAudits.Result ask(ForeignClient client, Identities identities) throws Exception {
        return ClientAudits.of(client.profile(), identities, "localhost", client.start());
    }

    @TestFactory
    Stream<DynamicTest> foreignClients() {
        return RESULTS.keySet().stream().map(client -> DynamicTest.dynamicTest(
                client.name() + " against " + client.profile().id() + ": " + client.expected().words(),
                () -> concludes(client)));
    }

    private static void concludes(ForeignClient client) throws Exception {
        assumeTrue(RESULTS.get(client) != null, "skipped: install " + client.missing());
        ClientAudits.Result result = RESULTS.get(client).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(result.done()).as(result::words).isTrue();
        assertThat(new ForeignClient.Expected(result.audit().conclusion(), result.broken(), result.open()))
                .as(result::words)
                .isEqualTo(client.expected());
    }
}
