package org.dicomtls.audittrail;

import java.time.Duration;

/** Where audit messages go. Safe for use by several threads. */
public interface AuditSink extends AutoCloseable {

    /**
     * Takes a message. It is called in the thread of a handshake, so it must come back soon, whatever the state of disk
     * and network.
     *
     * @throws AuditNotRecordedException when the message will not be delivered; the sink has told its own log of it
     */
    void accept(AuditMessage message) throws AuditNotRecordedException;

    /**
     * Waits until every message that was taken before is delivered.
     *
     * @return whether all of them are; false when the time is over or the sink is closed
     */
    boolean flush(Duration longest) throws InterruptedException;

    /** Takes no more messages and lets go of files and connections. What is not delivered yet is kept where it can be. */
    @Override
    void close();
}
