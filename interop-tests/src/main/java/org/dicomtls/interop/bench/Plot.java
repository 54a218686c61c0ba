package org.dicomtls.interop.bench;

import static j2html.TagCreator.div;
import static j2html.TagCreator.tag;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A quantity as a drawing in SVG: bars with the range of the samples, or lines along an axis. */
final class Plot {

    private static final int WIDTH = 900;
    private static final int LABELS = 330;
    private static final int VALUES = 110;
    private static final int BAR = 18;
    private static final int HEIGHT = 300;
    private static final int MARGIN = 60;
    private static final List<String> COLOURS = List.of("#1f5fa8", "#c2571a", "#2e7d43", "#7a3e9d", "#6b6b6b", "#a3123a");
    private static final String INK = "#1b2733";
    private static final String LINE = "#c9d3dc";

    private Plot() {}

    static DivTag of(Series series) {
        return div(series.along().isPresent() ? lines(series) : bars(series));
    }

    private static ContainerTag<?> svg(int height, String title, List<DomContent> content) {
        ContainerTag<?> svg = tag("svg")
                .attr("xmlns", "http://www.w3.org/2000/svg")
                .attr("viewBox", "0 0 " + WIDTH + " " + height)
                .attr("width", WIDTH)
                .attr("height", height)
                .attr("role", "img")
                .attr("style", "max-width:100%;height:auto");
        svg.with(tag("title").withText(title));
        content.forEach(svg::with);
        return svg;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static DomContent rectangle(double x, double y, double width, double height, String colour) {
        return tag("rect")
                .attr("x", number(x))
                .attr("y", number(y))
                .attr("width", number(Math.max(width, 0.5)))
                .attr("height", number(height))
                .attr("fill", colour);
    }

    private static DomContent line(double x1, double y1, double x2, double y2, String colour, double width) {
        return tag("line")
                .attr("x1", number(x1))
                .attr("y1", number(y1))
                .attr("x2", number(x2))
                .attr("y2", number(y2))
                .attr("stroke", colour)
                .attr("stroke-width", number(width));
    }

    private static DomContent text(double x, double y, String anchor, String colour, String words) {
        return tag("text")
                .attr("x", number(x))
                .attr("y", number(y))
                .attr("text-anchor", anchor)
                .attr("fill", colour)
                .attr("font-size", 12)
                .withText(words);
    }

    private static DomContent bars(Series series) {
        double most = series.rows().stream().mapToDouble(row -> row.samples().high()).max().orElse(1);
        double scale = (WIDTH - LABELS - VALUES) / (most == 0 ? 1 : most);
        List<DomContent> content = new ArrayList<>();
        int y = 4;
        for (Series.Row row : series.rows()) {
            Samples samples = row.samples();
            double middle = y + BAR / 2.0;
            // What is not ours, or not under a policy, in another colour: that is what everything is compared with.
            boolean other = !(row.subject().startsWith("ours") || row.subject().startsWith("audit")
                            || row.subject().startsWith("profiles") || row.subject().startsWith("matrix"))
                    && !row.subject().matches("\\S+, (jdk|bc)");
            content.add(text(LABELS - 8, middle + 4, "end", INK, row.subject()));
            content.add(rectangle(LABELS, y + 2, samples.median() * scale, BAR - 4, COLOURS.get(other ? 4 : 0)));
            content.add(line(LABELS + samples.low() * scale, middle, LABELS + samples.high() * scale, middle, INK, 1.5));
            content.add(text(LABELS + samples.high() * scale + 6, middle + 4, "start", INK, Numbers.of(samples.median())));
            y += BAR + 3;
        }
        return svg(y + 4, series.title(), content);
    }

    private static DomContent lines(Series series) {
        Map<String, List<Series.Row>> bySubject = new LinkedHashMap<>();
        series.rows().forEach(row -> bySubject.computeIfAbsent(row.subject(), key -> new ArrayList<>()).add(row));
        double first = series.rows().stream().mapToDouble(row -> row.at().orElse(1.0)).min().orElse(1);
        double last = series.rows().stream().mapToDouble(row -> row.at().orElse(1.0)).max().orElse(1);
        double most = series.rows().stream().mapToDouble(row -> row.samples().high()).max().orElse(1);
        double right = WIDTH - VALUES - 20.0;
        double bottom = HEIGHT - 40.0;
        double span = Math.log(last / first);
        List<DomContent> content = new ArrayList<>();
        for (int tick = 0; tick <= 4; tick++) {
            double y = bottom - (bottom - 20) * tick / 4;
            content.add(line(MARGIN, y, right, y, LINE, 1));
            content.add(text(MARGIN - 6, y + 4, "end", INK, Numbers.of(most * tick / 4)));
        }
        series.rows().stream()
                .map(row -> row.at().orElse(1.0))
                .distinct()
                .forEach(at -> content.add(text(
                        x(at, first, span, right), bottom + 16, "middle", INK, String.valueOf(Math.round(at)))));
        content.add(text((MARGIN + right) / 2, HEIGHT - 4.0, "middle", INK, series.along().orElse("")));
        int colour = 0;
        for (Map.Entry<String, List<Series.Row>> subject : bySubject.entrySet()) {
            String own = COLOURS.get(colour % COLOURS.size());
            StringBuilder points = new StringBuilder();
            for (Series.Row row : subject.getValue()) {
                double x = x(row.at().orElse(1.0), first, span, right);
                double y = y(row.samples().median(), most, bottom);
                points.append(number(x)).append(',').append(number(y)).append(' ');
                content.add(line(
                        x, y(row.samples().low(), most, bottom), x, y(row.samples().high(), most, bottom), own, 1.5));
                content.add(tag("circle").attr("cx", number(x)).attr("cy", number(y)).attr("r", 3).attr("fill", own));
            }
            content.add(tag("polyline")
                    .attr("points", points.toString().strip())
                    .attr("fill", "none")
                    .attr("stroke", own)
                    .attr("stroke-width", 2));
            content.add(text(right + 14, 24 + 18.0 * colour, "start", own, subject.getKey()));
            colour++;
        }
        return svg(HEIGHT, series.title(), content);
    }

    private static double x(double at, double first, double span, double right) {
        return span == 0 ? (MARGIN + right) / 2 : MARGIN + (right - MARGIN) * Math.log(at / first) / span;
    }

    private static double y(double value, double most, double bottom) {
        return bottom - (bottom - 20) * value / (most == 0 ? 1 : most);
    }
}
