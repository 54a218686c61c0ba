package org.dicomtls.audittrail;

import java.time.Duration;

/**
 * Is told how the delivery of audit messages goes. Called in threads of the sink, one at a time for each event; an
 * exception that it throws is logged and changes nothing.
 */
public interface AuditDeliveryListener {

    /** A listener that ignores everything. */
    AuditDeliveryListener NONE = new AuditDeliveryListener() {};

    /**
     * Messages are delivered: the repository has shown that it has read them.
     *
     * @param messages how many
     */
    default void delivered(long messages) {}

    /**
     * A connection to the repository did not come about or broke; what it has not shown to have read is sent again.
     *
     * @param why on one line
     * @param unproven how many messages were sent without proof and will be sent again
     * @param retryIn when the next attempt is made
     */
    default void interrupted(String why, long unproven, Duration retryIn) {}

    /**
     * A message is lost, as far as the repository is concerned: it could not be recorded.
     *
     * @param why on one line
     */
    default void notRecorded(AuditMessage message, String why) {}

    /**
     * Recorded messages can no longer be read from the disk.
     *
     * @param messages how many
     * @param what which, on one line
     */
    default void damaged(long messages, String what) {}
}
