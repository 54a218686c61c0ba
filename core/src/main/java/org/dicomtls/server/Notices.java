package org.dicomtls.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells of connections that are turned away: at most one a second for each reason, with the number of the others, on a
 * thread that nobody waits for. A flood is thus a line a second, whatever a listener does with it.
 */
final class Notices {

    /** Why a connection is turned away. */
    enum Reason {
        TOO_MANY,
        TOO_MANY_OF_ONE_ADDRESS,
        GAVE_WAY,
        NO_PLACE,
        NO_THREAD,
        CANNOT_ACCEPT,
        CLOSING
    }

    private static final long INTERVAL_NANOS = 1_000_000_000;
    private static final int MOST_PENDING = 64;

    private static final class Recent {
        private long since;
        private long others;
    }

    private final Map<Reason, Recent> recent = new EnumMap<>(Reason.class);
    private final ThreadPoolExecutor thread;

    Notices(String threadName) {
        thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_PENDING), task -> {
                    Thread made = new Thread(task, threadName);
                    made.setDaemon(true);
                    return made;
                }, new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Tells it, unless the same was told within the last second.
     *
     * @param notice gets what to append to the message: nothing, or how many were not told
     */
    void tell(Reason reason, Consumer<String> notice) {
        String others;
        synchronized (recent) {
            long now = System.nanoTime();
            Recent last = recent.get(reason);
            if (last == null) {
                last = new Recent();
                recent.put(reason, last);
            } else if (now - last.since < INTERVAL_NANOS) {
                last.others++;
                return;
            }
            last.since = now;
            others = last.others == 0 ? "" : " (and " + last.others + " more since this was last said)";
            last.others = 0;
        }
        thread.execute(() -> notice.accept(others));
    }

    void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }
}
