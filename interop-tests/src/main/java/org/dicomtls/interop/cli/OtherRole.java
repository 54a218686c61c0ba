package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.dicomtls.interop.audit.Baseline;
import org.dicomtls.interop.audit.RecordFileException;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;

/** A report of the other role of the same node, which one report can hold beside its own. */
record OtherRole(Path file, JsonNode report, Baseline summary) {

    /** Reads the report of an end in that role. */
    static OtherRole read(Path file, Profile profile, Role role) {
        try {
            Baseline summary = Baseline.of(file, profile, role);
            return new OtherRole(file, Baseline.report(file), summary);
        } catch (RecordFileException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private String conclusion() {
        return report.path("conclusion").asText();
    }

    List<String> lines() {
        String role = "As a " + summary.role().title() + " (" + PeerText.clean(summary.target()) + ", from "
                + file.getFileName() + "): " + PeerText.clean(conclusion());
        return summary.violated().isEmpty()
                ? List.of(role)
                : List.of(role, "Violated there: " + PeerText.clean(String.join(", ", summary.violated())));
    }

    int status() {
        return report.path("accepted").asBoolean(false)
                ? ExitStatus.OK
                : conclusion().equals("undetermined") ? ExitStatus.UNDETERMINED : ExitStatus.REFUSED;
    }
}
