package org.dicomtls.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TestProfiles;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Transports;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConnectionServerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BlockingQueue<Refusal> refusals = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        long end = System.nanoTime() + 5_000_000_000L;
        while (!threads().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait(); // an executor is terminated a moment before its thread is
        }
        assertThat(threads()).isEmpty();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dicom-tls-server-"))
                .toList();
    }

    private ConnectionServer.Builder secure(Engine engine, Duration handshakeTimeout) {
        return ConnectionServer.secure(Transports.serverOf(engine, TestProfiles.WIDE)
                        .handshakeTimeout(handshakeTimeout)
                        .listener(new TransportListener() {
                            @Override
                            public void refused(Refusal refusal) {
                                refusals.add(refusal);
                            }
                        })
                        .build())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .drain(Duration.ZERO);
    }

    private ConnectionServer.Builder secure() {
        return secure(Engine.JDK, TIMEOUT);
    }

    private Refusal nextRefusal() throws InterruptedException {
        Refusal refusal = refusals.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    /** A client of that address of the loopback network, that has not said anything. */
    private Socket silent(ConnectionServer server, String from) throws IOException {
        Socket socket = new Socket();
        clients.add(socket);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()), (int) TIMEOUT.toMillis());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket silent(ConnectionServer server) throws IOException {
        return silent(server, "127.0.0.1");
    }

    /** A client whose handshake is finished. */
    private SSLSocket good(ConnectionServer server, String from) throws IOException {
        SSLSocket socket = (SSLSocket) Transports.client(Engine.JDK)
                .sslContext()
                .getSocketFactory()
                .createSocket(silent(server, from), "localhost", server.port(), true);
        socket.startHandshake();
        return socket;
    }

    private SSLSocket good(ConnectionServer server) throws IOException {
        return good(server, "127.0.0.1");
    }

    /** Echoes octets until the client ends. */
    private static void echo(AcceptedConnection connection) throws IOException {
        for (int octet = connection.socket().getInputStream().read(); octet >= 0; octet =
                connection.socket().getInputStream().read()) {
            connection.socket().getOutputStream().write(octet + 1);
        }
    }

    private static void echoes(Socket client) throws IOException {
        client.getOutputStream().write(41);
        assertThat(client.getInputStream().read()).isEqualTo(42);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
    }

    /** Whether the server closes the connection, in whatever manner. */
    private static boolean closed(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesWhoShakesHands(Engine engine) throws Exception {
        BlockingQueue<Negotiated> served = new LinkedBlockingQueue<>();
        try (ConnectionServer server = secure(engine, TIMEOUT).start(connection -> {
            served.add(connection.negotiated().orElseThrow());
            echo(connection);
        })) {
            try (SSLSocket client = good(server)) {
                echoes(client);
                assertThat(server.counters().serving()).isEqualTo(1);
            }
            assertThat(served.take().version()).isEqualTo(TlsVersion.TLS_1_3);
            await(() -> server.counters().open() == 0);
            assertThat(server.counters())
                    .isEqualTo(new ServerCounters(1, 0, 0, 1, 0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void aTransportOfClientsAcceptsNobody() {
        SecureTransport client = Transports.clientOf(Engine.JDK, TestProfiles.WIDE).role(Role.CLIENT).build();
        assertThatThrownBy(() -> ConnectionServer.secure(client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile test-wide: this transport was built for the role client alone, and accepts nobody");
    }

    @Test
    void whoIsSilentCostsNoThreadAndDelaysNobody() throws Exception {
        try (ConnectionServer server = secure().start(ConnectionServerTest::echo)) {
            for (int i = 0; i < 200; i++) {
                silent(server);
            }
            await(() -> server.counters().waiting() == 200);
            assertThat(threads()).containsExactly("dicom-tls-server-" + server.port() + "-door");
            try (SSLSocket client = good(server)) {
                echoes(client);
            }
        }
    }

    @Test
    void whoHasSaidHalfOfHisHelloCostsNoThread() throws Exception {
        byte[] hello = Hello.clientTls13().record();
        try (ConnectionServer server = secure().start(ConnectionServerTest::echo)) {
            Socket client = silent(server);
            for (int i = 0; i < hello.length - 1; i++) {
                client.getOutputStream().write(hello[i]);
            }
            try (SSLSocket other = good(server)) {
                echoes(other); // all that was sent before has been read
            }
            assertThat(server.counters().waiting()).isEqualTo(1);
            client.getOutputStream().write(hello[hello.length - 1]);
            assertThat(client.getInputStream().read()).as("a ServerHello").isEqualTo(22);
        }
    }

    @Test
    void whoIsSilentOrSlowIsLeftAtTheDeadline() throws Exception {
        byte[] hello = Hello.clientTls13().record();
        try (ConnectionServer server = secure(Engine.JDK, Duration.ofMillis(300)).start(ConnectionServerTest::echo)) {
            Socket silent = silent(server);
            Socket slow = silent(server);
            slow.getOutputStream().write(hello, 0, 100);
            Socket stalled = silent(server);
            stalled.getOutputStream().write(hello);
            for (int i = 0; i < 3; i++) {
                Refusal refusal = nextRefusal();
                assertThat(refusal.problem()).isEqualTo("the client did not finish the handshake within 300 ms");
                assertThat(refusal.kind()).isEqualTo(RefusalKind.TIMEOUT);
            }
            assertThat(closed(silent)).isTrue();
            assertThat(closed(slow)).isTrue();
            stalled.getInputStream().readNBytes(5);
            await(() -> server.counters().open() == 0);
            assertThat(server.counters().failedHandshakes()).isEqualTo(3);
        }
    }

    @Test
    void whoClosesWithoutAWordIsReportedAsHavingClosed() throws Exception {
        try (ConnectionServer server = secure().start(ConnectionServerTest::echo)) {
            silent(server).close();
            Refusal refusal = nextRefusal();
            assertThat(refusal.byPeer()).isTrue();
            assertThat(refusal.problem()).startsWith("the client closed the connection");
            await(() -> server.counters().open() == 0);
        }
    }

    @Test
    void whoSpeaksNoTlsGetsAnAlertAndKeepsNoPlace() throws Exception {
        try (ConnectionServer server = secure().limits(ServerLimits.defaults().withHandshakes(1))
                .start(ConnectionServerTest::echo)) {
            List<Socket> plain = new ArrayList<>();
            for (int i = 0; i < 20; i++) { // they stay connected, each for half a second
                Socket client = silent(server);
                client.getOutputStream().write(new byte[] {1, 0, 0, 0, 0, 68, 0, 1});
                plain.add(client);
            }
            long begun = System.nanoTime();
            try (SSLSocket client = good(server)) {
                echoes(client);
            }
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));
            for (Socket client : plain) {
                assertThat(client.getInputStream().readAllBytes())
                        .as("unexpected_message, and an orderly end")
                        .containsExactly(21, 3, 3, 0, 2, 2, 10);
            }
            assertThat(nextRefusal().problem()).isEqualTo("the client speaks plain DICOM where TLS is spoken");
        }
    }

    @Test
    void whoStallsGivesItsPlaceToWhoWaits() throws Exception {
        try (ConnectionServer server = secure().limits(ServerLimits.defaults().withHandshakes(1))
                .start(ConnectionServerTest::echo)) {
            Socket stalled = silent(server);
            stalled.getOutputStream().write(Hello.clientTls13().record());
            await(() -> server.counters().handshaking() == 1);
            try (SSLSocket client = good(server)) {
                echoes(client);
            }
            assertThat(nextRefusal().problem())
                    .matches("the client let its handshake wait for \\d{4,5} ms, and others wanted its place");
            stalled.setSoTimeout(5000);
            while (!closed(stalled)) {
                // The server's flight.
            }
        }
    }

    @Test
    void aFloodFromOneAddressMakesRoomForAnother() throws Exception {
        try (ConnectionServer server = secure()
                .limits(ServerLimits.defaults().withConnections(4).withPerAddress(4))
                .start(ConnectionServerTest::echo)) {
            List<Socket> flood = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                flood.add(silent(server, "127.0.0.2"));
                int open = i + 1;
                await(() -> server.counters().waiting() == open);
            }
            try (SSLSocket client = good(server, "127.0.0.3")) {
                echoes(client);
                assertThat(closed(flood.get(0))).isTrue();
                Refusal refusal = nextRefusal();
                assertThat(refusal.problem()).matches("it gave way to a newer connection, after \\d+ ms without an octet");
                assertThat(refusal.kind()).isEqualTo(RefusalKind.TOO_MANY_CONNECTIONS);
                assertThat(refusal.connection().peerText()).startsWith("127.0.0.2:");
                assertThat(server.counters().waiting()).isEqualTo(3);
                assertThat(server.counters().turnedAway()).isEqualTo(1);
            }
        }
    }

    @Test
    void anAddressHasNoMoreThanItsShareAndMakesRoomForItselfOnly() throws Exception {
        try (ConnectionServer server = secure()
                .limits(ServerLimits.defaults().withConnections(10).withPerAddress(2))
                .start(ConnectionServerTest::echo)) {
            Socket other = silent(server, "127.0.0.3");
            await(() -> server.counters().waiting() == 1);
            try (SSLSocket first = good(server, "127.0.0.2");
                    SSLSocket second = good(server, "127.0.0.2")) {
                assertThat(closed(silent(server, "127.0.0.2"))).isTrue();
                assertThat(nextRefusal().problem()).isEqualTo("2 connections from this address are open already");
                echoes(first);
                echoes(second);
            }
            await(() -> server.counters().serving() == 0);
            Socket waiting = silent(server, "127.0.0.2");
            await(() -> server.counters().waiting() == 2);
            try (SSLSocket first = good(server, "127.0.0.2");
                    SSLSocket second = good(server, "127.0.0.2")) {
                assertThat(closed(waiting)).isTrue();
                echoes(first);
                echoes(second);
            }
            other.getOutputStream().write(new byte[5]);
            assertThat(other.getInputStream().read()).as("an alert, since it is still there").isEqualTo(21);
        }
    }

    @Test
    void moreThanMayBeEstablishedWaitForTheirTurn() throws Exception {
        try (ConnectionServer server = secure()
                .limits(ServerLimits.defaults().withEstablished(1))
                .start(ConnectionServerTest::echo)) {
            SSLSocket first = good(server);
            CompletableFuture<SSLSocket> second = CompletableFuture.supplyAsync(() -> {
                try {
                    return good(server);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            await(() -> server.counters().queued() == 1);
            echoes(first);
            assertThat(second).isNotDone();
            first.close();
            echoes(second.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aFloodIsALineASecond() throws Exception {
        try (ConnectionServer server = secure()
                .limits(ServerLimits.defaults().withConnections(1))
                .start(ConnectionServerTest::echo)) {
            SSLSocket only = good(server);
            long begun = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                assertThat(closed(silent(server))).isTrue();
            }
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            assertThat(server.counters().turnedAway()).isEqualTo(100);
            assertThat(nextRefusal().problem()).isEqualTo("1 connections are open already");
            assertThat(refusals.size()).isLessThanOrEqualTo((int) seconds);
            echoes(only);
        }
    }

    @Test
    void theNextLineSaysHowManyWereNotTold() throws Exception {
        try (ConnectionServer server = secure()
                .limits(ServerLimits.defaults().withConnections(1))
                .start(ConnectionServerTest::echo)) {
            good(server);
            while (refusals.size() < 2) {
                assertThat(closed(silent(server))).isTrue();
                Thread.sleep(5);
            }
            nextRefusal();
            assertThat(nextRefusal().problem())
                    .matches("1 connections are open already \\(and \\d+ more since this was last said\\)");
        }
    }

    @Test
    void aHandlerThatFailsHarmsNobody() throws Exception {
        try (ConnectionServer server = secure().start(connection -> {
            if (connection.socket().getInputStream().read() == 1) {
                throw new IllegalStateException("a handler's own fault");
            }
            echo(connection);
        })) {
            SSLSocket failing = good(server);
            failing.getOutputStream().write(1);
            assertThat(failing.getInputStream().read()).as("an orderly end").isEqualTo(-1);
            try (SSLSocket client = good(server)) {
                client.getOutputStream().write(2);
                echoes(client);
            }
        }
    }

    @Test
    void aListenerThatFailsHarmsNobody() throws Exception {
        ServerListener failing = new ServerListener() {
            @Override
            public void handshakeFailed(java.net.SocketAddress peer, IOException failure) {
                throw new IllegalStateException("a listener's own fault");
            }
        };
        try (ConnectionServer server = secure().listener(failing).start(ConnectionServerTest::echo)) {
            Socket garbage = silent(server);
            garbage.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(garbage.getInputStream().readAllBytes()).hasSize(7);
            try (SSLSocket client = good(server)) {
                echoes(client);
            }
        }
    }

    @Test
    void closingLetsConnectionsFinishAndNobodyElseIn() throws Exception {
        CountDownLatch draining = new CountDownLatch(1);
        ConnectionServer server = secure().start(connection -> {
            connection.onDrain(draining::countDown);
            echo(connection);
        });
        SSLSocket client = good(server);
        echoes(client);
        Socket silent = silent(server);
        await(() -> server.counters().waiting() == 1);
        Thread closing = new Thread(() -> server.close(TIMEOUT));
        closing.start();
        assertThat(draining.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(closed(silent)).isTrue();
        assertThatThrownBy(() -> silent(server)).isInstanceOf(ConnectException.class);
        echoes(client);
        client.close();
        closing.join(TIMEOUT.toMillis());
        assertThat(closing.isAlive()).isFalse();
        assertThat(server.counters().open()).isZero();
    }

    @Test
    void whoDoesNotFinishIsAbortedAsTheHandlerWantsIt() throws Exception {
        ConnectionServer server = secure().start(connection -> {
            connection.onAbort(() -> {
                try {
                    connection.socket().getOutputStream().write(99);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            echo(connection);
        });
        SSLSocket client = good(server);
        echoes(client);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> server.close(Duration.ofMillis(50)));
        assertThat(client.getInputStream().read()).isEqualTo(99);
        client.close();
        closing.get(20, TimeUnit.SECONDS);
    }

    @Test
    void withoutAWishOfTheHandlerTheSocketIsClosedInOrder() throws Exception {
        ConnectionServer server = secure().start(ConnectionServerTest::echo);
        SSLSocket client = good(server);
        echoes(client);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> server.close(Duration.ofMillis(50)));
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        closing.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aHandlerThatIsStuckInAWriteIsEnded() throws Exception {
        ConnectionServer server = secure().start(connection -> {
            byte[] much = new byte[1 << 16];
            while (true) {
                connection.socket().getOutputStream().write(much);
            }
        });
        SSLSocket client = good(server);
        assertThat(client.getInputStream().read()).isZero();
        long begun = System.nanoTime();
        server.close(Duration.ofMillis(50));
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(server.counters().open()).isZero();
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        ConnectionServer server = secure().start(ConnectionServerTest::echo);
        server.close();
        assertThatCode(server::close).doesNotThrowAnyException();
    }

    @Test
    void aHandlerCanCloseItsServer() throws Exception {
        CompletableFuture<ConnectionServer> self = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        ConnectionServer server = secure().start(connection -> {
            self.join().close();
            done.countDown();
        });
        self.complete(server);
        good(server);
        assertThat(done.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await(() -> threads().isEmpty());
    }

    @Test
    void anAddressThatIsTakenIsAnError() throws Exception {
        try (ConnectionServer server = secure().start(ConnectionServerTest::echo)) {
            assertThatThrownBy(() -> secure()
                            .bind(InetAddress.getLoopbackAddress(), server.port())
                            .start(ConnectionServerTest::echo))
                    .isInstanceOf(java.net.BindException.class);
        }
    }

    @Test
    void theHandlerIsToldBeforeTheKeysAreUsedUp() throws Exception {
        BlockingQueue<Optional<IOException>> ends = new LinkedBlockingQueue<>();
        SecureTransport transport = Transports.serverOf(
                        Engine.JDK,
                        TestProfiles.WIDE.derive("only-12").versions(TlsVersion.TLS_1_2).build())
                .recordLimit(64)
                .build();
        try (ConnectionServer server = ConnectionServer.secure(transport)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .start(connection -> {
                    for (int i = 0; connection.endOfKeys().isEmpty(); i++) {
                        connection.socket().getOutputStream().write(i);
                    }
                    ends.add(connection.endOfKeys());
                })) {
            SSLSocket client = good(server);
            byte[] all = client.getInputStream().readAllBytes();
            assertThat(all.length).isBetween(20, 48);
            assertThat(ends.take().orElseThrow())
                    .hasMessageStartingWith(
                            "the keys of the connection are nearly used up, and TLSv1.2 on engine jdk cannot change them");
        }
    }

    @Test
    void addressesOfOneNetworkOfIpv6AreOne() throws Exception {
        AddressBlock one = AddressBlock.of(InetAddress.getByName("2001:db8:1:2::1"));
        assertThat(AddressBlock.of(InetAddress.getByName("2001:db8:1:2:ffff::9"))).isEqualTo(one);
        assertThat(AddressBlock.of(InetAddress.getByName("2001:db8:1:3::1"))).isNotEqualTo(one);
        assertThat(AddressBlock.of(InetAddress.getByName("192.0.2.1")))
                .isNotEqualTo(AddressBlock.of(InetAddress.getByName("192.0.2.2")));
    }

    @Test
    void limitsBelowOneAreNone() {
        assertThatThrownBy(() -> ServerLimits.defaults().withHandshakes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a limit of 0 handshakes");
        assertThat(ServerLimits.defaults().mostOfOneAddress()).isEqualTo(3584);
        assertThat(ServerLimits.defaults().withConnections(2).mostOfOneAddress()).isEqualTo(2);
        assertThat(ServerLimits.defaults().withConnections(2).withPerAddress(5).mostOfOneAddress()).isEqualTo(2);
    }

    /** One handler with a defect must keep neither the others from being told nor the server from being closed. */
    @Test
    void aDrainActionThatFailsHoldsNothingUp() throws Exception {
        CountDownLatch told = new CountDownLatch(2);
        CountDownLatch serving = new CountDownLatch(3);
        ConnectionServer server = secure().drain(Duration.ofMillis(200)).start(connection -> {
            connection.onDrain(() -> {
                told.countDown();
                throw new IllegalStateException("a defect");
            });
            serving.countDown();
            connection.socket().getInputStream().read();
        });
        for (int i = 0; i < 3; i++) {
            good(server);
        }
        assertThat(serving.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        server.close();
        assertThat(told.await(0, TimeUnit.SECONDS)).isTrue();
        assertThat(server.counters().open()).isZero();
    }

    /** A deadline of the handler's drops the connection; that it is over is counted and told all the same. */
    @Test
    void aConnectionThatIsDroppedIsOver() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        SecureTransport transport = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .listener(new TransportListener() {
                    @Override
                    public void closed(org.dicomtls.transport.Closed closed) {
                        over.countDown();
                    }
                })
                .build();
        try (ConnectionServer server = ConnectionServer.secure(transport)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .drain(Duration.ZERO)
                .start(AcceptedConnection::drop)) {
            good(server);
            assertThat(over.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(transport.counters().open()).isZero();
        }
    }

    /** Who hears of it can rely on it: nobody gets in any more. */
    @Test
    void thatItDrainsIsToldWhenThePortIsClosed() throws Exception {
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        CountDownLatch serving = new CountDownLatch(1);
        ConnectionServer[] made = new ConnectionServer[1];
        made[0] = secure().listener(new ServerListener() {
                    @Override
                    public void draining(ServerCounters counters, Duration patience) {
                        assertThat(counters.serving()).isEqualTo(1);
                        assertThat(patience).isEqualTo(Duration.ZERO);
                        late.complete(catchThrowable(() -> silent(made[0])));
                    }
                })
                .start(connection -> {
                    serving.countDown();
                    connection.socket().getInputStream().read();
                });
        good(made[0]);
        assertThat(serving.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        made[0].close();
        assertThat(late.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(ConnectException.class);
    }
}
