package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A peer's server that runs until it is closed. */
public interface PeerServer extends AutoCloseable {

    /** The host that our clients connect to, and whose name they check where their profile says so. */
    default String host() {
        return "localhost";
    }

    /** The port that it listens on. */
    int port();

    /**
     * The DICOM file (PS3.10) of an instance that was stored, as the peer kept it; asked after the association has ended,
     * and again for a moment if it is not there yet.
     *
     * @param sopInstance its SOP Instance UID
     */
    default Optional<Path> stored(String sopInstance) throws IOException, InterruptedException {
        return Optional.empty();
    }

    /** Ends it: nothing of it is left, neither a process nor a thread nor a socket. */
    @Override
    void close();
}
