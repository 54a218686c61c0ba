package org.dicomtls.interop.audit;

import java.util.Locale;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;

/** An audit as JUnit XML: a test case a rule; a broken SHALL fails, what is open or does not apply is skipped. */
public final class AuditJUnit {

    private AuditJUnit() {}

    /** The XML document. */
    public static String of(Audit audit) {
        long failures = audit.broken().size();
        long skipped = audit.findings().stream().filter(AuditJUnit::skipped).count();
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"").append(escaped(audit.profile().id() + " " + audit.target()))
                .append("\" tests=\"").append(audit.findings().size())
                .append("\" failures=\"").append(failures)
                .append("\" errors=\"0\" skipped=\"").append(skipped)
                .append("\" time=\"")
                .append(String.format(Locale.ROOT, "%.3f", audit.survey().millis() / 1000.0))
                .append("\">\n");
        for (Finding finding : audit.findings()) {
            xml.append("  <testcase classname=\"").append(escaped(audit.profile().id()))
                    .append("\" name=\"").append(escaped(finding.rule().id())).append("\">");
            String message = finding.rule().strength() + ", " + finding.rule().clause() + ": expected "
                    + finding.expected() + "; actual: " + finding.actual();
            if (finding.breaksConformance()) {
                xml.append("<failure message=\"").append(escaped(message)).append("\">")
                        .append(escaped(String.join(" | ", finding.evidence()) + " | remedy: " + Audit.remedy(finding)))
                        .append("</failure>");
            } else if (skipped(finding)) {
                xml.append("<skipped message=\"")
                        .append(escaped(finding.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + finding.actual()))
                        .append("\"/>");
            } else if (finding.verdict() == Verdict.VIOLATED) {
                xml.append("<system-out>").append(escaped("not followed: " + message)).append("</system-out>");
            }
            xml.append("</testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static boolean skipped(Finding finding) {
        return finding.verdict() == Verdict.INCONCLUSIVE || finding.verdict() == Verdict.NOT_APPLICABLE;
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    boolean allowed = c >= 0x20 && c < 0xD800 || c > 0xDFFF && c < 0xFFFE || c > 0xFFFF;
                    out.appendCodePoint(allowed && !Character.isISOControl(c) ? c : ' ');
                }
            }
        });
        return out.toString();
    }
}
