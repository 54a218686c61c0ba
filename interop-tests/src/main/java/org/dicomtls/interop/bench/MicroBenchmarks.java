package org.dicomtls.interop.bench;

import java.nio.file.Path;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link RecordBenchmark} by JMH, a JVM of its own for every sample. */
final class MicroBenchmarks {

    private static final String HEAP = "gc.alloc.rate.norm";
    /** The JIT compilers throw away and make again what BCJSSE runs for four or five seconds. */
    private static final int WARM_UP = 7;

    private MicroBenchmarks() {}

    /** What one record costs: nanoseconds, and octets of heap. */
    record Cost(double nanos, double octets) {}

    static Cost record(RecordBenchmark.Subject subject, int seconds, Path log) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(RecordBenchmark.class.getName().replace(".", "\\."))
                        .param("subject", subject.name())
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        .warmupIterations(WARM_UP)
                        .warmupTime(TimeValue.seconds(seconds))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(seconds))
                        .shouldFailOnError(true)
                        .output(log.toString())
                        .build())
                .runSingle();
        for (String key : result.getSecondaryResults().keySet()) {
            if (key.endsWith(HEAP)) {
                return new Cost(
                        result.getPrimaryResult().getScore(),
                        result.getSecondaryResults().get(key).getScore());
            }
        }
        throw new IllegalStateException("JMH tells no " + HEAP);
    }

    static String title(RecordBenchmark.Subject subject) {
        return subject.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
