package org.dicomtls.audittrail;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.SecureTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that sends. It sends what the buffer has, in order, over one connection after the other, and takes a
 * message for delivered only when the repository has ended the connection in order after it. Everything else is sent
 * again.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /**
     * How much may be sent without proof, so that a broken connection repeats no more than that.
     *
     * @param messages a number
     * @param octets a size
     * @param age a time since the first of them was sent
     */
    record Window(int messages, long octets, Duration age) {}

    /**
     * Times.
     *
     * @param settle between the last message and the close, and again until the answer: a repository that itself ends
     *     the connection meanwhile must be known to have done so, or its end of it would be taken for an answer
     * @param connect for the TCP connection
     * @param stall in which not an octet can be written
     * @param close for the repository's end of the connection after ours
     * @param firstRetry after the first failure; doubled after each further one
     * @param lastRetry the longest time between attempts
     */
    record Times(
            Duration settle, Duration connect, Duration stall, Duration close, Duration firstRetry, Duration lastRetry) {}

    /** What a repository gets for its answer when this process ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** Hears of refusals on the way to the repository, for the trail. */
    interface Alarm {
        void refused(Refusal refusal);
    }

    private final AuditBuffer buffer;
    private final SecureTransport transport;
    private final String host;
    private final int port;
    private final DeliveryProof wanted;
    private final Window window;
    private final Times times;
    private final AuditDeliveryListener listener;
    private final Alarm alarm;
    private final Thread thread;

    // guarded by this
    private SyslogConnection connection;
    private int flushing;
    private boolean closing;
    private Optional<String> problem = Optional.empty();

    // of the thread
    private int failures;
    private long sentThrough;
    private long sentCount;
    private long damageTold;
    private long settle;

    Delivery(
            AuditBuffer buffer,
            SecureTransport transport,
            String host,
            int port,
            DeliveryProof wanted,
            Window window,
            Times times,
            AuditDeliveryListener listener,
            Alarm alarm) {
        this.buffer = buffer;
        this.transport = transport;
        this.host = host;
        this.port = port;
        this.wanted = wanted;
        this.window = window;
        this.times = times;
        this.settle = times.settle().toNanos();
        this.listener = listener;
        this.alarm = alarm;
        this.thread = new DeliveryThread(this::run, "dicom-tls audit delivery to " + host + ":" + port);
    }

    void start() {
        thread.start();
    }

    /** There is something new in the buffer. */
    synchronized void news() {
        notifyAll();
        if (connection != null) {
            connection.wakeUp();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                try {
                    deliver();
                } catch (IOException e) {
                    failed(e);
                } catch (OutOfMemoryError e) {
                    failed(new IOException("no memory is left", e));
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the delivery of audit messages has a defect; nothing more is delivered until it is started again", e);
            setProblem(Optional.of("a defect: " + e));
            throw e;
        } finally {
            synchronized (this) {
                closing = true;
                notifyAll();
            }
        }
    }

    /** Waits until there is something to deliver; false at the end. */
    private synchronized boolean awaitWork() {
        while (!closing && buffer.last() <= buffer.delivered()) {
            await(0);
        }
        return !closing;
    }

    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            // Nobody has reason to interrupt this thread, and it has no reason to end for it.
        }
    }

    private void deliver() throws IOException {
        buffer.rewind();
        sentThrough = buffer.delivered();
        sentCount = 0;
        SyslogConnection current = connect();
        try {
            while (send(current)) {
                long asked = System.nanoTime();
                DeliveryProof shown = current.finish(times.close());
                requireInTime(System.nanoTime() - asked);
                if (shown != wanted && wanted == DeliveryProof.CLOSE_NOTIFY) {
                    throw new IOException("the repository ended the connection without the close_notify that RFC 5425"
                            + " §4.4 demands, so nothing shows that it has read what was sent;"
                            + " DeliveryProof.END_OF_STREAM does without");
                }
                // A repository that is being shut down ends its connections in order as well, read or unread. It
                // takes no new ones then.
                SyslogConnection next = connect();
                try {
                    current.requireNoReset();
                    delivered();
                } catch (IOException | RuntimeException e) {
                    next.close();
                    throw e;
                }
                current.close();
                current = next;
            }
            current.leave();
        } finally {
            setConnection(null);
            current.close();
        }
    }

    /**
     * A repository that lags behind by more than the time to settle may have had messages unread when the connection was
     * ended, and who ended it first cannot be known. It gets more time.
     */
    private void requireInTime(long answer) throws IOException {
        if (answer > settle) {
            long before = settle;
            settle = Math.min(2 * answer, Math.max(times.close().toNanos(), before));
            throw new IOException("the repository took " + TimeUnit.NANOSECONDS.toMillis(answer)
                    + " ms to end the connection, longer than the " + TimeUnit.NANOSECONDS.toMillis(before)
                    + " ms in which it should have read what was sent; the next time it gets "
                    + TimeUnit.NANOSECONDS.toMillis(settle) + " ms");
        }
        if (answer < settle / 4) {
            settle = Math.max(settle / 2, times.settle().toNanos());
        }
    }

    private SyslogConnection connect() throws IOException {
        SyslogConnection made = new SyslogConnection(transport, host, port, times.stall());
        setConnection(made);
        try {
            made.open(times.connect());
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void delivered() throws IOException {
        buffer.delivered(sentThrough);
        long count = sentCount;
        sentCount = 0;
        failures = 0;
        setProblem(Optional.empty());
        LOG.debug("{} audit messages delivered to {}:{}", count, host, port);
        tell(() -> listener.delivered(count));
        synchronized (this) {
            notifyAll();
        }
    }

    /**
     * Sends until the window is full or nothing has come for a while; then all of it has had time to arrive.
     *
     * @return whether there was anything
     */
    private boolean send(SyslogConnection to) throws IOException {
        long octets = 0;
        long oldest = 0;
        long settled = 0;
        while (true) {
            boolean full = sentCount >= window.messages()
                    || octets >= window.octets()
                    || sentCount > 0 && System.nanoTime() - oldest >= window.age().toNanos();
            synchronized (this) {
                full |= closing;
            }
            Optional<Segment.Record> record = full ? Optional.empty() : buffer.next(this::damaged);
            if (record.isPresent()) {
                to.send(SyslogFormat.frame(record.get().message()));
                long now = System.nanoTime();
                oldest = sentCount == 0 ? now : oldest;
                settled = now + settle;
                sentThrough = record.get().number();
                octets += record.get().message().length;
                sentCount++;
                continue;
            }
            long left = sentCount == 0 ? 0 : settled - System.nanoTime();
            if (left <= 0) {
                return sentThrough > buffer.delivered();
            }
            to.await(Duration.ofNanos(left));
        }
    }

    private void damaged(long from, long to, java.nio.file.Path file) {
        sentThrough = Math.max(sentThrough, to);
        if (to <= damageTold) {
            return; // said when it was met for the first time
        }
        damageTold = to;
        String what = (from == to ? "audit message " + from : "audit messages " + from + " to " + to) + " of "
                + file.getFileName() + " cannot be read any more";
        LOG.error("{}", what);
        tell(() -> listener.damaged(to - from + 1, what));
    }

    private void failed(IOException e) {
        long unproven = sentCount;
        sentCount = 0;
        failures++;
        long most = times.lastRetry().toMillis();
        long base = Math.min(most, times.firstRetry().toMillis() << Math.min(failures - 1, 16));
        // Many nodes that lose one repository shall not all come back at once.
        long pause = base - ThreadLocalRandom.current().nextLong(base / 4 + 1);
        String why = "delivery to audit repository " + host + ":" + port + ": " + oneLine(e);
        setProblem(Optional.of(why));
        LOG.warn("{}; {} messages are kept, next attempt in {} ms", why, buffer.last() - buffer.delivered(), pause);
        tell(() -> listener.interrupted(why, unproven, Duration.ofMillis(pause)));
        if (failures == 1) {
            Refusal.in(e).ifPresent(alarm::refused);
        }
        long began = System.nanoTime();
        synchronized (this) {
            while (!closing) {
                // Somebody who waits for a flush is worth a try now and then.
                long longest = flushing > 0 ? Math.min(pause, times.firstRetry().toMillis()) : pause;
                long left = longest - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                if (left <= 0) {
                    break;
                }
                await(left);
            }
        }
    }

    private static String oneLine(IOException e) {
        if (e instanceof java.net.UnknownHostException) {
            return "no address is known for it";
        }
        return AuditText.clean(e.getMessage() == null ? e.toString() : e.getMessage(), 1000);
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }

    private synchronized void setConnection(SyslogConnection value) {
        connection = value;
    }

    private synchronized void setProblem(Optional<String> value) {
        problem = value;
    }

    /** What keeps it from delivering at the moment, on one line. */
    synchronized Optional<String> problem() {
        return problem;
    }

    /** Waits until all up to that message are delivered. */
    synchronized boolean flush(long number, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        flushing++;
        notifyAll();
        try {
            while (buffer.delivered() < number) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || closing) {
                    return false;
                }
                wait(left);
            }
            return true;
        } finally {
            flushing--;
        }
    }

    /** Ends; a connection that is there is ended in order first, so that what was sent need not be sent again. */
    void close() throws InterruptedException {
        synchronized (this) {
            closing = true;
            notifyAll();
            if (connection != null) {
                if (connection.isEstablished()) {
                    connection.wakeUp();
                } else {
                    connection.abandon();
                }
            }
        }
        thread.join(times.settle().plus(FAREWELL).toMillis());
        synchronized (this) {
            if (connection != null) {
                connection.abandon();
            }
        }
        thread.join(FAREWELL.toMillis());
    }
}
