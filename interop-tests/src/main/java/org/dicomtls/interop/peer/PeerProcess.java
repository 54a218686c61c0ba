package org.dicomtls.interop.peer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A process of a peer: what it says goes to a log, and who closes it ends it with all that it started. */
public final class PeerProcess implements AutoCloseable {

    private static final long MILLIS_TO_END = 5_000;
    private static final long POLL_MILLIS = 15;
    private static final Duration SHORT = Duration.ofSeconds(10);

    private final List<String> words;
    private final Process process;
    private final PeerLog log;
    private final Thread reader;

    private PeerProcess(List<String> words, PeerLog log, Consumer<ProcessBuilder> streams) throws IOException {
        this.words = List.copyOf(words);
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(words);
        streams.accept(builder);
        builder.environment().put("TCP_NODELAY", "1"); // or DCMTK waits for delayed acknowledgements
        builder.environment().put("LC_ALL", "C.UTF-8");
        this.process = builder.start();
        InputStream said = builder.redirectErrorStream() ? process.getInputStream() : process.getErrorStream();
        this.reader = new Thread(() -> read(said), "peer-log-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a command; all that it says goes to that log, and it has no input. */
    public static PeerProcess start(List<String> words, PeerLog log) throws IOException {
        return new PeerProcess(words, log, b -> b.redirectErrorStream(true).redirectInput(new File("/dev/null")));
    }

    /** Starts a command whose standard input and output are the caller's; what it says on standard error is logged. */
    public static PeerProcess piped(List<String> words, PeerLog log) throws IOException {
        return new PeerProcess(words, log, builder -> {});
    }

    /**
     * Starts a command whose standard input stays open and whose standard output is nobody's; what it says on standard error
     * is logged. {@code s_server} ends each connection at the end of its input, and writes there what it receives.
     */
    public static PeerProcess discarding(List<String> words, PeerLog log) throws IOException {
        return new PeerProcess(words, log, builder -> builder.redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    /**
     * Runs a command to its end.
     *
     * @return its exit status; empty if it was ended because the time was over
     * @throws IOException when it cannot be started
     */
    public static Optional<Integer> run(List<String> words, PeerLog log, Duration timeout)
            throws IOException, InterruptedException {
        try (PeerProcess running = start(words, log)) {
            return running.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(running.process.exitValue())
                    : Optional.empty();
        }
    }

    /**
     * Runs a command that prepares something.
     *
     * @throws IOException when it cannot be started, fails, or is not done within 10 s; with its last words
     */
    public static void require(String... words) throws IOException, InterruptedException {
        PeerLog said = new PeerLog();
        Optional<Integer> status = run(List.of(words), said, SHORT);
        if (status.isEmpty() || status.get() != 0) {
            throw new IOException(String.join(" ", words) + ": "
                    + status.map(s -> "exit status " + s).orElse("not done within " + SHORT.toSeconds() + " s")
                    + said.last(3));
        }
    }

    /** What a command says, if it can be run, and ends well within 10 s. */
    public static Optional<List<String>> said(List<String> words) throws InterruptedException {
        PeerLog said = new PeerLog();
        try {
            return run(words, said, SHORT).filter(status -> status == 0).map(status -> said.since(0));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void read(InputStream from) {
        try (Reader in = new InputStreamReader(from, StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    log.say(line.toString());
                    line.setLength(0);
                } else if (line.length() <= PeerLog.LONGEST_LINE) {
                    line.append((char) c);
                }
            }
            log.say(line.toString());
        } catch (IOException e) {
            // The end of the process is the end of what it says.
        }
    }

    /** Where a piped command is written to. */
    public OutputStream in() {
        return process.getOutputStream();
    }

    /** What a piped command writes. */
    public InputStream out() {
        return process.getInputStream();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The process itself, for who asks the system about it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Waits until a port of this machine takes connections, for servers that do not say when they are ready.
     *
     * @throws IOException when the process ends before, or the time is over; with its last words. It is closed then, and when
     *     this thread is interrupted
     */
    public void awaitPort(int port, Duration timeout) throws IOException, InterruptedException {
        await(() -> takesConnections(port), timeout, "does not listen on port " + port);
    }

    /** Whether a process can do by now what is waited for. */
    interface Readiness {
        boolean isReady() throws InterruptedException;
    }

    /** As {@link #awaitPort}, for whatever else shows that it is ready; what it fails to do follows its name. */
    void await(Readiness readiness, Duration timeout, String failure) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (!readiness.isReady()) {
                if (!isAlive() || System.nanoTime() > end) {
                    throw new IOException(words.get(0) + " " + failure + log.last(3));
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private boolean takesConnections(int port) {
        boolean alive = isAlive(); // asked first: who answers at the port of a dead one is somebody else
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return alive && probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        // Of a process that is dead, the number may be that of another one by now, whose children are none of ours.
        List<ProcessHandle> all = process.isAlive()
                ? Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList()
                : List.of();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(MILLIS_TO_END, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(MILLIS_TO_END, TimeUnit.MILLISECONDS);
            }
            all.forEach(ProcessHandle::destroyForcibly);
            reader.join(MILLIS_TO_END);
        } catch (InterruptedException e) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
