package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;

/** An audit in plain text: the conclusion first, then what is broken, then how much of the rest. */
public final class AuditText {

    private static final int LONGEST = 400;

    private AuditText() {}

    /** The lines of the report; all rules with their evidence if it is to be verbose. */
    public static List<String> lines(Audit audit, boolean verbose, int width) {
        List<String> lines = new ArrayList<>(Table.wrap(audit.words(), width));
        audit.broken().forEach(finding -> details(lines, finding, width, verbose));
        if (!audit.open().isEmpty()) {
            lines.add("");
            lines.add("Open, although questions can decide them:");
            audit.open().forEach(f -> indented(lines, f.rule().id() + ": " + f.actual(), width, "  "));
        }
        List<Finding> should = audit.findings().stream()
                .filter(f -> f.verdict() == Verdict.VIOLATED && f.rule().strength() == Strength.SHOULD)
                .toList();
        if (!should.isEmpty()) {
            lines.add("");
            lines.add("Recommendations (SHOULD) that are not followed:");
            should.forEach(f -> indented(lines, f.rule().id() + " (" + f.rule().clause() + "): " + f.actual(), width, "  "));
        }
        if (!audit.forPeople().isEmpty()) {
            lines.add("");
            lines.add("For a person to confirm (no question shows them):");
            audit.forPeople().forEach(f -> indented(lines, f.rule().id() + ": " + f.expected(), width, "  "));
        }
        if (verbose) {
            lines.add("");
            lines.add("Every rule:");
            audit.findings().forEach(finding -> details(lines, finding, width, true));
        }
        lines.add("");
        lines.add(counts(audit));
        lines.add(audit.survey().connections() + " connections in " + audit.survey().millis() + " ms"
                + (audit.survey().silent() ? "; the server stopped answering, so asking was stopped" : ""));
        return lines;
    }

    static String counts(Audit audit) {
        return audit.findings().size() + " rules: " + audit.counts().get(Verdict.SATISFIED) + " satisfied, "
                + audit.counts().get(Verdict.VIOLATED) + " violated, " + audit.counts().get(Verdict.INCONCLUSIVE)
                + " inconclusive, " + audit.counts().get(Verdict.NOT_APPLICABLE) + " not applicable";
    }

    private static void details(List<String> lines, Finding finding, int width, boolean evidence) {
        lines.add("");
        indented(
                lines,
                finding.verdict() + " " + finding.rule().strength() + " " + finding.rule().id() + " ("
                        + finding.rule().clause() + ")",
                width,
                "");
        indented(lines, finding.rule().statement(), width, "  ");
        indented(lines, "expected: " + finding.expected(), width, "  ");
        indented(lines, "actual:   " + finding.actual(), width, "  ");
        if (evidence) {
            finding.evidence().forEach(one -> indented(lines, "evidence: " + one, width, "  "));
        }
        String remedy = Audit.remedy(finding);
        if (!remedy.isEmpty()) {
            indented(lines, "remedy:   " + remedy, width, "  ");
        }
    }

    private static void indented(List<String> lines, String text, int width, String indent) {
        String clean = PeerText.clean(text);
        if (text.length() > LONGEST) {
            clean += " …";
        }
        Table.wrap(clean, Math.max(20, width - indent.length())).forEach(line -> lines.add(indent + line));
    }
}
