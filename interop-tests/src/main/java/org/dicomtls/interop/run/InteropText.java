package org.dicomtls.interop.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.report.Table;
import org.dicomtls.interop.report.Tally;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/** The outcome in plain text: each configuration of each peer against each profile, then the outcome in words. */
public final class InteropText {

    private static final int MOST_LOGGED = 6;

    private InteropText() {}

    static final String LEGEND = "1.3, 1.2: the TLS version of the C-ECHO; +: and a C-STORE with identical pixels; ~: a line of"
            + " text came back instead, from a peer that knows no DICOM; no: refused. a/b: engine jdk, engine bc where they"
            + " differ. !: not as predicted.";

    /** The cells of a configuration and a profile: one for each engine. */
    static List<InteropCell> between(Interop run, Role role, String peer, String configuration, Profile profile) {
        return run.cells().stream()
                .filter(c -> c.role() == role
                        && c.peer().equals(peer)
                        && c.configuration().equals(configuration)
                        && c.own().profile().equals(profile))
                .toList();
    }

    /** What these cells have come to, in a few characters. */
    static String mark(List<InteropCell> cells) {
        List<String> marks = cells.stream().map(InteropText::mark).distinct().toList();
        return marks.size() == 1 ? marks.get(0) : cells.stream().map(InteropText::mark).collect(Collectors.joining("/"));
    }

    static String mark(InteropCell cell) {
        String outcome = cell.observed().established()
                ? cell.observed().version().map(v -> v.name().substring("TLSv".length())).orElse("?")
                        + (cell.store().outcome() == InteropCell.Store.Outcome.IDENTICAL ? "+" : "")
                        + (cell.observed().echo().equals(InteropCell.LINE_CAME_BACK) ? "~" : "")
                : "no";
        return cell.agrees() ? outcome : outcome + "!";
    }

    /** The configurations of the peers that were run in the role that is not ours. */
    static Map<String, Interop.Setting> rows(Interop run, Role role) {
        Map<String, Interop.Setting> rows = new LinkedHashMap<>();
        for (Interop.Present peer : run.peers()) {
            for (Interop.Setting setting : peer.configurations()) {
                boolean any = run.cells().stream()
                        .anyMatch(c -> c.role() == role
                                && c.peer().equals(peer.id())
                                && c.configuration().equals(setting.id()));
                if (any) {
                    rows.put(peer.id() + "/" + setting.id(), setting);
                }
            }
        }
        return rows;
    }

    /** The lines of the report. */
    public static List<String> lines(Interop run, int width) {
        List<String> lines = new ArrayList<>();
        for (Role role : Role.values()) {
            Map<String, Interop.Setting> rows = rows(run, role);
            if (rows.isEmpty()) {
                continue;
            }
            List<String> headings = new ArrayList<>();
            headings.add(role == Role.CLIENT ? "our client → peer's server" : "peer's client → our server");
            run.profiles().forEach(p -> headings.add(p.id()));
            Table table = new Table(headings.toArray(String[]::new));
            for (String name : rows.keySet()) {
                List<String> row = new ArrayList<>();
                row.add(name);
                int slash = name.indexOf('/');
                for (Profile profile : run.profiles()) {
                    row.add(mark(between(run, role, name.substring(0, slash), name.substring(slash + 1), profile)));
                }
                table.row(row.toArray());
            }
            lines.addAll(table.lines(Math.max(width, 400)));
            lines.add("");
        }
        lines.addAll(Table.wrap(LEGEND, Math.max(60, width)));
        lines.add("");
        lines.addAll(reasons(run).lines(width));
        Matrix.leftOut(run.profiles()).ifPresent(lines::add);
        lines.add("");
        lines.addAll(summary(run));
        return lines;
    }

    /** Why cells were refused, as predicted, without the lists of values; the most frequent reason first. */
    static Tally reasons(Interop run) {
        Tally reasons = new Tally();
        for (InteropCell cell : run.cells()) {
            if (!cell.observed().established()) {
                String reason = cell.predicted().established() ? cell.observed().reason() : cell.predicted().reason();
                int colon = reason.indexOf(": ");
                boolean engine = reason.startsWith("engine ");
                reasons.add("refused: " + (colon < 0 || engine ? reason : reason.substring(0, colon)));
            }
        }
        return reasons;
    }

    /** The outcome in two sentences; then peers that were not there, and cells that were not as predicted, by name. */
    static List<String> summary(Interop run) {
        List<String> lines = new ArrayList<>();
        long established = run.cells().stream().filter(c -> c.observed().established()).count();
        long tls13 = run.cells().stream()
                .filter(c -> c.observed().version().filter(TlsVersion.TLS_1_3::equals).isPresent())
                .count();
        long stored = run.cells().stream()
                .filter(c -> c.store().outcome() == InteropCell.Store.Outcome.IDENTICAL)
                .count();
        EnumSet<Engine> engines = EnumSet.noneOf(Engine.class);
        run.cells().forEach(c -> engines.add(c.own().engine()));
        lines.add(String.format(
                Locale.ROOT,
                "%d connections: %d profiles on %d engines in both roles, %d configurations of %d peers, in %.1f s:"
                        + " %d established (%d TLS 1.3, %d TLS 1.2), %d C-STOREs with identical pixels, %d refused.",
                run.cells().size(),
                run.profiles().size(),
                engines.size(),
                run.peers().stream().mapToInt(p -> p.configurations().size()).sum(),
                run.peers().size(),
                run.elapsed().toMillis() / 1000.0,
                established,
                tls13,
                established - tls13,
                stored,
                run.cells().size() - established));
        List<InteropCell> disagreeing = run.disagreeing();
        lines.add(disagreeing.isEmpty() ? "All of them as predicted." : disagreeing.size() + " NOT as predicted:");
        alike(disagreeing).forEach((cell, others) -> {
            lines.add("  " + cell.title() + (others == 0 ? "" : " and " + others + " more alike") + ": predicted "
                    + cell.predicted() + "; observed " + cell.observedWords());
            logged(lines, "we", cell.logs().own());
            logged(lines, cell.peer(), cell.logs().peer());
        });
        if (!disagreeing.isEmpty()) {
            lines.add("Both logs of each, as long as they are: --html FILE, --json FILE.");
        }
        long again = run.cells().stream().filter(c -> c.attempts() > 1).count();
        if (again > 0) {
            lines.add(again + " tried again: SunJSSE fails once in 256 handshakes of TLS 1.3 with a finite field.");
        }
        run.skipped().forEach(p -> lines.add("skipped: " + p.title() + ": " + p.remedy()));
        return lines;
    }

    /** The first of those that came out alike with the same configuration of a peer, and how many others there are. */
    static Map<InteropCell, Integer> alike(List<InteropCell> cells) {
        Map<String, InteropCell> first = new LinkedHashMap<>();
        Map<InteropCell, Integer> others = new LinkedHashMap<>();
        for (InteropCell cell : cells) {
            String kind = cell.role() + " " + cell.peer() + "/" + cell.configuration() + " " + cell.predicted() + " "
                    + cell.observedWords();
            InteropCell known = first.putIfAbsent(kind, cell);
            others.merge(known == null ? cell : known, known == null ? 0 : 1, Integer::sum);
        }
        return others;
    }

    private static void logged(List<String> lines, String who, List<String> log) {
        log.subList(Math.max(0, log.size() - MOST_LOGGED), log.size())
                .forEach(line -> lines.add("    " + who + ": " + line));
    }
}
