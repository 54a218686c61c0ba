package org.dicomtls.interop.audit;

import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dicomtls.interop.report.Page;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;

/** An audit as a page to look at; what comes from the server is escaped. */
public final class AuditPage {

    private AuditPage() {}

    /** The HTML of the page. */
    public static String of(Audit audit) {
        List<DomContent> content = new ArrayList<>();
        Conclusion conclusion = audit.conclusion();
        content.add(p(audit.profile().title() + ", " + audit.profile().clause()).withClass("quiet"));
        content.add(div(audit.words())
                .withClasses("verdict", conclusion == Conclusion.CONFORMANT ? "good" : conclusion == Conclusion.NON_CONFORMANT ? "wrong" : ""));
        content.add(p(AuditText.counts(audit)));
        section(content, "Broken requirements", audit.broken(), true);
        section(content, "Open, although questions can decide them", audit.open(), false);
        section(content, "For a person to confirm", audit.forPeople(), false);
        content.add(h2("Every rule"));
        content.add(findings(audit.findings(), true));
        return Page.of("Audit of " + audit.target(), content);
    }

    private static void section(List<DomContent> content, String heading, List<Finding> findings, boolean remedies) {
        if (!findings.isEmpty()) {
            content.add(h2(heading));
            content.add(findings(findings, remedies));
        }
    }

    private static DomContent findings(List<Finding> findings, boolean remedies) {
        return div(table(
                        thead(tr(th("rule"), th("verdict"), th("strength"), th("clause"), th("statement"), th("expected"), th("actual"))),
                        tbody(each(findings, f -> row(f, remedies)))))
                .withClass("scroll");
    }

    private static DomContent row(Finding f, boolean remedies) {
        String kind = switch (f.verdict()) {
            case VIOLATED -> f.breaksConformance() ? "bad" : "mix";
            case SATISFIED -> "v13";
            case INCONCLUSIVE -> "v12";
            case NOT_APPLICABLE -> "no";
        };
        List<DomContent> actual = new ArrayList<>();
        actual.add(p(f.actual()));
        if (remedies && f.verdict() == Verdict.VIOLATED) {
            actual.add(p("Remedy: " + Audit.remedy(f)));
        }
        if (!f.evidence().isEmpty()) {
            actual.add(details(
                    summary("evidence (" + f.evidence().size() + ")"), ul(each(f.evidence(), e -> li(code(e))))));
        }
        return tr(
                th(f.rule().id()),
                td(f.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ')).withClasses("c", kind),
                td(f.rule().strength().name()),
                td(f.rule().clause()),
                td(f.rule().statement()),
                td(f.expected()),
                td(each(actual, a -> a)));
    }
}
