package org.dicomtls.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.ForeignServer;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each export that can be run here is started and audited, for every profile that can be enforced: what the audit finds
 * violated is exactly what the export says that the system does not keep. Profiles with the same configuration share a
 * server.
 */
class ExportedServersTest {

    private static final int AT_ONCE = 5;
    private static final int PATIENCE_SECONDS = 240;

    /** Of s_server, which answers no association, every handshake waits so long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @TempDir
    private static Path scratch;

    private static Sites sites;
    private static DicomServer plain;
    private static ExecutorService pool;
    private static final Map<String, Future<Surveyed>> SURVEYS = new HashMap<>();

    /** What was found out about a server. */
    private record Surveyed(int port, Survey survey) {}

    @BeforeAll
    static void begin() throws IOException {
        sites = Sites.in(scratch);
        plain = DicomServer.on(ConnectionServer.plain().bind(InetAddress.getLoopbackAddress(), 0)).start();
        pool = Executors.newFixedThreadPool(AT_ONCE);
        for (Installed system : Installed.values()) {
            for (Profile profile : Sites.ENFORCEABLE) {
                if (system.outlook(export(system, profile, Site.DICOM_TLS_PORT)).isPresent()) {
                    SURVEYS.computeIfAbsent(
                            configuration(system, profile), key -> pool.submit(() -> survey(system, profile)));
                }
            }
        }
    }

    @AfterAll
    static void end() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).as("all servers are ended").isTrue();
        plain.close();
        SURVEYS.clear();
    }

    private static Export export(Installed system, Profile profile, int port) {
        // These cannot be told to listen on loopback alone.
        boolean everywhere = system == Installed.DCMTK || system == Installed.ORTHANC;
        return Export.of(
                system.format(),
                profile,
                Role.SERVER,
                sites.site(Role.SERVER, new Site.Endpoint(everywhere ? "" : "127.0.0.1", port), plain.port()));
    }

    private static String configuration(Installed system, Profile profile) {
        Export export = export(system, profile, Site.DICOM_TLS_PORT);
        return system.configuration(export, system.outlook(export).orElseThrow());
    }

    private static Surveyed survey(Installed system, Profile profile) throws Exception {
        Path directory = Files.createTempDirectory(scratch, system.format().id());
        try (ForeignServer server = ForeignServer.start(
                port -> {
                    Export export = export(system, profile, port);
                    return system.command(export, system.outlook(export).orElseThrow(), directory);
                })) {
            Target target = new Target("127.0.0.1", server.port(), TIMEOUT, Duration.ZERO);
            return new Surveyed(
                    server.port(), Surveyor.of(target, Presented.directory(sites.pki()), new Manner(1, false)));
        }
    }

    @TestFactory
    Stream<DynamicTest> exportedServers() {
        return Stream.of(Installed.values()).flatMap(system -> Sites.ENFORCEABLE.stream().map(profile ->
                DynamicTest.dynamicTest(
                        system.format().title() + " keeps of " + profile.id() + " what its export says, and no more",
                        () -> isAsExported(system, profile))));
    }

    private static void isAsExported(Installed system, Profile profile) throws Exception {
        system.assumeKnown(export(system, profile, Site.DICOM_TLS_PORT));
        Surveyed surveyed =
                SURVEYS.get(configuration(system, profile)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Outlook outlook = system.outlook(export(system, profile, surveyed.port())).orElseThrow();
        Compared.of(outlook, Audit.of(system.format().title(), profile, surveyed.survey()))
                .assertEqual(system.unasked());
    }
}
