package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a server sends, an audit ends with a conclusion and not with a defect of ours. */
@Timeout(180)
class HostileServerTest {

    private static final int STREAMS = 10_000;
    private static final int CHANGED = 1_500;
    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;

    /** What becomes of one connection. */
    private interface Connection {
        void on(Socket socket, int number) throws IOException;
    }

    private static final class Listener implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        private final AtomicInteger connections = new AtomicInteger();
        private final ExecutorService threads = Executors.newCachedThreadPool(r -> {
            Thread thread = new Thread(r, "hostile-server");
            thread.setDaemon(true);
            return thread;
        });

        Listener(Connection connection) throws IOException {
            threads.execute(() -> {
                try {
                    while (true) {
                        Socket socket = listener.accept();
                        int number = connections.incrementAndGet();
                        threads.execute(() -> {
                            try (socket) {
                                socket.setTcpNoDelay(true);
                                connection.on(socket, number);
                            } catch (IOException e) {
                                // the auditor has gone
                            }
                        });
                    }
                } catch (IOException e) {
                    // closed
                }
            });
        }

        Target target() {
            return new Target("127.0.0.1", listener.getLocalPort(), Duration.ofMillis(300), Duration.ZERO);
        }

        @Override
        public void close() throws IOException {
            listener.close();
            threads.shutdownNow();
        }
    }

    /** Random octets, most of them in the shape of a record, so that the reader gets deeper than the first octet. */
    private static byte[] garbage(Random random) {
        byte[] octets = new byte[random.nextInt(600)];
        random.nextBytes(octets);
        if (octets.length > 60 && random.nextInt(4) > 0) {
            int length = octets.length - 5;
            byte[] header = {22, 3, 3, (byte) (length >>> 8), (byte) length, 2, 0, (byte) (length - 4 >>> 8), (byte) (length - 4), 3, 3};
            System.arraycopy(header, 0, octets, 0, header.length);
            if (random.nextBoolean()) {
                octets[43] = 0;
                octets[44] = (byte) (random.nextBoolean() ? 0xC0 : 0x13);
                octets[45] = (byte) (random.nextBoolean() ? 0x2F : 0x01);
                octets[46] = 0;
                octets[47] = (byte) (length - 43 >>> 8);
                octets[48] = (byte) (length - 43);
            }
        }
        return octets;
    }

    @Test
    void tenThousandRandomStreams() throws Exception {
        try (Listener garbage = new Listener((socket, number) -> {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream().write(garbage(new Random(number)));
        })) {
            while (garbage.connections.get() < STREAMS) {
                Audit audit = Audit.of(garbage.target(), PROFILE, Presented.NOTHING, Manner.DEFAULT);
                assertThat(audit.conclusion()).isNotEqualTo(Conclusion.CONFORMANT);
            }
        }
    }

    /** One octet in a hundred is another one: most of it is TLS, and all of it can be wrong. */
    @Test
    void anHonestServerBehindANoisyLine() throws Exception {
        TestPki pki = TestPki.create(PkiOptions.ecdsaOnly());
        DicomServer honest = ReferenceServer.start(PROFILE, Engine.JDK, pki);
        try (Listener noisy = new Listener((socket, number) -> {
            try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), honest.port())) {
                Thread forth = new Thread(() -> copy(socket, upstream, null));
                forth.setDaemon(true);
                forth.start();
                copy(upstream, socket, new Random(number));
            }
        })) {
            while (noisy.connections.get() < CHANGED) {
                Audit audit = Audit.of(noisy.target(), PROFILE, Presented.of(pki), Manner.DEFAULT);
                assertThat(audit.counts().get(Verdict.INCONCLUSIVE)).isPositive();
            }
        } finally {
            honest.close(Duration.ofMillis(200));
        }
    }

    private static void copy(Socket from, Socket to, Random noise) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; noise != null && i < n; i++) {
                    if (noise.nextInt(100) == 0) {
                        buffer[i] = (byte) noise.nextInt();
                    }
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // one of the two has gone, which ends the other
        }
    }
}
