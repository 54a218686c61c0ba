package org.dicomtls.interop.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a peer says, line by line, as far back as it is needed. Lines are bounded in length and number, for a peer may say
 * anything. May be shared among threads.
 */
public final class PeerLog {

    private static final int MOST_LINES = 4_000;
    private static final int LONGEST_LINE = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private long total;

    /** Takes a line, or the lines of a text. */
    public synchronized void say(String text) {
        text.lines().forEach(line -> {
            if (lines.size() == MOST_LINES) {
                lines.removeFirst();
            }
            lines.addLast(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + " …" : line);
            total++;
        });
        notifyAll();
    }

    /** How many lines there have been. */
    public synchronized long mark() {
        return total;
    }

    /** The lines that came after that mark. */
    public synchronized List<String> since(long mark) {
        List<String> all = new ArrayList<>(lines);
        long known = total - all.size();
        return List.copyOf(all.subList((int) Math.min(all.size(), Math.max(0, mark - known)), all.size()));
    }

    /** The first such line after that mark, if it comes within that time. */
    public synchronized Optional<String> await(long mark, Predicate<String> which, long millis)
            throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (true) {
            Optional<String> found = since(mark).stream().filter(which).findFirst();
            long left = (end - System.nanoTime()) / 1_000_000;
            if (found.isPresent() || left <= 0) {
                return found;
            }
            wait(left);
        }
    }
}
