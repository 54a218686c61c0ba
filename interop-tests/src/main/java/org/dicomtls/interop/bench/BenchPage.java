package org.dicomtls.interop.bench;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dicomtls.interop.report.Page;

/** A run as a page to look at: what was wanted, a drawing of each quantity, and every sample. */
public final class BenchPage {

    private BenchPage() {}

    /** The HTML of the page. */
    public static String of(BenchReport report) {
        List<DomContent> content = new ArrayList<>();
        content.add(p(BenchText.machine(report.machine())));
        report.machine()
                .warning()
                .ifPresent(warning -> content.add(div("✗ " + warning).withClasses("verdict", "wrong")));
        long goals = report.parts().stream()
                .flatMap(part -> part.ratios().stream())
                .filter(ratio -> ratio.goal().isPresent())
                .count();
        if (goals > 0) {
            int missed = report.missed().size();
            content.add(div((missed == 0 ? "✓ " : "✗ ") + (goals - missed) + " of " + goals + " goals reached")
                    .withClasses("verdict", missed == 0 ? "good" : "wrong"));
        }
        for (Part part : report.parts()) {
            content.add(h2(part.topic().id() + ". " + part.topic().title()));
            content.add(p(part.how()).withClass("quiet"));
            if (!part.ratios().isEmpty()) {
                content.add(div(ratios(part)).withClass("scroll"));
            }
            for (Series series : part.series()) {
                content.add(h3(series.title() + (series.unit().isEmpty() ? "" : ", " + series.unit())));
                content.add(p(series.higherIsBetter() ? "More is better." : "Less is better.").withClass("quiet"));
                content.add(Plot.of(series));
                content.add(details(summary("Every sample"), div(samples(series)).withClass("scroll")));
            }
            part.notes().forEach(note -> content.add(p("Note: " + note + ".")));
        }
        return Page.of("dicom-tls bench", content);
    }

    private static DomContent ratios(Part part) {
        return table(
                thead(tr(th("compared"), th("median"), th("lowest…highest"), th("wanted"), th(""))),
                tbody(each(part.ratios(), BenchPage::ratio)));
    }

    private static TrTag ratio(Ratio ratio) {
        String unit = ratio.unit().isEmpty() ? "" : " " + ratio.unit();
        return tr(
                td(ratio.title()),
                td(Numbers.of(ratio.samples().median()) + unit).withClass("c"),
                td(Numbers.range(ratio.samples())).withClass("c"),
                td(ratio.goal().map(Object::toString).orElse("")).withClass("c"),
                td(ratio.met().map(met -> met ? "✓" : "missed").orElse(""))
                        .withClasses("c", ratio.met().map(met -> met ? "v13" : "bad").orElse("")));
    }

    private static DomContent samples(Series series) {
        return table(
                thead(tr(
                        th("subject"),
                        th(series.along().orElse("")),
                        th("median"),
                        th("samples, in the order of the rounds"))),
                tbody(each(
                        series.rows(),
                        row -> tr(
                                td(row.subject()),
                                td(row.at().map(at -> String.valueOf(Math.round(at))).orElse("")).withClass("c"),
                                td(Numbers.of(row.samples().median())).withClass("c"),
                                td(row.samples().values().stream()
                                        .map(Numbers::of)
                                        .collect(Collectors.joining("  ")))))));
    }
}
