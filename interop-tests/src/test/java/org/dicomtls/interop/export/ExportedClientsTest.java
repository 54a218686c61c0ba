package org.dicomtls.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.clientaudit.ChildProcess;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerProcess;
import org.dicomtls.interop.clientaudit.ClientAudits;
import org.dicomtls.interop.clientaudit.ForeignClient;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each export for a client that can be run here is audited while it connects, for every profile that can be enforced:
 * what the audit finds violated is exactly what the export says that the system does not keep.
 */
class ExportedClientsTest {

    private static final int AT_ONCE = 5;
    private static final int PATIENCE_SECONDS = 240;
    private static final int MOST_POLLS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Orthanc is told over HTTP to connect; ForeignClientsTest does that. */
    private static final List<Installed> SYSTEMS =
            List.of(Installed.DCMTK, Installed.OPENSSL, Installed.STUNNEL, Installed.HAPROXY, Installed.NGINX);

    @TempDir
    private static Path scratch;

    private static Sites sites;
    private static Identities identities;
    private static ExecutorService pool;
    private static final Map<String, Future<ClientAudits.Result>> RESULTS = new HashMap<>();

    @BeforeAll
    static void begin() throws IOException {
        sites = Sites.in(scratch);
        identities = Identities.directory(sites.pki());
        pool = Executors.newFixedThreadPool(AT_ONCE);
        for (Installed system : SYSTEMS) {
            for (Profile profile : Sites.ENFORCEABLE) {
                if (system.outlook(export(system, profile, Site.DICOM_TLS_PORT, 104)).isPresent()) {
                    RESULTS.computeIfAbsent(
                            configuration(system, profile), key -> pool.submit(() -> audit(system, profile)));
                }
            }
        }
    }

    @AfterAll
    static void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).as("all clients are ended").isTrue();
        RESULTS.clear();
    }

    private static Export export(Installed system, Profile profile, int port, int plain) {
        return Export.of(system.format(), profile, Role.CLIENT, sites.site(Role.CLIENT, port, plain));
    }

    private static String configuration(Installed system, Profile profile) {
        Export export = export(system, profile, Site.DICOM_TLS_PORT, 104);
        return system.configuration(export, system.outlook(export).orElseThrow());
    }

    private static ClientAudits.Result audit(Installed system, Profile profile) throws Exception {
        Path directory = Files.createTempDirectory(scratch, system.format().id());
        return ClientAudits.of(profile, identities, "localhost", port -> {
            int plain = Ports.free();
            Export export = export(system, profile, port, plain);
            List<String> command = system.command(export, system.outlook(export).orElseThrow(), directory);
            return system == Installed.DCMTK || system == Installed.OPENSSL
                    ? new Repeated(command)
                    : Terminator.start(command, plain);
        });
    }

    /** A command of its own for each connection, which is told where to connect by the export. */
    private record Repeated(List<String> command) implements ForeignClient.Running {
        @Override
        public void connect(String host, int port) throws IOException, InterruptedException {
            ChildProcess.run(command);
        }

        @Override
        public void close() {}
    }

    /** One that runs all the time, and connects for each plain association that is opened to it. */
    private record Terminator(PeerProcess process, int plain) implements ForeignClient.Running {

        static Terminator start(List<String> command, int plain) throws IOException, InterruptedException {
            PeerLog said = new PeerLog();
            PeerProcess process = PeerProcess.start(command, said);
            Terminator terminator = new Terminator(process, plain);
            // Each connection to it would be one to the auditor, so its port is not tried out.
            for (int i = 0; i < MOST_POLLS && process.isAlive(); i++) {
                if (listens(plain)) {
                    return terminator;
                }
                Thread.sleep(25);
            }
            terminator.close();
            throw new IOException("does not listen: " + command + ": " + said.since(0));
        }

        private static boolean listens(int port) throws IOException {
            String wanted = String.format(":%04X ", port);
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                if (Files.exists(Path.of(table))
                        && Files.readAllLines(Path.of(table)).stream()
                                .anyMatch(line -> line.contains(wanted) && line.contains(":0000 0A "))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void connect(String host, int port) throws IOException {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plain), (int) TIMEOUT.toMillis());
                try (Association association =
                        Association.open(socket, "EXPORTED", "ANY-SCP", PresentationContext.verification(), TIMEOUT)) {
                    association.echo();
                    association.release();
                }
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> exportedClients() {
        return SYSTEMS.stream().flatMap(system -> Sites.ENFORCEABLE.stream().map(profile -> DynamicTest.dynamicTest(
                system.format().title() + " as a client keeps of " + profile.id() + " what its export says, and no more",
                () -> isAsExported(system, profile))));
    }

    private static void isAsExported(Installed system, Profile profile) throws Exception {
        Export export = export(system, profile, Site.DICOM_TLS_PORT, 104);
        system.assumeKnown(export);
        ClientAudits.Result result =
                RESULTS.get(configuration(system, profile)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(result.done()).as(result::words).isTrue();
        Compared.of(
                        system.outlook(export).orElseThrow(),
                        Audit.of(system.format().title(), profile, result.audit().survey()))
                .assertEqual(system.unasked());
    }
}
