package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;

/** An audit in plain text: the conclusion first, then what is broken, then how much of the rest. */
public final class AuditText {

    private static final int LONGEST = 400;

    private final Acceptance acceptance;
    private final Audit audit;
    private final int width;
    private final List<String> lines = new ArrayList<>();

    private AuditText(Acceptance acceptance, int width) {
        this.acceptance = acceptance;
        this.audit = acceptance.audit();
        this.width = width;
    }

    /** The lines of the report; all rules with their evidence if it is to be verbose. */
    public static List<String> lines(Audit audit, boolean verbose, int width) {
        return lines(Acceptance.of(audit), verbose, width);
    }

    /** The lines of the report with what is on record; all rules with their evidence if it is to be verbose. */
    public static List<String> lines(Acceptance acceptance, boolean verbose, int width) {
        AuditText text = new AuditText(acceptance, width);
        text.write(verbose);
        return text.lines;
    }

    private void write(boolean verbose) {
        lines.addAll(Table.wrap(acceptance.words(), width));
        acceptance.broken().forEach(finding -> details(finding, verbose));
        waived();
        section("Known from the baseline:", acceptance.known().stream().map(f -> f.rule().id()).toList());
        section("Mended since the baseline:", acceptance.mended());
        section("Violated in the baseline, and not known now:", acceptance.undecidedSince());
        section("Waivers that have ended and do not count:", acceptance.expired().stream().map(Acceptance::ended).toList());
        section(
                "Waivers not needed, for the rule is not violated:",
                acceptance.notNeeded().entrySet().stream()
                        .map(e -> e.getKey().rule() + ": " + e.getValue())
                        .toList());
        section(
                "Open, although questions can decide them:",
                audit.open().stream().map(f -> f.rule().id() + ": " + f.actual()).toList());
        section(
                "Recommendations (SHOULD) that are not followed:",
                acceptance.notFollowed().stream()
                        .map(f -> f.rule().id() + " (" + f.rule().clause() + "): " + f.actual())
                        .toList());
        section(
                "For a person to confirm (no question shows them):",
                audit.forPeople().stream().map(f -> f.rule().id() + ": " + f.expected()).toList());
        section("Observed besides:", audit.survey().remarks());
        if (verbose) {
            lines.add("");
            lines.add("Every rule:");
            audit.findings().forEach(finding -> details(finding, true));
        }
        lines.add("");
        lines.add(counts(audit));
        lines.add(audit.survey().connections() + " connections in " + audit.survey().millis() + " ms"
                + (audit.survey().silent() ? "; the server stopped answering, so asking was stopped" : ""));
    }

    private void waived() {
        if (!acceptance.waived().isEmpty()) {
            lines.add("");
            lines.add("Waived, on record:");
        }
        for (Finding f : acceptance.waived()) {
            // Apart from what the server sent, however long that is: who answers for it must stay in sight.
            indented(f.rule().strength() + " " + f.rule().id() + " (" + f.rule().clause() + "): " + f.actual(), "  ");
            indented(Acceptance.words(acceptance.waiver(f).orElseThrow()), "    ");
        }
    }

    private void section(String heading, List<String> content) {
        if (!content.isEmpty()) {
            lines.add("");
            lines.add(heading);
            content.forEach(one -> indented(one, "  "));
        }
    }

    static String counts(Audit audit) {
        return audit.findings().size() + " rules: " + audit.counts().get(Verdict.SATISFIED) + " satisfied, "
                + audit.counts().get(Verdict.VIOLATED) + " violated, " + audit.counts().get(Verdict.INCONCLUSIVE)
                + " inconclusive, " + audit.counts().get(Verdict.NOT_APPLICABLE) + " not applicable";
    }

    private void details(Finding finding, boolean evidence) {
        lines.add("");
        indented(
                finding.verdict() + " " + finding.rule().strength() + " " + finding.rule().id() + " ("
                        + finding.rule().clause() + ")",
                "");
        indented(finding.rule().statement(), "  ");
        indented("expected: " + finding.expected(), "  ");
        indented("actual:   " + finding.actual(), "  ");
        if (evidence) {
            finding.evidence().forEach(one -> indented("evidence: " + one, "  "));
        }
        audit.advice(finding).ifPresent(remedy -> {
            indented("remedy:   " + remedy.what() + ".", "  ");
            remedy.steps().forEach(step -> indented(step.toString(), "            "));
        });
    }

    private void indented(String text, String indent) {
        String clean = PeerText.clean(text);
        if (text.codePointCount(0, text.length()) > LONGEST) {
            clean += " …";
        }
        Table.wrap(clean, Math.max(20, width - indent.length())).forEach(line -> lines.add(indent + line));
    }
}
