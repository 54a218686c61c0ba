package org.dicomtls.interop.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the system says that a process takes; on Linux only.
 *
 * @param files its open file descriptors
 * @param residentKiB its memory now
 * @param mostResidentKiB the most that it ever was
 */
record Footprint(int threads, int files, long residentKiB, long mostResidentKiB) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Pattern USED = Pattern.compile("total (\\d+)K, used (\\d+)K");

    /** Whether the system tells. */
    static boolean known() {
        return Files.isDirectory(PROCESSES.resolve(Long.toString(ProcessHandle.current().pid())));
    }

    static Footprint of(long pid) {
        Path process = PROCESSES.resolve(Long.toString(pid));
        try (var files = Files.list(process.resolve("fd"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return new Footprint(
                    (int) number(status, "Threads:"),
                    (int) files.count(),
                    number(status, "VmRSS:"),
                    number(status, "VmHWM:"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long number(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** What of its heap is in use after a full collection, in KiB, of a Java process that has jcmd at hand. */
    static OptionalLong heapKiB(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return OptionalLong.empty();
        }
        Command.mustRun(jcmd.toString(), Long.toString(pid), "GC.run");
        long used = 0;
        for (String line : Command.mustRun(jcmd.toString(), Long.toString(pid), "GC.heap_info").lines().toList()) {
            Matcher generation = USED.matcher(line);
            if (generation.find()) {
                used += Long.parseLong(generation.group(2));
            }
        }
        return used == 0 ? OptionalLong.empty() : OptionalLong.of(used);
    }

    /** The most of either. */
    Footprint max(Footprint other) {
        return new Footprint(
                Math.max(threads, other.threads),
                Math.max(files, other.files),
                Math.max(residentKiB, other.residentKiB),
                Math.max(mostResidentKiB, other.mostResidentKiB));
    }
}
