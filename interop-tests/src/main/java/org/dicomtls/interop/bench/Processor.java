package org.dicomtls.interop.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the processors do, and for whom. On Linux, as /proc tells it in hundredths of a second; elsewhere the JVM's own
 * counter is all there is.
 */
final class Processor {

    private static final long TICK_NANOS = 10_000_000;
    private static final long LEAST_NANOS = 1_000_000;

    /** The place of the user time in a stat file, counted from behind the name; system, children's user and system follow. */
    private static final int USER_TIME = 11;
    private static final Path PROC = Path.of("/proc");

    private Processor() {}

    /** The model, as the system names it. */
    static String model() {
        try {
            return Files.readAllLines(PROC.resolve("cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The system's load average of the last minute, where it has one. */
    static Optional<Double> load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? Optional.empty() : Optional.of(load);
    }

    /**
     * What this process has used, in nanoseconds, without what its compilers have: they work on while a short run lasts, and
     * are done in a process that serves for days. Garbage collection is in it.
     */
    static long own() {
        long all = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        return all - compilers();
    }

    /** What this process has used since then, as {@link #own()} counts. */
    static long ownSince(long used) {
        return seen(own() - used);
    }

    /** A clock that ticks a hundred times a second may see nothing at all of a short run, but something was used. */
    static long seen(long nanos) {
        return Math.max(nanos, LEAST_NANOS);
    }

    private static long compilers() {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(PROC.resolve("self/task"))) {
            for (Path thread : threads) {
                Optional<Stat> stat = Stat.read(thread.resolve("stat"));
                if (stat.isPresent() && stat.get().name().contains("CompilerThre")) {
                    sum += stat.get().own();
                }
            }
        } catch (IOException e) {
            return 0; // no Linux
        }
        return sum;
    }

    /** What children of this process that have ended have used, in nanoseconds. */
    static long children() {
        return Stat.read(PROC.resolve("self/stat")).map(Stat::children).orElse(0L);
    }

    /** What this process has used with its compilers, and with its children that have ended, in nanoseconds. */
    static long all() {
        return own() + compilers() + children();
    }

    /** What a running process has used, in nanoseconds. */
    static long of(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** What all processors did in all, in nanoseconds, if the system tells. */
    static Optional<Long> busy() {
        try {
            String[] words = Files.readAllLines(PROC.resolve("stat")).get(0).split(" +");
            long ticks = 0;
            for (int place : List.of(1, 2, 3, 6, 7, 8)) { // user, nice, system, irq, softirq, steal; not idle, iowait
                ticks += Long.parseLong(words[place]);
            }
            return Optional.of(ticks * TICK_NANOS);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private record Stat(String name, long own, long children) {
        static Optional<Stat> read(Path file) {
            try {
                String text = Files.readString(file);
                int closing = text.lastIndexOf(')');
                String[] words = text.substring(closing + 2).split(" ");
                return Optional.of(new Stat(
                        text.substring(text.indexOf('(') + 1, closing),
                        (Long.parseLong(words[USER_TIME]) + Long.parseLong(words[USER_TIME + 1])) * TICK_NANOS,
                        (Long.parseLong(words[USER_TIME + 2]) + Long.parseLong(words[USER_TIME + 3])) * TICK_NANOS));
            } catch (IOException | RuntimeException e) {
                return Optional.empty(); // a thread that has ended meanwhile, or no Linux
            }
        }
    }
}
