package org.dicomtls.audittrail;

/**
 * What is taken as proof that a repository has read what was sent. Syslog over TLS (RFC 5425) has no acknowledgements;
 * the only thing that a repository says is how it ends the connection.
 */
public enum DeliveryProof {
    /**
     * Its close_notify in answer to ours, which RFC 5425 §4.4 demands, and then the end of the TCP connection without a
     * reset. Nobody but the repository can say it.
     */
    CLOSE_NOTIFY,
    /**
     * The end of the TCP connection without a reset, after our close_notify, is enough. A repository that has not read
     * everything resets the connection; but whoever can write packets on the network can end it as well. For
     * repositories that answer with no close_notify, such as rsyslog with GnuTLS.
     */
    END_OF_STREAM
}
