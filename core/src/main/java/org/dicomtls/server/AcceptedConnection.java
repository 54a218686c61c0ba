package org.dicomtls.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.dicomtls.transport.IncomingConnection;
import org.dicomtls.transport.KeyUse;
import org.dicomtls.transport.Negotiated;

/** A connection that a {@link ConnectionServer} has accepted, as its handler gets it. */
public final class AcceptedConnection {

    /** Where a connection stands; guarded by the lock of the server. */
    enum State {
        /** For its client's first octets, on no thread. */
        WAITING,
        /** For a place. */
        QUEUED,
        HANDSHAKING,
        SERVING,
        /** Until its client has taken the alert, on no thread. */
        LINGERING,
        /** Its handler has returned. */
        CLOSING,
        CLOSED
    }

    private static final int FIRST_BUFFER = 1024;

    private final SocketChannel channel;
    private final Socket tcp;
    private final SocketAddress peer;
    private final AddressBlock block;
    private final long since = System.nanoTime();

    /** By when the handshake must be finished; moved on while the client waits for a place. */
    private volatile long deadline;

    State state;

    /** When what the state is about must be over. */
    long until;

    private byte[] first;
    private int firstLength;
    private final Incoming incoming = new Incoming();
    private volatile String takenAway;

    private volatile Socket socket;
    private boolean draining;
    private Runnable onDrain;
    private Runnable onAbort;

    AcceptedConnection(SocketChannel channel, SocketAddress peer, AddressBlock block, Duration handshakeTime) {
        this.channel = channel;
        this.tcp = channel.socket();
        this.peer = peer;
        this.block = block;
        this.deadline = since + handshakeTime.toNanos();
        this.until = deadline;
    }

    /** What to read from and write to. It is closed by the server when the handler returns. */
    public Socket socket() {
        return socket;
    }

    /** What was negotiated; empty on a server without TLS. */
    public Optional<Negotiated> negotiated() {
        return Negotiated.of(socket);
    }

    /** The address of the client. */
    public SocketAddress peer() {
        return peer;
    }

    /**
     * Why the handler should now bring the connection to its end, because the keys are nearly used up and cannot be
     * changed (TLS 1.2). To be asked between operations; if it is not heeded, reading and writing fail at the limit.
     */
    public Optional<IOException> endOfKeys() {
        return KeyUse.of(socket).flatMap(KeyUse::ending).map(refusal -> refusal);
    }

    /**
     * What to do when the server begins to drain; at once if it has begun. Without this nothing is done, and the connection
     * goes on until it ends or the time is over. It must not block.
     */
    public void onDrain(Runnable action) {
        boolean now;
        synchronized (this) {
            onDrain = action;
            now = draining;
        }
        if (now) {
            action.run();
        }
    }

    /**
     * What to do when the time for draining is over, for example send an A-ABORT; on a thread of its own. A moment later the
     * connection is closed. Without this the socket is closed.
     */
    public void onAbort(Runnable action) {
        synchronized (this) {
            onAbort = action;
        }
    }

    /**
     * Ends the TCP connection at once, from any thread, without waiting for anything; what is unsent is lost. For
     * deadlines: closing a TLS socket may wait for a writer that is stuck.
     */
    public void drop() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | RuntimeException closedAlready) {
            // The close below is then without effect.
        }
        close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // The peer took the connection away first.
        }
    }

    void drainBegins() {
        Runnable action;
        synchronized (this) {
            draining = true;
            action = onDrain;
        }
        if (action != null) {
            action.run();
        }
    }

    void abort() throws IOException {
        Runnable action;
        synchronized (this) {
            action = onAbort;
        }
        if (action != null) {
            action.run();
        } else {
            socket.close();
        }
    }

    SocketChannel channel() {
        return channel;
    }

    Socket tcp() {
        return tcp;
    }

    AddressBlock block() {
        return block;
    }

    IncomingConnection incoming() {
        return incoming;
    }

    void established(Socket with) {
        incoming.watching = false;
        socket = with;
    }

    private long queuedSince;

    /** Its time does not run while it waits for a place, which is not its fault. */
    void queuedUntil(long nanos) {
        queuedSince = System.nanoTime();
        until = nanos;
    }

    void leavesQueue() {
        deadline += System.nanoTime() - queuedSince;
        until = deadline;
    }

    long ageMillis(long now) {
        return (now - since) / 1_000_000;
    }

    /** Keeps what came, and tells whether that is enough for a thread. */
    boolean received(ByteBuffer octets) {
        int length = octets.remaining();
        if (first == null || first.length < firstLength + length) {
            first = Arrays.copyOf(
                    first == null ? new byte[0] : first, Math.max(firstLength + length, first == null ? FIRST_BUFFER : 2 * first.length));
        }
        octets.get(first, firstLength, length);
        firstLength += length;
        return FirstFlight.complete(first, firstLength);
    }

    boolean saidNothing() {
        return firstLength == 0;
    }

    /** Ends a handshake from aside; its thread then learns why. */
    void takeAway(String why) {
        takenAway = why;
        drop();
    }

    boolean isTakenAway() {
        return takenAway != null;
    }

    /** How long the thread of the handshake has waited for octets of the client so far, in all. */
    long waitedNanos(long now) {
        long from = incoming.waitingSince;
        return incoming.waited + (from == 0 ? 0 : now - from);
    }

    private final class Incoming extends InputStream implements IncomingConnection {
        private InputStream in;
        private int taken;
        private volatile boolean watching = true;
        private volatile long waitingSince;
        private volatile long waited;

        @Override
        public Socket tcp() {
            return tcp;
        }

        @Override
        public InputStream octets() {
            return this;
        }

        @Override
        public Duration timeLeft() {
            return Duration.ofNanos(deadline - System.nanoTime());
        }

        @Override
        public Optional<String> takenAway() {
            return Optional.ofNullable(takenAway);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (first != null) {
                int part = Math.min(length, firstLength - taken);
                if (part > 0) {
                    System.arraycopy(first, taken, target, offset, part);
                    taken += part;
                    return part;
                }
                first = null;
            }
            if (in == null) {
                in = tcp.getInputStream();
            }
            if (!watching) {
                return in.read(target, offset, length);
            }
            long from = System.nanoTime();
            waitingSince = from;
            try {
                return in.read(target, offset, length);
            } finally {
                waited += System.nanoTime() - from; // only this thread writes it
                waitingSince = 0;
            }
        }

        @Override
        public int available() throws IOException {
            return first != null && firstLength > taken ? firstLength - taken : tcp.getInputStream().available();
        }
    }

    @Override
    public String toString() {
        return "AcceptedConnection[" + peer + "]";
    }
}
