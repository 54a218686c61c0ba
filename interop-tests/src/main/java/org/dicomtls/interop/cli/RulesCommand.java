package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls rules --profile ID}. */
@Command(
        name = "rules",
        description = "The rules of a profile, and by what each is enforced here.",
        mixinStandardHelpOptions = true)
final class RulesCommand implements Runnable {

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile")
    private Profile profile;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode rules = Json.array();
        Table table = new Table("rule", "strength", "subject", "enforced", "clause: statement");
        for (Rule rule : profile.rules()) {
            String enforced = RuleText.enforced(profile, rule);
            rules.add(Json.object()
                    .put("rule", rule.id())
                    .put("strength", RuleText.strength(rule))
                    .put("subject", RuleText.subject(rule))
                    .put("clause", rule.clause())
                    .put("statement", RuleText.statement(rule))
                    .put("enforced", enforced));
            String shown = enforced.length() > 48 ? enforced.substring(0, 47) + "…" : enforced;
            table.row(
                    rule.id(),
                    RuleText.strength(rule),
                    RuleText.subject(rule),
                    shown,
                    rule.clause() + ": " + RuleText.statement(rule));
        }
        ObjectNode json = Json.object().put("schema", "dicom-tls/rules/1").put("profile", profile.id());
        json.set("rules", rules);
        report.write(json, out);
        if (!report.jsonOnStandardOutput()) {
            out.println(profile.id() + ": " + profile.title() + " (" + profile.clause() + ", " + profile.state().title()
                    + ")");
            Table.wrap(profile.intent(), Terminal.width()).forEach(out::println);
            out.println();
            table.lines(Math.max(Terminal.width(), 170)).forEach(out::println);
            out.println();
            out.println(profile.rules().size() + " rules; 'dicom-tls explain RULE' tells more of one.");
        }
    }
}
