package org.dicomtls.interop.audit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerProcess;
import org.dicomtls.interop.peer.Ports;

/** A server program of somebody else that runs until it is closed. */
public record ForeignServer(int port, PeerProcess process) implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(20);

    /** The command line for a port. */
    public interface Command {
        List<String> on(int port) throws IOException, InterruptedException;
    }

    /** Starts it on a free port and waits until that is open. */
    public static ForeignServer start(Command command) throws IOException, InterruptedException {
        int port = Ports.free();
        PeerProcess process = PeerProcess.start(command.on(port), new PeerLog());
        process.awaitPort(port, TO_START);
        return new ForeignServer(port, process);
    }

    /** Skips the test where the program is not there; that is never a pass. */
    public static void assumeInstalled(String debianPackage, String... tryOut) throws InterruptedException {
        assumeTrue(runs(tryOut), "skipped: install " + debianPackage);
    }

    /** Whether that command can be started and ends well. */
    public static boolean runs(String... command) throws InterruptedException {
        return PeerProcess.said(List.of(command)).isPresent();
    }

    @Override
    public void close() {
        process.close();
    }
}
