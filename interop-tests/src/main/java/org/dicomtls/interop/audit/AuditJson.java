package org.dicomtls.interop.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dicomtls.interop.report.Json;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Waiver;

/** An audit as {@code audit-1.json} describes it. */
public final class AuditJson {

    static final String SCHEMA = "dicom-tls/audit/1";

    private AuditJson() {}

    /** The report. What is on record adds keys and changes none. */
    public static ObjectNode of(Acceptance acceptance) {
        Audit audit = acceptance.audit();
        OnRecord record = acceptance.record();
        ObjectNode report = Json.object();
        report.put("schema", SCHEMA);
        report.put("profile", audit.profile().id());
        report.put("role", audit.role().title());
        report.put("target", audit.target());
        report.put("conclusion", audit.conclusion().title());
        report.put("accepted", acceptance.accepted());
        ArrayNode list = report.putArray("findings");
        for (Finding finding : audit.findings()) {
            ObjectNode one = list.addObject();
            one.put("rule", finding.rule().id());
            one.put("strength", finding.rule().strength().name());
            one.put("clause", finding.rule().clause());
            one.put("verdict", finding.verdict().name());
            one.put("statement", finding.rule().statement());
            one.put("expected", finding.expected());
            one.put("actual", finding.actual());
            one.set("evidence", Json.names(finding.evidence()));
            one.put("remedy", audit.advice(finding).map(Remedy::toString).orElse(""));
            acceptance.waiver(finding).ifPresent(waiver -> one.set("waived", waived(waiver)));
            if (record.baseline().isPresent() && Acceptance.violation(finding)) {
                one.put("new", !acceptance.known(finding));
            }
        }
        report.set("remarks", Json.names(audit.survey().remarks()));
        if (!record.waivers().isEmpty()) {
            ArrayNode expired = report.putArray("waiversExpired");
            acceptance.expired().forEach(w -> expired.add(waived(w).put("rule", w.rule())));
            report.set(
                    "waiversNotNeeded",
                    Json.names(acceptance.notNeeded().keySet().stream().map(Waiver::rule).toList()));
        }
        if (record.baseline().isPresent()) {
            report.set("mended", Json.names(acceptance.mended()));
            report.set("undecidedSince", Json.names(acceptance.undecidedSince()));
        }
        return report;
    }

    private static ObjectNode waived(Waiver waiver) {
        ObjectNode waived = Json.object().put("reason", waiver.reason()).put("owner", waiver.owner());
        waiver.until().ifPresent(last -> waived.put("until", last.toString()));
        return waived;
    }
}
