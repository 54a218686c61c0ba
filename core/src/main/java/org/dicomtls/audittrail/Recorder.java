package org.dicomtls.audittrail;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the buffer, and one that forces what is written to the medium. Whoever has a message waits
 * until it is written, but no longer than his patience; then it stays in memory until the disk has taken it, and memory is
 * bounded. What cannot be taken is told of at once, and in the trail itself as soon as that can be written again.
 */
final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** What may wait in memory for a slow disk. */
    static final int MOST_WAITING_OCTETS = 4 << 20;

    private static final long RETRY_SECONDS = 1;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    /** Tells of losses and of news for the delivery. */
    interface Events {
        void recorded();

        void notRecorded(AuditMessage message, String why);
    }

    private static final class Entry {
        private final AuditMessage message;
        private final byte[] octets;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile IOException failure;

        Entry(AuditMessage message, byte[] octets) {
            this.message = message;
            this.octets = octets;
        }
    }

    /** Messages that were lost and of which the trail does not tell yet. */
    private record Lost(long count, Instant from, Instant until, String why) {
        Lost and(Instant when, String reason) {
            return new Lost(count + 1, from, when, reason);
        }
    }

    private final AuditBuffer buffer;
    private final AuditSource source;
    private final SyslogFormat format;
    private final Duration patience;
    private final Clock clock;
    private final Events events;
    private final Thread thread;
    private final Thread forcing;
    private final Semaphore unforced = new Semaphore(0);
    private final Deque<Entry> queue = new ArrayDeque<>();
    private long waitingOctets;
    private boolean closed;
    private boolean slow;
    private final AtomicReference<Lost> lost = new AtomicReference<>();
    private final LongAdder notRecorded = new LongAdder();

    Recorder(
            AuditBuffer buffer,
            AuditSource source,
            SyslogFormat format,
            Duration patience,
            Clock clock,
            Events events,
            String name) {
        this.buffer = buffer;
        this.source = source;
        this.format = format;
        this.patience = patience;
        this.clock = clock;
        this.events = events;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        this.forcing = new Thread(this::force, name + " to the medium");
        forcing.setDaemon(true);
    }

    void start() {
        thread.start();
        forcing.start();
    }

    /** Takes a message; comes back when it is written, or after the patience while it waits in memory. */
    void accept(AuditMessage message) throws AuditNotRecordedException {
        Entry entry;
        try {
            entry = new Entry(message, format.of(message));
            offer(entry);
        } catch (AuditNotRecordedException e) {
            refuse(message, e.getMessage());
            throw e;
        }
        try {
            if (!entry.done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                tellSlow();
                return;
            }
        } catch (InterruptedException e) {
            // It is taken all the same; only the certainty that it is written is not waited for.
            Thread.currentThread().interrupt();
            return;
        }
        if (entry.failure != null) {
            throw new AuditNotRecordedException(entry.failure.getMessage(), entry.failure);
        }
    }

    private synchronized void offer(Entry entry) throws AuditNotRecordedException {
        if (closed) {
            throw new AuditNotRecordedException("the audit sink is closed");
        }
        if (waitingOctets + entry.octets.length > MOST_WAITING_OCTETS) {
            throw new AuditNotRecordedException(
                    "the disk is slow, and " + waitingOctets + " octets of messages wait for it already");
        }
        queue.add(entry);
        waitingOctets += entry.octets.length;
        notifyAll();
    }

    private synchronized void tellSlow() {
        if (!slow) {
            slow = true;
            LOG.warn("the disk of the audit buffer is slow: {} messages wait in memory", queue.size());
        }
    }

    /** Tells of a message that is lost, once. */
    private void refuse(AuditMessage message, String why) {
        Instant now = clock.instant();
        lost.updateAndGet(known -> known == null ? new Lost(1, now, now, why) : known.and(now, why));
        notRecorded.increment();
        synchronized (this) {
            notifyAll();
        }
        LOG.error(
                "audit message of {} not recorded: {}; {}",
                message.event().time(),
                why,
                message.event().description().orElse(message.event().id().meaning()));
        events.notRecorded(message, why);
    }

    private void run() {
        try {
            while (writeWhatHasCome()) {
                // until it is closed
            }
            tellOfLost();
        } finally {
            // Not reached by an exception as long as this class has no defect; but nobody shall wait for ever.
            synchronized (this) {
                closed = true;
                for (Entry entry : queue) {
                    entry.failure = new IOException("the audit buffer has a defect");
                    entry.done.countDown();
                }
            }
            unforced.release();
        }
    }

    /** False at the end. What could not be taken for want of memory waits for the next turn. */
    private boolean writeWhatHasCome() {
        try {
            List<Entry> batch = take();
            if (batch == null) {
                return false;
            }
            tellOfLost();
            for (Entry entry : batch) {
                write(entry);
            }
            if (!batch.isEmpty()) {
                written();
            }
        } catch (OutOfMemoryError e) {
            LOG.error("no memory is left to record audit messages; it is tried again", e);
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(RETRY_SECONDS);
        } catch (InterruptedException e) {
            // Nobody has reason to interrupt this thread.
        }
    }

    /** What has come, all of it; nothing after a while if there is a loss to tell of; null at the end. */
    private synchronized List<Entry> take() {
        while (queue.isEmpty() && !closed) {
            slow = false;
            try {
                if (lost.get() != null) {
                    TimeUnit.SECONDS.timedWait(this, RETRY_SECONDS);
                    break;
                }
                wait();
            } catch (InterruptedException e) {
                // Nobody has reason to interrupt this thread, and it has no reason to end for it.
            }
        }
        if (queue.isEmpty() && closed) {
            return null;
        }
        return new ArrayList<>(queue);
    }

    private void write(Entry entry) {
        try {
            buffer.append(entry.octets);
        } catch (IOException e) {
            entry.failure = e;
            refuse(entry.message, e.getMessage());
        }
        synchronized (this) {
            queue.remove();
            waitingOctets -= entry.octets.length;
        }
        entry.done.countDown();
    }

    private void written() {
        unforced.release();
        events.recorded();
    }

    private void force() {
        while (thread.isAlive()) {
            unforced.acquireUninterruptibly();
            unforced.drainPermits();
            try {
                buffer.force();
            } catch (IOException | OutOfMemoryError e) {
                LOG.error("{}; a loss of power could lose the last messages", e.getMessage());
            }
        }
    }

    private void tellOfLost() {
        Lost known = lost.getAndSet(null);
        if (known == null) {
            return;
        }
        try {
            buffer.append(format.of(SecurityAlert.recordingStopped(
                    source, known.count(), known.from(), known.until(), known.why())));
        } catch (IOException e) {
            // Neither can this be written. What is lost stays counted, and it is tried again.
            lost.updateAndGet(since -> since == null
                    ? known
                    : new Lost(known.count() + since.count(), known.from(), since.until(), since.why()));
            return;
        }
        written();
    }

    /** How many messages were lost since the beginning. */
    long notRecorded() {
        return notRecorded.sum();
    }

    /** Waits until the disk has had all that was taken before; false when the time is over. */
    boolean drain(Duration longest) throws InterruptedException {
        Entry tail;
        synchronized (this) {
            tail = queue.peekLast();
        }
        return tail == null || tail.done.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Takes no more, writes what was taken, and ends; false when the disk does not take it in time. */
    boolean close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        long end = System.nanoTime() + LONGEST_CLOSE.toNanos();
        thread.join(LONGEST_CLOSE.toMillis());
        if (!thread.isAlive()) {
            unforced.release();
            forcing.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
        return !thread.isAlive() && !forcing.isAlive();
    }
}
