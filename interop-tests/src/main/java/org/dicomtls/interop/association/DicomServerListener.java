package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import org.dicomtls.server.ServerCounters;

/** Hears what happens at a {@link DicomServer}, on its threads: answer quickly. Exceptions are logged and ignored. */
public interface DicomServerListener {
    /** A connection has a thread, after its handshake if the server is one under a policy, and is about to be set up. */
    default void accepted(SocketAddress peer) {}

    /** A connection was closed because there was no place for it; at most one a second is told, with the number of others. */
    default void refused(SocketAddress peer, String reason) {}

    /** The handshake failed; or the setup refused the connection, or took longer than it may ({@link java.net.SocketTimeoutException}). */
    default void setupFailed(SocketAddress peer, IOException failure) {}

    /**
     * An association was accepted.
     *
     * @param connection what the setup returned; for looking at, not for reading or writing
     */
    default void associationOpened(Socket connection, AssociationDescription association) {}

    /** The server is being closed, as {@link org.dicomtls.server.ServerListener#draining} tells it. */
    default void draining(ServerCounters counters, Duration patience) {}

    /** A connection that was set up has ended, whether or not it came to an association. */
    default void associationClosed(SocketAddress peer, AssociationSummary summary) {}
}
