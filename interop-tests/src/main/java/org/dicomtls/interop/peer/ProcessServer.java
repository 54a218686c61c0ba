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

    /**
     * Starts it and waits until it takes connections.
     *
     * @param kept where it keeps what it receives
     * @throws IOException when it ends before, or is not ready in time; with its last words
     */
    public static ProcessServer start(List<String> words, int port, Path kept, Bench bench)
            throws IOException, InterruptedException {
        PeerProcess process = PeerProcess.start(words, bench.log());
        process.awaitPort(port, bench.timeout());
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
