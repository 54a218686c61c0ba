package org.dicomtls.interop.audit;

import java.util.Locale;
import java.util.Optional;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;

/**
 * An audit as JUnit XML: a test case a rule. A broken SHALL fails unless it is waived or known from the baseline; those,
 * what is open and what does not apply are skipped.
 */
public final class AuditJUnit {

    static final String HEADER = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private AuditJUnit() {}

    /** The XML document, with nothing on record. */
    public static String of(Audit audit) {
        return of(Acceptance.of(audit));
    }

    /** The XML document. */
    public static String of(Acceptance acceptance) {
        return HEADER + suite(acceptance, acceptance.audit().profile().id() + " " + acceptance.audit().target());
    }

    /** The element {@code testsuite} alone. */
    static String suite(Acceptance acceptance, String name) {
        Audit audit = acceptance.audit();
        String profile = escaped(audit.profile().id());
        long failures = acceptance.broken().size();
        long skipped = audit.findings().stream().filter(f -> skipped(acceptance, f).isPresent()).count();
        StringBuilder xml = new StringBuilder(
                opening(name, audit.findings().size(), failures, 0, skipped, audit.survey().millis()));
        for (Finding finding : audit.findings()) {
            xml.append("  <testcase classname=\"").append(profile)
                    .append("\" name=\"").append(escaped(finding.rule().id())).append("\">");
            String message = finding.rule().strength() + ", " + finding.rule().clause() + ": expected "
                    + finding.expected() + "; actual: " + finding.actual();
            Optional<String> skip = skipped(acceptance, finding);
            if (skip.isPresent()) {
                xml.append("<skipped message=\"").append(escaped(skip.get())).append("\"/>");
            } else if (finding.breaksConformance()) {
                xml.append("<failure message=\"").append(escaped(message)).append("\">")
                        .append(escaped(String.join(" | ", finding.evidence()) + " | remedy: "
                                + audit.advice(finding).map(Remedy::toString).orElse("")))
                        .append("</failure>");
            } else if (finding.verdict() == Verdict.VIOLATED) {
                xml.append("<system-out>").append(escaped("not followed: " + message)).append("</system-out>");
            }
            xml.append("</testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    /** A suite of one test case that could not be run. */
    static String unreachable(String name, String profile, String reason, long millis) {
        return opening(name, 1, 0, 1, 0, millis) + "  <testcase classname=\"" + escaped(profile)
                + "\" name=\"reachable\"><error message=\"" + escaped(reason) + "\"/></testcase>\n</testsuite>\n";
    }

    private static String opening(String name, long tests, long failures, long errors, long skipped, long millis) {
        return "<testsuite name=\"" + escaped(name) + "\" tests=\"" + tests + "\" failures=\"" + failures + "\" errors=\""
                + errors + "\" skipped=\"" + skipped + "\" time=\""
                + String.format(Locale.ROOT, "%.3f", millis / 1000.0) + "\">\n";
    }

    /** Why a test case is skipped, if it is. */
    private static Optional<String> skipped(Acceptance acceptance, Finding finding) {
        if (finding.verdict() == Verdict.INCONCLUSIVE || finding.verdict() == Verdict.NOT_APPLICABLE) {
            return Optional.of(Acceptance.words(finding.verdict()) + ": " + finding.actual());
        }
        if (!finding.breaksConformance()) {
            return Optional.empty();
        }
        return acceptance
                .waiver(finding)
                .map(waiver -> "violated, " + Acceptance.words(waiver) + "; actual: " + finding.actual())
                .or(() -> acceptance.known(finding)
                        ? Optional.of("violated, known from the baseline; actual: " + finding.actual())
                        : Optional.empty());
    }

    static String escaped(String text) {
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
