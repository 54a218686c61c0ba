package org.dicomtls.transport;

/** Is told how handshakes end. Called in the thread of the handshake, so it must not block. */
public interface TransportListener {

    /** A listener that ignores everything. */
    TransportListener NONE = new TransportListener() {};

    /** A handshake is finished and keeps the profile. */
    default void established(Negotiated negotiated) {}

    /** A connection was refused, by us or by the peer. */
    default void refused(TlsRefusal refusal) {}
}
