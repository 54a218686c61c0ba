package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TestEnds;
import org.dicomtls.transport.TransportListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a refused handshake to the repository. */
class AuditTrailTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    /** Keeps messages in memory. */
    private static final class Memory implements AuditSink {
        private final List<AuditMessage> messages = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean full;

        @Override
        public void accept(AuditMessage message) throws AuditNotRecordedException {
            if (full) {
                throw new AuditNotRecordedException("it is full");
            }
            messages.add(message);
        }

        @Override
        public boolean flush(Duration longest) {
            return true;
        }

        @Override
        public void close() {}
    }

    /** One connection of a client to a server; what becomes of it is not looked at. */
    private static void connect(SSLContext client, SecureTransport server) throws Exception {
        try (ServerSocket listener = server.sslContext().getServerSocketFactory().createServerSocket(0)) {
            Thread accepting = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    socket.getInputStream().read();
                } catch (IOException e) {
                    // It is refused.
                }
            });
            accepting.start();
            try (Socket socket = client.getSocketFactory().createSocket("127.0.0.1", listener.getLocalPort())) {
                socket.getInputStream().read();
            } catch (IOException e) {
                // It is refused.
            }
            accepting.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedClientIsInTheTrailWhenItsHandshakeIsOver(Engine engine) throws Exception {
        AuditSchema schema = new AuditSchema();
        try (TestRepository repository =
                        new TestRepository(TestEnds.server(Engine.JDK, TransportListener.NONE), TestRepository.GOOD);
                SyslogTlsSink sink = SyslogTlsSink.to(
                                TestEnds.client(Engine.JDK), Messages.SOURCE, "localhost", repository.port(), directory)
                        .settle(Duration.ofMillis(200))
                        .build()) {
            SecureTransport server = TestEnds.server(engine, AuditTrail.of(Messages.SOURCE, sink));
            connect(TestEnds.client(engine).sslContext(), server);
            connect(TestEnds.insistent("nobody"), server);
            assertThat(sink.flush(LONG)).isTrue();
            List<String> received = repository.received().stream().distinct().toList();
            assertThat(received).hasSize(1);
            assertThat(received.get(0)).startsWith("<84>1 ");
            assertThat(schema.problems(received.get(0).substring(received.get(0).indexOf("<?xml")))).isEmpty();
            Xml alert = Xml.ofSyslog(received.get(0));
            assertThat(alert.attribute("ActiveParticipant", 1, "UserName")).isEqualTo("CN=nobody");
            assertThat(alert.attribute("ActiveParticipant", 1, "NetworkAccessPointID")).isEqualTo("127.0.0.1");
            assertThat(alert.details())
                    .containsEntry("Refusal Kind", "certificate.unknown-ca")
                    .hasEntrySatisfying("Peer Address", a -> assertThat(a).matches("127\\.0\\.0\\.1:\\d+"));
        }
    }

    @Test
    void onlyWhatIsWantedIsInTheTrail() throws Exception {
        Memory memory = new Memory();
        SecureTransport server = TestEnds.server(
                Engine.JDK,
                AuditTrail.of(Messages.SOURCE, memory).only(r -> r.kind() != RefusalKind.CERTIFICATE_UNKNOWN_CA));
        connect(TestEnds.insistent("nobody"), server);
        assertThat(memory.messages).isEmpty();
    }

    @Test
    void aSinkThatTakesNothingChangesNoHandshake() throws Exception {
        Memory memory = new Memory();
        memory.full = true;
        SecureTransport server = TestEnds.server(Engine.JDK, AuditTrail.of(Messages.SOURCE, memory));
        connect(TestEnds.insistent("nobody"), server);
        memory.full = false;
        connect(TestEnds.insistent("nobody"), server);
        assertThat(memory.messages).hasSize(1);
    }

    /** An alert for each attempt to deliver an alert would never end. */
    @Test
    void refusalsOnTheWayToTheRepositoryDoNotFeedTheTrail() throws Exception {
        AtomicReference<AuditTrail> trail = new AtomicReference<>();
        TransportListener late = new TransportListener() {
            @Override
            public void refused(org.dicomtls.transport.Refusal refusal) {
                trail.get().refused(refusal);
            }
        };
        List<String> interruptions = Collections.synchronizedList(new ArrayList<>());
        Memory memory = new Memory();
        trail.set(AuditTrail.of(Messages.SOURCE, memory));
        try (TestRepository impostor = new TestRepository(TestEnds.impostor(Engine.JDK), TestRepository.GOOD);
                SyslogTlsSink sink = SyslogTlsSink.to(
                                TestEnds.client(Engine.JDK, late), Messages.SOURCE, "localhost", impostor.port(), directory)
                        .retry(Duration.ofMillis(10), Duration.ofMillis(10))
                        .listener(new AuditDeliveryListener() {
                            @Override
                            public void interrupted(String why, long unproven, Duration retryIn) {
                                interruptions.add(why);
                            }
                        })
                        .build()) {
            sink.accept(Messages.message(1));
            long end = System.nanoTime() + LONG.toNanos();
            while (interruptions.size() < 3 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(interruptions).hasSizeGreaterThanOrEqualTo(3);
            assertThat(memory.messages).isEmpty();
        }
    }
}
