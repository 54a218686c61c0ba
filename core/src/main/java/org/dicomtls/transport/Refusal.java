package org.dicomtls.transport;

import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/**
 * Why a connection or an association did not come about, in terms of the profile: which end refused, in which phase, by
 * which rule, what was offered, what was wanted, and what to change. All of it is text of our own, except for names and
 * numbers that the peer sent, which are clean and short.
 */
public sealed interface Refusal permits TlsRefusal, AssociationRefusal {

    /** How far the connection had come. */
    enum Phase {
        /** Before any TLS: no connection, or the peer does not speak TLS. */
        TRANSPORT,
        /** The hellos. */
        HELLO,
        /** The key exchange. */
        KEY_EXCHANGE,
        /** The peer's certificate. */
        PEER_CERTIFICATE,
        /** Our certificate, as the peer saw it. */
        OWN_CERTIFICATE,
        /** Elsewhere in the handshake. */
        HANDSHAKE,
        /**
         * The handshake was finished here. The peer refused at its end (TLS 1.3 shows it on the first read), or the keys
         * are used up.
         */
        AFTER_HANDSHAKE,
        /** TLS was established; DICOM was refused. */
        ASSOCIATION
    }

    /** What kind of refusal it is, for programs. */
    RefusalKind kind();

    /** How far the connection had come. */
    Phase phase();

    /** The end at which this refusal was noticed: ours. */
    Role end();

    /** Whether the other end refused; otherwise this one did. */
    boolean byPeer();

    /** The rule that refuses; absent where any TLS would, or where the peer's reason is not known. */
    Optional<Rule> rule();

    /** What is wrong, in one clause. */
    String problem();

    /** What was offered; empty where that says nothing. */
    String offered();

    /** What would have been taken; empty where that says nothing. */
    String wanted();

    /** What to change; empty where nobody can say. */
    String remedy();

    /** The alert that was sent (by us) or received (from the peer). */
    Optional<AlertDescription> alert();

    /** The connection: both addresses, the profile, the engine. */
    TransportConnection connection();

    /** When it was noticed. */
    Instant time();

    /** The AE title of the requestor of the association, where it came so far. */
    default Optional<String> callingAeTitle() {
        return Optional.empty();
    }

    /** The AE title of the acceptor of the association, where it came so far. */
    default Optional<String> calledAeTitle() {
        return Optional.empty();
    }

    /** All of it on one line. */
    String text();

    /**
     * The refusal in a failure: the exception itself, a cause of it, or what was attached to it. An application gets
     * the exceptions of the system, such as {@link java.net.ConnectException}, as they are; what we have to say of them
     * is a suppressed exception of theirs.
     */
    static Optional<Refusal> in(Throwable failure) {
        return in(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static Optional<Refusal> in(Throwable failure, Set<Throwable> seen) {
        for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
            if (t instanceof Refusal refusal) {
                return Optional.of(refusal);
            }
            for (Throwable attached : t.getSuppressed()) {
                Optional<Refusal> found = in(attached, seen);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
