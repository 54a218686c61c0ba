package org.dicomtls.interop.audit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server program of somebody else that runs until it is closed. */
public record ForeignServer(int port, Process process) implements AutoCloseable {

    private static final int MOST_POLLS = 400;

    /** The command line for a port. */
    public interface Command {
        List<String> on(int port) throws IOException, InterruptedException;
    }

    /** Starts it on a free port and waits until that is open; what it says goes to a file. */
    public static ForeignServer start(Command command, Path log) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> words = command.on(port);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TCP_NODELAY", "1"); // or DCMTK waits for delayed acknowledgements
        ForeignServer server = new ForeignServer(port, builder.start());
        for (int i = 0; i < MOST_POLLS && server.process.isAlive(); i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return server;
                }
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        server.close();
        throw new IOException("does not listen: " + words + ", see " + log);
    }

    /** Skips the test where the program is not there; that is never a pass. */
    public static void assumeInstalled(String debianPackage, String... tryOut) {
        assumeTrue(runs(tryOut), "skipped: install " + debianPackage);
    }

    /** Whether that command can be started and ends well. */
    public static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
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
