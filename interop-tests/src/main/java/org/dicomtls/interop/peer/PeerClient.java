package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A peer as a client. Each call opens a connection of its own. That it is refused is no exception but a {@link Outcome}; an
 * exception says that the peer could not be run at all.
 */
public interface PeerClient extends AutoCloseable {

    /** Opens an association, sends a C-ECHO, and releases. */
    Outcome echo(String host, int port) throws IOException, InterruptedException;

    /**
     * Opens an association, sends a C-STORE of that DICOM file, and releases.
     *
     * @param file in Explicit VR Little Endian
     */
    default Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
        return Outcome.failed("it does not store");
    }

    /** Ends it: nothing of it is left. */
    @Override
    void close();

    /**
     * What a peer says about one of its calls.
     *
     * @param succeeded whether it takes it for a success
     * @param words why not, in one line; may be empty
     */
    record Outcome(boolean succeeded, String words) {
        public static final Outcome SUCCEEDED = new Outcome(true, "");

        public static Outcome failed(String words) {
            return new Outcome(false, words);
        }
    }
}
