package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Waiver;

/** Several audits in plain text: a line a node, then what there is to say besides. */
public final class AuditsText {

    private AuditsText() {}

    /** The lines of the summary. */
    public static List<String> lines(List<NodeOutcome> outcomes, OnRecord record, int width) {
        Table table = new Table("AE title", "target", "profile", "conclusion", "broken SHALLs", "open", "time");
        for (NodeOutcome outcome : outcomes) {
            boolean audited = outcome.conclusion().isPresent();
            table.row(
                    outcome.node().aeTitle(),
                    outcome.node().target(),
                    outcome.node().profile().id(),
                    outcome.words(),
                    audited ? outcome.broken() : "",
                    audited ? outcome.open() : "",
                    AuditsPage.seconds(outcome.millis()));
        }
        List<String> lines = new ArrayList<>(table.lines(width));
        section(
                lines,
                "Not audited:",
                outcomes.stream()
                        .filter(o -> o.failure().isPresent())
                        .map(o -> o.node() + ": " + o.failure().orElseThrow())
                        .toList(),
                width);
        section(
                lines,
                "Waivers that have ended and do not count:",
                record.waivers().stream()
                        .filter(w -> !w.holdsOn(record.day()))
                        .map(Acceptance::ended)
                        .toList(),
                width);
        section(lines, "Waivers not needed, for the rule is violated at no node:", notNeeded(outcomes, record), width);
        lines.add("");
        lines.addAll(Table.wrap(totals(outcomes), width));
        return lines;
    }

    /** Live waivers that none of the audited nodes of a profile with that rule needed. */
    private static List<String> notNeeded(List<NodeOutcome> outcomes, OnRecord record) {
        Set<String> idle = new HashSet<>();
        Set<String> needed = new HashSet<>();
        for (NodeOutcome outcome : outcomes) {
            idle.addAll(outcome.idleWaivers());
            for (Waiver waiver : record.waivers()) {
                if (outcome.conclusion().isPresent()
                        && outcome.node().profile().rule(waiver.rule()).isPresent()
                        && !outcome.idleWaivers().contains(waiver.rule())) {
                    needed.add(waiver.rule());
                }
            }
        }
        idle.removeAll(needed);
        return record.waivers().stream().map(Waiver::rule).filter(idle::contains).toList();
    }

    private static void section(List<String> lines, String heading, List<String> content, int width) {
        if (!content.isEmpty()) {
            lines.add("");
            lines.add(heading);
            content.forEach(one ->
                    Table.wrap(PeerText.clean(one), Math.max(20, width - 2)).forEach(line -> lines.add("  " + line)));
        }
    }

    static String totals(List<NodeOutcome> outcomes) {
        long conformant = count(outcomes, Conclusion.CONFORMANT);
        long broken = count(outcomes, Conclusion.NON_CONFORMANT);
        long accepted = outcomes.stream()
                .filter(o -> o.accepted() && o.conclusion().map(c -> c == Conclusion.NON_CONFORMANT).orElse(false))
                .count();
        long undetermined = count(outcomes, Conclusion.UNDETERMINED);
        long bugs = outcomes.stream().filter(NodeOutcome::bug).count();
        long unreachable = outcomes.stream().filter(o -> o.failure().isPresent() && !o.bug()).count();
        return outcomes.size() + (outcomes.size() == 1 ? " node: " : " nodes: ") + conformant + " conformant, "
                + broken + " non-conformant"
                + (accepted > 0 ? " (" + accepted + " of them accepted)" : "")
                + ", " + undetermined + " undetermined, " + unreachable + " unreachable"
                + (bugs > 0 ? ", " + bugs + " failed by a bug of ours" : "") + ".";
    }

    private static long count(List<NodeOutcome> outcomes, Conclusion conclusion) {
        return outcomes.stream()
                .filter(o -> o.conclusion().map(c -> c == conclusion).orElse(false))
                .count();
    }
}
