package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The moment after which a connection waits no longer. Reads end there by themselves, through their socket timeout; what
 * no socket timeout reaches — a write to a peer that does not read, a TLS record that trickles in — ends a moment
 * later, when the connection is closed under it. All connections share one thread, which lives only while it is needed.
 */
final class Deadline implements AutoCloseable {
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final ScheduledThreadPoolExecutor WATCH = watch();

    private final Runnable cut;
    private ScheduledFuture<?> watching;
    private long watchingUntil;
    private boolean closed;
    private volatile long at;
    private volatile boolean armed;
    private volatile boolean passed;

    /**
     * @param connection closed when the deadline passes unheeded
     */
    Deadline(Socket connection) {
        this(() -> {
            if (connection.getClass() == Socket.class) {
                closeHard(connection);
            } else {
                // Closing a TLS socket may wait for a writer that is stuck: not on the thread that all share.
                Thread closing = new Thread(() -> closeHard(connection), "dicom-deadline-close");
                closing.setDaemon(true);
                closing.start();
            }
        });
    }

    /**
     * @param cut ends the connection when the deadline passes unheeded; does not wait for anything
     */
    Deadline(Runnable cut) {
        this.cut = cut;
    }

    private static ScheduledThreadPoolExecutor watch() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dicom-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(200, TimeUnit.MILLISECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Moves the deadline to that long from now. */
    synchronized void arm(Duration duration) {
        at = System.nanoTime() + duration.toNanos();
        armed = true;
        if (closed || passed || watching != null && watchingUntil - at <= 0) {
            return;
        }
        if (watching != null) {
            watching.cancel(false);
        }
        schedule();
    }

    private void schedule() {
        watchingUntil = at;
        watching = WATCH.schedule(
                this::look, Math.max(0, at - System.nanoTime()) + GRACE_NANOS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        synchronized (this) {
            watching = null;
            if (closed || !armed) {
                return;
            }
            if (System.nanoTime() - at < GRACE_NANOS) {
                schedule();
                return;
            }
            passed = true;
        }
        cut.run();
    }

    /** Ends the connection without lingering: what is unsent is lost. */
    static void closeHard(Socket connection) {
        try {
            connection.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // The close below is then without effect.
        }
        closeQuietly(connection);
    }

    static void closeQuietly(Socket connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            // The peer took the connection away first.
        }
    }

    /** From now on the connection may wait for ever. */
    void disarm() {
        armed = false;
    }

    /** Whether the connection was closed because it came too late. */
    boolean passed() {
        return passed;
    }

    /**
     * What is left, in milliseconds, at least 1.
     *
     * @throws SocketTimeoutException when nothing is left
     */
    int remainingMillis() throws SocketTimeoutException {
        if (!armed) {
            return 0;
        }
        long left = at - System.nanoTime();
        if (passed || left <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watching != null) {
            watching.cancel(false);
            watching = null;
        }
    }
}
