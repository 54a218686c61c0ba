package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.IncomingConnection;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes first: a refusal, and nothing that stays. A few thousand flights as a rule; {@code
 * -Ddicomtls.flights=1000000} for more in memory, {@code -Ddicomtls.flights.loopback=…} for more over the loopback
 * interface.
 */
@ExtendWith(Keys.class)
@Timeout(7200)
class FirstFlightsTest {

    private static final int IN_MEMORY = Integer.getInteger("dicomtls.flights", 3000);
    private static final int OVER_LOOPBACK = Integer.getInteger("dicomtls.flights.loopback", 1500);
    private static final int WARM_UP = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Held, or the level is lost with it: the engine itself logs each failure with its stack. */
    private static final Logger BOUNCY_CASTLE = Logger.getLogger("org.bouncycastle");

    @BeforeAll
    static void quiet() {
        BOUNCY_CASTLE.setLevel(Level.OFF);
    }

    private static SecureTransport transport(Engine engine, Role role, TlsVersion... versions) throws IOException {
        return SecureTransport.of(
                        versions.length == 0
                                ? DicomProfiles.BCP195_RFC9325
                                : DicomProfiles.BCP195_RFC9325
                                        .derive("only-" + versions[0].jsseName().toLowerCase(java.util.Locale.ROOT))
                                        .versions(versions)
                                        .build())
                .engine(engine)
                .role(role)
                .identity(Identity.pem(
                        Path.of(Keys.file(role.title() + "-ecdsa.pem")), Path.of(Keys.file(role.title() + "-ecdsa.key"))))
                .trust(Trust.pem(Path.of(Keys.file("ca.pem"))))
                .handshakeTimeout(PATIENCE)
                .build();
    }

    private static Flights flights() throws IOException {
        return new Flights(
                transport(Engine.JDK, Role.CLIENT),
                transport(Engine.BC, Role.CLIENT),
                transport(Engine.JDK, Role.CLIENT, TlsVersion.TLS_1_2),
                transport(Engine.BC, Role.CLIENT, TlsVersion.TLS_1_2));
    }

    /** A connection on which the flight is all that ever comes. */
    private static final class InMemory extends Socket implements IncomingConnection {
        private static final InetAddress HERE = InetAddress.getLoopbackAddress();

        private final InputStream flight;
        private final OutputStream answer = OutputStream.nullOutputStream();
        private boolean closed;

        InMemory(byte[] flight) {
            this.flight = new ByteArrayInputStream(flight);
        }

        @Override
        public Socket tcp() {
            return this;
        }

        @Override
        public InputStream octets() {
            return flight;
        }

        @Override
        public Duration timeLeft() {
            return PATIENCE;
        }

        @Override
        public Optional<String> takenAway() {
            return Optional.empty();
        }

        @Override
        public InputStream getInputStream() {
            return flight;
        }

        @Override
        public OutputStream getOutputStream() {
            return answer;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isBound() {
            return true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void shutdownOutput() {
            closed = true;
        }

        @Override
        public InetAddress getInetAddress() {
            return HERE;
        }

        @Override
        public InetAddress getLocalAddress() {
            return HERE;
        }

        @Override
        public int getPort() {
            return 1;
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return new InetSocketAddress(HERE, 1);
        }

        @Override
        public SocketAddress getLocalSocketAddress() {
            return new InetSocketAddress(HERE, 2);
        }

        @Override
        public void setTcpNoDelay(boolean on) {
            // There is nothing to delay.
        }

        @Override
        public boolean getTcpNoDelay() {
            return true;
        }

        @Override
        public void setSoTimeout(int timeout) {
            // Nothing is waited for.
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }
    }

    private interface Attempt {
        void on(byte[] flight) throws Exception;
    }

    /** Makes that many attempts on so many threads, and fails with the flight that failed. */
    private static void attempt(Flights flights, long from, long to, int threads, Attempt attempt) throws Exception {
        AtomicLong next = new AtomicLong(from);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                for (long seed = next.getAndIncrement(); seed < to && failure.get() == null; seed = next.getAndIncrement()) {
                    byte[] flight = flights.flight(seed);
                    try {
                        attempt.on(flight);
                    } catch (Throwable e) {
                        failure.compareAndSet(
                                null,
                                new AssertionError("flight " + seed + ": " + HexFormat.of().formatHex(flight), e));
                    }
                }
            }, "test-flights-" + i);
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get().getMessage(), failure.get());
        }
    }

    private static long heapKiB() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1024;
    }

    @ParameterizedTest
    @EnumSource
    void everyFlightIsRefusedAndNothingGrows(Engine engine) throws Exception {
        SecureTransport server = transport(engine, Role.SERVER);
        Flights flights = flights();
        Attempt refused = flight -> {
            try {
                server.accept(new InMemory(flight)).close();
                throw new AssertionError("established");
            } catch (TlsRefusal e) {
                assertThat(e.getMessage()).hasSizeLessThan(2000);
            }
        };
        // The JDK's caches fill up at first, and keep what they hold softly: growth is what the same number adds again.
        attempt(flights, 0, Math.max(WARM_UP, IN_MEMORY), 2, refused);
        long heap = heapKiB();
        int threads = Thread.activeCount();
        long begun = System.nanoTime();
        attempt(flights, IN_MEMORY, 2 * IN_MEMORY, 2, refused);
        System.out.printf(
                "%s: %d flights in memory in %.0f s, heap %d KiB before, %d KiB after%n",
                engine.id(), IN_MEMORY, (System.nanoTime() - begun) / 1e9, heap, heapKiB());
        // What sockets and contexts leave to cleaners is gone only after another collection or two.
        long end = System.nanoTime() + 10_000_000_000L;
        while (heapKiB() - heap >= 8 * 1024 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(heapKiB() - heap).isLessThan(8 * 1024);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    }

    /** Sends the flight, in two parts as often as not, and waits for the server to close. */
    private static void send(int port, byte[] flight) throws IOException {
        int salt = java.util.Arrays.hashCode(flight);
        try (Socket socket = new Socket()) {
            // From many addresses, because each has only so many ports.
            socket.bind(new InetSocketAddress("127.0." + (salt >>> 8 & 63) + "." + (1 + (salt >>> 16 & 127)), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            int part = (salt & 1) == 0 ? flight.length : flight.length / 2;
            try {
                out.write(flight, 0, part);
                out.write(flight, part, flight.length - part);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (SocketException e) {
                // A reset is an end too.
            }
        }
    }

    /** Both engines when many flights are asked for; in memory both are asked anyway. */
    static Stream<Engine> engines() {
        return Stream.of(Engine.values()).limit(System.getProperty("dicomtls.flights.loopback") == null ? 1 : 2);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aServerIsAsBeforeAfterAllOfThem(Engine engine) throws Exception {
        Flights flights = flights();
        try (DicomTls.Server server = DicomTls.serve(
                "--profile", "bcp195-rfc9325", "--engine", engine.id(), "--pki", Keys.directory().toString())) {
            long pid = server.command().pid();
            Attempt closed = flight -> send(server.port(), flight);
            attempt(flights, 0, WARM_UP, 16, closed);
            OptionalLong heap = Footprint.heapKiB(pid); // first: asking starts a thread over there
            Footprint before = Footprint.known() ? settled(pid) : null;
            long begun = System.nanoTime();
            attempt(flights, WARM_UP, WARM_UP + OVER_LOOPBACK, 16, closed);
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            Footprint after = Footprint.known() ? settled(pid) : null;
            OptionalLong heapAfter = Footprint.heapKiB(pid);
            System.out.println(engine.id() + ": " + OVER_LOOPBACK + " flights over loopback in " + seconds + " s, before " + before
                    + " heap " + heap + ", after " + after + " heap " + heapAfter);
            if (before != null) {
                assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 1); // a compiler of the JVM comes and goes
                assertThat(after.files()).isEqualTo(before.files());
            }
            if (heap.isPresent()) {
                // It goes up and down by 15 MiB with what SunJSSE keeps for a minute, whatever the number of flights.
                assertThat(heapAfter.orElseThrow() - heap.getAsLong()).isLessThan(24 * 1024);
            }
            assertThat(DicomTls.run("echo", "127.0.0.1:" + server.port(), "--profile", "bcp195-rfc9325", "--pki",
                            Keys.directory().toString())
                    .status())
                    .isZero();
            assertThat(server.command().isAlive()).isTrue();
            assertThat(server.command().lines())
                    .noneMatch(line -> line.contains("Exception") || line.contains("\tat ") || line.contains("Error"));
        }
    }

    /** When the threads that wait for another connection have gone: nothing has changed for longer than they wait. */
    private static Footprint settled(long pid) throws InterruptedException {
        Footprint last = Footprint.of(pid);
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int same = 0; same < 26 && System.nanoTime() < end; same++) {
            Thread.sleep(100);
            Footprint now = Footprint.of(pid);
            if (now.files() != last.files() || now.threads() != last.threads()) {
                same = 0;
            }
            last = now;
        }
        return last;
    }
}
