package org.dicomtls.interop.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import j2html.tags.DomContent;
import java.util.List;

/** A self-contained HTML page: no script, no file besides itself. Everything put into it is escaped. */
public final class Page {

    private static final String STYLE =
            """
            :root { color-scheme: light; --ink: #1b2733; --line: #c9d3dc; --quiet: #5a6b7b; --head: #eef2f6; }
            body { font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: var(--ink); margin: 0; background: #fff; }
            main { max-width: 1500px; margin: 0 auto; padding: 24px; }
            h1 { font-size: 24px; margin: 0 0 4px; }
            h2 { font-size: 18px; margin: 32px 0 8px; }
            h3 { font-size: 15px; margin: 20px 0 6px; }
            p { margin: 4px 0 12px; max-width: 90ch; }
            .quiet, footer { color: var(--quiet); font-size: 13px; }
            footer { max-width: 1500px; margin: 0 auto; padding: 8px 24px 32px; }
            .scroll { overflow: auto; max-height: 85vh; margin: 0 0 14px; border: 1px solid var(--line); border-radius: 6px; }
            caption { text-align: left; font-weight: 600; padding: 6px 8px; }
            table { border-collapse: separate; border-spacing: 0; }
            th, td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 4px 8px; text-align: left; vertical-align: top; }
            thead th { position: sticky; top: 0; background: var(--head); z-index: 2; vertical-align: bottom; }
            tbody th { position: sticky; left: 0; background: var(--head); z-index: 1; font-weight: 600; white-space: nowrap; }
            thead th:first-child { left: 0; z-index: 3; }
            td.c { text-align: center; white-space: nowrap; font-variant-numeric: tabular-nums; }
            .v13 { background: #d5eedd; } .v12 { background: #dbe7f8; } .no { background: #f1f1f1; color: #4a4a4a; } .mix { background: #f7f0d6; }
            .bad { background: #b00020; color: #fff; font-weight: 700; }
            .small td, .small th { font-size: 12px; padding: 2px 4px; }
            .turn { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
            .verdict { font-size: 17px; font-weight: 600; padding: 10px 14px; border-radius: 6px; border-left: 6px solid; display: inline-block; margin: 10px 0 16px; }
            .verdict.good { border-color: #1a7f37; background: #e9f6ed; } .verdict.wrong { border-color: #b00020; background: #fdecee; }
            details { margin: 12px 0; } summary { cursor: pointer; font-weight: 600; }
            code { font: 13px ui-monospace, Menlo, Consolas, monospace; }
            @media print { .scroll { overflow: visible; max-height: none; border: 0; } thead th, tbody th { position: static; } }
            """;

    private Page() {}

    /** Stands where the content goes; nothing that is escaped can be equal to it. */
    private static final String CONTENT = "<!--content-->";

    /**
     * A page without its content.
     *
     * @param opening what stands before the content
     * @param closing what stands behind it
     */
    public record Frame(String opening, String closing) {}

    /** The page with that title and content, in English. */
    public static String of(String heading, List<? extends DomContent> content) {
        return of("en", heading, content);
    }

    /**
     * The page with that title and content.
     *
     * @param language the language tag of the content (RFC 5646)
     */
    public static String of(String language, String heading, List<? extends DomContent> content) {
        return page(language, heading, each(content, c -> c));
    }

    /** The page with that title, for content that is written piece by piece and has to be escaped. */
    public static Frame frame(String heading) {
        String page = page("en", heading, rawHtml(CONTENT));
        int at = page.indexOf(CONTENT);
        return new Frame(page.substring(0, at), page.substring(at + CONTENT.length()));
    }

    private static String page(String language, String heading, DomContent content) {
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                // Nothing is to be fetched and nothing to be run, whatever a peer's certificate says.
                                meta().attr("http-equiv", "Content-Security-Policy")
                                        .withContent("default-src 'none'; style-src 'unsafe-inline'"),
                                title(heading),
                                style(rawHtml(STYLE))),
                        body(
                                main(h1(heading), content),
                                footer(p("dicom-tls " + Environment.VERSION + " · " + Environment.here()))))
                .attr("lang", language));
    }
}
