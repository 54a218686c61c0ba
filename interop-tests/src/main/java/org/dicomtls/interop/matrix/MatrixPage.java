package org.dicomtls.interop.matrix;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dicomtls.interop.report.Page;
import org.dicomtls.rule.Profile;

/** The matrix as a page to look at: profile against profile, and every single connection. */
public final class MatrixPage {

    private MatrixPage() {}

    /** The HTML of the page. */
    public static String of(Matrix matrix) {
        List<DomContent> content = new ArrayList<>();
        List<String> words = MatrixText.summary(matrix);
        boolean good = matrix.disagreeing().isEmpty();
        content.add(p("Every client (rows) opened a DICOM association to every server (columns) over a real socket and sent"
                        + " a C-ECHO. Each outcome was predicted from the rules of the two profiles before it was run."));
        content.add(div((good ? "✓ " : "✗ ") + String.join(" ", words.subList(0, 2)))
                .withClasses("verdict", good ? "good" : "wrong"));
        if (!good) {
            content.add(ul(each(words.subList(2, words.size()), line -> li(line.strip()))));
        }
        Matrix.leftOut(matrix.profiles()).ifPresent(left -> content.add(p(left)));
        content.add(h2("Profile against profile"));
        content.add(p("1.3 and 1.2 are the TLS versions, “no” is refused; ×N counts the combinations of engine and certificate.")
                .withClass("quiet"));
        content.add(div(profiles(matrix)).withClass("scroll"));
        content.add(h2("Why connections were refused"));
        content.add(ul(each(MatrixText.reasons(matrix).entries(), line -> li(line))));
        content.add(h2("Every connection"));
        content.add(p("Rows are clients, columns servers: profile, engine, certificates. Point at a cell for what was negotiated"
                        + " or why it was refused.")
                .withClass("quiet"));
        content.add(details(summary("Show all " + matrix.cells().size() + " connections"), div(everything(matrix)).withClass("scroll"))
                .attr("open"));
        return Page.of("DICOM TLS profiles: handshake matrix", content);
    }

    private static DomContent profiles(Matrix matrix) {
        return table(
                thead(tr(
                        th("client \\ server"),
                        each(matrix.profiles(), p -> th(p.id()).withTitle(p.title())))),
                tbody(each(
                        matrix.profiles(),
                        client -> tr(
                                th(client.id()).withTitle(client.title()),
                                each(matrix.profiles(), server -> profileCell(matrix, client, server))))));
    }

    private static TdTag profileCell(Matrix matrix, Profile client, Profile server) {
        List<Cell> cells = MatrixText.between(matrix, client, server);
        String mark = MatrixText.mark(cells);
        boolean bad = cells.stream().anyMatch(c -> !c.agrees());
        String kind = bad ? "bad" : switch (mark) {
            case "1.3" -> "v13";
            case "1.2" -> "v12";
            case "no" -> "no";
            default -> "mix";
        };
        return td(mark).withClasses("c", kind);
    }

    private static DomContent everything(Matrix matrix) {
        Map<MatrixEnd, List<Cell>> byClient = new LinkedHashMap<>();
        matrix.cells().forEach(c -> byClient.computeIfAbsent(c.client(), k -> new ArrayList<>()).add(c));
        List<MatrixEnd> servers = byClient.values().iterator().next().stream().map(Cell::server).toList();
        return table(
                        thead(tr(
                                th("client \\ server"),
                                each(servers, s -> th(span(s.toString()).withClass("turn"))))),
                        tbody(each(
                                byClient.entrySet(),
                                row -> tr(th(row.getKey().toString()), each(row.getValue(), MatrixPage::cell)))))
                .withClass("small");
    }

    private static TdTag cell(Cell cell) {
        String mark = MatrixText.mark(cell);
        String kind = !cell.agrees() ? "bad" : mark.equals("1.3") ? "v13" : mark.equals("1.2") ? "v12" : "no";
        String what = cell.client() + " → " + cell.server() + "\n"
                + (cell.observed().established()
                        ? cell.predicted() + "\nC-ECHO " + cell.observed().echo()
                        : "refused: " + cell.observed().reason())
                + (cell.agrees() ? "\nas predicted" : "\nNOT as predicted: " + cell.predicted());
        return td(cell.agrees() ? mark : mark + " !").withClasses("c", kind).withTitle(what);
    }
}
