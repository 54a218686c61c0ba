package org.dicomtls.interop.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dicomtls.interop.report.Table;
import org.dicomtls.interop.report.Tally;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;

/** The matrix in plain text: profile against profile, then the outcome in words. */
public final class MatrixText {

    private MatrixText() {}

    /** What the cells of two profiles have come to, in a few characters. */
    static String mark(List<Cell> cells) {
        long disagreeing = cells.stream().filter(c -> !c.agrees()).count();
        Map<String, Integer> outcomes = new TreeMap<>(java.util.Comparator.reverseOrder());
        for (Cell cell : cells) {
            outcomes.merge(mark(cell), 1, Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        outcomes.forEach((outcome, count) -> parts.add(outcomes.size() == 1 ? outcome : outcome + "×" + count));
        return String.join(" ", parts) + (disagreeing > 0 ? " !" + disagreeing : "");
    }

    /** {@code 1.3}, {@code 1.2} or {@code no}. */
    static String mark(Cell cell) {
        return cell.observed().version().map(v -> v.name().substring("TLSv".length())).orElse("no");
    }

    static List<Cell> between(Matrix matrix, Profile client, Profile server) {
        return matrix.cells().stream()
                .filter(c -> c.client().profile().equals(client) && c.server().profile().equals(server))
                .toList();
    }

    /** The lines of the report. */
    public static List<String> lines(Matrix matrix, int width) {
        List<String> lines = new ArrayList<>();
        List<String> headings = new ArrayList<>();
        headings.add("client \\ server");
        matrix.profiles().forEach(p -> headings.add(p.id()));
        Table table = new Table(headings.toArray(String[]::new));
        for (Profile client : matrix.profiles()) {
            List<String> row = new ArrayList<>();
            row.add(client.id());
            for (Profile server : matrix.profiles()) {
                row.add(mark(between(matrix, client, server)));
            }
            table.row(row.toArray());
        }
        lines.addAll(table.lines(Math.max(width, 400)));
        lines.add("");
        lines.add("1.3, 1.2: the TLS version of the C-ECHO; no: refused. ×N: so many of the combinations of engines and"
                + " certificates. !N: so many not as predicted.");
        lines.add("");
        lines.addAll(reasons(matrix).lines(width));
        Matrix.leftOut(matrix.profiles()).ifPresent(lines::add);
        lines.add("");
        lines.addAll(summary(matrix));
        return lines;
    }

    /** Why cells were refused, as predicted, the most frequent reason first. */
    static Tally reasons(Matrix matrix) {
        Tally reasons = new Tally();
        for (Cell cell : matrix.cells()) {
            if (!cell.observed().established()) {
                reasons.add("refused: "
                        + (cell.predicted().established() ? cell.observed().reason() : cell.predicted().reason()));
            }
        }
        return reasons;
    }

    /** The outcome in words; cells that were not as predicted by name. */
    static List<String> summary(Matrix matrix) {
        List<String> lines = new ArrayList<>();
        long tls13 = matrix.cells().stream()
                .filter(c -> c.observed().version().filter(TlsVersion.TLS_1_3::equals).isPresent())
                .count();
        long established = matrix.established();
        lines.add(String.format(
                Locale.ROOT,
                "%d connections between %d profiles in %.1f s: %d established with a C-ECHO (%d TLS 1.3, %d TLS 1.2), %d refused.",
                matrix.cells().size(),
                matrix.profiles().size(),
                matrix.elapsed().toMillis() / 1000.0,
                established,
                tls13,
                established - tls13,
                matrix.cells().size() - established));
        List<Cell> disagreeing = matrix.disagreeing();
        if (disagreeing.isEmpty()) {
            lines.add("All of them as predicted.");
        } else {
            lines.add(disagreeing.size() + " NOT as predicted:");
            for (Cell cell : disagreeing) {
                lines.add("  " + cell.client() + " → " + cell.server() + ": predicted " + cell.predicted() + "; observed "
                        + (cell.observed().established()
                                ? cell.observed().version().orElseThrow() + " "
                                        + cell.observed().suite().orElseThrow() + " "
                                        + cell.observed().group().map(Object::toString).orElse("?") + ", C-ECHO "
                                        + cell.observed().echo()
                                : "refused: " + cell.observed().reason()));
            }
        }
        return lines;
    }
}
