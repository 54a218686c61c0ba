package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.dicomtls.policy.Engine;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TestEnds;
import org.dicomtls.transport.TransportListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a handshake meets when the disk is slow, full or broken, and what the trail says of it afterwards. */
class FullAndSlowDiskTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final SecureTransport SERVER = TestEnds.server(Engine.JDK, TransportListener.NONE);

    @TempDir
    private Path directory;

    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
    private final SlowDisk disk = new SlowDisk();

    private SyslogTlsSink sink(int port, long budget) throws Exception {
        return sink(port, budget, LONG);
    }

    private SyslogTlsSink sink(int port, long budget, Duration patience) throws Exception {
        return SyslogTlsSink.to(TestEnds.client(Engine.JDK), Messages.SOURCE, "127.0.0.1", port, directory)
                .budget(budget)
                .patience(patience)
                .settle(Duration.ofMillis(200))
                .retry(Duration.ofMillis(20), Duration.ofMillis(100))
                .listener(new AuditDeliveryListener() {
                    @Override
                    public void notRecorded(AuditMessage message, String why) {
                        lost.add(why);
                        throw new IllegalStateException("a listener that fails changes nothing");
                    }
                })
                .disk(disk)
                .build();
    }

    /** The alerts that messages were lost, among what has arrived. */
    private static List<Map<String, String>> stops(TestRepository repository) {
        return repository.received().stream()
                .filter(m -> m.contains("csd-code=\"110133\""))
                .map(m -> Xml.ofSyslog(m).details())
                .toList();
    }

    @Test
    void aFullBufferRefusesAloudAndTellsTheRepositoryLater() throws Exception {
        int port = TestRepository.freePort();
        try (SyslogTlsSink sink = sink(port, 64 << 10)) {
            int accepted = 0;
            int refused = 0;
            for (int i = 1; i <= 200; i++) {
                try {
                    sink.accept(Messages.message(i, "x".repeat(200)));
                    accepted = i;
                } catch (AuditNotRecordedException e) {
                    refused++;
                    assertThat(e.getMessage()).contains("is full: ").endsWith(" of 65536 octets");
                }
            }
            assertThat(accepted).as("old ones do not make way for new ones").isEqualTo(200 - refused);
            assertThat(refused).isPositive();
            assertThat(lost).hasSize(refused);
            assertThat(sink.status().notRecorded()).isEqualTo(refused);
            assertThat(sink.status().octetsOnDisk()).isLessThanOrEqualTo(64 << 10);
            try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD, port)) {
                repository.await(received -> received.stream().anyMatch(m -> m.contains("csd-code=\"110133\"")));
                assertThat(sink.flush(LONG)).isTrue();
                assertThat(new TreeSet<>(Messages.numbers(repository.received())))
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, accepted).boxed().toList());
                assertThat(stops(repository).stream().mapToInt(d -> Integer.parseInt(d.get("Messages"))).sum())
                        .isGreaterThanOrEqualTo(refused);
                sink.accept(Messages.message(201));
                assertThat(sink.flush(LONG)).isTrue();
                assertThat(Messages.numbers(repository.received())).contains(201);
            }
        }
    }

    @Test
    void aBrokenDiskRefusesAloudAndIsTriedAgain() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD);
                SyslogTlsSink sink = sink(repository.port(), 1 << 20)) {
            sink.accept(Messages.message(1));
            disk.broken(true);
            for (int i = 2; i <= 3; i++) {
                AuditMessage message = Messages.message(i);
                assertThatThrownBy(() -> sink.accept(message))
                        .isInstanceOf(AuditNotRecordedException.class)
                        .hasMessage("audit buffer " + directory + " cannot be written: No space left on device");
            }
            assertThat(lost).hasSize(2);
            disk.broken(false);
            repository.await(received -> received.stream().anyMatch(m -> m.contains("csd-code=\"110133\"")));
            sink.accept(Messages.message(4));
            assertThat(sink.flush(LONG)).isTrue();
            assertThat(new TreeSet<>(Messages.numbers(repository.received()))).containsExactly(1, 4);
            assertThat(stops(repository).get(0).get("Alert Description"))
                    .startsWith("2 audit messages were not recorded from ")
                    .endsWith("cannot be written: No space left on device");
        }
    }

    @Test
    void aSlowDiskHoldsNobodyUpAndLosesNothing() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD);
                SyslogTlsSink sink = sink(repository.port(), 1 << 20, PATIENCE)) {
            sink.accept(Messages.message(1));
            disk.stop();
            long began = System.nanoTime();
            sink.accept(Messages.message(2));
            long waited = System.nanoTime() - began;
            assertThat(Duration.ofNanos(waited)).isBetween(PATIENCE, LONG);
            sink.accept(Messages.message(3));
            assertThat(sink.flush(Duration.ofMillis(100))).isFalse();
            disk.go();
            assertThat(sink.flush(LONG)).isTrue();
            assertThat(new TreeSet<>(Messages.numbers(repository.received()))).containsExactly(1, 2, 3);
            assertThat(lost).isEmpty();
            assertThat(disk.forced()).isPositive();
        }
    }

    @Test
    void aDiskThatStandsStillFillsNoMemory() throws Exception {
        disk.stop();
        try (SyslogTlsSink sink = SyslogTlsSink.to(
                        TestEnds.client(Engine.JDK), Messages.SOURCE, "127.0.0.1", TestRepository.freePort(), directory)
                .patience(Duration.ofNanos(1))
                .disk(disk)
                .build()) {
            AuditMessage large = largest();
            int accepted = 0;
            AuditNotRecordedException refusal = null;
            while (refusal == null && accepted < 10_000) {
                try {
                    sink.accept(large);
                    accepted++;
                } catch (AuditNotRecordedException e) {
                    refusal = e;
                }
            }
            assertThat(refusal).hasMessageMatching("the disk is slow, and \\d+ octets of messages wait for it already");
            assertThat(accepted).isBetween(
                    Recorder.MOST_WAITING_OCTETS / SyslogFormat.MOST_OCTETS,
                    Recorder.MOST_WAITING_OCTETS / large.octets().length + 1);
            disk.go();
        }
    }

    /** Nearly as large as can be sent. */
    private static AuditMessage largest() {
        AuditMessage small = Messages.message(1);
        return new AuditMessage(
                small.event(),
                small.participants(),
                small.source(),
                List.of(new AuditMessage.ParticipantObject(
                        "x",
                        SecurityAlert.NODE_ID,
                        java.util.Optional.empty(),
                        "x",
                        Collections.nCopies(5, new AuditMessage.Detail("x", "x".repeat(4_096))))));
    }

    @Test
    void aMessageThatNoRepositoryNeedTakeIsRefused() throws Exception {
        try (SyslogTlsSink sink = sink(TestRepository.freePort(), 1 << 20)) {
            AuditMessage message = largest();
            AuditMessage larger = new AuditMessage(
                    message.event(), message.participants(), message.source(), Collections.nCopies(2, message.objects().get(0)));
            assertThatThrownBy(() -> sink.accept(larger))
                    .isInstanceOf(AuditNotRecordedException.class)
                    .hasMessageMatching("the message has \\d+ octets, at most 32768 can be sent \\(PS3.15 A.6\\)");
            sink.accept(message);
        }
    }

    @Test
    void anInterruptedThreadStaysInterruptedAndItsMessageArrives() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD);
                SyslogTlsSink sink = sink(repository.port(), 1 << 20)) {
            Thread.currentThread().interrupt();
            sink.accept(Messages.message(1));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(sink.flush(LONG)).isTrue();
            assertThat(new TreeSet<>(Messages.numbers(repository.received()))).containsExactly(1);
        }
    }

    @Test
    void aDiskThatNeverComesBackDoesNotHoldUpTheClose() throws Exception {
        SyslogTlsSink sink = sink(TestRepository.freePort(), 1 << 20, PATIENCE);
        disk.stop();
        sink.accept(Messages.message(1));
        long began = System.nanoTime();
        sink.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        disk.go();
    }
}
