package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the associations that come in at a server socket, each connection on a thread of its own from its first octet
 * on, so that no client can delay another. After {@link #close} neither a thread nor a socket of it is left.
 */
public final class DicomServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DicomServer.class);
    private static final Duration LAST_MOMENT = Duration.ofMillis(500);
    private static final long JOIN_MILLIS = 5000;

    private final ServerSocket serverSocket;
    private final ConnectionSetup setup;
    private final Duration setupTimeout;
    private final int maxConnections;
    private final int maxConnectionsPerAddress;
    private final AcceptorOptions acceptor;
    private final Optional<StoreSink> sink;
    private final DicomServerListener listener;
    private final Duration drain;
    private final Thread accepting;

    /** Guarded by itself; notified when a connection ends. */
    private final Set<Connection> connections = new HashSet<>();

    /** Guarded by connections. A thread ends a moment after its connection: closing waits for both. */
    private final Set<Thread> threads = new HashSet<>();

    private int accepted;
    private volatile boolean closing;

    private DicomServer(Builder builder) {
        this.serverSocket = builder.serverSocket;
        this.setup = builder.setup;
        this.setupTimeout = builder.setupTimeout;
        this.maxConnections = builder.maxConnections;
        this.maxConnectionsPerAddress = builder.maxConnectionsPerAddress;
        this.acceptor = builder.acceptor;
        this.sink = builder.sink;
        this.listener = builder.listener;
        this.drain = builder.drain;
        this.accepting = thread(this::accept, "accept");
    }

    /** Options of a server at that bound socket, which the server closes in the end. */
    public static Builder on(ServerSocket serverSocket) {
        return new Builder(serverSocket);
    }

    /** Options of a server, each with a default. */
    public static final class Builder {
        private final ServerSocket serverSocket;
        private ConnectionSetup setup = ConnectionSetup.PLAIN;
        private Duration setupTimeout = Duration.ofSeconds(10);
        private int maxConnections = 256;
        private int maxConnectionsPerAddress = Integer.MAX_VALUE;
        private AcceptorOptions acceptor = AcceptorOptions.defaults();
        private Optional<StoreSink> sink = Optional.empty();
        private DicomServerListener listener = new DicomServerListener() {};
        private Duration drain = Duration.ofSeconds(5);

        private Builder(ServerSocket serverSocket) {
            this.serverSocket = Objects.requireNonNull(serverSocket, "serverSocket");
        }

        /** What is done first with each connection; by default nothing. */
        public Builder setup(ConnectionSetup setup) {
            this.setup = Objects.requireNonNull(setup, "setup");
            return this;
        }

        /** How long the setup may take; by default 10 s. */
        public Builder setupTimeout(Duration timeout) {
            this.setupTimeout = AcceptorOptions.requirePositive(timeout, "setup timeout");
            return this;
        }

        /** How many connections there may be at once; by default 256. One more is closed as it comes in. */
        public Builder maxConnections(int most) {
            this.maxConnections = requireAtLeastOne(most);
            return this;
        }

        /** How many connections one address may have at once; by default as many as there may be. */
        public Builder maxConnectionsPerAddress(int most) {
            this.maxConnectionsPerAddress = requireAtLeastOne(most);
            return this;
        }

        /** How associations are accepted; by default {@link AcceptorOptions#defaults}. */
        public Builder acceptor(AcceptorOptions options) {
            this.acceptor = Objects.requireNonNull(options, "options");
            return this;
        }

        /** Accepts the Storage service class too; by default only Verification is accepted. */
        public Builder sink(StoreSink sink) {
            this.sink = Optional.of(sink);
            return this;
        }

        /** Who hears of what happens; by default nobody. */
        public Builder listener(DicomServerListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** How long {@link DicomServer#close()} waits for associations to end; by default 5 s. */
        public Builder drain(Duration duration) {
            this.drain = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /** Starts to accept. */
        public DicomServer start() {
            DicomServer server = new DicomServer(this);
            server.accepting.start();
            return server;
        }

        private static int requireAtLeastOne(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("a limit of " + most + " connections");
            }
            return most;
        }
    }

    /** The port that the server socket is bound to. */
    public int port() {
        return serverSocket.getLocalPort();
    }

    /** How many connections there are now. */
    public int connections() {
        synchronized (connections) {
            return connections.size();
        }
    }

    private Thread thread(Runnable body, String what) {
        Thread thread = new Thread(body, "dicom-server-" + serverSocket.getLocalPort() + "-" + what);
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!closing) {
            Socket socket;
            try {
                socket = serverSocket.accept();
            } catch (SocketTimeoutException e) {
                continue;
            } catch (IOException e) {
                if (serverSocket.isClosed()) {
                    return;
                }
                // Out of file descriptors, say: the next attempt may do better, but not at once.
                LOG.warn("cannot accept a connection: {}", e.toString());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                continue;
            }
            take(socket);
        }
    }

    private void take(Socket socket) {
        SocketAddress peer = socket.getRemoteSocketAddress();
        Optional<String> refusal;
        Connection connection = null;
        synchronized (connections) {
            refusal = refusal(socket.getInetAddress());
            if (refusal.isEmpty()) {
                connection = new Connection(socket, peer, ++accepted);
                connections.add(connection);
                threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
                threads.add(connection.thread);
            }
        }
        if (refusal.isPresent()) {
            Deadline.closeQuietly(socket);
            tell(l -> l.refused(peer, refusal.get()));
            return;
        }
        try {
            connection.thread.start();
        } catch (OutOfMemoryError e) {
            // No thread to be had: this connection is lost, the others are not.
            Deadline.closeHard(socket);
            connection.forget();
            tell(l -> l.refused(peer, "no thread left"));
        }
    }

    private Optional<String> refusal(InetAddress address) {
        if (closing) {
            return Optional.of("the server is closing");
        }
        if (connections.size() >= maxConnections) {
            return Optional.of(maxConnections + " connections are open already");
        }
        if (maxConnectionsPerAddress < maxConnections
                && connections.stream().filter(c -> c.address.equals(address)).count() >= maxConnectionsPerAddress) {
            return Optional.of(maxConnectionsPerAddress + " connections from this address are open already");
        }
        return Optional.empty();
    }

    private void tell(Consumer<DicomServerListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }

    /** One accepted connection and the thread that serves it. */
    private final class Connection {
        private final Socket socket;
        private final SocketAddress peer;
        private final InetAddress address;
        private final Thread thread;

        /** Guarded by this. Set once an association is accepted. */
        private UpperLayer established;

        private Connection(Socket socket, SocketAddress peer, int number) {
            this.socket = socket;
            this.peer = peer;
            this.address = socket.getInetAddress();
            this.thread = thread(this::run, "connection-" + number);
        }

        private void run() {
            try {
                tell(l -> l.accepted(peer));
                Optional<Socket> ready = prepare();
                if (ready.isEmpty()) {
                    settle();
                } else {
                    AssociationSummary summary = associate(ready.get());
                    tell(l -> l.associationClosed(peer, summary));
                }
            } finally {
                Deadline.closeQuietly(socket);
                forget();
            }
        }

        private Optional<Socket> prepare() {
            try (Deadline deadline = new Deadline(socket)) {
                deadline.arm(setupTimeout);
                try {
                    Socket ready = Objects.requireNonNull(setup.prepare(socket), "a setup returned no socket");
                    if (!deadline.passed()) {
                        return Optional.of(ready);
                    }
                    tell(l -> l.setupFailed(peer, late(null)));
                } catch (IOException e) {
                    tell(l -> l.setupFailed(peer, deadline.passed() ? late(e) : e));
                } catch (RuntimeException e) {
                    LOG.error("the setup of a connection failed", e);
                    tell(l -> l.setupFailed(peer, new IOException("the setup failed: " + e, e)));
                }
                return Optional.empty();
            }
        }

        /** Lets an alert that a failed setup has sent reach the peer: unread input would turn the close into a reset. */
        private void settle() {
            try (Deadline deadline = new Deadline(socket)) {
                deadline.arm(LAST_MOMENT);
                socket.setSoTimeout((int) LAST_MOMENT.toMillis());
                socket.shutdownOutput();
                byte[] discarded = new byte[8192];
                while (deadline.remainingMillis() > 0 && socket.getInputStream().read(discarded) >= 0) {
                    // On to the end.
                }
            } catch (IOException | UnsupportedOperationException overOrGone) {
                // Either way the connection is closed next.
            }
        }

        private IOException late(IOException cause) {
            SocketTimeoutException late =
                    new SocketTimeoutException("the setup took longer than " + setupTimeout.toMillis() + " ms");
            late.initCause(cause);
            return late;
        }

        private AssociationSummary associate(Socket ready) {
            UpperLayer layer;
            try {
                layer = new UpperLayer(ready, socket, acceptor.maxPduLength());
            } catch (IOException e) {
                return new AssociationSummary(
                        AssociationSummary.Ending.CONNECTION_LOST, Optional.empty(), 0, 0, Optional.of(e));
            }
            return new AssociationAcceptor(layer, ready, acceptor, sink, description -> {
                        synchronized (this) {
                            established = layer;
                        }
                        tell(l -> l.associationOpened(ready, description));
                    })
                    .serve();
        }

        private synchronized Optional<UpperLayer> established() {
            return Optional.ofNullable(established);
        }

        private void forget() {
            synchronized (connections) {
                connections.remove(this);
                connections.notifyAll();
            }
        }
    }

    /** Closes, giving associations the time that the options allow. */
    @Override
    public void close() {
        close(drain);
    }

    /**
     * Accepts no more, ends connections without an association at once, lets associations finish until the time is over,
     * then aborts them. Returns when all threads of the server have ended, which only a sink, setup or listener of the
     * caller's can hold up; an interrupt shortens the wait.
     */
    public void close(Duration patience) {
        closing = true;
        try {
            serverSocket.close();
        } catch (IOException e) {
            LOG.warn("cannot close the server socket: {}", e.toString());
        }
        boolean interrupted = join(List.of(accepting));
        for (Connection connection : open()) {
            if (connection.established().isEmpty()) {
                Deadline.closeHard(connection.socket);
            }
        }
        if (!interrupted) {
            interrupted = await(patience);
        }
        List<Connection> remaining = open();
        List<Thread> aborting = remaining.stream()
                .map(connection -> thread(() -> end(connection), "abort"))
                .toList();
        aborting.forEach(Thread::start);
        interrupted |= join(aborting);
        // Only a sink, a setup or a listener that waits for something else than the connection can be here still.
        remaining.forEach(connection -> connection.thread.interrupt());
        interrupted |= join(started());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Connection connection) {
        Optional<UpperLayer> established = connection.established();
        if (established.isPresent()) {
            established.get().abortFromAside(LAST_MOMENT);
            // The peer closes when it has read the A-ABORT; closing first could take it away from it.
            try {
                connection.thread.join(LAST_MOMENT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Deadline.closeHard(connection.socket);
    }

    private List<Connection> open() {
        synchronized (connections) {
            return List.copyOf(connections);
        }
    }

    private List<Thread> started() {
        synchronized (connections) {
            return List.copyOf(threads);
        }
    }

    private boolean await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (connections) {
            try {
                while (!connections.isEmpty()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (left <= 0) {
                        return false;
                    }
                    connections.wait(left);
                }
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    /** Joins them all, each within {@link #JOIN_MILLIS}, and tells whether an interrupt came meanwhile. */
    private static boolean join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            if (thread == Thread.currentThread()) {
                continue;
            }
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (thread.isAlive()) {
                LOG.warn("{} has not ended", thread.getName());
            }
        }
        return interrupted;
    }
}
