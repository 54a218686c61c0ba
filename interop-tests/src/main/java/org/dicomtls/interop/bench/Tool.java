package org.dicomtls.interop.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerProcess;
import org.dicomtls.interop.peer.Ports;

/** Programs of others: which there are, of what version, and running them. */
final class Tool {

    /** Longer than any of them takes. */
    private static final long PATIENCE_SECONDS = 900;

    private static final Duration TO_START = Duration.ofSeconds(15);
    private static final int MOST_OUTPUT = 1 << 22;

    /** What each tool says of its version, and the package that it comes with. */
    private static final Map<String, String[]> VERSIONS = versions();

    private Tool() {}

    private static Map<String, String[]> versions() {
        Map<String, String[]> all = new LinkedHashMap<>();
        all.put("storescu", new String[] {"--version", "\\$dcmtk: storescu (v\\S+)", "dcmtk"});
        all.put("openssl", new String[] {"version", "OpenSSL (\\S+)", "openssl"});
        all.put("testssl", new String[] {"--version", "testssl\\S*\\s+(\\d\\S*)", "testssl.sh"});
        all.put("sslscan", new String[] {"--version", "(\\d+\\.\\d+\\S*)", "sslscan"});
        return all;
    }

    /** The package that brings a tool. */
    static String bringing(String tool) {
        return VERSIONS.get(tool)[2];
    }

    static boolean installed(String tool) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    /** The tools that are there, with their versions. */
    static Map<String, String> present() {
        Map<String, String> found = new LinkedHashMap<>();
        VERSIONS.forEach((tool, asked) -> {
            if (installed(tool)) {
                found.put(asked[2], version(tool, asked[0], Pattern.compile(asked[1])));
            }
        });
        return found;
    }

    private static String version(String tool, String option, Pattern pattern) {
        try {
            // Colours stand between the words of some.
            String said = run(Optional.empty(), Map.of(), List.of(tool, option)).output().replaceAll("\u001b\\[[0-9;]*m", "");
            Matcher matcher = pattern.matcher(said);
            return matcher.find() ? matcher.group(1) : "unknown version";
        } catch (IOException e) {
            return "unknown version";
        }
    }

    /**
     * A run of a program.
     *
     * @param processorNanos what it and its children have used
     */
    record Run(int status, String output, long nanos, long processorNanos) {

        /** The same, if it ended well. */
        Run good(String what) throws IOException {
            if (status != 0) {
                throw new IOException(what + " ended with status " + status + ": " + last(output));
            }
            return this;
        }

        /** The same, if it came to a conclusion about every server, whichever. */
        Run audited(String what) throws IOException {
            return status <= 2 ? this : good(what);
        }
    }

    /** Runs a program to its end. Only one at a time, or the processor time is that of all. */
    static Run run(Optional<Path> input, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.redirectInput(input.map(Path::toFile).orElse(new File("/dev/null")));
        long used = Processor.children();
        long from = System.nanoTime();
        Process process = builder.start();
        try {
            byte[] output = process.getInputStream().readNBytes(MOST_OUTPUT);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command.get(0) + " does not end");
            }
            long nanos = System.nanoTime() - from;
            return new Run(
                    process.exitValue(),
                    new String(output, StandardCharsets.UTF_8),
                    nanos,
                    Processor.children() - used);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.get(0) + " was interrupted", e);
        } finally {
            end(process);
        }
    }

    /** The command line of a server for a port. */
    interface Serving {
        List<String> on(int port);
    }

    /** A server of somebody else's on a port of loopback; what it says on standard error is kept for who asks in vain. */
    record Server(PeerProcess process, PeerLog said, int port) implements AutoCloseable {

        /** What it has used of the processors, in nanoseconds. */
        long processorNanos() {
            return Processor.of(process.handle());
        }

        /** A run of its client, if it ended well; the failure tells of both sides. */
        Run served(Run run, String client) throws IOException {
            try {
                return run.good(client);
            } catch (IOException e) {
                throw new IOException(
                        e.getMessage() + "; its server " + (process.isAlive() ? "runs" : "has ended") + said.last(3), e);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @throws IOException when it does not come up; with its last words
     */
    static Server serve(Serving command) throws IOException, InterruptedException {
        int port = Ports.free();
        PeerLog said = new PeerLog();
        PeerProcess process = PeerProcess.discarding(command.on(port), said);
        process.awaitPort(port, TO_START);
        return new Server(process, said, port);
    }

    private static String last(String output) {
        String[] lines = output.strip().split("\\R");
        return lines[lines.length - 1];
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The launcher of this program, where it runs from a work tree. */
    static Optional<Path> launcher() {
        try {
            Path place = Path.of(Tool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            // target/classes of the module, or a jar somewhere in target.
            for (Path up = place; up != null; up = up.getParent()) {
                if (up.endsWith("interop-tests/target")) {
                    Path launcher = up.resolve("../../dicom-tls").normalize();
                    return Files.isExecutable(launcher) ? Optional.of(launcher) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (URISyntaxException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** This program in a process of its own, as users start it. */
    static List<String> launched(Path launcher, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
