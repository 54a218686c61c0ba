package org.dicomtls.interop.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How often each text came, the most frequent one first. */
public final class Tally {

    private static final int INDENT = 9;
    private static final int NARROWEST = 60;

    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /** It came once more. */
    public void add(String text) {
        counts.merge(text, 1, Integer::sum);
    }

    /** For example {@code 12 × refused: no common TLS version}. */
    public List<String> entries() {
        return sorted().stream().map(e -> e.getValue() + " × " + e.getKey()).toList();
    }

    /** The same as lines of that width. */
    public List<String> lines(int width) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : sorted()) {
            List<String> wrapped = Table.wrap(entry.getKey(), Math.max(NARROWEST, width - INDENT - 1));
            lines.add(String.format(Locale.ROOT, "%6d × %s", entry.getValue(), wrapped.get(0)));
            wrapped.subList(1, wrapped.size()).forEach(line -> lines.add(" ".repeat(INDENT) + line));
        }
        return lines;
    }

    private List<Map.Entry<String, Integer>> sorted() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .toList();
    }
}
