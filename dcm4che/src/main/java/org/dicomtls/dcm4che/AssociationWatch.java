package org.dicomtls.dcm4che;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.ConnectionMonitor;
import org.dcm4che3.net.State;
import org.dcm4che3.net.pdu.AAbort;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Closed;
import org.dicomtls.transport.ConnectionListener;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;

/**
 * Watches one DICOM connection of a device: ends it when the peer stops in the middle of a message, in either direction,
 * or is silent for too long, and tells the transport's listeners of each association that did not end in order. The timers
 * of dcm4che do not run while a data set is read, so a peer that stops there would be waited for without end; they are off
 * by default, and a long one for each message would fill the queue of the scheduler.
 */
final class AssociationWatch implements ConnectionListener {

    private static final String REASON = "read the log of the peer for its reason";
    private static final long SHORTEST_CHECK_MILLIS = 20;
    private static final int CHECKS_PER_LIMIT = 8;
    private static final long MARGIN_MILLIS = 1_000;

    private final PolicyDevice device;
    private final SecureTransport transport;
    private final Connection connection;
    private final Socket socket;
    private final boolean accepted;
    private final ConnectionMonitor monitor;
    private final Duration stallLimit;
    private final Duration silenceLimit;
    private final PduProgress progress = new PduProgress();

    /** Since when the one who reads, and the one who writes, have waited for the peer; 0 while they do not. */
    private volatile long receivingSince;

    private volatile long sendingSince;
    private volatile long sentLast = System.nanoTime();
    private volatile Association association;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Optional<IOException> failure = Optional.empty();
    private volatile boolean ended;

    private AssociationWatch(
            PolicyDevice device, Connection connection, Socket socket, boolean accepted, ConnectionMonitor monitor) {
        this.device = device;
        this.transport = device.transport(connection);
        this.connection = connection;
        this.socket = socket;
        this.accepted = accepted;
        this.monitor = monitor;
        this.stallLimit = device.stallLimit();
        this.silenceLimit = device.silenceLimit();
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
        Duration shorter = watch.stallLimit.compareTo(watch.silenceLimit) < 0 ? watch.stallLimit : watch.silenceLimit;
        // A socket that is dropped without being closed must not be kept by its checks.
        checkAfter(
                Math.max(SHORTEST_CHECK_MILLIS, shorter.toMillis() / CHECKS_PER_LIMIT), new WeakReference<>(watch));
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
            stalled("the peer took nothing of what was sent to it for " + stallLimit.toMillis() + " ms");
        } else if (receiving != 0 && (progress.within() || !progress.begun()) && now - receiving > stallLimit.toNanos()) {
            stalled("nothing came for " + stallLimit.toMillis() + " ms " + progress);
        } else if (receiving != 0 && now - receiving > silenceLimit.toNanos() && now - sentLast > silenceLimit.toNanos()) {
            stalled("neither end sent anything for " + silenceLimit.toMillis() + " ms");
        }
        return !told.get() && !socket.isClosed();
    }

    /** A-ABORT, and where even that cannot be sent, the end of the connection; not in the thread of the timer. */
    private void stalled(String what) {
        Association current = association;
        if (!told.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture.runAsync(() -> {
            report(
                    RefusalKind.ASSOCIATION_TIMEOUT,
                    false,
                    "aborted, for " + what,
                    "look whether the peer hangs or was switched off, and whether the network lets everything pass");
            if (current != null) {
                current.abort();
            }
        });
        long patience = current == null
                ? 0
                : connection.getAbortTimeout() + connection.getSocketCloseDelay() + MARGIN_MILLIS;
        CompletableFuture.delayedExecutor(patience, TimeUnit.MILLISECONDS).execute(() -> {
            if (!socket.isClosed()) {
                connection.close(socket);
            }
        });
    }

    /** The listeners of the transport and its log have it already; dcm4che's monitor has not. */
    @Override
    public void refused(Refusal refusal) {
        told.set(true);
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
    public void closed(Closed closed) {
        Association current = association;
        if (current == null || told.get()) {
            return;
        }
        IOException why = current.getException();
        String where = progress.within() ? " " + progress : "";
        if (why instanceof AAssociateRJ) {
            tell(RefusalKind.ASSOCIATION_REJECTED, true, why.toString(), REASON);
        } else if (why instanceof AAbort) {
            boolean byPeer = progress.aborted();
            tell(
                    RefusalKind.ASSOCIATION_ABORTED,
                    byPeer,
                    why + " of " + (byPeer ? "the peer" : "this end") + where,
                    byPeer ? REASON : "");
        } else if (why != null) {
            tell(RefusalKind.ASSOCIATION_CLOSED, true, "lost" + where + ": " + reason(why), REASON);
        } else if (current.getState() == State.Sta2) {
            tell(
                    RefusalKind.ASSOCIATION_TIMEOUT,
                    false,
                    "no A-ASSOCIATE-RQ within " + connection.getRequestTimeout() + " ms" + where,
                    "look whether the peer speaks DICOM at all");
        }
    }

    private String reason(IOException why) {
        if (failure.isPresent()) {
            return failure.get().toString();
        }
        // dcm4che puts whatever it did not expect into an "Unexpected Error".
        return ended ? "the peer ended TLS" : why + (why.getCause() == null ? "" : ", " + why.getCause());
    }

    private void tell(RefusalKind kind, boolean byPeer, String problem, String remedy) {
        if (told.compareAndSet(false, true)) {
            report(kind, byPeer, problem, remedy);
        }
    }

    private void report(RefusalKind kind, boolean byPeer, String problem, String remedy) {
        report(transport, socket, association, kind, byPeer, problem, remedy);
    }

    /** Tells the listeners of a transport, its log and its counters what became of an association. */
    static void report(
            SecureTransport transport,
            Socket socket,
            Association association,
            RefusalKind kind,
            boolean byPeer,
            String problem,
            String remedy) {
        Optional<Negotiated> negotiated = Negotiated.of(socket);
        if (negotiated.isEmpty()) {
            return; // TLS was refused, and that was told
        }
        boolean named = association != null && association.getCallingAET() != null;
        AssociationRefusal.Builder refusal = AssociationRefusal.on(
                        negotiated.get().connection(), kind, (named ? association + ": " : "") + problem)
                .remedy(remedy);
        if (byPeer) {
            refusal.byPeer();
        }
        if (named) {
            refusal.aeTitles(association.getCallingAET(), association.getCalledAET());
        }
        transport.report(refusal.build());
    }
}
