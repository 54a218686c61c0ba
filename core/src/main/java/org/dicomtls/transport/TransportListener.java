package org.dicomtls.transport;

/**
 * Is told how connections begin and end. Called in the thread of the connection, so it must not block. An exception that
 * it throws is logged and changes nothing.
 */
public interface TransportListener {

    /** A listener that ignores everything. */
    TransportListener NONE = new TransportListener() {};

    /** A handshake is finished and keeps the profile. */
    default void established(Negotiated negotiated) {}

    /**
     * A connection, or an association on it, was refused: by us, or by the peer ({@link Refusal#byPeer()}). After {@link
     * #established} this can still come once: in TLS 1.3 a server refuses the client's certificate after the client
     * has finished, and associations are refused on established connections.
     */
    default void refused(Refusal refusal) {}

    /** A connection that was established is closed. */
    default void closed(Closed closed) {}

    /** Watched files have changed, and what they hold is in use from now on, or is not and why. Once for each change. */
    default void reloaded(Reload reload) {}

    /**
     * A certificate of this node, or one that it trusts, ends within 30, 7 or 1 days, or has ended. Once for each of
     * these, when the transport is built or later.
     */
    default void expiring(Expiry expiry) {}
}
