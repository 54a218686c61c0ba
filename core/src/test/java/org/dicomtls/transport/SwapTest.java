package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Handshakes while the certificates of both ends are replaced every 100 ms, in every manner in which that is done. None
 * fails but for the certificate that was there at the time. {@code -Dswap.handshakes=10000} does as many.
 */
@Timeout(3600)
class SwapTest {

    private static final int HANDSHAKES = Integer.getInteger("swap.handshakes", 800);
    private static final int CLIENTS = 4;
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Certificate.Issued STRANGER_CA =
            Certificate.of("CN=Stranger CA", "EC secp256r1 stranger").authority().selfSigned();

    /** Two that the other end trusts, of different kinds of key, and one that it does not. */
    private static final List<Certificate.Issued> SERVERS = List.of(
            Certificate.of("CN=first", Transports.P256).issued(),
            Certificate.of("CN=second", Transports.RSA).issued(),
            Certificate.of("CN=stranger", "EC secp256r1 stray").issuedBy(STRANGER_CA));

    private static final List<Certificate.Issued> CLIENT_CERTIFICATES = List.of(
            Certificate.of("CN=scanner 1", "EC secp256r1 scanner").issued(),
            Certificate.of("CN=scanner 2", "EC secp384r1 scanner").issued());

    @TempDir
    private Path directory;

    /** Replaces a pair, each time in another manner, until it is interrupted. */
    private static final class Swapper implements Callable<Integer> {
        private final Pair pair;
        private final List<Certificate.Issued> all;

        Swapper(Pair pair, List<Certificate.Issued> all) {
            this.pair = pair;
            this.all = all;
        }

        @Override
        public Integer call() throws Exception {
            int swaps = 0;
            while (!Thread.currentThread().isInterrupted()) {
                Certificate.Issued next = all.get(++swaps % all.size());
                switch (swaps % 4) {
                    case 0 -> pair.rename(next);
                    case 1 -> {
                        pair.renameKey(next);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                        pair.renameCertificate(next);
                    }
                    case 2 -> pair.write(next);
                    default -> inPieces(next);
                }
                LockSupport.parkNanos(PERIOD.toNanos());
            }
            return swaps;
        }

        private void inPieces(Certificate.Issued next) throws Exception {
            Files.writeString(pair.certificate(), "-----BEGIN CERTIFICATE-----\nMIIB");
            OpenSsl.pem(pair.key(), new JcaPKCS8Generator(next.pair().getPrivate(), null));
            Pair.writeCertificate(pair.certificate(), next);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noHandshakeFailsButForTheCertificateThatWasThere(Engine engine) throws Exception {
        Pair server = Pair.in(Files.createDirectory(directory.resolve("server"))).write(SERVERS.get(0));
        Pair client = Pair.in(Files.createDirectory(directory.resolve("client"))).write(CLIENT_CERTIFICATES.get(0));
        SecureTransport serving = Transports.serverOf(engine, TestProfiles.WIDE)
                .identity(server.watched())
                .lookInterval(Duration.ofMillis(5))
                .build();
        List<SecureTransport> connecting = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            connecting.add(Transports.clientOf(Engine.values()[i % 2], TestProfiles.WIDE)
                    .identity(client.watched())
                    .lookInterval(Duration.ofMillis(5))
                    .build());
        }
        Map<String, Integer> served = new ConcurrentHashMap<>();
        List<String> wrong = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(HANDSHAKES / Engine.values().length);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Concurrent listener = new Concurrent(serving)) {
            Future<Integer> serverSwaps = threads.submit(new Swapper(server, SERVERS));
            Future<Integer> clientSwaps = threads.submit(new Swapper(client, CLIENT_CERTIFICATES));
            List<Future<?>> clients = new ArrayList<>();
            for (SecureTransport transport : connecting) {
                clients.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        String outcome = handshake(transport, listener.port());
                        served.merge(outcome, 1, Integer::sum);
                    }
                }));
            }
            for (Future<?> one : clients) {
                one.get(3500, TimeUnit.SECONDS);
            }
            serverSwaps.cancel(true);
            clientSwaps.cancel(true);
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        served.keySet().stream()
                .filter(outcome -> !outcome.startsWith("ok CN=") && !outcome.equals("refused CN=stranger"))
                .forEach(wrong::add);
        assertThat(wrong).as("of " + new TreeMap<>(served)).isEmpty();
        assertThat(served).containsOnlyKeys("ok CN=first", "ok CN=second", "refused CN=stranger");
        assertThat(served.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(HANDSHAKES / Engine.values().length);
    }

    /** Whom the client met, or whom it refused; anything else in words. */
    private static String handshake(SecureTransport transport, int port) {
        try (SSLSocket socket = (SSLSocket)
                transport.sslContext().getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.getOutputStream().write(42);
            if (socket.getInputStream().read() != 42) {
                return "no answer";
            }
            return "ok " + Negotiated.of(socket).orElseThrow().peer().get(0).getSubjectX500Principal().getName();
        } catch (TlsRefusal e) {
            return e.getCause() instanceof IOException cause && certificate(cause) != null
                    ? "refused " + certificate(cause).certificate().getSubjectX500Principal().getName()
                    : String.valueOf(e.getMessage());
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static PeerCertificateException certificate(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof PeerCertificateException found) {
                return found;
            }
        }
        return null;
    }
}
