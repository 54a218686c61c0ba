package org.dicomtls.interop.clientaudit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerProcess;

/** A command for each connection, and one that is told where to connect, line by line. */
public final class ChildProcess implements ForeignClient.Running {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final PeerProcess process;
    private final BufferedReader answers;

    /** Starts one that reads {@code host port} and writes a line when that connection is over. */
    ChildProcess(List<String> command) throws IOException {
        process = PeerProcess.piped(command, new PeerLog());
        answers = new BufferedReader(new InputStreamReader(process.out(), StandardCharsets.UTF_8));
    }

    @Override
    public void connect(String host, int port) throws IOException {
        process.in().write((host + " " + port + "\n").getBytes(StandardCharsets.UTF_8));
        process.in().flush();
        if (answers.readLine() == null) {
            throw new IOException("it has ended");
        }
    }

    @Override
    public void close() {
        process.close();
    }

    /** Runs a command without input; what it says does not matter. */
    public static void run(List<String> command) throws IOException, InterruptedException {
        PeerProcess.run(command, new PeerLog(), LONGEST);
    }
}
