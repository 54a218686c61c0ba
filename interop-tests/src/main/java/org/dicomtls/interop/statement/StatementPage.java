package org.dicomtls.interop.statement;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import java.util.List;
import org.dicomtls.interop.report.Page;

/** A statement as one self-contained HTML page. */
public final class StatementPage {

    private StatementPage() {}

    public static String of(Statement statement) {
        return Page.of(
                statement.language().tag(),
                statement.title(),
                statement.blocks().stream().map(StatementPage::content).toList());
    }

    private static DomContent content(Block block) {
        if (block instanceof Block.Heading heading) {
            return heading.level() == 2 ? h2(heading.text()) : h3(heading.text());
        } else if (block instanceof Block.Paragraph paragraph) {
            return p(paragraph.text());
        } else if (block instanceof Block.Bullets bullets) {
            return ul(each(bullets.items(), item -> li(item)));
        }
        return grid((Block.Grid) block);
    }

    private static DomContent grid(Block.Grid grid) {
        return div(table(
                        caption(grid.caption()),
                        thead(tr(each(grid.headings(), heading -> th(heading)))),
                        tbody(each(grid.rows(), row -> row(row)))))
                .withClass("scroll");
    }

    private static DomContent row(List<String> cells) {
        return tr(each(cells, cell -> td(cell)));
    }
}
