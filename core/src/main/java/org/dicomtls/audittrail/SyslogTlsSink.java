package org.dicomtls.audittrail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends audit messages by syslog over TLS (PS3.15 A.6, RFC 5424, RFC 5425) to an Audit Record Repository, on
 * connections of a {@link SecureTransport} and so under its profile.
 *
 * <p>Each message is written to a buffer on disk before {@link #accept} comes back, and stays there until the repository
 * has shown that it has read it ({@link DeliveryProof}). So it arrives once or more, in order, also when this process
 * is killed, when the repository is away, when it dies in the middle or stops reading. What outlives what:
 * <ul>
 *   <li>the end of the process: what {@code accept} has come back from;
 *   <li>a loss of power: the same, but for what the disk was just being forced to keep, which is done all the time;
 *   <li>a slow disk: {@code accept} waits for it for {@link Builder#patience} only; then up to 4 MiB of messages wait in
 *       memory, and only what waits there is lost with the process;
 *   <li>a full buffer or disk: the message is refused by an exception, in the log, to the listener, and in the trail
 *       itself as an alert "Audit Recording Stopped" as soon as there is room again. Old messages never make way for new
 *       ones.
 * </ul>
 */
public final class SyslogTlsSink implements AuditSink {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogTlsSink.class);

    private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,32}");

    private final AuditBuffer buffer;
    private final Recorder recorder;
    private final Delivery delivery;

    private SyslogTlsSink(Builder b) throws IOException {
        buffer = AuditBuffer.open(b.directory, b.budget, b.disk);
        SyslogFormat format = new SyslogFormat(b.messageId, b.byteOrderMark);
        Recorder.Events events = new Recorder.Events() {
            @Override
            public void recorded() {
                delivery().news();
            }

            @Override
            public void notRecorded(AuditMessage message, String why) {
                try {
                    b.listener.notRecorded(message, why);
                } catch (RuntimeException e) {
                    LOG.error("a listener failed", e);
                }
            }
        };
        recorder = new Recorder(
                buffer, b.source, format, b.patience, b.clock, events, "dicom-tls audit buffer " + b.directory);
        delivery = new Delivery(
                buffer,
                b.transport,
                b.host,
                b.port,
                b.proof,
                b.window,
                b.times,
                b.listener,
                refusal -> {
                    try {
                        recorder.accept(SecurityAlert.of(b.source, refusal));
                    } catch (AuditNotRecordedException e) {
                        LOG.error("audit message not recorded: {}; refusal: {}", e.getMessage(), refusal.text());
                    }
                });
        recorder.start();
        delivery.start();
    }

    private Delivery delivery() {
        return delivery;
    }

    /**
     * Starts a sink that sends to that repository.
     *
     * @param transport a transport that can be a client
     * @param source the node that reports; the sink has to say itself when messages are lost or the repository is refused
     * @param port usually 6514
     * @param directory where messages are kept until they are delivered; one process at a time can use it
     */
    public static Builder to(SecureTransport transport, AuditSource source, String host, int port, Path directory) {
        return new Builder(transport, source, host, port, directory);
    }

    /** A sink in the making. */
    public static final class Builder {
        private final SecureTransport transport;
        private final AuditSource source;
        private final String host;
        private final int port;
        private final Path directory;
        private long budget = 256 << 20;
        private DeliveryProof proof = DeliveryProof.CLOSE_NOTIFY;
        private String messageId = "DICOM+RFC3881";
        private boolean byteOrderMark = true;
        private Duration patience = Duration.ofSeconds(1);
        private AuditDeliveryListener listener = AuditDeliveryListener.NONE;
        private Delivery.Window window = new Delivery.Window(1000, 4 << 20, Duration.ofSeconds(30));
        private Delivery.Times times = new Delivery.Times(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60));
        private Disk disk = Disk.LOCAL;
        private Clock clock = Clock.systemUTC();

        private Builder(SecureTransport transport, AuditSource source, String host, int port, Path directory) {
            this.transport = Objects.requireNonNull(transport, "transport");
            this.source = Objects.requireNonNull(source, "source");
            this.host = Objects.requireNonNull(host, "host");
            this.port = port;
            this.directory = Objects.requireNonNull(directory, "directory");
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is outside 1…65535");
            }
            if (!transport.roles().contains(Role.CLIENT)) {
                throw new IllegalArgumentException("the transport to the repository is not built for the role client");
            }
        }

        /**
         * How many octets the messages may take on disk; 256 MiB unless set.
         *
         * @param octets at least 65536
         */
        public Builder budget(long octets) {
            if (octets < 64 << 10) {
                throw new IllegalArgumentException("a budget of " + octets + " octets, at least 65536");
            }
            budget = octets;
            return this;
        }

        /** What is taken as proof of delivery; the repository's close_notify unless set. */
        public Builder proof(DeliveryProof value) {
            proof = Objects.requireNonNull(value, "proof");
            return this;
        }

        /**
         * The MSGID of RFC 5424; {@code DICOM+RFC3881} of PS3.15 A.6 unless set. IHE ITI-20 has {@code IHE+RFC-3881}.
         *
         * @param value 1 to 32 printable ASCII characters
         */
        public Builder messageId(String value) {
            if (!PRINTABLE.matcher(value).matches()) {
                throw new IllegalArgumentException("a MSGID is 1 to 32 printable ASCII characters without spaces");
            }
            messageId = value;
            return this;
        }

        /** Whether the XML has a byte order mark in front, as RFC 5424 §6.4 demands of UTF-8; it has unless set. */
        public Builder byteOrderMark(boolean value) {
            byteOrderMark = value;
            return this;
        }

        /** How long {@link #accept} waits for the disk to take a message; 1 s unless set. */
        public Builder patience(Duration value) {
            patience = positive(value, "patience");
            return this;
        }

        /**
         * How many messages may be sent until the repository has to show that it has read them, and the longest time until
         * then; 1000 and 30 s unless set. A broken connection makes so many arrive twice at the most.
         */
        public Builder window(int messages, Duration age) {
            if (messages < 1) {
                throw new IllegalArgumentException("a window of " + messages + " messages, at least 1");
            }
            window = new Delivery.Window(messages, window.octets(), positive(age, "window"));
            return this;
        }

        /**
         * The time without a new message after which the connection is ended, so that the repository shows what it has
         * read; 1 s unless set. A repository that lags behind gets more, up to its time for the close; before its
         * answers come within that time, everything is sent again.
         */
        public Builder settle(Duration value) {
            positive(value, "settle");
            times = new Delivery.Times(
                    value, times.connect(), times.stall(), times.close(), times.firstRetry(), times.lastRetry());
            return this;
        }

        /**
         * Limits of a connection: for the TCP connection (10 s), in which not an octet can be sent (30 s), and for the
         * repository's end of the connection after ours (10 s). That of the handshake is the transport's.
         */
        public Builder timeouts(Duration connect, Duration stall, Duration close) {
            times = new Delivery.Times(
                    times.settle(),
                    positive(connect, "connect"),
                    positive(stall, "stall"),
                    positive(close, "close"),
                    times.firstRetry(),
                    times.lastRetry());
            return this;
        }

        /** The time after the first failure, which doubles with each further one, and the longest; 1 s and 60 s unless set. */
        public Builder retry(Duration first, Duration longest) {
            times = new Delivery.Times(
                    times.settle(),
                    times.connect(),
                    times.stall(),
                    times.close(),
                    positive(first, "retry"),
                    positive(longest, "retry"));
            return this;
        }

        /** Who is told how the delivery goes. */
        public Builder listener(AuditDeliveryListener value) {
            listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        Builder disk(Disk value) {
            disk = value;
            return this;
        }

        Builder clock(Clock value) {
            clock = value;
            return this;
        }

        private static Duration positive(Duration value, String name) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " " + value + " is not positive");
            }
            return value;
        }

        /**
         * The sink, at work: what an earlier process has left in the directory is being delivered.
         *
         * @throws IOException when the directory cannot be used, or another process uses it; the message is one line
         * @throws IllegalArgumentException when the transport's engine cannot show the proof that is wanted
         */
        public SyslogTlsSink build() throws IOException {
            if (transport.engine() == Engine.BC && proof == DeliveryProof.CLOSE_NOTIFY) {
                throw new IllegalArgumentException("engine bc does not show the repository's close_notify after its own;"
                        + " use engine jdk, or take the end of the stream for proof (DeliveryProof.END_OF_STREAM)");
            }
            return new SyslogTlsSink(this);
        }
    }

    @Override
    public void accept(AuditMessage message) throws AuditNotRecordedException {
        recorder.accept(Objects.requireNonNull(message, "message"));
    }

    @Override
    public boolean flush(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        return recorder.drain(longest)
                && delivery.flush(buffer.last(), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /**
     * How it stands.
     *
     * @param waiting how many messages are recorded and not known to be delivered
     * @param octetsOnDisk how much of the budget is used
     * @param notRecorded how many messages were refused since the sink was built
     * @param problem what keeps it from delivering at the moment, on one line
     */
    public record Status(long waiting, long octetsOnDisk, long notRecorded, Optional<String> problem) {}

    /** How it stands at this moment. */
    public Status status() {
        return new Status(
                buffer.last() - buffer.delivered(), buffer.size(), recorder.notRecorded(), delivery.problem());
    }

    /**
     * Takes no more messages, ends a connection that is open in order, and lets go of the directory. What is not
     * delivered stays there for the next sink. Comes back within seven seconds and the time to settle, whatever disk and
     * repository do.
     */
    @Override
    public void close() {
        try {
            boolean written = recorder.close();
            delivery.close();
            if (written) {
                buffer.close();
            } else {
                // The directory stays locked: the thread that waits for the disk may still write to it.
                LOG.error("the audit sink did not close in order: the disk has not taken what waited for it");
            }
        } catch (IOException e) {
            LOG.error("the audit sink did not close in order: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("the audit sink did not close in order: it was interrupted");
        }
    }
}
