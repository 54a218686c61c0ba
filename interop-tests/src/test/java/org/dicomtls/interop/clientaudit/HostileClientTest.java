package org.dicomtls.interop.clientaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.Conclusion;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.client.ClientSession;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Whoever else connects costs bounded memory and time, and an honest client gets through all its cases in between. */
@Timeout(180)
class HostileClientTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final int HELLOS = 600;
    private static final long MOST_KEPT = 64L << 20;
    private static final String THREADS = "client-under-test";

    private static TestPki pki;
    private static OwnClient honest;

    @BeforeAll
    static void prepare() {
        pki = TestPki.create(PkiOptions.ecdsaOnly());
        honest = OwnClient.of(PROFILE, Engine.JDK, pki);
    }

    @TestFactory
    Stream<DynamicTest> anHonestClientGetsThroughAmong() {
        return Stream.of(
                among("clients that say nothing", 12, 0, Nuisance::silence),
                among("more silent clients than are served at a time", 40, 0, Nuisance::silence),
                among("thousands that come and go", 4, 3000, Nuisance::comeAndGo),
                among("garbage", 4, 1000, Nuisance::garbage),
                among("hellos of a million octets", 2, 50, Nuisance::million),
                among("handshake messages without end", 2, 50, Nuisance::otherMessages),
                among("hellos that come octet by octet", 8, 0, Nuisance::drip),
                among("records of wrong lengths", 4, 1000, Nuisance::wrongLengths),
                among("records of nothing", 2, 10, Nuisance::emptyRecords));
    }

    private static DynamicTest among(String what, int atOnce, int all, Nuisance.Connection connection) {
        return DynamicTest.dynamicTest(what, () -> {
            ClientAudits.Lines lines = new ClientAudits.Lines();
            ClientSession session = new ClientSession(Identities.of(pki), List.of(), SHORT, lines);
            try (ServerSocket listening = listen()) {
                session.serve(listening);
                try (Nuisance nuisance = new Nuisance(listening.getLocalPort(), atOnce, all == 0 ? Integer.MAX_VALUE : all, connection)) {
                    session.drive(listening, "localhost", honest, () -> { });
                    while (nuisance.ended() < all) {
                        Thread.sleep(5);
                    }
                }
            }
            assertThat(session.done()).as(() -> what + ": " + String.join("\n", lines.all())).isTrue();
            Audit audit = Audit.of("client", PROFILE, session.survey());
            assertThat(audit.broken()).as(audit.words()).isEmpty();
            assertThat(audit.conclusion()).isEqualTo(Conclusion.CONFORMANT);
            assertNoThreadIsLeft();
        });
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith(THREADS))
                .count();
    }

    private static void assertNoThreadIsLeft() throws InterruptedException {
        long until = System.nanoTime() + SHORT.plusSeconds(10).toNanos();
        while (threads() > 0 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        assertThat(threads()).as("threads after the end of listening").isZero();
    }

    /** Hellos are kept, but not without bound; and long ones in small pieces are no way to keep the listener busy. */
    @Test
    void longHellosCostBoundedMemoryAndTime() throws Exception {
        long before = used();
        ClientSession session = new ClientSession(Identities.of(pki), List.of(), SHORT, new ClientAudits.Lines());
        byte[] pieces = Nuisance.longHelloInSmallRecords(20_000);
        byte[] message = Nuisance.hello(new byte[16_000]);
        byte[] whole = Nuisance.record(22, message, message.length);
        long began = System.nanoTime();
        try (ServerSocket listening = listen()) {
            session.serve(listening);
            for (int i = 0; i < HELLOS; i++) {
                send(listening.getLocalPort(), i % 100 == 0 ? pieces : whole);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(90));
        assertThat(session.survey().connections()).isGreaterThan(HELLOS / 2);
        assertThat(used() - before).as("octets kept").isLessThan(MOST_KEPT);
        assertNoThreadIsLeft();
    }

    private static void send(int port, byte[] octets) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) SHORT.toMillis());
            socket.getOutputStream().write(octets);
            assertThat(socket.getInputStream().read()).isGreaterThanOrEqualTo(-1);
        } catch (IOException e) {
            // refused, ended or reset, as it should be
        }
    }

    private static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
