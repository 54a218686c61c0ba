package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.dicomtls.audittrail.TestRepository.Habit;
import org.dicomtls.policy.Engine;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TestEnds;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.TransportListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the end of a connection shows, for each engine and version: the facts that the proof of delivery stands on. */
class SyslogConnectionTest {

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final byte[] FRAME = "5 hello".getBytes(StandardCharsets.US_ASCII);

    static Stream<Arguments> engines() {
        return Stream.of(Engine.values())
                .flatMap(client -> Stream.of(Engine.values()).flatMap(server -> Stream.of(
                                TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                        .map(version -> Arguments.of(client, server, version))));
    }

    private static SyslogConnection connect(SecureTransport client, int port) throws IOException {
        SyslogConnection connection = new SyslogConnection(client, "localhost", port, LONG);
        try {
            connection.open(LONG);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private static SyslogConnection connect(Engine engine, TestRepository repository) throws IOException {
        return connect(TestEnds.client(engine), repository.port());
    }

    private static TestRepository repository(Habit habit) throws IOException {
        return new TestRepository(TestEnds.server(Engine.JDK, TransportListener.NONE), habit);
    }

    /** SunJSSE shows the answer to its close_notify, BCJSSE does not: why the engine bc needs the weaker proof. */
    @ParameterizedTest
    @MethodSource("engines")
    void anAnswerToCloseNotifyIsSeenByTheEngineJdkOnly(Engine client, Engine server, TlsVersion version)
            throws Exception {
        try (TestRepository repository = new TestRepository(TestEnds.server(server, version), TestRepository.GOOD);
                SyslogConnection connection = connect(client, repository)) {
            connection.send(FRAME);
            assertThat(connection.finish(LONG))
                    .isEqualTo(client == Engine.JDK ? DeliveryProof.CLOSE_NOTIFY : DeliveryProof.END_OF_STREAM);
            assertThat(repository.received()).containsExactly("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithoutCloseNotifyShowsLess(Engine engine) throws Exception {
        Habit silent = connection -> {
            while (connection.take()) {
                // all of it
            }
            connection.endWithoutNotify();
        };
        try (TestRepository repository = repository(silent);
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            assertThat(connection.finish(LONG)).isEqualTo(DeliveryProof.END_OF_STREAM);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetShowsNothing(Engine engine) throws Exception {
        Habit reset = connection -> {
            while (connection.take()) {
                // all of it
            }
            connection.reset();
        };
        try (TestRepository repository = repository(reset);
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            assertThatThrownBy(() -> connection.finish(LONG)).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    /**
     * A repository that closes with octets unread, at the very moment when an answer is due. Java ends the stream first,
     * and then the system resets the connection: reading shows the end of the stream only.
     */
    @ParameterizedTest
    @EnumSource
    void anEndWithOctetsUnreadIsFollowedByAReset(Engine engine) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Habit half = connection -> {
            connection.take();
            await(ended);
            connection.endWithoutNotify();
        };
        try (TestRepository repository = repository(half);
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            repository.await(messages -> messages.size() == 1);
            connection.send(FRAME);
            connection.await(SHORT);
            CompletableFuture.delayedExecutor(SHORT.toMillis(), TimeUnit.MILLISECONDS).execute(ended::countDown);
            DeliveryProof shown = connection.finish(LONG);
            assertThat(shown).isEqualTo(DeliveryProof.END_OF_STREAM);
            connect(engine, repository).close(); // the time that a handshake takes
            assertThatThrownBy(connection::requireNoReset)
                    .hasMessage("the repository closed the connection and left octets unread");
        }
    }

    /**
     * JSSE's SSLSocket throws away what is unread when it is closed, and says close_notify: nothing tells this from an
     * answer, on the connection itself. Why a new connection has to be taken as well.
     */
    @Test
    void anOrderlyEndWithOctetsUnreadLooksLikeAnAnswer() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Habit leaving = connection -> {
            connection.take();
            await(ended);
            connection.end();
        };
        try (TestRepository repository = repository(leaving);
                SyslogConnection connection = connect(Engine.JDK, repository)) {
            connection.send(FRAME);
            repository.await(messages -> messages.size() == 1);
            connection.send(FRAME);
            connection.await(SHORT);
            CompletableFuture.delayedExecutor(SHORT.toMillis(), TimeUnit.MILLISECONDS).execute(ended::countDown);
            assertThat(connection.finish(LONG)).isEqualTo(DeliveryProof.CLOSE_NOTIFY);
            connect(Engine.JDK, repository).close();
            connection.requireNoReset();
            assertThat(repository.received()).hasSize(1);
        }
    }

    /** Why an engine is used: a socket gives the same end of the stream for a close_notify and for none. */
    @Test
    void aSocketOfSunJsseDoesNotTellACloseNotifyFromNone() throws Exception {
        for (Habit habit : List.<Habit>of(TestRepository.GOOD, connection -> {
            while (connection.take()) {
                // all of it
            }
            connection.endWithoutNotify();
        })) {
            try (TestRepository repository = repository(habit);
                    SSLSocket socket = (SSLSocket) TestEnds.client(Engine.JDK)
                            .sslContext()
                            .getSocketFactory()
                            .createSocket("localhost", repository.port())) {
                socket.getOutputStream().write(FRAME);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertThat(repository.received()).containsExactly("hello");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithEverythingReadIsFollowedByNothing(Engine engine) throws Exception {
        try (TestRepository repository = repository(TestRepository.GOOD);
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            connection.finish(LONG);
            connect(engine, repository).close();
            connection.requireNoReset();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndThatComesBeforeOursShowsNothing(Engine engine) throws Exception {
        try (TestRepository repository = repository(connection -> {
                    connection.take();
                    connection.end();
                });
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 50; i++) {
                            connection.await(SHORT);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("the repository closed the connection");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepositoryThatDoesNotEndTheConnectionShowsNothing(Engine engine) throws Exception {
        try (TestRepository repository = repository(connection -> {
                    connection.take();
                    connection.idle();
                });
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            assertThatThrownBy(() -> connection.finish(SHORT)).hasMessage("the repository does not answer");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepositoryThatStopsReadingIsGivenUp(Engine engine) throws Exception {
        byte[] large = new byte[32_768];
        try (TestRepository repository = repository(TestRepository.Connection::idle);
                SyslogConnection connection =
                        new SyslogConnection(TestEnds.client(engine), "localhost", repository.port(), SHORT)) {
            connection.open(LONG);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            connection.send(large);
                        }
                    })
                    .hasMessage("the repository takes no more octets");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatARepositorySaysIsReadOnlySoFar(Engine engine) throws Exception {
        try (TestRepository repository = repository(connection -> {
                    while (true) {
                        connection.write(new byte[16_000]);
                    }
                });
                SyslogConnection connection = connect(engine, repository)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            connection.await(SHORT);
                        }
                    })
                    .hasMessage("the repository sends data, which RFC 5425 does not know");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepositoryThatTalksInsteadOfAnAnswerIsGivenUp(Engine engine) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TestRepository repository = repository(connection -> {
                    while (connection.take()) {
                        // until the end
                    }
                    ended.countDown();
                    while (true) {
                        connection.write(new byte[16_000]);
                    }
                });
                SyslogConnection connection = connect(engine, repository)) {
            connection.send(FRAME);
            assertThatThrownBy(() -> connection.finish(SHORT)).hasMessage("the repository does not answer");
            await(ended);
        }
    }

    /** In the clear, in the middle of the handshake: {@code close_notify} and the end. */
    @ParameterizedTest
    @EnumSource
    void anEndInTheHandshakeIsNoConnection(Engine engine) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().readNBytes(5);
                    socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 1, 0});
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The client has seen enough.
                }
            });
            assertThatThrownBy(() -> connect(TestEnds.client(engine), listener.getLocalPort()))
                    .isInstanceOf(IOException.class);
            server.get(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRepositoryIsHeldToTheProfile(Engine engine) throws Exception {
        try (TestRepository impostor = new TestRepository(TestEnds.impostor(Engine.JDK), TestRepository.GOOD)) {
            assertThatThrownBy(() -> connect(engine, impostor))
                    .isInstanceOf(TlsRefusal.class)
                    .hasMessageContaining("CN=impostor");
            assertThat(impostor.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalOfOurCertificateIsNoDelivery(Engine engine) throws Exception {
        try (TestRepository repository = repository(TestRepository.GOOD)) {
            assertThatThrownBy(() -> {
                        try (SyslogConnection connection =
                                connect(TestEnds.stranger(engine), repository.port())) {
                            connection.send(FRAME);
                            connection.await(LONG);
                            connection.finish(LONG);
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(repository.received()).isEmpty();
        }
    }

    @Test
    void aHostWithoutTheServiceIsNamedByItsAddresses() throws Exception {
        int port = TestRepository.freePort();
        assertThatThrownBy(() -> connect(TestEnds.client(Engine.JDK), port))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("no connection to (127\\.0\\.0\\.1|0:0:0:0:0:0:0:1) port " + port + ": Connection refused");
    }

    @ParameterizedTest
    @EnumSource
    void anotherThreadCanGiveItUp(Engine engine) throws Exception {
        try (TestRepository repository = repository(TestRepository.Connection::idle);
                SyslogConnection connection = connect(engine, repository)) {
            Thread other = new Thread(connection::abandon);
            other.start();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 50; i++) {
                            connection.await(LONG);
                        }
                    })
                    .hasMessage("given up, because this end closes");
            other.join();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void framesCountOctetsAndNotCharacters() {
        assertThat(new String(SyslogFormat.frame("é".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("2 é");
        assertThat(List.of(SyslogFormat.frame(new byte[0]))).hasSize(1);
    }
}
