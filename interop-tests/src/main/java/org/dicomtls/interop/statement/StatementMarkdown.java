package org.dicomtls.interop.statement;

import java.util.List;
import java.util.regex.Pattern;

/** A statement as Markdown (CommonMark with the tables of GitHub). */
public final class StatementMarkdown {

    /** What would be read as notation. A bracket alone is none, nor is an underscore within a word, and both are many. */
    private static final Pattern NOTATION = Pattern.compile("[\\\\`*<>|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=])\\(");

    private StatementMarkdown() {}

    public static String of(Statement statement) {
        StringBuilder text = new StringBuilder("# ").append(escaped(statement.title())).append("\n");
        for (Block block : statement.blocks()) {
            text.append('\n');
            if (block instanceof Block.Heading heading) {
                text.append("#".repeat(heading.level())).append(' ').append(escaped(heading.text())).append('\n');
            } else if (block instanceof Block.Paragraph paragraph) {
                text.append(escaped(paragraph.text())).append('\n');
            } else if (block instanceof Block.Bullets bullets) {
                bullets.items().forEach(item -> text.append("* ").append(escaped(item)).append('\n'));
            } else if (block instanceof Block.Grid grid) {
                grid(text, grid);
            }
        }
        return text.toString();
    }

    private static void grid(StringBuilder text, Block.Grid grid) {
        text.append("**").append(escaped(grid.caption())).append("**\n\n");
        line(text, grid.headings());
        text.append("|---".repeat(grid.headings().size())).append("|\n");
        grid.rows().forEach(row -> line(text, row));
    }

    private static void line(StringBuilder text, List<String> cells) {
        for (String cell : cells) {
            text.append("| ").append(escaped(cell)).append(cell.isEmpty() ? "" : " ");
        }
        text.append("|\n");
    }

    private static String escaped(String text) {
        String line = text.replaceAll("\\s*\\R\\s*", " ");
        return NOTATION.matcher(line).replaceAll("\\\\$0");
    }
}
