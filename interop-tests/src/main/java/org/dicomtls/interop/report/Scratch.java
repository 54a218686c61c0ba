package org.dicomtls.interop.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for the time of a run. However the run ends, nothing of it stays: where the JVM is told to end before it is
 * closed, it is deleted all the same, and processes that were started meanwhile are ended.
 */
public final class Scratch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    /** Whoever still writes while the JVM ends makes new files behind the deletion. */
    private static final int TRIES = 5;

    private final Path directory;
    private final Thread hook = new Thread(this::end, "scratch-end");

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** Makes a directory whose name begins like that, where the system has its temporary files. */
    public static Scratch create(String prefix) throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(scratch.hook);
        return scratch;
    }

    public Path directory() {
        return directory;
    }

    private void end() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
        for (int i = 0; i < TRIES && Files.exists(directory); i++) {
            try {
                delete(directory);
            } catch (IOException e) {
                LOG.debug("{} cannot be deleted yet", directory, e);
            }
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook does it
        }
        try {
            delete(directory);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", directory, e.toString());
        }
    }

    /** Deletes a directory with all that is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
