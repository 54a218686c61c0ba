package org.dicomtls.interop.statement;

import java.util.List;

/** A piece of a statement, without the notation that it is written in. */
public sealed interface Block {

    /**
     * A heading.
     *
     * @param level 2 or 3; the title of the statement has 1
     */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    record Bullets(List<String> items) implements Block {
        public Bullets {
            items = List.copyOf(items);
        }
    }

    /**
     * A table.
     *
     * @param caption with its number in the template, if it has one there
     * @param rows each as long as {@code headings}
     */
    record Grid(String caption, List<String> headings, List<List<String>> rows) implements Block {
        public Grid {
            headings = List.copyOf(headings);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != headings.size()) {
                    throw new IllegalArgumentException(
                            caption + ": " + row.size() + " cells for " + headings.size() + " columns");
                }
            }
        }
    }
}
