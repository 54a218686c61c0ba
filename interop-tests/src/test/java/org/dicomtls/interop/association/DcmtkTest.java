package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.association.AssociationSummary.Ending;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DCMTK's tools as the other end, on plain TCP. */
@Timeout(60)
class DcmtkTest {
    private static final String INSTANCE = "1.2.276.0.7230010.3.1.4.1";

    @TempDir
    private Path directory;

    private record Output(int status, String text) {}

    @BeforeEach
    void assumeInstalled() {
        for (String tool : List.of("echoscu", "storescu", "storescp", "dcmdump", "dump2dcm")) {
            boolean installed;
            try {
                installed = run(tool, "--version").status() == 0;
            } catch (IOException | InterruptedException e) {
                installed = false;
            }
            assumeTrue(installed, "skipped: install dcmtk");
        }
    }

    private static Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TCP_NODELAY", "1");
        return builder.start();
    }

    private static Output run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    /** A Secondary Capture instance with a private element of some length, so that it takes several PDUs. */
    private Path instance() throws Exception {
        Path dump = directory.resolve("instance.dump");
        Files.writeString(
                dump,
                """
                (0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]
                (0008,0018) UI [%s]
                (0010,0010) PN [Test^Interop]
                (0009,0010) LO [DICOM TLS]
                (0009,1001) UT [%s]
                """
                        .formatted(INSTANCE, "DICOM ".repeat(50_000).strip()));
        Path file = directory.resolve("instance.dcm");
        Output output = run("dump2dcm", "+l", "1000000", "+te", dump.toString(), file.toString());
        assertThat(output.status()).as(output.text()).isZero();
        return file;
    }

    private static Output dump(Path file) throws Exception {
        return run("dcmdump", "-q", "+P", "0008,0018", "+P", "0010,0010", file.toString());
    }

    @Test
    void echoscuGetsItsEcho() throws Exception {
        Loopback.Events events = new Loopback.Events();
        try (DicomServer server =
                DicomServer.on(Loopback.connections()).listener(events).start()) {
            Output output = run(
                    "echoscu", "-v", "-aet", "DCMTK", "--repeat", "3", "127.0.0.1", String.valueOf(server.port()));
            assertThat(output.status()).as(output.text()).isZero();
            AssociationSummary summary = events.nextClosed();
            assertThat(summary.ending()).isEqualTo(Ending.RELEASED);
            assertThat(summary.echoes()).isEqualTo(3);
            assertThat(summary.association().orElseThrow().callingAeTitle()).isEqualTo("DCMTK");
            assertThat(summary.association().orElseThrow().peerImplementation().orElseThrow())
                    .startsWith("OFFIS_DCMTK");
        }
    }

    @Test
    void storescuStoresAFileThatDcmdumpReads() throws Exception {
        Path file = instance();
        Path kept = directory.resolve("kept");
        Loopback.Events events = new Loopback.Events();
        try (DicomServer server = DicomServer.on(Loopback.connections())
                .sink(StoreSink.toDirectory(kept))
                .listener(events)
                .start()) {
            Output output = run(
                    "storescu", "-v", "-pdu", "131072", "127.0.0.1", String.valueOf(server.port()), file.toString());
            assertThat(output.status()).as(output.text()).isZero();
            assertThat(events.nextClosed().stored()).isEqualTo(1);
        }
        Path stored = kept.resolve(INSTANCE + ".dcm");
        assertThat(dump(stored)).isEqualTo(dump(file)).satisfies(o -> assertThat(o.status()).isZero());
        assertThat(dataSet(stored)).isEqualTo(dataSet(file));
    }

    private static byte[] dataSet(Path file) throws IOException {
        try (var in = Part10.read(file).dataSet()) {
            return in.readAllBytes();
        }
    }

    private interface WithScp {
        void run(int port) throws Exception;
    }

    private void withStorescp(Path kept, WithScp body) throws Exception {
        int port;
        try (ServerSocket free = Loopback.listen()) {
            port = free.getLocalPort();
        }
        Files.createDirectories(kept);
        Process scp = start("storescp", "-q", "+B", "-od", kept.toString(), String.valueOf(port));
        try {
            // It says nothing when it is ready; its port does.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!isOpen(port)) {
                assertThat(scp.isAlive() && System.nanoTime() < end).as("storescp listens").isTrue();
                Thread.onSpinWait();
            }
            body.run(port);
        } finally {
            scp.destroy();
            if (!scp.waitFor(5, TimeUnit.SECONDS)) {
                scp.destroyForcibly();
            }
        }
    }

    private static boolean isOpen(int port) throws IOException {
        try (Socket probe = Loopback.connect(port)) {
            return probe.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    @Test
    void storescpAnswersAnEchoAndKeepsAFileOctetForOctet() throws Exception {
        Path file = instance();
        Path kept = directory.resolve("kept");
        withStorescp(kept, port -> {
            Part10 part10 = Part10.read(file);
            List<PresentationContext> contexts = new ArrayList<>(PresentationContext.storing(List.of(part10)));
            contexts.add(new PresentationContext(
                    255, Uid.VERIFICATION, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN)));
            Association association =
                    Association.open(Loopback.connect(port), "TEST", "STORESCP", contexts, Duration.ofSeconds(10));
            assertThat(association.peerMaxPduLength()).isEqualTo(16384);
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(association.store(part10)).isEqualTo(DimseStatus.SUCCESS);
            association.release();
        });
        try (Stream<Path> files = Files.list(kept)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            assertThat(dataSet(all.get(0))).isEqualTo(dataSet(file));
        }
    }
}
