package org.dicomtls.interop.association;

import java.io.IOException;
import java.util.Optional;

/**
 * What became of a connection that an acceptor served.
 *
 * @param association empty when it never came to one
 * @param echoes C-ECHO requests that were answered
 * @param stored C-STORE requests that were answered with success
 * @param failure why it ended, unless in order; of a rejection only what the {@link Admission} says
 */
public record AssociationSummary(
        Ending ending,
        Optional<AssociationDescription> association,
        int echoes,
        int stored,
        Optional<IOException> failure) {

    /** How a connection ends. All but the first four are A-P-ABORT indications to the local user (PS3.8 §7.4). */
    public enum Ending {
        /** The requestor released the association. */
        RELEASED,
        /** The acceptor sent A-ASSOCIATE-RJ. */
        REJECTED,
        /** The acceptor sent A-ABORT as its user, because its server was closed. */
        ABORTED_HERE,
        /** The acceptor sent A-ABORT as its user, because the keys of the connection below were used up. */
        KEYS_USED_UP,
        /** The requestor sent A-ABORT. */
        ABORTED_BY_PEER,
        /** The requestor broke PS3.8 and got an A-ABORT with source 2. */
        PROTOCOL_ERROR,
        /** A deadline passed: ARTIM, or the idle timeout. */
        TIMED_OUT,
        /** The connection ended or broke below PS3.8; nothing was sent any more (PS3.8 §9.2, AA-4 and AA-5). */
        CONNECTION_LOST
    }
}
