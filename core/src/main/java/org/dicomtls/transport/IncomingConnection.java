package org.dicomtls.transport;

import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** A TCP connection that a server has accepted and keeps watch over, while {@link SecureTransport#accept} shakes hands. */
public interface IncomingConnection {

    /** The TCP connection, in blocking mode. */
    Socket tcp();

    /** All that the peer sends from its first octet on, including what the server has read already. */
    InputStream octets();

    /** What is left of the time for the handshake; none or less ends it at once. */
    Duration timeLeft();

    /** Why the server has closed the connection in the middle of the handshake, in one clause; empty unless it has. */
    Optional<String> takenAway();
}
