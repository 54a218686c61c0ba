package org.dicomtls.interop.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.dicomtls.interop.association.AssociationDescription;
import org.dicomtls.interop.association.AssociationSummary;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DicomServerListener;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.interop.matrix.MatrixEnd;
import org.dicomtls.interop.matrix.Observation;
import org.dicomtls.interop.matrix.OwnEnds;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.StoredFiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;

/**
 * One of our servers, which peers' clients are told to call one after the other, and what it sees of them. Whoever lets a
 * peer call holds {@link #inUse}.
 */
final class OwnServer implements DicomServerListener, AutoCloseable {

    /** A peer that has ended its call may have connected a moment ago, on a machine that has much to do. */
    private static final Duration TO_COME = Duration.ofSeconds(5);

    private static final Duration TO_END = Duration.ofSeconds(30);

    private final ReentrantLock inUse = new ReentrantLock();
    private final PeerLog log = new PeerLog();
    private final Path kept;
    private final DicomServer server;

    // Of the connections since the last begin; guarded by this.
    private int came;
    private int open;
    private int echoes;
    private Optional<Negotiated> negotiated = Optional.empty();
    private Optional<IOException> refusal = Optional.empty();

    /**
     * Starts it.
     *
     * @throws org.dicomtls.transport.CannotEnforceException when its engine cannot honour its profile
     */
    OwnServer(OwnEnds ends, MatrixEnd end, InetAddress address, Path directory) throws IOException {
        this.kept = directory;
        SecureTransport transport = ends.transport(end, Role.SERVER);
        this.server = ends.server(transport, address).sink(StoreSink.toDirectory(directory)).listener(this).start();
    }

    ReentrantLock inUse() {
        return inUse;
    }

    PeerLog log() {
        return log;
    }

    int port() {
        return server.port();
    }

    /** From now on the next call is looked at. */
    synchronized void begin() {
        came = 0;
        open = 0;
        echoes = 0;
        negotiated = Optional.empty();
        refusal = Optional.empty();
    }

    /** What it saw of a call that is over for the peer; waits until it is over here. */
    synchronized Observation observation(boolean peerContent, String peerWords) throws InterruptedException {
        await(TO_COME, () -> came > 0);
        if (!await(TO_END, () -> open == 0)) {
            return Observation.refused(Optional.empty(), "the connection is still open after the call");
        }
        if (peerContent && negotiated.isPresent() && echoes > 0) {
            return Observation.established(negotiated.get(), Observation.ECHOED);
        }
        if (refusal.isPresent()) {
            IOException why = refusal.get();
            return Observation.refused(
                    why instanceof TlsRefusal tls ? tls.alert() : Optional.empty(), "server: " + why.getMessage());
        }
        if (came == 0) {
            return Observation.refused(Optional.empty(), "no connection came; the peer: " + peerWords);
        }
        return Observation.refused(
                Optional.empty(),
                (negotiated.isPresent() ? "no C-ECHO came" : "no association came")
                        + (peerContent ? ", but the peer is content" : "; the peer: " + peerWords));
    }

    private interface Condition {
        boolean holds();
    }

    private boolean await(Duration longest, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.holds()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Waits until a C-STORE that the peer takes for done is over here, too. */
    synchronized void settle() throws InterruptedException {
        await(TO_END, () -> came > 0 && open == 0);
    }

    /** What it kept of that instance. */
    Optional<Path> stored(String sopInstance) throws IOException {
        return StoredFiles.find(kept, sopInstance);
    }

    @Override
    public synchronized void accepted(SocketAddress peer) {
        came++;
        open++;
        notifyAll();
    }

    @Override
    public synchronized void setupFailed(SocketAddress peer, IOException failure) {
        log.say("refused: " + failure.getMessage());
        refusal = Optional.of(failure);
        came++; // a connection whose handshake fails is never said to be accepted
        notifyAll();
    }

    @Override
    public synchronized void associationOpened(Socket connection, AssociationDescription association) {
        negotiated = Negotiated.of(connection);
        log.say("association from " + association.callingAeTitle() + ", "
                + negotiated.map(n -> n.version() + " " + n.suite() + n.group().map(g -> " " + g).orElse("")).orElse(""));
    }

    @Override
    public synchronized void associationClosed(SocketAddress peer, AssociationSummary summary) {
        log.say("connection over: " + summary.ending() + ", C-ECHO " + summary.echoes() + ", stored " + summary.stored()
                + summary.failure().map(e -> ", " + e.getMessage()).orElse(""));
        echoes += summary.echoes();
        if (summary.association().isEmpty()) {
            refusal = summary.failure();
        }
        open--;
        notifyAll();
    }

    @Override
    public void close() {
        server.close(Duration.ofMillis(500));
    }
}
