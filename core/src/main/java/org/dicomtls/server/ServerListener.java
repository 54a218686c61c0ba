package org.dicomtls.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Hears of connections that never reached the handler. Exceptions are logged and ignored. Handshakes that come about, and
 * all refusals of TLS, also reach the {@link org.dicomtls.transport.TransportListener} of the transport.
 */
public interface ServerListener {

    /**
     * A connection was closed because there was no place for it. At most one a second for each kind of reason is told, with
     * the number of those that were not; {@link ServerCounters} has them all. Never on the thread that accepts.
     */
    default void refused(SocketAddress peer, String reason) {}

    /**
     * A handshake failed; a {@link org.dicomtls.transport.TlsRefusal} as a rule. On the thread of the handshake, which does
     * not go on before this returns.
     */
    default void handshakeFailed(SocketAddress peer, IOException failure) {}

    /**
     * The server is being closed: its port is, so that nobody can connect any more, and what there is may go on for a while.
     * Once, on the thread that closes it, before any connection is ended.
     *
     * @param counters as they are now
     * @param patience how long connections that are served may go on
     */
    default void draining(ServerCounters counters, Duration patience) {}
}
