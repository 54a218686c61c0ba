package org.dicomtls.interop.cli;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import j2html.tags.DomContent;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.report.Comparison;
import org.dicomtls.interop.report.Page;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls compare ID ID…}. */
@Command(name = "compare", description = "Profiles side by side.", mixinStandardHelpOptions = true)
final class CompareCommand implements Runnable {

    @Parameters(
            arity = "2..*",
            paramLabel = "ID",
            converter = Converters.ToProfile.class,
            description = "two profiles or more")
    private List<Profile> profiles;

    @Option(names = "--all", description = "also the lines in which all are alike")
    private boolean all;

    @Mixin
    private ReportOptions report;

    @Option(names = "--html", paramLabel = "FILE", description = "write the comparison as one self-contained HTML page")
    private String html;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        report.requireWritable(html);
        PrintWriter out = spec.commandLine().getOut();
        Comparison comparison = Comparison.of(profiles.stream().distinct().toList());
        ObjectNode json = comparison.json();
        report.write(json, out);
        if (html != null) {
            ReportOptions.file(html, page(comparison));
        }
        if (!report.jsonOnStandardOutput()) {
            print(out, comparison);
        }
    }

    private void print(PrintWriter out, Comparison comparison) {
        List<String> headings = new ArrayList<>();
        headings.add("");
        comparison.profiles().forEach(profile -> headings.add(profile.id()));
        for (Comparison.Section section : comparison.sections()) {
            Table table = new Table(headings.toArray(String[]::new));
            boolean any = false;
            for (Comparison.Row row : section.rows()) {
                if (all || row.differs()) {
                    List<String> cells = new ArrayList<>();
                    cells.add(row.what());
                    cells.addAll(row.cells());
                    table.row(cells.toArray());
                    any = true;
                }
            }
            out.println(section.title());
            if (any) {
                table.lines(Math.max(Terminal.width(), 400)).forEach(line -> out.println("  " + line));
            } else {
                out.println("  alike");
            }
            out.println();
        }
        out.println(Comparison.LEGEND + (all ? "" : " Lines in which all are alike are left out; --all shows them."));
    }

    private static String page(Comparison comparison) {
        List<DomContent> content = new ArrayList<>();
        content.add(p(Comparison.LEGEND).withClass("quiet"));
        for (Comparison.Section section : comparison.sections()) {
            content.add(h2(section.title()));
            content.add(div(table(
                            thead(tr(
                                    th(""),
                                    each(comparison.profiles(), profile -> th(profile.id()).withTitle(profile.title())))),
                            tbody(each(
                                    section.rows(),
                                    row -> tr(
                                            th((row.differs() ? "≠ " : "") + row.what()),
                                            each(
                                                    row.cells(),
                                                    cell -> td(cell)
                                                            .withClasses("c", row.differs() ? "mix" : "no")))))))
                    .withClass("scroll"));
        }
        return Page.of(
                "DICOM TLS profiles compared: "
                        + String.join(", ", comparison.profiles().stream().map(Profile::id).toList()),
                content);
    }
}
