package org.dicomtls.interop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.AssociationSummary;
import org.dicomtls.interop.association.AssociationSummary.Ending;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DicomServerListener;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.interop.matrix.MatrixEnd;
import org.dicomtls.interop.matrix.Observation;
import org.dicomtls.interop.matrix.OwnEnds;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.Dcmtk;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.peer.StoredFiles;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transfer to or from DCMTK that breaks in the middle ends in time, says what happened, and leaves nothing behind; the
 * next association works.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokenTransferTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int SIDE = 2048;

    /** 36 MiB: more than sockets keep of what a dead process has written. */
    private static final int LARGE = 6144;

    private static final long IN_THE_MIDDLE = 1 << 20;
    private static final int AT_ONCE = 6;
    private static final int PATIENCE_SECONDS = 120;

    /** What goes wrong. */
    private enum Fault {
        KILLED("is killed"),
        HALF_A_RECORD("sends half a record and is gone"),
        SILENT("sends half a record and goes silent");

        private final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    private record Case(Role own, Engine engine, TlsVersion version, Fault fault) {
        /** How long our end waits: as short as it may only where it waits to the end. */
        Duration timeout() {
            return fault == Fault.SILENT ? TIMEOUT : LONG;
        }

        PeerConfiguration configuration() throws InterruptedException {
            String id = version.equals(TlsVersion.TLS_1_3) ? "bcp195-nd" : "bcp195-ex";
            return new Dcmtk().configurations().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
        }

        /** What our end says of it. */
        String expected() {
            if (own == Role.CLIENT) {
                return switch (fault) {
                    case KILLED -> "the connection was lost during the C-STORE: .+";
                    case HALF_A_RECORD -> (engine == Engine.BC
                                    ? "the server ended the connection within a TLS record"
                                    : "the peer closed the connection before a PDU")
                            + ", instead of answering the C-STORE";
                    case SILENT -> "no answer to the C-STORE within 4000 ms";
                };
            }
            return switch (fault) {
                case KILLED, HALF_A_RECORD -> Ending.CONNECTION_LOST + ": .+";
                case SILENT -> Ending.TIMED_OUT + ": no PDU within 4000 ms";
            };
        }

        @Override
        public String toString() {
            return (own == Role.CLIENT ? "our client on " : "our server on ") + engine.id() + ", " + version + ", the other end "
                    + fault.words;
        }
    }

    /** What became of a broken transfer, and of the association after it. */
    private record Outcome(String broken, Duration took, String next) {}

    @TempDir
    private static Path scratch;

    private static OwnEnds own;
    private static ExecutorService pool;
    private static Set<String> threadsBefore;
    private static Set<String> socketsBefore;

    @BeforeAll
    static void begin() throws Exception {
        Path pki = scratch.resolve("pki");
        TestPki.create(PkiOptions.defaults()).writeGood(pki);
        own = OwnEnds.of(pki, Duration.ofSeconds(20));
        // What the JDK makes once for all, and when differs by JDK, is to be there: the timer of all bounded waits, and the socket
        // that stands in for one that is closed under a reader (17 makes it with the first file, 25 with the first socket).
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run)).join();
        new ServerSocket(0).close();
        threadsBefore = threads();
        socketsBefore = sockets();
        pool = Executors.newFixedThreadPool(AT_ONCE);
    }

    @AfterAll
    static void end() {
        pool.shutdownNow();
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> broken() throws InterruptedException {
        Presence presence = new Dcmtk().presence();
        if (!presence.isInstalled()) {
            return Stream.of(DynamicTest.dynamicTest(
                    "DCMTK", () -> assumeTrue(false, "skipped: " + presence.remedy())));
        }
        Map<Case, Future<Outcome>> outcomes = new LinkedHashMap<>();
        for (Role role : Role.values()) {
            for (Fault fault : Fault.values()) {
                for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
                    for (Engine engine : Engine.values()) {
                        Case one = new Case(role, engine, version, fault);
                        outcomes.put(one, pool.submit(() -> role == Role.CLIENT ? client(one) : server(one)));
                    }
                }
            }
        }
        return outcomes.entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey().toString(), () -> {
            Outcome outcome = e.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(outcome.broken()).matches(e.getKey().expected());
            // An end that went silent is waited for twice: for its answer, and to close after the A-ABORT.
            assertThat(outcome.took()).isLessThan(TIMEOUT.multipliedBy(2).plus(SLACK));
            assertThat(outcome.next()).isEqualTo("stored");
        }));
    }

    private static Bench bench(Case one, String what) throws IOException {
        Path directory = Files.createDirectories(scratch.resolve((one + "-" + what).replaceAll("[^A-Za-z0-9]", "_")));
        return new Bench(scratch.resolve("pki"), directory, Duration.ofSeconds(20), new PeerLog());
    }

    private static SecureTransport transport(Case one) {
        return own.transport(
                new MatrixEnd(DicomProfiles.BCP195_RFC9325, one.engine(), MatrixEnd.Certificates.BOTH), one.own());
    }

    // --- our client

    private static Outcome client(Case one) throws Exception {
        SecureTransport transport = transport(one);
        PeerServer server = one.configuration().serve(bench(one, "server"));
        try {
            AtomicReference<Long> broken = new AtomicReference<>();
            Observation observation;
            if (one.fault() == Fault.KILLED) {
                observation = store(one, transport, server.port(), () -> {
                    broken.set(System.nanoTime());
                    server.close();
                });
            } else {
                try (CutLine line = new CutLine(
                        server.port(), IN_THE_MIDDLE, true,
                        one.fault() == Fault.SILENT ? CutLine.Then.SILENT : CutLine.Then.CLOSED)) {
                    observation = store(one, transport, line.port(), () -> broken.set(System.nanoTime()));
                }
            }
            Duration took = Duration.ofNanos(System.nanoTime() - broken.get());
            PeerServer next = one.fault() == Fault.KILLED ? one.configuration().serve(bench(one, "next")) : server;
            try {
                Observation again = store(one, transport, next.port(), () -> { });
                return new Outcome(observation.reason(), took, again.established() ? "stored" : again.reason());
            } finally {
                next.close();
            }
        } finally {
            server.close();
        }
    }

    private static Observation store(Case one, SecureTransport transport, int port, Runnable inTheMiddle) throws IOException {
        TestImage image = TestImage.write(scratch, SIDE);
        Part10 file = Part10.read(image.file());
        return own.connect(transport, "localhost", port, socket -> store(one, socket, file, inTheMiddle), peer -> Optional.empty());
    }

    private static String store(Case one, SSLSocket socket, Part10 file, Runnable inTheMiddle) throws IOException {
        assertThat(socket.getSession().getProtocol()).isEqualTo(one.version().name());
        try (Association association =
                        Association.open(socket, "BROKEN", "ANY-SCP", PresentationContext.storing(List.of(file)), one.timeout());
                InputStream data = new Tripping(file.dataSet(), inTheMiddle)) {
            String status = association
                    .store(file.sopClass(), file.sopInstance(), file.transferSyntax(), data)
                    .toString();
            association.release();
            return status;
        }
    }

    /** Does something as soon as so many octets have been read. */
    private static final class Tripping extends FilterInputStream {
        private final Runnable inTheMiddle;
        private long read;

        Tripping(InputStream in, Runnable inTheMiddle) {
            super(in);
            this.inTheMiddle = inTheMiddle;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = super.read(into, offset, length);
            if (read < IN_THE_MIDDLE && read + n >= IN_THE_MIDDLE) {
                inTheMiddle.run();
            }
            read += Math.max(0, n);
            return n;
        }
    }

    // --- our server

    private static Outcome server(Case one) throws Exception {
        Path kept = Files.createDirectories(scratch.resolve("kept-" + one.toString().replaceAll("[^A-Za-z0-9]", "_")));
        BlockingQueue<AssociationSummary> over = new LinkedBlockingQueue<>();
        AtomicReference<Long> broken = new AtomicReference<>();
        AtomicReference<Runnable> inTheMiddle = new AtomicReference<>(() -> { });
        StoreSink directory = StoreSink.toDirectory(kept);
        DicomServer server = own.server(transport(one))
                .acceptor(AcceptorOptions.defaults().withIdle(one.timeout()).withArtim(one.timeout()))
                .sink(instance -> tripping(directory.receive(instance), () -> {
                    broken.compareAndSet(null, System.nanoTime());
                    inTheMiddle.get().run();
                }))
                .listener(new DicomServerListener() {
                    @Override
                    public void associationClosed(SocketAddress peer, AssociationSummary summary) {
                        over.add(summary);
                    }
                })
                .start();
        TestImage image = TestImage.write(scratch, one.fault() == Fault.KILLED ? LARGE : SIDE);
        TestImage next = TestImage.write(scratch);
        try (PeerClient client = one.configuration().client(bench(one, "client"))) {
            AssociationSummary summary;
            if (one.fault() == Fault.KILLED) {
                Thread storing = storing(client, server.port(), image);
                inTheMiddle.set(storing::interrupt); // which ends the process
                summary = over.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                storing.join();
            } else {
                Thread storing;
                try (CutLine line = new CutLine(
                        server.port(), IN_THE_MIDDLE, false,
                        one.fault() == Fault.SILENT ? CutLine.Then.SILENT : CutLine.Then.CLOSED)) {
                    storing = storing(client, line.port(), image);
                    summary = over.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                storing.interrupt();
                storing.join();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - broken.get());
            inTheMiddle.set(() -> { });
            assertThat(StoredFiles.find(kept, image.sopInstance())).as("half an object is no object").isEmpty();
            PeerClient.Outcome again = client.store("localhost", server.port(), next.file());
            boolean stored = again.succeeded()
                    && next.hasSamePixels(StoredFiles.find(kept, next.sopInstance()).orElseThrow());
            return new Outcome(
                    summary.ending() + ": " + summary.failure().map(Throwable::getMessage).orElse("no failure"), took,
                    stored ? "stored" : again.words());
        } finally {
            server.close(Duration.ofSeconds(1));
        }
    }

    private static Thread storing(PeerClient client, int port, TestImage image) {
        Thread thread = new Thread(() -> {
            try {
                client.store("localhost", port, image.file());
            } catch (IOException | InterruptedException e) {
                // it was killed, as it should
            }
        }, "storing");
        thread.start();
        return thread;
    }

    private static StoreSink.Reception tripping(StoreSink.Reception reception, Runnable inTheMiddle) {
        OutputStream counted = new OutputStream() {
            private long written;

            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                reception.dataSet().write(octets, offset, length);
                if (written < IN_THE_MIDDLE / 2 && written + length >= IN_THE_MIDDLE / 2) {
                    inTheMiddle.run();
                }
                written += length;
            }
        };
        return new StoreSink.Reception() {
            @Override
            public OutputStream dataSet() {
                return counted;
            }

            @Override
            public void complete() throws IOException {
                reception.complete();
            }

            @Override
            public void close() throws IOException {
                reception.close();
            }
        };
    }

    // --- what is left

    @Test
    @Order(2)
    void nothingIsLeftOfThem() throws InterruptedException {
        pool.shutdown();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while ((!left(threads(), threadsBefore).isEmpty() || !left(sockets(), socketsBefore).isEmpty())
                && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(left(threads(), threadsBefore)).as("threads").isEmpty();
        assertThat(left(sockets(), socketsBefore)).as("sockets").isEmpty();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).map(ProcessHandle::info))
                .as("processes")
                .isEmpty();
    }

    private static Set<String> left(Set<String> now, Set<String> before) {
        Set<String> left = new TreeSet<>(now);
        left.removeAll(before);
        return left;
    }

    /** Those of Java itself aside. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.equals("process reaper") && !name.equals("Attach Listener"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The open sockets of this process, where the system shows them. */
    private static Set<String> sockets() {
        Set<String> sockets = new TreeSet<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return sockets;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path one : all.toList()) {
                try {
                    sockets.add(Files.readSymbolicLink(one).toString());
                } catch (IOException gone) {
                    // closed meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.removeIf(name -> !name.startsWith("socket:"));
        return sockets;
    }
}
