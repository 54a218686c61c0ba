package org.dicomtls.interop.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Scratch;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;

/** Runs the parts that are asked for, one after the other. */
public final class Bench {

    private final Scale scale;
    private final Rounds rounds;

    /**
     * @param progress is told how far the run is
     */
    public Bench(Scale scale, Progress progress) {
        this.scale = scale;
        this.rounds = new Rounds(scale, progress);
    }

    /** Is told how far a run is. */
    @FunctionalInterface
    public interface Progress {
        void at(int done, int total, String what);
    }

    /** The load of the machine now, if that is more than a quiet one has. */
    public static Optional<Double> busy() {
        return Processor.load().filter(load -> load > Machine.BUSY * Runtime.getRuntime().availableProcessors());
    }

    /**
     * Measures.
     *
     * @throws Exception whatever goes wrong at either end; figures of half a run are worth nothing
     */
    public BenchReport run(Collection<Topic> topics) throws Exception {
        Optional<Double> load = Processor.load();
        Optional<Long> busy = Processor.busy();
        long own = Processor.all();
        long from = System.nanoTime();
        List<Part> parts = new ArrayList<>();
        try (Scratch scratch = Scratch.create("dicom-tls-bench")) {
            for (Topic topic : Topic.values()) {
                if (topics.contains(topic)) {
                    parts.add(part(topic, scratch.directory().resolve(topic.id())));
                }
            }
        }
        int processors = Runtime.getRuntime().availableProcessors();
        double capacity = (double) (System.nanoTime() - from) * processors;
        Optional<Double> others = busy.flatMap(before -> Processor.busy().map(after -> after - before))
                .map(used -> Math.min(1, Math.max(0, (used - (Processor.all() - own)) / capacity)));
        Machine machine = new Machine(
                Environment.here(), Processor.model(), Tool.present(), load, others, !scale.whole(), scale.rounds());
        return new BenchReport(machine, parts);
    }

    private Part part(Topic topic, Path directory) throws Exception {
        Files.createDirectories(directory);
        List<Profile> profiles =
                scale.whole() ? Matrix.enforceable() : List.of(Profiles.named(HandshakePart.PROFILE));
        return switch (topic) {
            case POLICY -> new PolicyPart(scale, profiles).run(rounds, directory);
            case STORE -> new StorePart(scale, profiles).run(rounds, directory);
            case HANDSHAKE -> new HandshakePart(scale).run(rounds, directory);
            case AUDIT -> new AuditPart(scale).run(rounds, directory);
            case GROWTH -> new GrowthPart(scale).run(rounds, directory);
        };
    }
}
