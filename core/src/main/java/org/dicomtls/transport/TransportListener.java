package org.dicomtls.transport;

/** Is told how handshakes end. Called in the thread of the handshake, so it must not block. */
public interface TransportListener {

    /** A listener that ignores everything. */
    TransportListener NONE = new TransportListener() {};

    /** A handshake is finished and keeps the profile. */
    default void established(Negotiated negotiated) {}

    /** A connection was refused, by us or by the peer. */
    default void refused(TlsRefusal refusal) {}

    /** Watched files have changed, and what they hold is in use from now on, or is not and why. Once for each change. */
    default void reloaded(Reload reload) {}

    /**
     * A certificate of this node, or one that it trusts, ends within 30, 7 or 1 days, or has ended. Once for each of
     * these, when the transport is built or later.
     */
    default void expiring(Expiry expiry) {}
}
