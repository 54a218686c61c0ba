package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;
import org.dicomtls.wire.Extensions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** A server that breaks one rule is found to break that one. */
@Timeout(60)
class MisbehavingServerTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.ecdsaOnly());

    private static Set<String> violated(Audit audit) {
        Set<String> ids = new TreeSet<>();
        for (Finding finding : audit.findings()) {
            if (finding.verdict() == Verdict.VIOLATED) {
                assertThat(finding.evidence()).as(finding.rule().id()).isNotEmpty();
                assertThat(Audit.remedy(finding)).as(finding.rule().id()).isNotEmpty();
                ids.add(finding.rule().id());
            }
        }
        return ids;
    }

    private static Audit audit(int port) throws Exception {
        Target target = new Target("127.0.0.1", port, Duration.ofSeconds(3), Duration.ZERO);
        return Audit.of(target, DicomProfiles.BCP195_RFC9325, Presented.NOTHING, Manner.DEFAULT);
    }

    private static DynamicTest breaks(
            DicomServer honest, Set<String> always, String rule, UnaryOperator<byte[]> hello, UnaryOperator<byte[]> alert) {
        return DynamicTest.dynamicTest(rule, () -> {
            try (RewritingProxy proxy = new RewritingProxy(honest.port(), hello, alert)) {
                Set<String> found = violated(audit(proxy.port()));
                found.removeAll(always);
                assertThat(found).containsExactly(rule);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> oneThingChangedBreaksOneRule() throws Exception {
        DicomServer honest = ReferenceServer.start(DicomProfiles.BCP195_RFC9325, Engine.JDK, PKI);
        Set<String> always = violated(audit(honest.port()));
        assertThat(always).as("the satisfier").allMatch(id -> id.endsWith("/port-2762") || id.endsWith("/ocsp-stapling")
                || id.endsWith("/recommended-suites"));
        UnaryOperator<byte[]> same = UnaryOperator.identity();
        List<DynamicTest> tests = new ArrayList<>(List.of(
                breaks(honest, always, "RFC9325/extended-master-secret",
                        body -> RewritingProxy.without(body, Extensions.EXTENDED_MASTER_SECRET), same),
                breaks(honest, always, "RFC9325/renegotiation-info",
                        body -> RewritingProxy.without(body, Extensions.RENEGOTIATION_INFO), same),
                breaks(honest, always, "RFC9325/no-truncated-hmac",
                        body -> RewritingProxy.with(body, Extensions.TRUNCATED_HMAC), same),
                breaks(honest, always, "RFC9325/no-compression", body -> {
                    body[37 + (body[34] & 0xFF)] = 1;
                    return body;
                }, same),
                breaks(honest, always, "DT/downgrade-sentinel", body -> {
                    body[33] = 7;
                    return body;
                }, same),
                breaks(honest, always, "RFC8996/protocol-version-alert", same,
                        octets -> octets[1] == 70 ? new byte[] {2, 40} : octets)));
        return tests.stream().onClose(honest::close);
    }

    /** A server of one thread a connection that does with it what it is told. */
    private interface Behaviour {
        void on(Socket socket) throws IOException;
    }

    private static ServerSocket scripted(Behaviour behaviour) throws IOException {
        ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread one = new Thread(() -> {
                        try (socket) {
                            behaviour.on(socket);
                        } catch (IOException e) {
                            // the auditor has gone
                        }
                    });
                    one.setDaemon(true);
                    one.start();
                } catch (IOException e) {
                    return;
                }
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();
        return listener;
    }

    @Test
    void aServerThatNeverAnswersIsLeftInBoundedTime() throws Exception {
        try (ServerSocket silent = scripted(socket -> socket.getInputStream().readAllBytes())) {
            Target target = new Target("127.0.0.1", silent.getLocalPort(), Duration.ofMillis(150), Duration.ZERO);
            long started = System.nanoTime();
            Audit audit = Audit.of(target, DicomProfiles.BCP195_RFC9325, Presented.NOTHING, Manner.DEFAULT);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
            assertThat(audit.conclusion()).isEqualTo(Conclusion.UNDETERMINED);
            assertThat(violated(audit)).containsOnly("B12/port-2762");
            assertThat(AuditText.lines(audit, false, 100)).anyMatch(line -> line.contains("stopped answering"));
        }
    }

    @Test
    void garbageIsNeverADefectOfOurs() throws Exception {
        Random random = new Random(7);
        try (ServerSocket garbage = scripted(socket -> {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            if (octets.length > 5 && random.nextBoolean()) {
                octets[0] = 22;
                octets[1] = 3;
                octets[2] = 3;
                octets[3] = 0;
            }
            socket.getOutputStream().write(octets);
        })) {
            for (int i = 0; i < 8; i++) {
                Audit audit = audit(garbage.getLocalPort());
                assertThat(audit.conclusion()).isNotEqualTo(Conclusion.CONFORMANT);
            }
        }
    }

    @Test
    void plainDicomOnTheTlsPortIsFound() throws Exception {
        try (ServerSocket plain = scripted(socket -> {
            int first = socket.getInputStream().read();
            socket.getOutputStream().write(
                    first == 1 ? new byte[] {3, 0, 0, 0, 0, 4, 0, 1, 1, 1} : new byte[] {7, 0, 0, 0, 0, 4, 0, 0, 2, 1});
        })) {
            Audit audit = audit(plain.getLocalPort());
            assertThat(audit.conclusion()).isEqualTo(Conclusion.NON_CONFORMANT);
            assertThat(violated(audit)).contains("B12/strict-tls");
        }
    }

    @Test
    void nobodyThereIsUnreachable() {
        org.junit.jupiter.api.Assertions.assertThrows(UnreachableException.class, () -> audit(1));
    }
}
