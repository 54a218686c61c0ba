package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that are silent or too slow are left at the deadline. */
class SlowPeerTest {

    private static final Duration DEADLINE = Duration.ofMillis(200);

    private interface Client {
        void talk(Socket socket, CountDownLatch refused) throws Exception;
    }

    private static TlsRefusal serverAgainst(Engine engine, Client client) throws Exception {
        SecureTransport server =
                Transports.serverOf(engine, TestProfiles.WIDE).handshakeTimeout(DEADLINE).build();
        CountDownLatch refused = new CountDownLatch(1);
        try (SSLServerSocket listener = (SSLServerSocket) server.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> talking = CompletableFuture.runAsync(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                    client.talk(socket, refused);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.startHandshake();
                throw new AssertionError("established");
            } catch (TlsRefusal e) {
                refused.countDown();
                talking.get(10, TimeUnit.SECONDS);
                return e;
            }
        }
    }

    private static void timedOut(TlsRefusal refusal, String peer) {
        assertThat(refusal.problem()).isEqualTo("the " + peer + " did not finish the handshake within 200 ms");
        assertThat(refusal.phase()).isEqualTo(TlsRefusal.Phase.HANDSHAKE);
        assertThat(refusal.remedy()).isEqualTo("look whether it speaks TLS at all, and whether it is overloaded");
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatSaysNothingIsLeft(Engine engine) throws Exception {
        timedOut(serverAgainst(engine, (socket, refused) -> refused.await()), "client");
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatStopsInTheMiddleOfItsHelloIsLeft(Engine engine) throws Exception {
        byte[] record = Hello.clientTls13().record();
        TlsRefusal refusal = serverAgainst(engine, (socket, refused) -> {
            socket.getOutputStream().write(Arrays.copyOf(record, record.length / 2));
            refused.await();
        });
        timedOut(refusal, "client");
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatStopsAfterItsHelloIsLeft(Engine engine) throws Exception {
        TlsRefusal refusal = serverAgainst(engine, (socket, refused) -> {
            socket.getOutputStream().write(Hello.clientTls13().record());
            refused.await();
        });
        timedOut(refusal, "client");
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatSendsAnOctetNowAndThenIsLeftAtTheDeadline(Engine engine) throws Exception {
        byte[] record = Hello.clientTls13().record();
        int[] sent = new int[1];
        TlsRefusal refusal = serverAgainst(engine, (socket, refused) -> {
            socket.setTcpNoDelay(true);
            try {
                for (byte octet : record) {
                    socket.getOutputStream().write(octet);
                    sent[0]++;
                    if (refused.await(20, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (IOException e) {
                // The server has closed, which is what the refusal is about.
            }
        });
        timedOut(refusal, "client");
        assertThat(sent[0]).as("octets of %s", record.length).isLessThan(record.length / 2);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatSaysNothingIsLeft(Engine engine) throws Exception {
        SecureTransport client =
                Transports.clientOf(engine, TestProfiles.WIDE).handshakeTimeout(DEADLINE).build();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SSLSocket socket = (SSLSocket) client.sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket silent = listener.accept()) {
            try {
                socket.startHandshake();
                throw new AssertionError("established");
            } catch (TlsRefusal e) {
                timedOut(e, "server");
            }
            InputStream in = silent.getInputStream();
            assertThat(in.read()).as("the ClientHello is there, so the client did begin").isEqualTo(22);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineDoesNotOutliveTheHandshake(Engine engine) throws Exception {
        SecureTransport client =
                Transports.clientOf(engine, TestProfiles.WIDE).handshakeTimeout(Duration.ofMillis(700)).build();
        long[] waited = new long[1];
        Loopback.Outcome outcome = Loopback.run(
                client,
                Transports.server(engine),
                s -> {
                    s.setSoTimeout(800);
                    s.startHandshake();
                    long begin = System.nanoTime();
                    try {
                        s.getInputStream().read();
                        throw new AssertionError("nothing was sent");
                    } catch (SocketTimeoutException e) {
                        waited[0] = (System.nanoTime() - begin) / 1_000_000;
                    }
                },
                s -> {},
                s -> {});
        assertThat(outcome.client().established().profile()).isEqualTo("test-wide");
        assertThat(waited[0]).isGreaterThanOrEqualTo(780);
    }

    @ParameterizedTest
    @EnumSource
    void recordsWithoutEndBeforeTheHelloAreRefused(Engine engine) throws Exception {
        byte[] noise = org.dicomtls.wire.Bytes.record(20, 0x0303, new byte[16_384]);
        TlsRefusal refusal = serverAgainst(engine, (socket, refused) -> {
            try {
                while (refused.getCount() > 0) {
                    socket.getOutputStream().write(noise);
                }
            } catch (IOException e) {
                // The server has closed, which is what the refusal is about.
            }
        });
        assertThat(refusal.problem()).isEqualTo("the client sends too much before its hello");
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatTakesNothingDoesNotHoldUpTheClose(Engine engine) throws Exception {
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            SSLSocket socket = (SSLSocket)
                    Transports.client(engine).sslContext().getSocketFactory().createSocket();
            try (SSLServerSocket listener = (SSLServerSocket) Transports.server(engine)
                    .sslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> {
                    try {
                        SSLSocket server = (SSLSocket) listener.accept();
                        server.startHandshake();
                        return server;
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                socket.connect(listener.getLocalSocketAddress());
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                try (Socket takesNothing = accepted.get(10, TimeUnit.SECONDS)) {
                    Progress progress = new Progress();
                    ConnectionListener.watch(socket, progress);
                    CompletableFuture<IOException> writing = CompletableFuture.supplyAsync(() -> {
                        try {
                            while (true) {
                                socket.getOutputStream().write(new byte[16_384]);
                            }
                        } catch (IOException e) {
                            return e;
                        }
                    });
                    progress.awaitStandstill();
                    long begin = System.nanoTime();
                    socket.close();
                    assertThat(System.nanoTime() - begin).as(version).isLessThan(5_000_000_000L);
                    assertThat(writing.get(10, TimeUnit.SECONDS)).as(version).isNotNull();
                    assertThat(takesNothing.isClosed()).as("by the peer itself").isFalse();
                }
            }
        }
    }

    /** Sees when a write makes no progress any more. */
    private static final class Progress implements ConnectionListener {
        private volatile long since = Long.MAX_VALUE;

        @Override
        public void sending() {
            since = System.nanoTime();
        }

        @Override
        public void sent() {
            since = Long.MAX_VALUE;
        }

        void awaitStandstill() throws InterruptedException {
            long end = System.nanoTime() + 20_000_000_000L;
            while (since == Long.MAX_VALUE || System.nanoTime() - since < 300_000_000) {
                assertThat(System.nanoTime()).as("the buffers fill up").isLessThan(end);
                Thread.sleep(5);
            }
        }
    }
}
