package org.dicomtls.interop.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.interop.report.Environment;

/**
 * What a run was made on.
 *
 * @param environment JDK, engines, system
 * @param cpu the model of the processors
 * @param peers the versions of other programs, by the package that brings them
 * @param load the load average when the run began
 * @param others how much of the processors went to others during the run, 0 to 1
 * @param quick whether the scale was the small one
 */
public record Machine(
        Environment environment,
        String cpu,
        Map<String, String> peers,
        Optional<Double> load,
        Optional<Double> others,
        boolean quick,
        int rounds) {

    /** Above this much of a processor used by others, figures are not worth publishing. */
    private static final double DISTURBING = 0.05;

    /** Above this load average for each processor somebody else is at work. */
    static final double BUSY = 0.35;

    public Machine {
        peers = Map.copyOf(peers);
    }

    /** What stands against believing the figures, if anything does. */
    public Optional<String> warning() {
        if (quick) {
            return Optional.of("a quick run: its figures are a rough look only");
        }
        if (others.isPresent() && others.get() > DISTURBING) {
            return Optional.of("other programs used " + Math.round(100 * others.get())
                    + " % of the processors meanwhile: ratios hold roughly, rates do not");
        }
        if (others.isEmpty() && load.isPresent() && load.get() > BUSY * environment.processors()) {
            return Optional.of("the load average was " + Numbers.of(load.get())
                    + " when the run began: the machine was not quiet");
        }
        return Optional.empty();
    }

    ObjectNode json() {
        ObjectNode node = environment.json();
        node.put("cpu", cpu).put("rounds", rounds).put("quick", quick);
        load.ifPresent(value -> node.put("loadAverage", value));
        others.ifPresent(value -> node.put("usedByOthers", value));
        warning().ifPresent(text -> node.put("warning", text));
        ObjectNode versions = node.putObject("peers");
        peers.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> versions.put(e.getKey(), e.getValue()));
        return node;
    }
}
