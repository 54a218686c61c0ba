package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server that is a process of its own and keeps DICOM files below a directory. */
public final class ProcessServer implements PeerServer {

    private final PeerProcess process;
    private final int port;
    private final Path kept;

    private ProcessServer(PeerProcess process, int port, Path kept) {
        this.process = process;
        this.port = port;
        this.kept = kept;
    }

    /** The command line for a port. */
    public interface Command {
        List<String> on(int port) throws IOException, InterruptedException;
    }

    /**
     * Starts it on a free port, and waits until it takes connections. If it ends at once, as one does whose port was taken by
     * somebody else in that moment, it is started once more on another one.
     *
     * @param kept where it keeps what it receives
     * @throws IOException when it ends again, or is not ready in time; with its last words
     */
    public static ProcessServer start(Command command, Path kept, Bench bench) throws IOException, InterruptedException {
        int port = bench.freePort();
        PeerProcess process = PeerProcess.start(command.on(port), bench.log());
        try {
            process.awaitPort(port, bench.timeout());
        } catch (IOException first) {
            port = bench.freePort();
            process = PeerProcess.start(command.on(port), bench.log());
            process.awaitPort(port, bench.timeout());
        }
        return new ProcessServer(process, port, kept);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Optional<Path> stored(String sopInstance) throws IOException {
        return StoredFiles.find(kept, sopInstance);
    }

    @Override
    public void close() {
        process.close();
    }
}
