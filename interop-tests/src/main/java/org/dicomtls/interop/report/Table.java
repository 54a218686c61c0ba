package org.dicomtls.interop.report;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text, its columns as wide as their content; the last column is wrapped to the width given. */
public final class Table {

    private static final int LEAST_WRAPPED = 24;

    private final List<String[]> rows = new ArrayList<>();
    private final int columns;

    public Table(String... headings) {
        columns = headings.length;
        rows.add(headings);
    }

    public Table row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
        }
        String[] row = new String[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = String.valueOf(cells[i]);
        }
        rows.add(row);
        return this;
    }

    /** The lines of the table. */
    public List<String> lines(int width) {
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].codePointCount(0, row[i].length()));
            }
        }
        int before = 0;
        for (int i = 0; i < columns - 1; i++) {
            before += widths[i] + 2;
        }
        int last = Math.max(LEAST_WRAPPED, width - before);
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            String[] row = rows.get(r);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns - 1; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].codePointCount(0, row[i].length()) + 2));
            }
            List<String> wrapped = wrap(row[columns - 1], last);
            for (int w = 0; w < wrapped.size(); w++) {
                lines.add(((w == 0 ? line.toString() : " ".repeat(before)) + wrapped.get(w)).stripTrailing());
            }
            if (r == 0) {
                lines.add("-".repeat(Math.min(width, before + Math.min(last, widths[columns - 1]))));
            }
        }
        return lines;
    }

    /** Breaks text at spaces into lines of that width; a longer word stands alone. */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
