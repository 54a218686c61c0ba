package org.dicomtls.interop.audit;

import java.util.Optional;
import org.dicomtls.interop.report.JUnitXml;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;

/**
 * An audit as JUnit XML: a test case a rule. A broken SHALL fails unless it is waived or known from the baseline; those,
 * what is open and what does not apply are skipped.
 */
public final class AuditJUnit {

    private AuditJUnit() {}

    /** The XML document, with nothing on record. */
    public static String of(Audit audit) {
        return of(Acceptance.of(audit));
    }

    /** The XML document. */
    public static String of(Acceptance acceptance) {
        return JUnitXml.HEADER + suite(acceptance, acceptance.audit().profile().id() + " " + acceptance.audit().target());
    }

    /** The element {@code testsuite} alone. */
    static String suite(Acceptance acceptance, String name) {
        Audit audit = acceptance.audit();
        String profile = JUnitXml.escaped(audit.profile().id());
        long failures = acceptance.broken().size();
        long skipped = audit.findings().stream().filter(f -> skipped(acceptance, f).isPresent()).count();
        StringBuilder xml = new StringBuilder(
                JUnitXml.suite(name, audit.findings().size(), failures, 0, skipped, audit.survey().millis()));
        for (Finding finding : audit.findings()) {
            xml.append("  <testcase classname=\"").append(profile)
                    .append("\" name=\"").append(JUnitXml.escaped(finding.rule().id())).append("\">");
            String message = finding.rule().strength() + ", " + finding.rule().clause() + ": expected "
                    + finding.expected() + "; actual: " + finding.actual();
            Optional<String> skip = skipped(acceptance, finding);
            if (skip.isPresent()) {
                xml.append("<skipped message=\"").append(JUnitXml.escaped(skip.get())).append("\"/>");
            } else if (finding.breaksConformance()) {
                xml.append("<failure message=\"").append(JUnitXml.escaped(message)).append("\">")
                        .append(JUnitXml.escaped(String.join(" | ", finding.evidence()) + " | remedy: "
                                + audit.advice(finding).map(Remedy::toString).orElse("")))
                        .append("</failure>");
            } else if (finding.verdict() == Verdict.VIOLATED) {
                xml.append("<system-out>").append(JUnitXml.escaped("not followed: " + message)).append("</system-out>");
            }
            xml.append("</testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    /** A suite of one test case that could not be run. */
    static String unreachable(String name, String profile, String reason, long millis) {
        return JUnitXml.suite(name, 1, 0, 1, 0, millis) + "  <testcase classname=\"" + JUnitXml.escaped(profile)
                + "\" name=\"reachable\"><error message=\"" + JUnitXml.escaped(reason) + "\"/></testcase>\n</testsuite>\n";
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
}
