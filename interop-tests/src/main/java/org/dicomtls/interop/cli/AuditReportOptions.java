package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.AuditJUnit;
import org.dicomtls.interop.audit.AuditJson;
import org.dicomtls.interop.audit.AuditPage;
import org.dicomtls.interop.audit.AuditText;
import org.dicomtls.interop.audit.Baseline;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.audit.RecordFileException;
import org.dicomtls.interop.audit.Waivers;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is on record about those who are audited, and where the reports go: of servers and of clients. */
final class AuditReportOptions {

    @Option(
            names = "--waivers",
            paramLabel = "FILE",
            description = "violations that are answered for: a JSON array of {rule, reason, owner, until}")
    private Path waivers;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "an earlier JSON report against the same profile: what it has as violated is known")
    private Path baseline;

    @Option(names = {"-v", "--verbose"}, description = "all rules, with the evidence")
    private boolean verbose;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the report as JUnit XML, a test case a rule")
    private String junit;

    @Mixin
    private ReportOptions report;

    void requireWritable() {
        report.requireWritable(html, junit);
    }

    boolean verbose() {
        return verbose;
    }

    boolean hasBaseline() {
        return baseline != null;
    }

    Optional<String> html() {
        return Optional.ofNullable(html);
    }

    Optional<String> junit() {
        return Optional.ofNullable(junit);
    }

    ReportOptions report() {
        return report;
    }

    /** What people put on record about ends in that role that are held against these profiles. */
    OnRecord onRecord(Collection<Profile> profiles, Role role) {
        try {
            List<Waiver> read = waivers == null ? List.of() : Waivers.read(waivers, profiles);
            Optional<Baseline> earlier = baseline == null
                    ? Optional.empty()
                    : Optional.of(Baseline.of(baseline, profiles.iterator().next(), role));
            return OnRecord.today(read, earlier);
        } catch (RecordFileException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** Writes the reports of one audit, and returns the exit status. */
    int write(Acceptance acceptance, PrintWriter out) {
        return write(acceptance, Optional.empty(), out);
    }

    /** Writes the reports of one audit beside that of the other role, and returns the exit status of the worse. */
    int write(Acceptance acceptance, Optional<OtherRole> other, PrintWriter out) {
        ObjectNode json = AuditJson.of(acceptance);
        other.ifPresent(o -> json.set("other", o.report()));
        report.write(json, out);
        List<String> beside = other.map(OtherRole::lines).orElse(List.of());
        html().ifPresent(file -> ReportOptions.file(file, AuditPage.of(acceptance, beside)));
        junit().ifPresent(file -> ReportOptions.file(file, AuditJUnit.of(acceptance)));
        if (!report.jsonOnStandardOutput()) {
            AuditText.lines(acceptance, verbose, Terminal.width()).forEach(out::println);
            beside.forEach(out::println);
        }
        int own = acceptance.accepted()
                ? ExitStatus.OK
                : acceptance.broken().isEmpty() ? ExitStatus.UNDETERMINED : ExitStatus.REFUSED;
        int others = other.map(OtherRole::status).orElse(ExitStatus.OK);
        return own == ExitStatus.REFUSED || others == ExitStatus.OK ? own : others;
    }
}
