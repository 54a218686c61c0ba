package org.dicomtls.interop.refusals;

import java.io.IOException;
import java.net.Socket;

/** A peer that is at fault in one thing: what it does with a TCP connection, and what it then sees. */
@FunctionalInterface
public interface FaultyPeer {
    /**
     * Does it.
     *
     * @param connection of a client: connected; of a server: accepted
     * @return what the other end did about it
     */
    Seen on(Socket connection) throws IOException;
}
