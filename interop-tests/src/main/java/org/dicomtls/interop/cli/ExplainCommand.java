package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Rule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls explain RULE}. */
@Command(
        name = "explain",
        description = "One rule: what it says, why, where it stands, how it is enforced and how it is audited.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Runnable {

    @Parameters(paramLabel = "RULE", description = "the id, e.g. B13/tls12-suites-required")
    private String id;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        report.requireWritable();
        List<Profile> profiles = Profiles.all().stream()
                .filter(p -> p.rule(id).isPresent())
                .toList();
        if (profiles.isEmpty()) {
            throw new UsageException("unknown rule '" + id + "'" + similar());
        }
        Rule rule = profiles.get(0).rule(id).orElseThrow();
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode json = Json.object()
                .put("schema", "dicom-tls/rule/1")
                .put("rule", rule.id())
                .put("strength", RuleText.strength(rule))
                .put("subject", RuleText.subject(rule))
                .put("clause", rule.clause())
                .put("evidence", rule.citation().evidence().title())
                .put("condition", rule.condition().title())
                .put("statement", rule.statement())
                .put("expected", rule.constraint().expected())
                .put("rationale", rule.rationale());
        json.set("sources", Json.names(rule.sources()));
        json.set("tests", Json.names(rule.tests()));
        ObjectNode enforced = json.putObject("enforced");
        profiles.forEach(p -> enforced.put(p.id(), RuleText.enforced(p, rule)));
        report.write(json, out);
        if (!report.jsonOnStandardOutput()) {
            print(out, rule, profiles);
        }
    }

    private static void print(PrintWriter out, Rule rule, List<Profile> profiles) {
        out.println(rule.id() + "  " + RuleText.strength(rule) + ", binds: " + RuleText.subject(rule));
        Table table = new Table("", "")
                .row("says", RuleText.statement(rule))
                .row("expected", rule.constraint().expected())
                .row("why", rule.rationale())
                .row("where", rule.clause() + " (" + rule.citation().evidence().title() + ")"
                        + (rule.sources().isEmpty() ? "" : "; sentences " + String.join(", ", rule.sources())))
                .row("audited by", rule.tests().isEmpty()
                        ? "no test on the wire can show it"
                        : "wire tests " + String.join(", ", rule.tests()));
        for (Profile profile : profiles) {
            table.row("in " + profile.id(), "enforced: " + RuleText.enforced(profile, rule));
        }
        List<String> lines = new ArrayList<>(table.lines(Terminal.width()));
        lines.subList(0, 2).clear(); // no headings
        lines.forEach(out::println);
    }

    private String similar() {
        String tail = id.substring(id.indexOf('/') + 1);
        List<String> near = Profiles.all().stream()
                .flatMap(p -> p.rules().stream())
                .map(Rule::id)
                .distinct()
                .filter(known -> !tail.isBlank() && (known.contains(tail) || known.equalsIgnoreCase(id)))
                .limit(8)
                .toList();
        return near.isEmpty()
                ? "; 'dicom-tls rules --profile ID' lists them"
                : "; is it one of " + String.join(", ", near) + "?";
    }
}
