package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Good clients among bad ones: {@code serve} with 256 MiB of heap answers all of the former, whatever the latter do, and
 * afterwards it is as before. With {@code -Ddicomtls.load=500} there are 500 good, 500 silent, 200 slow, 200 garbage and 200
 * stalled clients, without it a fifth of that.
 */
@ExtendWith(Keys.class)
@Timeout(180)
class LoadTest {

    private static final int GOOD = Integer.getInteger("dicomtls.load", 100);
    private static final int FEW = GOOD * 2 / 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static SecureTransport client(Engine engine) throws Exception {
        return SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .engine(engine)
                .role(Role.CLIENT)
                .identity(Identity.pem(Path.of(Keys.file("client-ecdsa.pem")), Path.of(Keys.file("client-ecdsa.key"))))
                .trust(Trust.pem(Path.of(Keys.file("ca.pem"))))
                .handshakeTimeout(PATIENCE)
                .build();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Good clients: each holds its association until all have one. */
    private static final class Good {
        private final List<Thread> threads = new ArrayList<>();
        private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
        private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch associated;
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicInteger echoes = new AtomicInteger();

        Good(int count, SecureTransport client, int port) {
            associated = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                Thread thread = new Thread(null, () -> associate(client, port), "test-good-" + i, 256 * 1024);
                threads.add(thread);
            }
        }

        private void associate(SecureTransport client, int port) {
            long begun = System.nanoTime();
            boolean counted = false;
            try (Socket tcp = new Socket()) {
                tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
                tcp.setTcpNoDelay(true);
                try (SSLSocket socket = (SSLSocket)
                        client.sslContext().getSocketFactory().createSocket(tcp, "localhost", port, true)) {
                    socket.startHandshake();
                    if (!Negotiated.of(socket).orElseThrow().version().equals(TlsVersion.TLS_1_3)) {
                        throw new IOException("not TLS 1.3");
                    }
                    try (Association association = Association.open(
                            socket, "GOOD", "ANY", PresentationContext.verification(), PATIENCE)) {
                        echo(association);
                        millis.add((System.nanoTime() - begun) / 1_000_000);
                        associated.countDown();
                        counted = true;
                        go.await();
                        echo(association);
                        association.release();
                    }
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                failures.add(e.toString());
                if (!counted) {
                    associated.countDown();
                }
            }
        }

        private void echo(Association association) throws IOException {
            if (!association.echo().equals(DimseStatus.SUCCESS)) {
                throw new IOException("C-ECHO not answered with success");
            }
            echoes.incrementAndGet();
        }

        void run() throws InterruptedException {
            threads.forEach(Thread::start);
            boolean all = associated.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            go.countDown();
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
            }
            assertThat(all).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyGoodClientIsAnsweredAmongBadOnesAndNothingIsLeft(Engine engine) throws Exception {
        SecureTransport client = client(Engine.JDK);
        try (DicomTls.Server server = DicomTls.serve(
                "--profile", "bcp195-rfc9325", "--engine", engine.id(), "--handshake-timeout", "60", "--pki", Keys.directory().toString())) {
            Good first = new Good(1, client, server.port());
            first.run(); // classes are loaded
            long pid = server.command().pid();
            boolean counted = Footprint.known();
            Thread.sleep(3000);
            Optional<Footprint> before = counted ? Optional.of(Footprint.of(pid)) : Optional.empty();
            Footprint[] most = {new Footprint(0, 0, 0, 0)};
            long begun = System.nanoTime();
            Good good = new Good(GOOD, client, server.port());
            try (Junk junk = new Junk(server.port(), Flights.hello(client))
                    .with(Junk.Kind.SILENT, GOOD, "127.0.0.1")
                    .with(Junk.Kind.SLOW, FEW, "127.0.0.1")
                    .with(Junk.Kind.GARBAGE, FEW, "127.0.0.1")
                    .with(Junk.Kind.STALLED, FEW, "127.0.0.1")
                    .start()) {
                await("junk is connected", () -> junk.connected() > junk.size() * 9 / 10);
                Thread sampler = new Thread(() -> {
                    while (counted && good.go.getCount() > 0) {
                        most[0] = most[0].max(Footprint.of(pid));
                        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                    }
                });
                sampler.start();
                good.run();
                sampler.join();
                System.out.printf(
                        "%s: %d good among %d bad in %.1f s (slowest %d ms, median %d ms), bad connected %d, again %d%n  before %s%n  most %s%n",
                        engine.id(),
                        GOOD,
                        junk.size(),
                        (System.nanoTime() - begun) / 1e9,
                        good.millis.stream().mapToLong(x -> x).max().orElse(-1),
                        good.millis.stream().sorted().skip(good.millis.size() / 2).findFirst().orElse(-1L),
                        junk.connected(),
                        junk.reconnected(),
                        before.orElse(null),
                        most[0]);
            }
            assertThat(good.failures).as("%s", server.command().lines()).isEmpty();
            assertThat(good.echoes).hasValue(2 * GOOD);
            if (counted) {
                await("as few threads and files as before", () -> {
                    Footprint now = Footprint.of(pid);
                    return now.threads() <= before.get().threads() && now.files() <= before.get().files();
                });
                System.out.println("  after " + Footprint.of(pid));
            }
            assertThat(server.command().isAlive()).isTrue();
            assertThat(server.command().lines()).noneMatch(line -> line.contains("Exception") || line.contains("\tat "));
        }
    }
}
