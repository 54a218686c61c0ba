package org.dicomtls.interop.association;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.dicomtls.server.AcceptedConnection;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.server.ServerCounters;
import org.dicomtls.server.ServerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves associations on the connections of a {@link ConnectionServer}. After {@link #close} neither a thread nor a socket of
 * it is left.
 */
public final class DicomServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DicomServer.class);
    private static final Duration LAST_MOMENT = Duration.ofMillis(500);

    private final ConnectionSetup setup;
    private final Duration setupTimeout;
    private final AcceptorOptions acceptor;
    private final Optional<StoreSink> sink;
    private final DicomServerListener listener;
    private final ConnectionServer server;

    private DicomServer(Builder builder) throws IOException {
        this.setup = builder.setup;
        this.setupTimeout = builder.setupTimeout;
        this.acceptor = builder.acceptor;
        this.sink = builder.sink;
        this.listener = builder.listener;
        this.server = builder.connections
                .drain(builder.drain)
                .listener(new ServerListener() {
                    @Override
                    public void refused(SocketAddress peer, String reason) {
                        tell(l -> l.refused(peer, reason));
                    }

                    @Override
                    public void handshakeFailed(SocketAddress peer, IOException failure) {
                        tell(l -> l.setupFailed(peer, failure));
                    }

                    @Override
                    public void draining(ServerCounters counters, Duration patience) {
                        tell(l -> l.draining(counters, patience));
                    }
                })
                .start(this::serve);
    }

    /** Options of a server on such connections; their listener and drain time are set here. */
    public static Builder on(ConnectionServer.Builder connections) {
        return new Builder(connections);
    }

    /** Options of a server, each with a default. */
    public static final class Builder {
        private final ConnectionServer.Builder connections;
        private ConnectionSetup setup = ConnectionSetup.PLAIN;
        private Duration setupTimeout = Duration.ofSeconds(10);
        private AcceptorOptions acceptor = AcceptorOptions.defaults();
        private Optional<StoreSink> sink = Optional.empty();
        private DicomServerListener listener = new DicomServerListener() {};
        private Duration drain = Duration.ofSeconds(5);

        private Builder(ConnectionServer.Builder connections) {
            this.connections = Objects.requireNonNull(connections, "connections");
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

        /**
         * Starts to accept.
         *
         * @throws IOException when the address cannot be bound
         */
        public DicomServer start() throws IOException {
            return new DicomServer(this);
        }
    }

    /** The port at which it listens. */
    public int port() {
        return server.port();
    }

    /** How many connections there are now. */
    public int connections() {
        return server.counters().open();
    }

    /** What has come of the connections so far. */
    public ServerCounters counters() {
        return server.counters();
    }

    private void tell(Consumer<DicomServerListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }

    private void serve(AcceptedConnection connection) {
        new Served(connection).run();
    }

    /** One connection and what comes of it. */
    private final class Served {
        private final AcceptedConnection connection;
        private final SocketAddress peer;

        /** Guarded by this. Set once an association is accepted. */
        private UpperLayer established;

        private Served(AcceptedConnection connection) {
            this.connection = connection;
            this.peer = connection.peer();
        }

        private void run() {
            // There is nothing to wait for where no association has begun.
            connection.onDrain(() -> {
                if (established().isEmpty()) {
                    connection.drop();
                }
            });
            connection.onAbort(() -> established().ifPresent(layer -> layer.abortFromAside(LAST_MOMENT)));
            tell(l -> l.accepted(peer));
            Optional<Socket> ready = prepare();
            if (ready.isEmpty()) {
                settle();
            } else {
                AssociationSummary summary = associate(ready.get());
                tell(l -> l.associationClosed(peer, summary));
            }
        }

        private Optional<Socket> prepare() {
            try (Deadline deadline = new Deadline(connection::drop)) {
                deadline.arm(setupTimeout);
                try {
                    Socket ready = Objects.requireNonNull(setup.prepare(connection.socket()), "a setup returned no socket");
                    if (!deadline.passed()) {
                        return Optional.of(ready);
                    }
                    ready.close(); // there may be more to it than the connection, which is gone
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
            Socket socket = connection.socket();
            try (Deadline deadline = new Deadline(connection::drop)) {
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
                layer = new UpperLayer(ready, new Deadline(connection::drop), acceptor.maxPduLength());
            } catch (IOException e) {
                try {
                    ready.close();
                } catch (IOException gone) {
                    // That is what it was closed for.
                }
                return new AssociationSummary(
                        AssociationSummary.Ending.CONNECTION_LOST, Optional.empty(), 0, 0, Optional.of(e));
            }
            return new AssociationAcceptor(
                            layer,
                            ready,
                            acceptor,
                            sink,
                            description -> {
                                synchronized (this) {
                                    established = layer;
                                }
                                tell(l -> l.associationOpened(ready, description));
                            },
                            connection::endOfKeys)
                    .serve();
        }

        private synchronized Optional<UpperLayer> established() {
            return Optional.ofNullable(established);
        }
    }

    /** Closes, giving associations the time that the options allow. */
    @Override
    public void close() {
        server.close();
    }

    /**
     * Accepts no more, ends connections without an association at once, lets associations finish until the time is over,
     * then aborts them. Returns when all threads of the server have ended, which only a sink, setup or listener of the
     * caller's can hold up; an interrupt shortens the wait.
     */
    public void close(Duration patience) {
        server.close(patience);
    }
}
