package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Much at once: what is written in few calls arrives whole, and nothing that is held back gets stuck. */
class BulkTest {

    private static final int PDU = 256 * 1024 + 12;

    /** The TCP connection of the client, with its calls counted. */
    private static final class Counted extends SocketView {
        private final AtomicLong writes = new AtomicLong();
        private final AtomicLong octets = new AtomicLong();
        private final AtomicLong most = new AtomicLong();

        Counted(Socket tcp) {
            super(tcp);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(tcp.getInputStream()) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int got = super.read(into, offset, length);
                    most.accumulateAndGet(got, Math::max);
                    return got;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(tcp.getOutputStream()) {
                @Override
                public void write(byte[] data, int offset, int length) throws IOException {
                    writes.incrementAndGet();
                    out.write(data, offset, length);
                    octets.addAndGet(length);
                }
            };
        }
    }

    private interface Client {
        void talk(SSLSocket socket, Counted tcp) throws Exception;
    }

    private interface Server {
        void talk(SSLSocket socket) throws Exception;
    }

    private static void run(Engine engine, Server server, Client client) throws Exception {
        run(engine, server, socket -> {}, client);
    }

    private static void run(Engine engine, Server server, Consumer<SSLSocket> settings, Client client) throws Exception {
        try (ServerSocket listener = Transports.server(engine)
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    server.talk(socket);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            Counted tcp = new Counted(new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
            try (SSLSocket socket = (SSLSocket) Transports.client(engine)
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", listener.getLocalPort(), true)) {
                settings.accept(socket);
                socket.startHandshake();
                client.talk(socket, tcp);
            }
            serving.get(20, TimeUnit.SECONDS);
        }
    }

    private static byte[] noise(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    @ParameterizedTest
    @EnumSource
    void aPduOfSixteenRecordsTakesFiveCallsAndASmallOneTakesOne(Engine engine) throws Exception {
        run(
                engine,
                socket -> {
                    assertThat(socket.getInputStream().readNBytes(PDU)).isEqualTo(noise(PDU));
                    assertThat(socket.getInputStream().readNBytes(100)).isEqualTo(noise(100));
                    socket.getOutputStream().write(1);
                },
                (socket, tcp) -> {
                    long before = tcp.writes.get();
                    socket.getOutputStream().write(noise(PDU));
                    // 17 records, three to a call.
                    assertThat(tcp.writes.get() - before).isBetween(5L, 6L);
                    before = tcp.writes.get();
                    socket.getOutputStream().write(noise(100));
                    assertThat(tcp.writes.get() - before).isEqualTo(1);
                    assertThat(socket.getInputStream().read()).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @EnumSource
    void writesOfAnyLengthArriveWholeAndWithoutWaitingForTheNext(Engine engine) throws Exception {
        int[] lengths = {1, 16_366, 16_367, 16_368, 16_384, 16_385, 32_734, 32_768, 65_535, 65_537, 1 << 20, 2};
        run(
                engine,
                socket -> {
                    for (int length : lengths) {
                        assertThat(socket.getInputStream().readNBytes(length)).isEqualTo(noise(length));
                        socket.getOutputStream().write(7);
                    }
                },
                (socket, tcp) -> {
                    for (int length : lengths) {
                        socket.getOutputStream().write(noise(length));
                        // Whatever was held back would be waited for here.
                        assertThat(socket.getInputStream().read()).isEqualTo(7);
                    }
                });
    }

    /** A record more for each PDU would cost as much as a quarter of its sealing. */
    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.3, 5", "JDK, TLSv1.2, 4", "BC, TLSv1.3, 4", "BC, TLSv1.2, 4"})
    void aWriteMakesNoMoreRecordsThanItsEngineWouldMake(Engine engine, String version, int records) throws Exception {
        int length = 1 << 16;
        run(
                engine,
                socket -> {
                    assertThat(socket.getInputStream().readNBytes(length)).isEqualTo(noise(length));
                    socket.getOutputStream().write(1);
                },
                socket -> socket.setEnabledProtocols(new String[] {version}),
                (socket, tcp) -> {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                    KeyUse use = KeyUse.of(socket).orElseThrow();
                    long before = use.sent();
                    socket.getOutputStream().write(noise(length));
                    assertThat(use.sent() - before).isEqualTo(records);
                    assertThat(socket.getInputStream().read()).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @EnumSource
    void whoReceivesMuchReadsMuchAtATime(Engine engine) throws Exception {
        int length = 8 << 20;
        run(
                engine,
                socket -> {
                    socket.getOutputStream().write(noise(length));
                    assertThat(socket.getInputStream().read()).isEqualTo(1);
                },
                (socket, tcp) -> {
                    assertThat(socket.getInputStream().readNBytes(length)).isEqualTo(noise(length));
                    socket.getOutputStream().write(1);
                    assertThat(tcp.most.get()).isGreaterThan(20_000);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aWriteToAPeerThatDoesNotReadEndsWhenTheConnectionIsClosedBelow(Engine engine) throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Server idle = socket -> {
            over.get(20, TimeUnit.SECONDS);
            try {
                socket.close();
            } catch (IOException e) {
                // The connection was reset, which is what this is about.
            }
        };
        run(engine, idle, (socket, tcp) -> {
            CompletableFuture<IOException> writing = CompletableFuture.supplyAsync(() -> {
                try {
                    byte[] pdu = noise(PDU);
                    for (int i = 0; i < 4096; i++) {
                        socket.getOutputStream().write(pdu);
                    }
                    throw new AssertionError("a gigabyte was taken by nobody");
                } catch (IOException e) {
                    return e;
                }
            });
            long passed = -1;
            while (passed != tcp.octets.get() || passed < 2L * PDU) {
                passed = tcp.octets.get();
                Thread.sleep(200);
            }
            tcp.tcp.setSoLinger(true, 0);
            tcp.tcp.close();
            assertThat(writing.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            over.complete(null);
        });
    }
}
