package org.dicomtls.interop.clientaudit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands that are run to their end, and one that is told where to connect, line by line. */
public final class ChildProcess implements ForeignClient.Running {

    private static final int LONGEST_SECONDS = 10;
    private static final File NOTHING = new File("/dev/null");

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;

    /** Starts one that reads {@code host port} and writes a line when that connection is over. */
    ChildProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        orders = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public void connect(String host, int port) throws IOException {
        orders.write(host + " " + port + "\n");
        orders.flush();
        if (answers.readLine() == null) {
            throw new IOException("it has ended");
        }
    }

    @Override
    public void close() {
        end(process);
    }

    /** Runs a command without input; what it says does not matter. */
    public static int run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(NOTHING)
                .redirectOutput(Redirect.DISCARD);
        builder.environment().put("TCP_NODELAY", "1"); // or DCMTK waits for delayed acknowledgements
        Process process = builder.start();
        try {
            return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            end(process);
        }
    }

    /** Runs one that has to do well, such as a tool that prepares something. */
    static void require(String... command) throws IOException, InterruptedException {
        int status = run(List.of(command));
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }

    /** Whether that command can be started and ends well. */
    static boolean runs(List<String> command) throws InterruptedException {
        try {
            return run(command) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
