package org.dicomtls.dcm4che;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.ConnectionMonitor;
import org.dcm4che3.net.State;
import org.dcm4che3.net.pdu.AAbort;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dicomtls.transport.ConnectionListener;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.TlsRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one DICOM connection of a device: ends it when the peer stops in the middle of a message, in either direction,
 * or is silent for too long, and says in the log how a connection ended that did not end in order, with the peer's address
 * and the AE titles. The timers of dcm4che do not run while a data set is read, so a peer that stops there would be waited
 * for without end; they are off by default, and a long one for each message would fill the queue of the scheduler.
 */
final class AssociationWatch implements ConnectionListener {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");
    private static final long SHORTEST_CHECK_MILLIS = 20;
    private static final int CHECKS_PER_LIMIT = 8;
    private static final long MARGIN_MILLIS = 1_000;

    private final PolicyDevice device;
    private final Connection connection;
    private final Socket socket;
    private final boolean accepted;
    private final ConnectionMonitor monitor;
    private final Duration stallLimit;
    private final Duration silenceLimit;
    private final String address;
    private final PduProgress progress = new PduProgress();

    /** Since when the one who reads, and the one who writes, have waited for the peer; 0 while they do not. */
    private volatile long receivingSince;

    private volatile long sendingSince;
    private volatile long sentLast = System.nanoTime();
    private volatile Association association;
    private volatile boolean told;
    private volatile Optional<IOException> failure = Optional.empty();
    private volatile boolean ended;

    private AssociationWatch(
            PolicyDevice device, Connection connection, Socket socket, boolean accepted, ConnectionMonitor monitor) {
        this.device = device;
        this.connection = connection;
        this.socket = socket;
        this.accepted = accepted;
        this.monitor = monitor;
        this.stallLimit = device.stallLimit();
        this.silenceLimit = device.silenceLimit();
        this.address = String.valueOf(socket.getRemoteSocketAddress());
    }

    /**
     * Watches a connection from now on.
     *
     * @param accepted whether the peer has opened it
     * @param monitor is told when an accepted connection is refused; may be null
     */
    static void begin(
            PolicyDevice device, Connection connection, Socket socket, boolean accepted, ConnectionMonitor monitor) {
        AssociationWatch watch = new AssociationWatch(device, connection, socket, accepted, monitor);
        ConnectionListener.watch(socket, watch);
        checkAfter(
                Math.max(SHORTEST_CHECK_MILLIS, Math.min(device.stallLimit().toMillis(), device.silenceLimit().toMillis()) / CHECKS_PER_LIMIT),
                new WeakReference<>(watch)); // a socket that is dropped without being closed must not be kept by its checks
    }

    /** By a timer of the JVM: those of the device may be what waits for the peer. */
    private static void checkAfter(long millis, WeakReference<AssociationWatch> watched) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run).execute(() -> {
            AssociationWatch watch = watched.get();
            if (watch != null && watch.goesOn()) {
                checkAfter(millis, watched);
            }
        });
    }

    private boolean goesOn() {
        long now = System.nanoTime();
        long receiving = receivingSince;
        long sending = sendingSince;
        if (sending != 0 && now - sending > stallLimit.toNanos()) {
            stalled("it took nothing of what was sent to it for " + stallLimit.toMillis() + " ms");
        } else if (receiving != 0 && progress.within() && now - receiving > stallLimit.toNanos()) {
            stalled("nothing came for " + stallLimit.toMillis() + " ms " + progress);
        } else if (receiving != 0 && now - receiving > silenceLimit.toNanos() && now - sentLast > silenceLimit.toNanos()) {
            stalled("neither end sent anything for " + silenceLimit.toMillis() + " ms");
        }
        return !told && !socket.isClosed();
    }

    /** A-ABORT, and where even that cannot be sent, the end of the connection. */
    private void stalled(String what) {
        told = true;
        LOG.warn("{}: {}; aborted", this, what);
        Association current = association;
        if (current != null) {
            CompletableFuture.runAsync(current::abort);
        }
        long patience = current == null ? 0 : connection.getAbortTimeout() + connection.getSocketCloseDelay() + MARGIN_MILLIS;
        CompletableFuture.delayedExecutor(patience, TimeUnit.MILLISECONDS).execute(() -> {
            if (!socket.isClosed()) {
                connection.close(socket);
            }
        });
    }

    @Override
    public void refused(Refusal refusal) {
        told = true;
        LOG.warn("{}: refused: {}", this, refusal.text());
        if (accepted && monitor != null && refusal instanceof TlsRefusal failure) {
            monitor.onConnectionRejected(connection, socket, failure);
        }
    }

    @Override
    public void receiving() {
        if (association == null) {
            for (Association open : device.listOpenAssociations()) {
                if (open.getSocket() == socket) {
                    association = open;
                }
            }
        }
        receivingSince = System.nanoTime();
    }

    @Override
    public void received(byte[] data, int offset, int length) {
        receivingSince = 0;
        progress.add(data, offset, length);
    }

    @Override
    public void ended(Optional<IOException> why) {
        receivingSince = 0;
        failure = why;
        ended = true;
    }

    @Override
    public void sending() {
        sendingSince = System.nanoTime();
    }

    @Override
    public void sent() {
        sendingSince = 0;
        sentLast = System.nanoTime();
    }

    @Override
    public void closed() {
        Association current = association;
        if (told || current == null) {
            return;
        }
        IOException why = current.getException();
        State state = current.getState();
        if (why instanceof AAssociateRJ) {
            return; // dcm4che's log has it
        }
        String where = progress.within() ? " " + progress : "";
        if (why instanceof AAbort) {
            String by = progress.aborted() ? "the peer" : "this end";
            LOG.warn("{}: aborted by {}{}: {}", this, by, where, AssociationSecurity.printable(why.toString()));
        } else if (why != null) {
            LOG.warn("{}: lost{}: {}", this, where, AssociationSecurity.printable(reason(why)));
        } else if (state == State.Sta2) {
            LOG.warn("{}: no A-ASSOCIATE-RQ within {} ms; closed{}", this, connection.getRequestTimeout(), where);
        }
    }

    private String reason(IOException why) {
        if (failure.isPresent()) {
            return failure.get().toString();
        }
        // dcm4che puts whatever it did not expect into an "Unexpected Error".
        return ended ? "the peer ended TLS" : why + (why.getCause() == null ? "" : ", " + why.getCause());
    }

    /** An association for a log: the AE titles as far as they are known, and the peer's address. */
    static String name(Association association) {
        return AssociationSecurity.printable(association.toString()) + " with "
                + association.getSocket().getRemoteSocketAddress();
    }

    @Override
    public String toString() {
        Association current = association;
        return current != null && current.getCallingAET() != null
                ? AssociationSecurity.printable(current.toString()) + " with " + address
                : "connection " + TlsConnections.name(connection) + (accepted ? " from " : " to ") + address;
    }
}
