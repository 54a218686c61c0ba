package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sockets and threads of this process, counted before and after.
 *
 * @param sockets the open ones, as the kernel names them
 * @param threads those that live, but for the pools of the JVM
 */
record Remains(Set<String> sockets, Set<Thread> threads) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PATIENCE_NANOS = 15_000_000_000L;

    static Remains now() throws IOException {
        Set<String> sockets = new TreeSet<>();
        if (Files.isDirectory(DESCRIPTORS)) {
            List<Path> all;
            try (Stream<Path> files = Files.list(DESCRIPTORS)) {
                all = files.toList();
            }
            for (Path file : all) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:")) {
                        sockets.add(target);
                    }
                } catch (IOException e) {
                    // Closed since it was listed.
                }
            }
        }
        return new Remains(
                sockets,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> !t.getName().startsWith("ForkJoinPool.commonPool")
                                && !t.getName().startsWith("CompletableFuture")
                                && !t.getName().startsWith("process reaper"))
                        .collect(Collectors.toSet()));
    }

    /** Nothing is there that was not there before, after a while at the latest. */
    void nothingMore() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Remains now = since();
        while (!(now.sockets.isEmpty() && now.threads.isEmpty()) && System.nanoTime() < end) {
            Thread.sleep(20);
            now = since();
        }
        assertThat(now.sockets).as("sockets that are left").isEmpty();
        assertThat(now.threads).as("threads that are left").isEmpty();
    }

    private Remains since() throws IOException {
        Remains now = now();
        now.sockets.removeAll(sockets);
        now.threads.removeAll(threads);
        return now;
    }
}
