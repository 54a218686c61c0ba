package org.dicomtls.interop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dicomtls.interop.report.Table;

/** A run as text: a table for each quantity, and the ratios. */
public final class BenchText {

    private BenchText() {}

    /** The lines, of that width. */
    public static List<String> lines(BenchReport report, int width) {
        List<String> lines = new ArrayList<>();
        lines.add(machine(report.machine()));
        report.machine().warning().ifPresent(warning -> lines.add("WARNING: " + warning));
        for (Part part : report.parts()) {
            lines.add("");
            lines.add(part.topic().id() + ". " + part.topic().title());
            lines.addAll(Table.wrap(part.how(), width));
            for (Series series : part.series()) {
                lines.add("");
                lines.addAll(table(series).lines(width));
            }
            if (!part.ratios().isEmpty()) {
                lines.add("");
                lines.addAll(ratios(part).lines(width));
            }
            if (!part.notes().isEmpty()) {
                lines.add("");
                part.notes().forEach(note -> lines.addAll(Table.wrap("Note: " + note + ".", width)));
            }
        }
        return lines;
    }

    /** On what the run was made, in one line. */
    static String machine(Machine machine) {
        String peers = machine.peers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
        return machine.cpu() + "; " + machine.environment()
                + (peers.isEmpty() ? "" : "; " + peers)
                + machine.load().map(load -> "; load average at the start " + Numbers.of(load)).orElse("")
                + machine.others()
                        .map(share -> "; used by other programs meanwhile " + Math.round(100 * share) + " %")
                        .orElse("")
                + "; medians of " + machine.rounds() + " rounds, turn by turn";
    }

    private static Table table(Series series) {
        boolean along = series.along().isPresent();
        Table table = along
                ? new Table(series.title() + ", " + series.unit(), series.along().get(), "median", "lowest…highest")
                : new Table(series.title() + (series.unit().isEmpty() ? "" : ", " + series.unit()), "median", "lowest…highest");
        for (Series.Row row : series.rows()) {
            String median = Numbers.of(row.samples().median());
            if (along) {
                table.row(
                        row.subject(),
                        row.at().map(at -> String.valueOf(Math.round(at))).orElse(""),
                        median,
                        Numbers.range(row.samples()));
            } else {
                table.row(row.subject(), median, Numbers.range(row.samples()));
            }
        }
        return table;
    }

    private static Table ratios(Part part) {
        Table table = new Table("Compared", "median", "lowest…highest", "wanted");
        for (Ratio ratio : part.ratios()) {
            table.row(
                    ratio.title(),
                    Numbers.of(ratio.samples().median()) + (ratio.unit().isEmpty() ? "" : " " + ratio.unit()),
                    Numbers.range(ratio.samples()),
                    ratio.goal().map(goal -> goal + (ratio.met().orElse(true) ? "" : "  MISSED")).orElse(""));
        }
        return table;
    }
}
