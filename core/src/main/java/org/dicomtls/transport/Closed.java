package org.dicomtls.transport;

import java.time.Duration;
import java.time.Instant;

/**
 * The end of a connection that was established.
 *
 * @param negotiated what its handshake had come to
 * @param duration how long it was there, from the beginning of its handshake to its close at this end
 */
public record Closed(Negotiated negotiated, Duration duration) {

    /** The connection. */
    public TransportConnection connection() {
        return negotiated.connection();
    }

    /** When it was closed. */
    public Instant time() {
        return connection().since().plus(duration);
    }
}
