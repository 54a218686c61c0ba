package org.dicomtls.interop.peers;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line in a JVM of its own, as users run it. */
final class DicomTls {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+), profile .*");

    private DicomTls() {}

    private static List<String> words(List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                classPath(),
                "org.dicomtls.interop.cli.Main"));
        words.addAll(arguments);
        return words;
    }

    /** Without what only tests need: the command line has to do without it. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(System.getProperty("java.class.path"))
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .toList());
    }

    static Command.Result run(List<String> arguments) {
        return Command.run(words(arguments));
    }

    static Command.Result run(String... arguments) {
        return run(List.of(arguments));
    }

    /** A throw-away PKI in that directory. */
    static Path pki(Path directory) {
        Command.Result result = run("pki", directory.toString());
        if (result.status() != 0) {
            throw new AssertionError("pki: " + result.all());
        }
        return directory;
    }

    /** A reference SCP that listens. */
    static final class Server implements AutoCloseable {
        private final Command command;
        private final int port;

        private Server(Command command) throws InterruptedException {
            this.command = command;
            Matcher listening = LISTENING.matcher(command.line(line -> line.startsWith("listening on ")));
            if (!listening.matches()) {
                throw new AssertionError("not as documented: " + command.lines());
            }
            this.port = Integer.parseInt(listening.group(1));
        }

        int port() {
            return port;
        }

        Command command() {
            return command;
        }

        @Override
        public void close() {
            command.close();
        }
    }

    /** {@code dicom-tls serve} on the loopback interface, on a port that is free. */
    static Server serve(String... arguments) throws InterruptedException {
        return started(words(serving(arguments)));
    }

    /** The same after a command of the shell that changes what the process is given. */
    static Server serveWithin(String shell, String... arguments) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("/bin/bash", "-c", shell + "; exec \"$@\"", "serve"));
        words.addAll(words(serving(arguments)));
        return started(words);
    }

    /** {@code dicom-tls audit-repository} on the loopback interface, on that port, or on one that is free (0). */
    static Server auditRepository(int port, String... arguments) throws InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("audit-repository", "--listen", Integer.toString(port), "--bind", "127.0.0.1"));
        all.addAll(List.of(arguments));
        return started(words(all));
    }

    private static List<String> serving(String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve", "--port", "0", "--bind", "127.0.0.1"));
        all.addAll(List.of(arguments));
        return all;
    }

    private static Server started(List<String> words) throws InterruptedException {
        Command command = Command.start(words);
        try {
            return new Server(command);
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            command.close();
            throw e;
        }
    }
}
