package org.dicomtls.interop.audit;

import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
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
import java.util.Optional;
import java.util.function.Function;
import org.dicomtls.interop.report.Page;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Verdict;
import org.dicomtls.rule.Waiver;

/** An audit as a page to look at; what comes from the server is escaped. */
public final class AuditPage {

    private final Acceptance acceptance;
    private final Audit audit;
    private final Function<String, DomContent> heading;
    private final List<DomContent> content = new ArrayList<>();

    private AuditPage(Acceptance acceptance, Function<String, DomContent> heading) {
        this.acceptance = acceptance;
        this.audit = acceptance.audit();
        this.heading = heading;
    }

    /** The HTML of the page, with nothing on record. */
    public static String of(Audit audit) {
        return of(Acceptance.of(audit));
    }

    /** The HTML of the page. */
    public static String of(Acceptance acceptance) {
        return of(acceptance, List.of());
    }

    /**
     * The HTML of the page.
     *
     * @param other what another audit says of the other role of the same node; empty if there is none
     */
    public static String of(Acceptance acceptance, List<String> other) {
        AuditPage page = new AuditPage(acceptance, text -> h2(text));
        page.conclusion();
        page.list("The other role of this node", other);
        page.content.add(h2("Every rule"));
        page.content.add(page.findings(page.audit.findings(), true));
        return Page.of("Audit of " + acceptance.audit().target(), page.content);
    }

    /** A part of a page of several audits: without the rules that hold. */
    static List<DomContent> part(Acceptance acceptance) {
        AuditPage page = new AuditPage(acceptance, text -> h3(text));
        page.conclusion();
        return page.content;
    }

    private void conclusion() {
        content.add(p(audit.profile().title() + ", " + audit.profile().clause()).withClass("quiet"));
        // What is accepted although it is non-conformant is neither.
        String kind = audit.conclusion() == Conclusion.CONFORMANT
                ? "good"
                : audit.conclusion() == Conclusion.NON_CONFORMANT && !acceptance.accepted() ? "wrong" : "";
        content.add(div(acceptance.words()).withClasses("verdict", kind));
        content.add(p(AuditText.counts(audit)));
        section("Broken requirements", acceptance.broken(), true);
        waived();
        list("Known from the baseline", acceptance.known().stream().map(f -> f.rule().id()).toList());
        list("Mended since the baseline", acceptance.mended());
        list("Violated in the baseline, and not known now", acceptance.undecidedSince());
        list("Waivers that have ended and do not count", acceptance.expired().stream().map(Acceptance::ended).toList());
        list(
                "Waivers not needed, for the rule is not violated",
                acceptance.notNeeded().entrySet().stream()
                        .map(e -> e.getKey().rule() + ": " + e.getValue())
                        .toList());
        section("Open, although questions can decide them", audit.open(), false);
        section("Recommendations (SHOULD) that are not followed", acceptance.notFollowed(), true);
        section("For a person to confirm", audit.forPeople(), false);
        list("Observed besides", audit.survey().remarks());
    }

    private void section(String title, List<Finding> findings, boolean remedies) {
        if (!findings.isEmpty()) {
            content.add(heading.apply(title));
            content.add(findings(findings, remedies));
        }
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            content.add(heading.apply(title));
            content.add(ul(each(lines, line -> li(line))));
        }
    }

    private void waived() {
        if (acceptance.waived().isEmpty()) {
            return;
        }
        content.add(heading.apply("Waived, on record"));
        content.add(div(table(
                        thead(tr(th("rule"), th("strength"), th("actual"), th("reason"), th("owner"), th("until"))),
                        tbody(each(acceptance.waived(), f -> {
                            Waiver waiver = acceptance.waiver(f).orElseThrow();
                            return tr(
                                    th(f.rule().id()),
                                    td(f.rule().strength().name()),
                                    td(f.actual()),
                                    td(waiver.reason()),
                                    td(waiver.owner()),
                                    td(waiver.until().map(Object::toString).orElse("no end")));
                        }))))
                .withClass("scroll"));
    }

    private DomContent findings(List<Finding> findings, boolean remedies) {
        return div(table(
                        thead(tr(
                                th("rule"),
                                th("verdict"),
                                th("strength"),
                                th("clause"),
                                th("statement"),
                                th("expected"),
                                th("actual"))),
                        tbody(each(findings, f -> row(f, remedies)))))
                .withClass("scroll");
    }

    private DomContent row(Finding f, boolean remedies) {
        String kind = switch (f.verdict()) {
            case VIOLATED -> f.breaksConformance() && acceptance.unanswered(f) ? "bad" : "mix";
            case SATISFIED -> "v13";
            case INCONCLUSIVE -> "v12";
            case NOT_APPLICABLE -> "no";
        };
        List<DomContent> actual = new ArrayList<>();
        actual.add(p(f.actual()));
        Optional<Remedy> remedy = remedies ? audit.advice(f) : Optional.empty();
        remedy.ifPresent(r -> {
            actual.add(p("Remedy: " + r.what() + "."));
            if (!r.steps().isEmpty()) {
                actual.add(ul(each(r.steps(), step -> li(step.toString()))));
            }
        });
        if (!f.evidence().isEmpty()) {
            actual.add(details(
                    summary("evidence (" + f.evidence().size() + ")"), ul(each(f.evidence(), e -> li(code(e))))));
        }
        return tr(
                th(f.rule().id()),
                td(Acceptance.words(f.verdict()) + answered(f)).withClasses("c", kind),
                td(f.rule().strength().name()),
                td(f.rule().clause()),
                td(f.rule().statement()),
                td(f.expected()),
                td(each(actual, a -> a)));
    }

    private String answered(Finding f) {
        if (f.verdict() != Verdict.VIOLATED) {
            return "";
        }
        return acceptance.waiver(f).isPresent() ? ", waived" : acceptance.known(f) ? ", known" : "";
    }
}
