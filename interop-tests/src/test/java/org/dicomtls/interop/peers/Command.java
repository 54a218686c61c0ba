package org.dicomtls.interop.peers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A process of the machine: with a deadline, with bounded output, ended by whoever started it. */
final class Command implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final int MOST_OCTETS = 4 * 1024 * 1024;
    private static final int MOST_LINES = 20_000;

    private final List<String> words;
    private final Process process;
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reader;

    /** What a command did. */
    record Result(int status, String out, String err) {
        String all() {
            return "status " + status + "\n" + out + err;
        }
    }

    private Command(List<String> words) throws IOException {
        this.words = words;
        this.process = builder(words).redirectErrorStream(true).start();
        this.reader = new Thread(this::read, words.get(0) + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    private static ProcessBuilder builder(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("TCP_NODELAY", "1"); // or DCMTK waits for delayed acknowledgements
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().keySet().removeIf(name -> name.startsWith("DICOM_TLS_"));
        return builder;
    }

    /** Skips the test where the tool is not there; that is never a pass. */
    static void assumeInstalled(String debianPackage, String... tools) {
        for (String tool : tools) {
            boolean installed;
            try {
                List<String> version = tool.equals("openssl") ? List.of(tool, "version") : List.of(tool, "--version");
                installed = run(version).status() == 0;
            } catch (UncheckedIOException e) {
                installed = false;
            }
            assumeTrue(installed, "skipped: install " + debianPackage);
        }
    }

    /** Runs to the end. */
    static Result run(List<String> words) {
        Process process = null;
        try {
            process = builder(words).start();
            process.getOutputStream().close();
            Process started = process;
            CompletableFuture<String> out =
                    CompletableFuture.supplyAsync(() -> text(started.getInputStream()), Command::daemon);
            CompletableFuture<String> err =
                    CompletableFuture.supplyAsync(() -> text(started.getErrorStream()), Command::daemon);
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not done within " + DEADLINE + ": " + words);
            }
            return new Result(
                    process.exitValue(),
                    out.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS),
                    err.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no output of " + words, e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    static Result run(String... words) {
        return run(List.of(words));
    }

    /** Runs to the end, and it must be a good one. */
    static String mustRun(String... words) {
        Result result = run(words);
        if (result.status() != 0) {
            throw new AssertionError(Arrays.toString(words) + ": " + result.all());
        }
        return result.out();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "command-output");
        thread.setDaemon(true);
        thread.start();
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readNBytes(MOST_OCTETS), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Starts something that runs until it is closed. */
    static Command start(List<String> words) {
        try {
            return new Command(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    if (lines.size() == MOST_LINES) {
                        lines.removeFirst();
                    }
                    lines.addLast(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // The end of the process is the end of its output.
        }
        synchronized (lines) {
            lines.notifyAll();
        }
    }

    /** Waits for a line of its output. */
    String line(Predicate<String> which) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        synchronized (lines) {
            while (true) {
                Optional<String> found = lines.stream().filter(which).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || !reader.isAlive()) {
                    throw new AssertionError("no such line from " + words + ":\n" + String.join("\n", lines));
                }
                lines.wait(Math.min(left, 100));
            }
        }
    }

    /** What it has said so far. */
    List<String> lines() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends it at once, whatever it is doing (SIGKILL). */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            throw new AssertionError("not killed: " + words);
        }
    }

    /** Asks it to end. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy would close its output too
    }

    /** How it ended. */
    int status() throws InterruptedException {
        if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("has not ended: " + words);
        }
        return process.exitValue();
    }

    OutputStream in() {
        return process.getOutputStream();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
            reader.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
