package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.association.AssociationSummary.Ending;
import org.dicomtls.server.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DicomServerTest {
    private final Loopback.Events events = new Loopback.Events();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        long end = System.nanoTime() + 5_000_000_000L;
        while (!serverThreads().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait(); // an executor is terminated a moment before its thread is
        }
        assertThat(serverThreads()).isEmpty();
    }

    private static List<String> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dicom-tls-server-"))
                .toList();
    }

    private Socket client(DicomServer server) throws IOException {
        Socket socket = Loopback.connect(server.port());
        clients.add(socket);
        return socket;
    }

    private Association associated(DicomServer server) throws IOException {
        return Association.open(
                client(server), "TEST", "ANY", PresentationContext.verification(), Loopback.TIMEOUT);
    }

    @Test
    void tellsWhatHappens() throws Exception {
        try (DicomServer server =
                DicomServer.on(Loopback.connections()).listener(events).start()) {
            Association association = associated(server);
            association.echo();
            association.release();
            events.nextAccepted();
            assertThat(events.nextOpened().callingAeTitle()).isEqualTo("TEST");
            AssociationSummary summary = events.nextClosed();
            assertThat(summary.ending()).isEqualTo(Ending.RELEASED);
            assertThat(summary.echoes()).isEqualTo(1);
        }
    }

    @Test
    void silentClientsDelayNobody() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try (DicomServer server =
                DicomServer.on(Loopback.connections()).listener(events).drain(Duration.ZERO).start()) {
            for (int i = 0; i < 5; i++) {
                client(server);
                events.nextAccepted();
            }
            List<Future<DimseStatus>> echoes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                echoes.add(threads.submit(() -> {
                    Association association = Association.open(
                            Loopback.connect(server.port()), "TEST", "ANY", PresentationContext.verification(),
                            Loopback.TIMEOUT);
                    DimseStatus status = association.echo();
                    association.release();
                    return status;
                }));
            }
            for (Future<DimseStatus> echo : echoes) {
                assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo(DimseStatus.SUCCESS);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(events.nextClosed().ending()).isEqualTo(Ending.RELEASED);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSetupThatNeverEndsIsCutOffAndDelaysNobody() throws Exception {
        ConnectionSetup firstOctet = accepted -> {
            if (accepted.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
            return accepted;
        };
        try (DicomServer server = DicomServer.on(Loopback.connections())
                .setup(firstOctet)
                .setupTimeout(Duration.ofMillis(300))
                .listener(events)
                .start()) {
            Socket silent = client(server);
            events.nextAccepted();
            Socket prompt = client(server);
            prompt.getOutputStream().write(0);
            Association association = Association.open(
                    prompt, "TEST", "ANY", PresentationContext.verification(), Loopback.TIMEOUT);
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            association.release();
            assertThat(Loopback.toTheEnd(silent.getInputStream())).isEmpty();
            assertThat(events.nextFailed())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("the setup took longer than 300 ms");
        }
    }

    @Test
    void aSetupThatFailsIsReportedAsItFailed() throws Exception {
        IOException refusal = new IOException("no");
        ConnectionSetup refusing = accepted -> {
            throw refusal;
        };
        try (DicomServer server =
                DicomServer.on(Loopback.connections()).setup(refusing).listener(events).start()) {
            assertThat(Loopback.toTheEnd(client(server).getInputStream())).isEmpty();
            assertThat(events.nextFailed()).isSameAs(refusal);
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAtOnce() throws Exception {
        try (DicomServer server = DicomServer.on(Loopback.connections().limits(ServerLimits.defaults().withConnections(2)))
                .listener(events)
                .drain(Duration.ZERO)
                .start()) {
            client(server);
            client(server);
            events.nextAccepted();
            events.nextAccepted();
            assertThat(Loopback.toTheEnd(client(server).getInputStream())).isEmpty();
            assertThat(events.nextRefused()).isEqualTo("2 connections are open already");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void moreConnectionsThanAllowedOfOneAddressAreClosedAtOnce() throws Exception {
        try (DicomServer server = DicomServer.on(Loopback.connections().limits(ServerLimits.defaults().withPerAddress(1)))
                .listener(events)
                .drain(Duration.ZERO)
                .start()) {
            client(server);
            events.nextAccepted();
            assertThat(Loopback.toTheEnd(client(server).getInputStream())).isEmpty();
            assertThat(events.nextRefused()).isEqualTo("1 connections from this address are open already");
        }
    }

    @Test
    void closingLetsAssociationsFinish() throws Exception {
        DicomServer server =
                DicomServer.on(Loopback.connections()).listener(events).start();
        Association association = associated(server);
        events.nextOpened();
        Socket silent = client(server);
        events.nextAccepted();
        events.nextAccepted();
        int port = server.port();
        CountDownLatch closed = new CountDownLatch(1);
        Thread closing = new Thread(() -> {
            server.close(Duration.ofSeconds(20));
            closed.countDown();
        });
        closing.start();
        // The end of the connection without an association tells that closing has begun.
        assertThat(Loopback.toTheEnd(silent.getInputStream())).isEmpty();
        assertThatThrownBy(() -> Loopback.connect(port)).isInstanceOf(ConnectException.class);
        assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
        association.release();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events.nextClosed().ending()).isIn(Ending.RELEASED, Ending.CONNECTION_LOST);
        assertThat(server.connections()).isZero();
    }

    @Test
    void closingAbortsWhatDoesNotFinish() throws Exception {
        DicomServer server =
                DicomServer.on(Loopback.connections()).listener(events).start();
        Association association = associated(server);
        events.nextOpened();
        server.close(Duration.ofMillis(50));
        assertThat(serverThreads()).isEmpty();
        assertThat(events.nextClosed().ending()).isEqualTo(Ending.ABORTED_HERE);
        assertThatThrownBy(association::echo)
                .isInstanceOf(AssociationAbortedException.class)
                .hasMessage("the peer aborted the association: service user");
        assertThat(server.connections()).isZero();
    }

    @Test
    void aListenerThatFailsHarmsNobody() throws Exception {
        DicomServerListener failing = new DicomServerListener() {
            @Override
            public void associationOpened(Socket connection, AssociationDescription association) {
                throw new IllegalStateException("a listener's own fault");
            }
        };
        try (DicomServer server =
                DicomServer.on(Loopback.connections()).listener(failing).start()) {
            Association association = associated(server);
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            association.release();
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        DicomServer server = DicomServer.on(Loopback.connections()).start();
        server.close();
        assertThatCode(server::close).doesNotThrowAnyException();
    }
}
