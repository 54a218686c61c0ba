package org.dicomtls.transport;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/**
 * Is told what happens on one connection: what the listeners of the transport are told, and what the application reads and
 * writes on it, in the clear. For watching the progress of an association. Called in the thread that reads or writes, so it
 * must neither block nor throw.
 */
public interface ConnectionListener extends TransportListener {

    /** A listener that ignores everything. */
    ConnectionListener NONE = new ConnectionListener() {};

    /**
     * Lets a listener watch that socket from now on, in place of any before.
     *
     * @throws IllegalArgumentException when the socket is none of a {@link SecureTransport}
     */
    static void watch(Socket socket, ConnectionListener listener) {
        if (!(socket instanceof PolicySocket ours)) {
            throw new IllegalArgumentException("the socket is not under a profile");
        }
        ours.watch(listener);
    }

    /** The application waits for octets of the peer. */
    default void receiving() {}

    /**
     * What was waited for has come.
     *
     * @param length 0 when the application's own read timeout ended the wait
     */
    default void received(byte[] data, int offset, int length) {}

    /**
     * Nothing more will come.
     *
     * @param failure empty when the peer has ended TLS in order, by close_notify
     */
    default void ended(Optional<IOException> failure) {}

    /** The application writes; until {@link #sent} it may be waiting for the peer to take it. */
    default void sending() {}

    /** A write is over, done or failed. */
    default void sent() {}
}
