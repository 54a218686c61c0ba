package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.ConnectionMonitor;
import org.dcm4che3.net.pdu.AAbort;
import org.dicomtls.dcm4che.Wire.Fault;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers and lines that fail at any point: the association ends in time at both ends, the log says what happened, the next
 * one works, and no thread or socket is left.
 */
class FaultTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_NON_DOWNGRADING;
    private static final Duration LIMIT = Duration.ofMillis(700);
    private static final Duration HANDSHAKE = Duration.ofMillis(1_500);
    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final long AT_ONCE_NANOS = 15_000_000_000L;

    private final Events atServer = new Events();
    private final Events atClient = new Events();
    private final BlockingQueue<Throwable> rejected = new LinkedBlockingQueue<>();
    private Log log;
    private Remains before;

    /** What an engine and the JVM start once for all is there before anything is counted. */
    @BeforeAll
    static void warm() throws Exception {
        for (Engine engine : Engine.values()) {
            SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT).build();
            try (Node scp = Node.scp(Keys.transport(PROFILE, engine, Role.SERVER).build());
                    Node scu = Node.scu(client)) {
                scu.echo(Node.remote(client, scp.port()));
            }
        }
    }

    @BeforeEach
    void count() throws IOException {
        before = Remains.now();
        log = new Log();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        log.close();
        before.nothingMore();
    }

    private interface Scene {
        void play(Node scp, Node scu, SecureTransport client) throws Exception;
    }

    private void between(Engine engine, Scene scene) throws Exception {
        between(engine, AMPLE, AMPLE, scene);
    }

    /**
     * Plays it between two devices, and lets the same devices have an association afterwards.
     *
     * @param handshake the time for handshakes; that of the association afterwards as well
     * @param silence the time for which a peer may be silent
     */
    private void between(Engine engine, Duration handshake, Duration silence, Scene scene) throws Exception {
        SecureTransport server = Keys.transport(PROFILE, engine, Role.SERVER)
                .handshakeTimeout(handshake)
                .listener(atServer)
                .build();
        SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT)
                .handshakeTimeout(handshake)
                .listener(atClient)
                .build();
        try (Node scp = Node.scp(server);
                Node scu = Node.scu(client)) {
            scp.device.setConnectionMonitor(new Rejections());
            long begin = System.nanoTime();
            limit(scp, silence);
            limit(scu, silence);
            scene.play(scp, scu, client);
            await("associations of the SCP", () -> scp.device.getNumberOfOpenAssociations() == 0);
            await("associations of the SCU", () -> scu.device.getNumberOfOpenAssociations() == 0);
            assertThat(System.nanoTime() - begin).as("time").isLessThan(AT_ONCE_NANOS);
            limit(scp, AMPLE);
            limit(scu, AMPLE);
            Connection remote = Node.remote(client, scp.port());
            CompletableFuture<AssociationSecurity> echo = new CompletableFuture<>();
            Thread next = new Thread(() -> {
                try {
                    echo.complete(scu.echo(remote));
                } catch (Exception e) {
                    echo.completeExceptionally(e);
                }
            });
            next.start();
            assertThat(echo.get(15, TimeUnit.SECONDS).negotiated().profile()).as("the next").isEqualTo(PROFILE.id());
        }
    }

    private static void limit(Node node, Duration limit) {
        PolicyDevice device = (PolicyDevice) node.device;
        device.setStallLimit(limit);
        device.setSilenceLimit(limit);
        node.connection.setAbortTimeout(200);
    }

    /** One end was told of an association between SCU and SCP. */
    private static void told(Events events, RefusalKind kind, String... parts) throws InterruptedException {
        Refusal refusal = events.refusal();
        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.callingAeTitle()).contains("SCU");
        assertThat(refusal.calledAeTitle()).contains("SCP");
        assertThat(refusal.connection().peerText()).startsWith("127.0.0.1:");
        assertThat(refusal.problem()).contains(parts);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + AT_ONCE_NANOS;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private final class Rejections implements ConnectionMonitor {
        @Override
        public void onConnectionRejected(Connection connection, Socket socket, Throwable e) {
            rejected.add(e);
        }

        @Override
        public void onConnectionEstablished(Connection connection, Connection remote, Socket socket) {}

        @Override
        public void onConnectionFailed(Connection connection, Connection remote, Socket socket, Throwable e) {}

        @Override
        public void onConnectionRejectedBlacklisted(Connection connection, Socket socket) {}

        @Override
        public void onConnectionAccepted(Connection connection, Socket socket) {}
    }

    /** Sends an object of 20 MB, and lets something happen in the middle of it; returns what the SCU was told. */
    private static Throwable storeInterrupted(Association association, Consumer<Association> event) {
        return catchThrowable(() -> Node.status(association.cstore(
                Node.STORAGE,
                "2.25.1",
                0,
                (out, transferSyntax) -> {
                    out.write(new byte[1_000_000]);
                    event.accept(association);
                    out.write(new byte[19_000_000]);
                },
                UID.ImplicitVRLittleEndian)));
    }

    // ---- the line

    @ParameterizedTest
    @CsvSource({"JDK, CLOSED", "JDK, RESET", "JDK, TRUNCATED", "BC, CLOSED", "BC, RESET", "BC, TRUNCATED"})
    void aLineThatBreaksInMidTransfer(Engine engine, Fault fault) throws Exception {
        between(engine, (scp, scu, client) -> {
            try (Wire wire = new Wire(scp.port())) {
                Association association = scu.open(Node.remote(client, wire.port()));
                assertThat(storeInterrupted(association, as -> {
                            scp.storing.join();
                            wire.fail(fault);
                        })).isInstanceOf(IOException.class);
            }
            assertThat(scp.stored).as("half an object").isNotDone();
            told(atServer, RefusalKind.ASSOCIATION_CLOSED, "SCP<-SCU(", "lost in the middle of a data set");
            told(atClient, RefusalKind.ASSOCIATION_CLOSED, "SCU->SCP(", "lost: ");
            log.await("refused 127.0.0.1:", "SCP<-SCU(", "lost in the middle of a data set", "read the log of the peer");
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aLineThatGoesDeadInMidTransfer(Engine engine) throws Exception {
        between(engine, AMPLE, LIMIT, (scp, scu, client) -> {
            try (Wire wire = new Wire(scp.port())) {
                Association association = scu.open(Node.remote(client, wire.port()));
                assertThat(storeInterrupted(association, as -> {
                            scp.storing.join();
                            wire.fail(Fault.SILENT);
                        }))
                        .isInstanceOf(IOException.class);
                told(
                        atServer,
                        RefusalKind.ASSOCIATION_TIMEOUT,
                        "SCP<-SCU(",
                        "aborted, for nothing came for 700 ms in the middle of a data set");
                told(
                        atClient,
                        RefusalKind.ASSOCIATION_TIMEOUT,
                        "SCU->SCP(",
                        "aborted, for the peer took nothing of what was sent to it for 700 ms");
                await("the end at the SCP", () -> scp.device.getNumberOfOpenAssociations() == 0);
            }
            assertThat(scp.stored).as("half an object").isNotDone();
        });
    }

    @ParameterizedTest
    @CsvSource({"JDK, 1", "JDK, 2", "BC, 1", "BC, 2"})
    void aLineThatGoesDeadInTheHandshake(Engine engine, int record) throws Exception {
        between(engine, HANDSHAKE, AMPLE, (scp, scu, client) -> {
            try (Wire wire = new Wire(scp.port())) {
                wire.failingAtServersRecord(record, Fault.SILENT);
                assertThat(catchThrowable(() -> scu.open(Node.remote(client, wire.port()))))
                        .isInstanceOf(TlsRefusal.class)
                        .hasMessageContaining("the server did not finish the handshake within 1500 ms");
                assertThat(atServer.refusal().text())
                        .contains("the client did not finish the handshake within 1500 ms");
                assertThat(rejected.poll(10, TimeUnit.SECONDS)).isInstanceOf(TlsRefusal.class);
                log.await("refused 127.0.0.1:", "the client did not finish the handshake");
                log.await("refused 127.0.0.1:" + wire.port(), "the server did not finish the handshake");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"JDK, CLOSED", "JDK, RESET", "JDK, TRUNCATED", "BC, CLOSED", "BC, RESET", "BC, TRUNCATED"})
    void aLineThatBreaksInTheHandshake(Engine engine, Fault fault) throws Exception {
        between(engine, (scp, scu, client) -> {
            try (Wire wire = new Wire(scp.port())) {
                wire.failingAtServersRecord(1, fault);
                assertThat(catchThrowable(() -> scu.open(Node.remote(client, wire.port()))))
                        .isInstanceOf(TlsRefusal.class)
                        .satisfies(e -> assertThat(((TlsRefusal) e).kind()).isIn(RefusalKind.CLOSED, RefusalKind.RESET));
                assertThat(atServer.refusal().kind()).isIn(RefusalKind.CLOSED, RefusalKind.RESET);
                log.await("refused 127.0.0.1:", "the client", "the handshake");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aLineThatGoesDeadBetweenMessages(Engine engine) throws Exception {
        between(engine, AMPLE, LIMIT, (scp, scu, client) -> {
            try (Wire wire = new Wire(scp.port())) {
                Association association = scu.open(Node.remote(client, wire.port()));
                assertThat(Node.status(association.cecho())).isZero();
                wire.fail(Fault.SILENT);
                told(
                        atServer,
                        RefusalKind.ASSOCIATION_TIMEOUT,
                        "SCP<-SCU(",
                        "aborted, for neither end sent anything for 700 ms");
                told(
                        atClient,
                        RefusalKind.ASSOCIATION_TIMEOUT,
                        "SCU->SCP(",
                        "aborted, for neither end sent anything for 700 ms");
                await("the end at the SCU", () -> scu.device.getNumberOfOpenAssociations() == 0);
            }
        });
    }

    // ---- the client

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatStopsInTheMiddleOfItsRequest(Engine engine) throws Exception {
        between(engine, AMPLE, LIMIT, (scp, scu, client) -> {
            try (SSLSocket half = (SSLSocket)
                    client.sslContext().getSocketFactory().createSocket("localhost", scp.port())) {
                half.setSoTimeout(10_000);
                half.getOutputStream().write(new byte[] {1, 0, 0, 0, 0, (byte) 200, 0, 1, 0, 0, 'S', 'C', 'P'});
                assertThat(half.getInputStream().read()).as("closed by the SCP").isEqualTo(-1);
            }
            assertThat(atServer.refusal().problem())
                    .isEqualTo("aborted, for nothing came for 700 ms in the middle of a PDU,"
                            + " 193 of 200 octets of A-ASSOCIATE-RQ missing");
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatIsSilentAfterTheHandshake(Engine engine) throws Exception {
        between(engine, (scp, scu, client) -> {
            scp.connection.setRequestTimeout(400);
            try (SSLSocket silent = (SSLSocket)
                    client.sslContext().getSocketFactory().createSocket("localhost", scp.port())) {
                silent.setSoTimeout(10_000);
                silent.startHandshake();
                assertThat(silent.getInputStream().read()).as("closed by the SCP").isEqualTo(-1);
            }
            Refusal refusal = atServer.refusal();
            assertThat(refusal.kind()).isEqualTo(RefusalKind.ASSOCIATION_TIMEOUT);
            assertThat(refusal.problem()).isEqualTo("no A-ASSOCIATE-RQ within 400 ms");
            scp.connection.setRequestTimeout(20_000);
        });
    }

    /** As in a configuration that says nothing of timeouts: in dcm4che that is for ever. */
    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatIsSilentAfterTheHandshakeWhereNoTimeoutIsSet(Engine engine) throws Exception {
        between(engine, AMPLE, LIMIT, (scp, scu, client) -> {
            scp.connection.setRequestTimeout(Connection.NO_TIMEOUT);
            try (SSLSocket silent = (SSLSocket)
                    client.sslContext().getSocketFactory().createSocket("localhost", scp.port())) {
                silent.setSoTimeout(10_000);
                silent.startHandshake();
                assertThat(silent.getInputStream().read()).as("closed by the SCP").isEqualTo(-1);
            }
            assertThat(atServer.refusal().problem())
                    .isEqualTo("aborted, for nothing came for 700 ms before the first PDU");
        });
    }

    // ---- the server

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aServerThatDoesNotAnswerTheRequest(Engine engine) throws Exception {
        between(engine, (scp, scu, client) -> {
            SecureTransport transport = Keys.transport(PROFILE, engine, Role.SERVER).build();
            CountDownLatch over = new CountDownLatch(1);
            try (SSLServerSocket listener = (SSLServerSocket) transport.sslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                    try (SSLSocket socket = (SSLSocket) listener.accept()) {
                        socket.startHandshake();
                        over.await();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                scu.connection.setAcceptTimeout(400);
                assertThat(catchThrowable(() -> scu.open(Node.remote(client, listener.getLocalPort()))))
                        .isInstanceOf(AAbort.class);
                over.countDown();
                serving.get(10, TimeUnit.SECONDS);
            }
            told(atClient, RefusalKind.ASSOCIATION_ABORTED, "SCU->SCP(", "A-ABORT[source: 0", " of this end");
            scu.connection.setAcceptTimeout(20_000);
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aServerThatNeverAnswersAStore(Engine engine) throws Exception {
        between(engine, AMPLE, LIMIT, (scp, scu, client) -> {
            CountDownLatch over = new CountDownLatch(1);
            scp.whenStored = () -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            Association association = scu.open(Node.remote(client, scp.port()));
            assertThat(storeInterrupted(association, as -> {})).isInstanceOf(IOException.class);
            told(
                    atClient,
                    RefusalKind.ASSOCIATION_TIMEOUT,
                    "SCU->SCP(",
                    "aborted, for neither end sent anything for 700 ms");
            over.countDown();
        });
    }

    // ---- killed processes

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatIsKilledInMidTransfer(Engine engine) throws Exception {
        between(engine, (scp, scu, client) -> {
            try (Child child = Child.scu(engine, scp.port())) {
                child.await("in the middle");
                child.kill();
            }
            Refusal lost = atServer.refusal();
            assertThat(lost.kind()).isEqualTo(RefusalKind.ASSOCIATION_CLOSED);
            assertThat(lost.callingAeTitle()).contains("CHILD");
            assertThat(lost.problem()).startsWith("SCP<-CHILD(").contains("lost in the middle of a data set");
            assertThat(scp.stored).as("half an object").isNotDone();
        });
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aServerThatIsKilledInMidTransfer(Engine engine) throws Exception {
        between(engine, (scp, scu, client) -> {
            try (Child child = Child.scp(engine)) {
                int port = Integer.parseInt(child.await("listening on ").replaceAll("\\D", ""));
                Association association = scu.open(Node.remote(client, port));
                assertThat(storeInterrupted(association, as -> child.kill())).isInstanceOf(IOException.class);
            }
            told(atClient, RefusalKind.ASSOCIATION_CLOSED, "SCU->SCP(", "lost: ");
        });
    }
}
