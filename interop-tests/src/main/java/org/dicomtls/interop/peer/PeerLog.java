package org.dicomtls.interop.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.dicomtls.interop.report.PeerText;

/**
 * What a peer says, line by line, as far back as it is needed. A peer may say anything: lines are cleaned of control
 * characters and bounded in length and number. May be shared among threads.
 */
public final class PeerLog {

    static final int LONGEST_LINE = 400;
    private static final int MOST_LINES = 4_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private long total;

    /** Takes a line, or the lines of a text. */
    public synchronized void say(String text) {
        text.lines().map(PeerText::clean).filter(line -> !line.isEmpty()).forEach(line -> {
            if (lines.size() == MOST_LINES) {
                lines.removeFirst();
            }
            lines.addLast(line);
            total++;
        });
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

    /** The last lines, to follow a sentence in an error message; empty if there are none. */
    public synchronized String last(int most) {
        List<String> all = since(Math.max(0, total - most));
        return all.isEmpty() ? "" : ": " + String.join(" / ", all);
    }
}
