package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dicomtls.audittrail.TestRepository.Habit;
import org.dicomtls.policy.Engine;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TestEnds;
import org.dicomtls.transport.TransportListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message arrives once or more, in order, whatever becomes of the repository. */
class SyslogTlsSinkTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final SecureTransport SERVER = TestEnds.server(Engine.JDK, TransportListener.NONE);

    @TempDir
    private Path directory;

    /** What a sink says of itself. */
    private static final class Told implements AuditDeliveryListener {
        private final List<String> interruptions = Collections.synchronizedList(new ArrayList<>());
        private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
        private volatile CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public void interrupted(String why, long unproven, Duration retryIn) {
            interruptions.add(why);
            interrupted.countDown();
        }

        @Override
        public void notRecorded(AuditMessage message, String why) {
            lost.add(why);
        }

        void awaitInterruption() throws InterruptedException {
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).as("told of an interruption").isTrue();
        }
    }

    private final Told told = new Told();

    private SyslogTlsSink.Builder sink(Engine engine, int port) {
        return sink(TestEnds.client(engine), port)
                .proof(engine == Engine.BC ? DeliveryProof.END_OF_STREAM : DeliveryProof.CLOSE_NOTIFY);
    }

    private SyslogTlsSink.Builder sink(SecureTransport transport, int port) {
        return SyslogTlsSink.to(transport, Messages.SOURCE, "127.0.0.1", port, directory.resolve("buffer"))
                .settle(Duration.ofMillis(100))
                .retry(Duration.ofMillis(20), Duration.ofMillis(100))
                .timeouts(Duration.ofSeconds(2), Duration.ofMillis(600), Duration.ofMillis(600))
                .listener(told);
    }

    private static void send(AuditSink sink, int from, int to) throws IOException {
        send(sink, from, to, "");
    }

    private static void send(AuditSink sink, int from, int to, String padding) throws IOException {
        for (int i = from; i <= to; i++) {
            sink.accept(Messages.message(i, padding));
        }
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private static void assertAll(TestRepository repository, int from, int to) {
        assertThat(new TreeSet<>(Messages.numbers(repository.received()))).containsExactlyElementsOf(range(from, to));
    }

    /** In order at the end, and each once unless something made it necessary to send again: a slow machine, for one. */
    private void assertInOrder(List<String> received, int from, int to) {
        List<Integer> numbers = Messages.numbers(received);
        if (told.interruptions.isEmpty()) {
            assertThat(numbers).isEqualTo(range(from, to));
        } else {
            assertThat(numbers.subList(Math.max(0, numbers.lastIndexOf(from)), numbers.size())).isEqualTo(range(from, to));
        }
    }

    private static void assertFlushed(SyslogTlsSink sink) throws InterruptedException {
        assertThat(sink.flush(LONG)).as("%s", sink.status()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void deliversInOrderAndOnce(Engine engine) throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD);
                SyslogTlsSink sink = sink(engine, repository.port())
                        .settle(Duration.ofMillis(300))
                        .window(40, LONG)
                        .build()) {
            send(sink, 1, 50);
            assertFlushed(sink);
            send(sink, 51, 60);
            assertFlushed(sink);
            assertInOrder(repository.received(), 1, 60);
            assertThat(sink.status())
                    .isEqualTo(new SyslogTlsSink.Status(0, sink.status().octetsOnDisk(), 0, Optional.empty()));
        }
    }

    /** Ways in which repositories fail, each after a few messages. */
    enum Trouble {
        RESET(c -> {
            few(c);
            c.reset();
        }),
        CLOSED_IN_ORDER_WITH_OCTETS_UNREAD(c -> {
            few(c);
            c.end();
        }),
        CLOSED_WITHOUT_NOTIFY(c -> {
            few(c);
            c.endWithoutNotify();
        }),
        CLOSED_AT_ONCE(TestRepository.Connection::end),
        NOTIFIES_BEFORE_IT_READS(c -> {
            c.notifyOnly();
            few(c);
            c.endWithoutNotify();
        }),
        STOPS_READING(c -> {
            few(c);
            c.idle();
        }),
        READS_ALL_AND_DOES_NOT_ANSWER(c -> {
            while (c.take()) {
                // all of it
            }
            c.idle();
        }),
        READS_ALL_AND_RESETS(c -> {
            while (c.take()) {
                // all of it
            }
            c.reset();
        }),
        TALKS(c -> {
            while (true) {
                c.write(new byte[8_192]);
            }
        });

        private final Habit habit;

        Trouble(Habit habit) {
            this.habit = habit;
        }

        private static void few(TestRepository.Connection connection) throws IOException {
            for (int i = 0; i < 3; i++) {
                connection.take();
            }
        }
    }

    /** All of them on one engine; on the other those in which the engine has a say. */
    static Stream<Arguments> troubles() {
        return Stream.concat(
                Stream.of(Trouble.values()).map(t -> Arguments.of(Engine.JDK, t)),
                Stream.of(Trouble.RESET, Trouble.CLOSED_WITHOUT_NOTIFY, Trouble.STOPS_READING)
                        .map(t -> Arguments.of(Engine.BC, t)));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aRepositoryInTroubleLosesNothing(Engine engine, Trouble trouble) throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, trouble.habit);
                SyslogTlsSink sink = sink(engine, repository.port()).build()) {
            send(sink, 1, 30, "x".repeat(200));
            told.awaitInterruption();
            repository.habit(TestRepository.GOOD);
            send(sink, 31, 40);
            assertFlushed(sink);
            assertAll(repository, 1, 40);
            List<Integer> numbers = Messages.numbers(repository.received());
            assertThat(numbers.subList(numbers.lastIndexOf(1), numbers.size())).isEqualTo(range(1, 40));
            assertThat(sink.status().notRecorded()).isZero();
        }
    }

    /** Hundreds of connections that end somewhere and somehow, while messages keep coming. */
    @ParameterizedTest
    @EnumSource
    void aRepositoryOfAnyHabitLosesNothing(Engine engine) throws Exception {
        Random random = new Random(20_261_125);
        Habit moody = connection -> {
            int ending;
            int messages;
            synchronized (random) {
                ending = random.nextInt(5);
                messages = random.nextInt(40);
            }
            boolean more = true;
            for (int i = 0; more && i < messages; i++) {
                more = connection.take();
            }
            switch (ending) {
                case 0 -> connection.reset();
                case 1, 2 -> connection.endWithoutNotify();
                case 3 -> connection.notifyOnly();
                default -> TestRepository.GOOD.serve(connection);
            }
        };
        try (TestRepository repository = new TestRepository(SERVER, moody);
                SyslogTlsSink sink = sink(engine, repository.port())
                        .settle(Duration.ofMillis(30))
                        .retry(Duration.ofMillis(1), Duration.ofMillis(5))
                        .window(25, LONG)
                        .build()) {
            for (int i = 1; i <= 200; i++) {
                sink.accept(Messages.message(i));
                if (i % 20 == 0) {
                    int connections = repository.connections();
                    repository.await(received -> repository.connections() > connections || received.size() > 2_000);
                }
            }
            repository.habit(TestRepository.GOOD);
            assertFlushed(sink);
            assertAll(repository, 1, 200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepositoryThatIsAwayGetsEverythingWhenItIsBack(Engine engine) throws Exception {
        int port = TestRepository.freePort();
        try (SyslogTlsSink sink = sink(engine, port).build()) {
            send(sink, 1, 20);
            told.awaitInterruption();
            assertThat(told.interruptions.get(0))
                    .isEqualTo("delivery to audit repository 127.0.0.1:" + port + ": no connection to 127.0.0.1 port " + port
                            + ": Connection refused");
            assertThat(sink.status().waiting()).isEqualTo(20);
            assertThat(sink.status().problem()).contains(told.interruptions.get(0));
            assertThat(sink.flush(Duration.ofMillis(50))).isFalse();
            try (TestRepository first = new TestRepository(SERVER, TestRepository.GOOD, port)) {
                assertFlushed(sink);
                assertInOrder(first.received(), 1, 20);
                assertThat(sink.status().problem()).isEmpty();
            }
            send(sink, 21, 40);
            try (TestRepository second = new TestRepository(SERVER, TestRepository.GOOD, port)) {
                assertFlushed(sink);
                assertThat(Messages.numbers(second.received())).endsWith(40).doesNotContainAnyElementsOf(range(1, 20));
                assertAll(second, 21, 40);
            }
        }
    }

    /**
     * A repository that is ended in order and throws away what it has not read: its close_notify looks like the answer
     * to ours. That it takes no new connection tells them apart.
     */
    @ParameterizedTest
    @EnumSource
    void aRepositoryThatIsShutDownInOrderWithMessagesUnreadLosesNothing(Engine engine) throws Exception {
        TestRepository first = new TestRepository(SERVER, TestRepository.Connection::idle);
        int port = first.port();
        try (SyslogTlsSink sink = sink(engine, port)
                .timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5))
                .build()) {
            send(sink, 1, 10);
            // By now it has said that it ends, and waits for the answer.
            assertThat(sink.flush(Duration.ofMillis(600))).isFalse();
            assertThat(told.interruptions).isEmpty();
            first.shutDown();
            told.awaitInterruption();
            assertThat(sink.status().waiting()).isEqualTo(10);
            try (TestRepository second = new TestRepository(SERVER, TestRepository.GOOD, port)) {
                assertFlushed(sink);
                assertInOrder(second.received(), 1, 10);
            }
        }
        assertThat(first.received()).isEmpty();
    }

    @Test
    void aBrokenConnectionRepeatsNoMoreThanTheWindow() throws Exception {
        Habit breaking = connection -> {
            if (connection.number() % 4 == 0) {
                while (connection.take()) {
                    // all of it
                }
                connection.reset();
            } else {
                TestRepository.GOOD.serve(connection);
            }
        };
        try (TestRepository repository = new TestRepository(SERVER, breaking);
                SyslogTlsSink sink = sink(Engine.JDK, repository.port()).window(10, LONG).build()) {
            send(sink, 1, 100);
            assertFlushed(sink);
            List<Integer> numbers = Messages.numbers(repository.received());
            assertAll(repository, 1, 100);
            assertThat(told.interruptions).isNotEmpty();
            assertThat(numbers.size() - 100).isPositive().isLessThanOrEqualTo(10 * told.interruptions.size());
        }
    }

    @Test
    void messagesWithoutAPauseAreProvenAllTheSame() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD);
                SyslogTlsSink sink = sink(Engine.JDK, repository.port())
                        .window(1_000_000, Duration.ofMillis(300))
                        .build()) {
            int sent = 0;
            long end = System.nanoTime() + LONG.toNanos();
            while (repository.connections() < 3 && System.nanoTime() < end) {
                sink.accept(Messages.message(++sent));
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(repository.connections()).isGreaterThanOrEqualTo(3);
            assertFlushed(sink);
            assertAll(repository, 1, sent);
        }
    }

    @Test
    void withoutCloseNotifyEverythingIsKeptUnlessTheEndOfTheStreamIsEnough() throws Exception {
        Habit gnuTls = connection -> {
            while (connection.take()) {
                // all of it
            }
            connection.endWithoutNotify();
        };
        try (TestRepository repository = new TestRepository(SERVER, gnuTls)) {
            try (SyslogTlsSink sink = sink(Engine.JDK, repository.port()).build()) {
                send(sink, 1, 5);
                told.awaitInterruption();
                assertThat(told.interruptions.get(0))
                        .endsWith("the repository ended the connection without the close_notify that RFC 5425 §4.4 demands, so"
                                + " nothing shows that it has read what was sent; DeliveryProof.END_OF_STREAM does without");
                assertThat(sink.status().waiting()).isEqualTo(5);
            }
            int before = repository.received().size();
            try (SyslogTlsSink sink =
                    sink(Engine.JDK, repository.port()).proof(DeliveryProof.END_OF_STREAM).build()) {
                assertFlushed(sink);
                List<String> received = repository.received();
                assertInOrder(received.subList(before, received.size()), 1, 5);
            }
        }
    }

    @Test
    void theEngineBcIsNotBelievedToSeeACloseNotify() {
        assertThatThrownBy(() -> sink(TestEnds.client(Engine.BC), 6514).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engine bc does not show the repository's close_notify after its own; use engine jdk, or take the"
                        + " end of the stream for proof (DeliveryProof.END_OF_STREAM)");
    }

    @Test
    void whatASinkLeavesTheNextOneDelivers() throws Exception {
        int port = TestRepository.freePort();
        try (SyslogTlsSink sink = sink(Engine.JDK, port).build()) {
            send(sink, 1, 10);
        }
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD, port);
                SyslogTlsSink sink = sink(Engine.JDK, port).build()) {
            send(sink, 11, 12);
            assertFlushed(sink);
            assertAll(repository, 1, 12);
        }
    }

    @Test
    void twoSinksDoNotShareADirectory() throws Exception {
        try (SyslogTlsSink sink = sink(Engine.JDK, 6514).build()) {
            assertThat(sink.status().waiting()).isZero();
            assertThatThrownBy(() -> sink(Engine.JDK, 6514).build())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is in use by process ");
        }
        sink(Engine.JDK, 6514).build().close();
    }

    @Test
    void aSinkThatIsClosedTakesNothing() throws Exception {
        SyslogTlsSink sink = sink(Engine.JDK, TestRepository.freePort()).build();
        sink.close();
        assertThatThrownBy(() -> sink.accept(Messages.message(1)))
                .isInstanceOf(AuditNotRecordedException.class)
                .hasMessage("the audit sink is closed");
        assertThat(told.lost).containsExactly("the audit sink is closed");
        assertThat(sink.flush(Duration.ofSeconds(5))).isTrue();
        sink.close();
    }

    @Test
    void closingEndsAConnectionInOrderSoThatNothingIsSentTwice() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD)) {
            try (SyslogTlsSink sink = sink(Engine.JDK, repository.port()).settle(Duration.ofSeconds(1)).build()) {
                send(sink, 1, 5);
                repository.await(received -> received.size() == 5);
            }
            try (SyslogTlsSink sink = sink(Engine.JDK, repository.port()).build()) {
                assertThat(sink.status().waiting()).isZero();
                send(sink, 6, 6);
                assertFlushed(sink);
            }
            assertThat(Messages.numbers(repository.received())).isEqualTo(range(1, 6));
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dicom-tls audit"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void closingIsQuickAndLeavesNoThread() throws Exception {
        Engine engine = Engine.JDK;
        Set<String> before = threads();
        for (Habit habit : List.<Habit>of(TestRepository.Connection::idle, TestRepository.GOOD)) {
            try (TestRepository repository = new TestRepository(SERVER, habit)) {
                SyslogTlsSink sink = sink(engine, repository.port()).build();
                send(sink, 1, 5);
                repository.await(received -> repository.connections() > 0);
                long began = System.nanoTime();
                sink.close();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            }
        }
        // One that waits for its next attempt, and one whose peer accepts and says nothing.
        SyslogTlsSink away = sink(engine, TestRepository.freePort()).retry(LONG, LONG).build();
        send(away, 6, 6);
        told.awaitInterruption();
        away.close();
        try (java.net.ServerSocket silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            SyslogTlsSink waiting = sink(engine, silent.getLocalPort()).build();
            silent.accept();
            waiting.close();
        }
        assertThat(threads()).isEqualTo(before);
    }

    @Test
    void anImpostorGetsNothingAndIsToldOfOnce() throws Exception {
        int port;
        try (TestRepository impostor = new TestRepository(TestEnds.impostor(Engine.JDK), TestRepository.GOOD);
                SyslogTlsSink sink = sink(Engine.JDK, impostor.port()).build()) {
            port = impostor.port();
            send(sink, 1, 3);
            long end = System.nanoTime() + LONG.toNanos();
            while (told.interruptions.size() < 5 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(told.interruptions).hasSizeGreaterThanOrEqualTo(5).allSatisfy(why -> assertThat(why)
                    .contains("CN=impostor"));
            assertThat(impostor.received()).isEmpty();
            assertThat(sink.status().waiting()).as("three messages and one alert").isEqualTo(4);
        }
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD, port);
                SyslogTlsSink sink = sink(Engine.JDK, port).build()) {
            assertFlushed(sink);
            List<String> received = repository.received().stream().distinct().toList();
            assertThat(received).hasSize(4);
            // The first refusal may be there, and the alert of it written, before the last message is.
            List<Xml> alerts = received.stream().map(Xml::ofSyslog).filter(xml -> xml.count("EventTypeCode") > 0).toList();
            assertThat(alerts).hasSize(1);
            Xml alert = alerts.get(0);
            assertThat(alert.attribute("EventTypeCode", 0, "csd-code")).isEqualTo("110126");
            assertThat(alert.attribute("ActiveParticipant", 0, "UserIsRequestor")).isEqualTo("true");
            assertThat(alert.attribute("ActiveParticipant", 1, "UserName")).isEqualTo("CN=impostor");
        }
    }

    @Test
    void wrongSettingsAreNamed() {
        SyslogTlsSink.Builder builder = sink(Engine.JDK, 6514);
        assertThatThrownBy(() -> sink(Engine.JDK, 0)).hasMessage("port 0 is outside 1…65535");
        assertThatThrownBy(() -> sink(SERVER_ONLY, 6514))
                .hasMessage("the transport to the repository is not built for the role client");
        assertThatThrownBy(() -> builder.budget(1)).hasMessage("a budget of 1 octets, at least 65536");
        assertThatThrownBy(() -> builder.window(0, LONG)).hasMessage("a window of 0 messages, at least 1");
        assertThatThrownBy(() -> builder.settle(Duration.ZERO)).hasMessage("settle PT0S is not positive");
        assertThatThrownBy(() -> builder.messageId("two words"))
                .hasMessage("a MSGID is 1 to 32 printable ASCII characters without spaces");
    }

    private static final SecureTransport SERVER_ONLY = TestEnds.serverOnly(Engine.JDK);

    @Test
    void theSyslogHeaderIsThatOfTheStandard() throws Exception {
        try (TestRepository repository = new TestRepository(SERVER, TestRepository.GOOD)) {
            try (SyslogTlsSink sink = sink(Engine.JDK, repository.port()).build()) {
                send(sink, 1, 1);
                assertFlushed(sink);
            }
            try (SyslogTlsSink sink = sink(Engine.JDK, repository.port())
                    .byteOrderMark(false)
                    .messageId("IHE+RFC-3881")
                    .build()) {
                send(sink, 2, 2);
                assertFlushed(sink);
            }
            String process = Long.toString(ProcessHandle.current().pid());
            List<String> received = repository.received().stream().distinct().toList();
            assertThat(received.get(0))
                    .startsWith("<85>1 2023-11-14T22:13:21.000000Z node.test.example dicom-tls " + process
                            + " DICOM+RFC3881 - \ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>");
            assertThat(received.get(1)).contains(" " + process + " IHE+RFC-3881 - <?xml ");
        }
    }
}
