package org.dicomtls.interop.run;

import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.report.Page;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;

/** A run as a page to look at: peers against profiles, what was not as predicted with its logs, and every connection. */
public final class InteropPage {

    private InteropPage() {}

    /** The HTML of the page. */
    public static String of(Interop run) {
        List<DomContent> content = new ArrayList<>();
        List<String> words = InteropText.summary(run);
        boolean good = run.disagreeing().isEmpty();
        content.add(p("Every profile met every configuration of every peer, as a client and as a server, on both engines: a"
                        + " handshake, a C-ECHO, and where the peer stores, a C-STORE whose pixels were compared. Each outcome was"
                        + " predicted from the profile's rules and a model of the peer before it was run."));
        content.add(div((good ? "✓ " : "✗ ") + String.join(" ", words.subList(0, 2)))
                .withClasses("verdict", good ? "good" : "wrong"));
        Matrix.leftOut(run.profiles()).ifPresent(left -> content.add(p(left)));
        run.skipped().forEach(peer -> content.add(p("Skipped: " + peer.title() + ": " + peer.remedy())));
        if (!good) {
            content.add(h2("Not as predicted"));
            InteropText.alike(run.disagreeing()).forEach((cell, others) -> content.add(mismatch(cell, others)));
        }
        content.add(p(InteropText.LEGEND + " Point at a cell for what was negotiated or why it was refused.").withClass("quiet"));
        for (Role role : Role.values()) {
            Map<String, Interop.Setting> rows = InteropText.rows(run, role);
            if (!rows.isEmpty()) {
                content.add(h2(role == Role.CLIENT ? "Our clients at the peers' servers" : "The peers' clients at our servers"));
                content.add(div(peersAndProfiles(run, role, rows)).withClass("scroll"));
            }
        }
        content.add(h2("Peers"));
        content.add(ul(each(run.peers(), InteropPage::peer)));
        content.add(h2("Why connections were refused"));
        content.add(ul(each(InteropText.reasons(run).entries(), line -> li(line))));
        content.add(h2("Every connection"));
        content.add(details(summary("Show all " + run.cells().size() + " connections"), div(everything(run)).withClass("scroll")));
        return Page.of("DICOM TLS profiles: interop run", content);
    }

    private static DomContent peer(Interop.Present peer) {
        return li(
                j2html.TagCreator.text(peer.title() + " " + peer.version()),
                ul(each(peer.configurations(), c -> li(code(peer.id() + "/" + c.id()), j2html.TagCreator.text(": " + c.title())))));
    }

    private static DomContent mismatch(InteropCell cell, int others) {
        return div(
                h3(cell.title() + (others == 0 ? "" : " and " + others + " more alike")),
                p("Predicted: " + cell.predicted()),
                p("Observed: " + cell.observedWords()),
                log("What our end said", cell.logs().own()),
                log("What " + cell.peer() + " said", cell.logs().peer()));
    }

    private static DomContent log(String title, List<String> lines) {
        return lines.isEmpty()
                ? p(title + ": nothing.").withClass("quiet")
                : details(summary(title), div(pre(String.join("\n", lines))).withClass("scroll")).attr("open");
    }

    private static DomContent peersAndProfiles(Interop run, Role role, Map<String, Interop.Setting> rows) {
        return table(
                thead(tr(
                        th(role == Role.CLIENT ? "peer's server" : "peer's client"),
                        each(run.profiles(), p -> th(p.id()).withTitle(p.title())))),
                tbody(each(rows.entrySet(), row -> tr(
                        th(row.getKey()).withTitle(row.getValue().title()),
                        each(run.profiles(), profile -> cell(run, role, row.getKey(), profile))))));
    }

    private static TdTag cell(Interop run, Role role, String name, Profile profile) {
        int slash = name.indexOf('/');
        List<InteropCell> cells =
                InteropText.between(run, role, name.substring(0, slash), name.substring(slash + 1), profile);
        return td(InteropText.mark(cells))
                .withClasses("c", kind(cells))
                .withTitle(cells.stream()
                        .map(c -> c.title() + ": " + c.observedWords()
                                + (c.agrees() ? "; as predicted" : "; NOT as predicted: " + c.predicted()))
                        .collect(Collectors.joining("\n")));
    }

    private static String kind(List<InteropCell> cells) {
        if (cells.stream().anyMatch(c -> !c.agrees())) {
            return "bad";
        }
        List<String> marks = cells.stream().map(c -> InteropText.mark(c).replaceAll("[+~]", "")).distinct().toList();
        return marks.size() > 1 ? "mix" : switch (marks.get(0)) {
            case "1.3" -> "v13";
            case "1.2" -> "v12";
            default -> "no";
        };
    }

    private static DomContent everything(Interop run) {
        return table(
                        thead(tr(th("client → server"), th("predicted"), th("observed"), th("alert"))),
                        tbody(each(run.cells(), c -> tr(
                                th(c.title()),
                                td(c.predicted().toString()),
                                td(c.observedWords()).withClass(c.agrees() ? "" : "bad"),
                                td(c.observed().alert().map(Object::toString).orElse(""))))))
                .withClass("small");
    }
}
