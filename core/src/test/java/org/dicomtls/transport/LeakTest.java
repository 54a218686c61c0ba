package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Connections leave nothing behind, refused ones above all. */
class LeakTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static Set<String> sockets() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(DESCRIPTORS)) {
            all = files.toList();
        }
        Set<String> sockets = new TreeSet<>();
        for (Path file : all) {
            try {
                String target = Files.readSymbolicLink(file).toString();
                if (target.startsWith("socket:")) {
                    sockets.add(target);
                }
            } catch (IOException e) {
                // Closed since it was listed.
            }
        }
        return sockets;
    }

    /** Threads that are not of the pool on which the tests run their servers, nor of the JVM. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(n -> !n.startsWith("ForkJoinPool.commonPool") && !n.startsWith("CompletableFuture"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** With one common-pool thread, CompletableFuture starts a thread a task; the last one may be about to end still. */
    private static Set<String> threadsLeft(Set<String> before) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        Set<String> left;
        do {
            Thread.onSpinWait();
            left = threads();
            left.removeAll(before);
        } while (!left.isEmpty() && System.nanoTime() < deadline);
        return left;
    }

    private static Profile suites(String suite) {
        return TestProfiles.WIDE
                .derive("one-suite")
                .versions(TlsVersion.TLS_1_2)
                .suites(CipherSuite.require(suite))
                .build();
    }

    @Test
    void twoHundredConnectionsLeaveNoSocketAndNoThread() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "no /proc on this system");
        for (Engine engine : Engine.values()) {
            connect(engine, 3); // whatever an engine keeps for ever, it has from now on
        }
        Set<String> socketsBefore = sockets();
        Set<String> threadsBefore = threads();
        for (Engine engine : Engine.values()) {
            assertThat(connect(engine, 100)).as("established").isEqualTo(34);
        }
        Set<String> left = sockets();
        left.removeAll(socketsBefore);
        assertThat(left).as("sockets").isEmpty();
        assertThat(threadsLeft(threadsBefore)).as("threads").isEmpty();
    }

    /** Connects that often, by turns established, refused for want of a certificate, and for want of a suite. */
    private static int connect(Engine engine, int times) throws Exception {
        SecureTransport good = Transports.client(engine);
        SecureTransport server = Transports.server(engine);
        SecureTransport without = Transports.clientOf(engine, TestProfiles.WIDE).identity(Identity.none()).build();
        SecureTransport apart = Transports.client(engine, suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        SecureTransport narrow = SecureTransport.of(suites("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
                .engine(engine)
                .identity(TestCertificates.server(Transports.RSA))
                .trust(TestCertificates.trust())
                .build();
        int established = 0;
        for (int i = 0; i < times; i++) {
            Loopback.Outcome outcome = switch (i % 3) {
                case 0 -> Loopback.run(good, server);
                case 1 -> Loopback.run(without, server);
                default -> Loopback.run(apart, narrow);
            };
            established += outcome.client().negotiated().isPresent() ? 1 : 0;
        }
        return established;
    }
}
