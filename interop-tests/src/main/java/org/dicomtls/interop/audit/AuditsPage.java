package org.dicomtls.interop.audit;

import static j2html.TagCreator.a;
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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dicomtls.interop.report.Page;

/** The frame of a page of several audits: the table before, and the heading of each part. */
final class AuditsPage {

    private static final String TITLE = "Audit of several nodes";

    private final List<NodeOutcome> outcomes;
    private final Page.Frame frame = Page.frame(TITLE);

    AuditsPage(List<NodeOutcome> outcomes) {
        this.outcomes = outcomes;
    }

    private static String kind(NodeOutcome outcome) {
        if (outcome.conclusion().isEmpty()) {
            return "no";
        }
        return switch (outcome.conclusion().get()) {
            case CONFORMANT -> "v13";
            case UNDETERMINED -> "v12";
            case NON_CONFORMANT -> outcome.accepted() ? "mix" : "bad";
        };
    }

    String opening() {
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            rows.add(i);
        }
        return frame.opening()
                + p(AuditsText.totals(outcomes)).render()
                + div(table(
                                thead(tr(
                                        th("AE title"),
                                        th("target"),
                                        th("profile"),
                                        th("conclusion"),
                                        th("broken SHALLs"),
                                        th("open"),
                                        th("time"))),
                                tbody(each(rows, i -> {
                                    NodeOutcome outcome = outcomes.get(i);
                                    boolean audited = outcome.conclusion().isPresent();
                                    return tr(
                                            th(a(outcome.node().aeTitle()).withHref("#node-" + (i + 1))),
                                            td(outcome.node().target()),
                                            td(outcome.node().profile().id()),
                                            td(outcome.words()).withClasses("c", kind(outcome)),
                                            td(audited ? Integer.toString(outcome.broken()) : "").withClass("c"),
                                            td(audited ? Integer.toString(outcome.open()) : "").withClass("c"),
                                            td(seconds(outcome.millis())).withClass("c"));
                                }))))
                        .withClass("scroll")
                        .render();
    }

    String heading(int index) {
        NodeOutcome outcome = outcomes.get(index);
        return h2(outcome.node().toString()).withId("node-" + (index + 1)).render()
                + outcome.failure()
                        .map(why -> div(outcome.words() + ": " + why).withClasses("verdict", "wrong").render())
                        .orElse("");
    }

    String closing() {
        return frame.closing();
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
