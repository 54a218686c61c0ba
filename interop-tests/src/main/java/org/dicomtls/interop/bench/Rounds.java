package org.dicomtls.interop.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measures everything in turn, as often as the scale says: what drifts meanwhile drifts for all. */
final class Rounds {

    /** What is done once, or for each sample. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /**
     * Something to be measured.
     *
     * @param warmUp once, before anything counts
     * @param sample one sample, which it notes down itself
     */
    record Subject(String name, Step warmUp, Step sample) {}

    private final Scale scale;
    private final Bench.Progress progress;

    Rounds(Scale scale, Bench.Progress progress) {
        this.scale = scale;
        this.progress = progress;
    }

    void run(String what, List<Subject> subjects) throws Exception {
        int total = subjects.size() * (scale.rounds() + 1);
        int done = 0;
        for (Subject subject : subjects) {
            progress.at(done++, total, what + ", warming up: " + subject.name());
            subject.warmUp().run();
        }
        List<Subject> order = new ArrayList<>(subjects);
        for (int round = 0; round < scale.rounds(); round++) {
            for (Subject subject : order) {
                progress.at(done++, total, what + ": " + subject.name());
                subject.sample().run();
            }
            // Who comes first gains or loses by it: the other way round next time.
            Collections.reverse(order);
        }
        progress.at(total, total, what);
    }
}
