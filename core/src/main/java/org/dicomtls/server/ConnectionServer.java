package org.dicomtls.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.dicomtls.rule.Role;
import org.dicomtls.server.AcceptedConnection.State;
import org.dicomtls.server.Notices.Reason;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections, shakes hands under a policy, and gives them to a handler, each on a thread of its own. A client that
 * is silent, slow or hostile costs no thread before its ClientHello is complete, one of a bounded number of places
 * during the handshake and only for as long as nobody else needs it, and never delays others. Everything has a limit and a
 * deadline. After {@link #close()} neither a thread nor a socket of it is left.
 */
public final class ConnectionServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.server");

    /** How long a thread is kept for the next connection. */
    private static final long IDLE_THREAD_SECONDS = 2;

    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LAST_MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long JOIN_SECONDS = 5;
    private static final int ROOM_FOR_ACCEPTS = 16;

    /** How long no handshake has to have ended before others are asked to give up their places. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a client may let its handshake wait for it, in all, before it can be asked. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a client waits for a place; requestors of associations seldom wait longer. */
    private static final long QUEUE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Optional<SecureTransport> transport;
    private final InetSocketAddress address;
    private final ServerLimits limits;
    private final ServerListener listener;
    private final ConnectionHandler handler;
    private final Duration drain;
    private final Duration handshakeTime;
    private final Door door;
    private final Thread doorThread;
    private final ThreadPoolExecutor threads;

    /** Guarded by itself. An executor is done a moment before its threads are: closing waits for these. */
    private final List<Thread> made = new ArrayList<>();

    private final Notices notices;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock, as are the counters and what follows. */
    private final Register register = new Register();

    private long accepted;
    private long turnedAway;
    private long failedHandshakes;
    private long established;
    private long failedAccepts;
    private long lastMoved;
    private boolean draining;
    private boolean closed;

    private ConnectionServer(Builder builder, ConnectionHandler handler, ServerSocketChannel listening)
            throws IOException {
        this.transport = builder.transport;
        this.address = (InetSocketAddress) listening.getLocalAddress();
        this.limits = builder.limits;
        this.listener = builder.listener;
        this.handler = handler;
        this.drain = builder.drain;
        this.handshakeTime = transport.map(SecureTransport::handshakeTimeout).orElse(Duration.ZERO);
        String name = "dicom-tls-server-" + address.getPort();
        this.notices = new Notices(name + "-notices");
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(() -> remembered(task), name + "-" + number.incrementAndGet()));
        this.door = new Door(this, listening);
        this.doorThread = daemon(door, name + "-door");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** By the thread itself: one that cannot be started would be remembered for ever, with its connection. */
    private void remembered(Runnable task) {
        synchronized (made) {
            made.removeIf(earlier -> earlier.getState() == Thread.State.TERMINATED);
            made.add(Thread.currentThread());
        }
        task.run();
    }

    /** Options of a server under a policy; the time for a handshake is that of the transport. */
    public static Builder secure(SecureTransport transport) {
        if (!transport.roles().contains(Role.SERVER)) {
            throw new IllegalArgumentException("profile " + transport.profile().id()
                    + ": this transport was built for the role client alone, and accepts nobody");
        }
        return new Builder(Optional.of(transport));
    }

    /** Options of a server without TLS, for comparison; a client that says nothing has a thread from the beginning. */
    public static Builder plain() {
        return new Builder(Optional.empty());
    }

    /** Options of a server, each with a default. */
    public static final class Builder {
        private final Optional<SecureTransport> transport;
        private InetSocketAddress address = new InetSocketAddress(0);
        private int backlog = 1024;
        private ServerLimits limits = ServerLimits.defaults();
        private ServerListener listener = new ServerListener() {};
        private Duration drain = Duration.ofSeconds(5);

        private Builder(Optional<SecureTransport> transport) {
            this.transport = transport;
        }

        /** Where to listen; by default at a free port of all local addresses. */
        public Builder bind(InetSocketAddress where) {
            this.address = Objects.requireNonNull(where, "where");
            return this;
        }

        /** Where to listen: that port, or with 0 a free one, of that local address. */
        public Builder bind(InetAddress local, int port) {
            return bind(new InetSocketAddress(local, port));
        }

        /** How many connections the system keeps that are not accepted yet; by default 1024, less if it allows less. */
        public Builder backlog(int connections) {
            this.backlog = connections;
            return this;
        }

        /** How much is taken at once; by default {@link ServerLimits#defaults}. */
        public Builder limits(ServerLimits most) {
            this.limits = Objects.requireNonNull(most, "most");
            return this;
        }

        /** Who hears of connections that never reach the handler; by default nobody. */
        public Builder listener(ServerListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** How long {@link ConnectionServer#close()} waits for connections to end; by default 5 s. */
        public Builder drain(Duration duration) {
            this.drain = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /**
         * Listens and begins to accept.
         *
         * @throws IOException when the address cannot be bound
         */
        public ConnectionServer start(ConnectionHandler handler) throws IOException {
            Objects.requireNonNull(handler, "handler");
            ServerSocketChannel listening = ServerSocketChannel.open();
            try {
                listening.bind(address, backlog);
                ConnectionServer server = new ConnectionServer(this, handler, listening);
                server.doorThread.start();
                return server;
            } catch (IOException | RuntimeException e) {
                listening.close();
                throw e;
            }
        }
    }

    /** The port at which it listens. */
    public int port() {
        return address.getPort();
    }

    /** What it has done, and how it stands now. */
    public ServerCounters counters() {
        lock.lock();
        try {
            return new ServerCounters(
                    accepted,
                    turnedAway,
                    failedHandshakes,
                    established,
                    failedAccepts,
                    register.count(State.WAITING),
                    register.count(State.QUEUED),
                    register.count(State.HANDSHAKING),
                    register.count(State.SERVING),
                    register.count(State.LINGERING) + register.count(State.CLOSING));
        } finally {
            lock.unlock();
        }
    }

    // ---- on the thread of the door

    /** A place for a connection that came in, which is then watched by the door; nothing when it was turned away or has a thread. */
    Optional<AcceptedConnection> admit(SocketChannel channel) throws IOException {
        InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        AcceptedConnection connection =
                new AcceptedConnection(channel, peer, AddressBlock.of(peer.getAddress()), handshakeTime);
        Optional<AcceptedConnection> victim = Optional.empty();
        Reason reason = null;
        lock.lock();
        try {
            accepted++;
            if (draining) {
                reason = Reason.CLOSING;
            } else {
                boolean full = register.open() >= limits.connections()
                        || transport.isEmpty() && register.count(State.SERVING) >= limits.established();
                boolean fullForIt = register.open(connection.block()) >= limits.mostOfOneAddress();
                if (fullForIt) {
                    victim = register.makesRoomOf(connection.block());
                } else if (full) {
                    victim = register.makesRoomFor(connection.block());
                }
                if (victim.isEmpty() && (full || fullForIt)) {
                    reason = full ? Reason.TOO_MANY : Reason.TOO_MANY_OF_ONE_ADDRESS;
                }
            }
            turnedAway += victim.isPresent() || reason != null ? 1 : 0;
            victim.ifPresent(v -> register.move(v, State.CLOSED));
            if (reason == null) {
                register.add(connection, transport.isPresent() ? State.WAITING : State.SERVING);
            }
        } finally {
            lock.unlock();
        }
        victim.ifPresent(this::gaveWay);
        if (reason != null) {
            refused(connection, reason);
            return Optional.empty();
        }
        if (transport.isEmpty()) {
            onThread(connection, () -> serve(connection, connection.tcp()));
            return Optional.empty();
        }
        return Optional.of(connection);
    }

    private void refused(AcceptedConnection connection, Reason reason) {
        connection.close();
        String why = switch (reason) {
            case TOO_MANY -> Math.min(limits.connections(), transport.isPresent() ? limits.connections() : limits.established())
                    + " connections are open already";
            case TOO_MANY_OF_ONE_ADDRESS -> limits.mostOfOneAddress() + " connections from this address are open already";
            case NO_PLACE -> "no place came free within " + TimeUnit.NANOSECONDS.toSeconds(QUEUE_NANOS) + " s; there are "
                    + limits.handshakes() + " for handshakes and " + limits.established() + " for established connections";
            case NO_THREAD -> "no thread left";
            default -> "the server is closing";
        };
        turnedAway(
                connection, reason, reason == Reason.CLOSING ? RefusalKind.SHUTTING_DOWN : RefusalKind.TOO_MANY_CONNECTIONS, why);
    }

    private void gaveWay(AcceptedConnection connection) {
        connection.close();
        turnedAway(
                connection,
                Reason.GAVE_WAY,
                RefusalKind.TOO_MANY_CONNECTIONS,
                "it gave way to a newer connection, after " + connection.ageMillis(System.nanoTime()) + " ms "
                        + (connection.saidNothing() ? "without an octet" : "without a place"));
    }

    private void turnedAway(AcceptedConnection connection, Reason reason, RefusalKind kind, String why) {
        notices.tell(reason, others -> {
            String all = why + others;
            if (transport.isPresent()) {
                transport.get().turnedAway(connection.tcp(), kind, all);
            } else {
                LOG.warn("{}: turned away: {}", connection.peer(), all);
            }
            tell(l -> l.refused(connection.peer(), all));
        });
    }

    /** Those who wait longest for a first octet give their descriptors to the next. */
    void acceptFailed(IOException e) {
        List<AcceptedConnection> victims;
        lock.lock();
        try {
            failedAccepts++;
            victims = register.in(State.WAITING).stream().limit(ROOM_FOR_ACCEPTS).toList();
            victims.forEach(victim -> register.move(victim, State.CLOSED));
            turnedAway += victims.size();
        } finally {
            lock.unlock();
        }
        victims.forEach(this::gaveWay);
        notices.tell(Reason.CANNOT_ACCEPT, others -> LOG.warn("cannot accept a connection: {}{}", e.toString(), others));
    }

    /** Whether there is anything whose time can run out. */
    boolean hasDeadlines() {
        lock.lock();
        try {
            return register.open() > register.count(State.SERVING);
        } finally {
            lock.unlock();
        }
    }

    /** The connections from which no whole ClientHello has come in time. */
    List<AcceptedConnection> lateFirstFlights(long now) {
        lock.lock();
        try {
            return register.first(State.WAITING, c -> now - c.until >= 0);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a connection that is to have a thread, because its first flight is complete, late, or over. */
    void handOver(AcceptedConnection connection) {
        lock.lock();
        try {
            connection.queuedUntil(System.nanoTime() + QUEUE_NANOS);
            register.move(connection, State.QUEUED);
        } finally {
            lock.unlock();
        }
        giveOutPlaces();
    }

    /** Ends what is late, and handshakes that keep a place from others. */
    void lookAtTheClock(long now) {
        List<AcceptedConnection> unanswered = new ArrayList<>();
        List<AcceptedConnection> over = new ArrayList<>();
        List<AcceptedConnection> stuck = new ArrayList<>();
        List<AcceptedConnection> late = new ArrayList<>();
        List<AcceptedConnection> stalled = new ArrayList<>();
        lock.lock();
        try {
            for (AcceptedConnection connection : register.first(State.QUEUED, c -> now - c.until >= 0)) {
                register.move(connection, State.CLOSED);
                turnedAway++;
                unanswered.add(connection);
            }
            for (AcceptedConnection connection : register.first(State.LINGERING, c -> now - c.until >= 0)) {
                register.move(connection, State.CLOSED);
                over.add(connection);
            }
            stuck.addAll(register.first(State.CLOSING, c -> now - c.until >= 0));
            for (AcceptedConnection connection : register.in(State.HANDSHAKING)) {
                if (now - connection.until >= GRACE_NANOS && !connection.isTakenAway()) {
                    late.add(connection);
                }
            }
            stalled.addAll(stalled(now));
        } finally {
            lock.unlock();
        }
        unanswered.forEach(connection -> refused(connection, Reason.NO_PLACE));
        over.forEach(AcceptedConnection::close);
        stuck.forEach(AcceptedConnection::drop);
        late.forEach(connection -> connection.takeAway(
                "the client did not finish the handshake within " + handshakeTime.toMillis() + " ms"));
        stalled.forEach(connection -> connection.takeAway("the client let its handshake wait for "
                + TimeUnit.NANOSECONDS.toMillis(connection.waitedNanos(now)) + " ms, and others wanted its place"));
        if (!over.isEmpty() || !unanswered.isEmpty()) {
            signal();
        }
    }

    /**
     * The handshakes that are to give up their places, because others wait and not one has ended for a while: those that
     * have waited longest for their clients, a few at a time. As long as places come free by themselves nobody is sent
     * away for being slow.
     */
    private List<AcceptedConnection> stalled(long now) {
        if (register.count(State.QUEUED) == 0) {
            lastMoved = now;
            return List.of();
        }
        if (now - lastMoved < STALL_NANOS) {
            return List.of();
        }
        lastMoved = now;
        long least = Math.min(PATIENCE_NANOS, handshakeTime.toNanos() / 4);
        return register.in(State.HANDSHAKING).stream()
                .filter(connection -> !connection.isTakenAway() && connection.waitedNanos(now) >= least)
                .sorted(Comparator.comparingLong((AcceptedConnection c) -> c.waitedNanos(now)).reversed())
                .limit(1 + limits.handshakes() / 8)
                .toList();
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- on any thread

    /** The connection is over. */
    void forget(AcceptedConnection connection) {
        lock.lock();
        try {
            register.move(connection, State.CLOSED);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        connection.close();
    }

    private void giveOutPlaces() {
        while (true) {
            AcceptedConnection connection;
            lock.lock();
            try {
                int handshaking = register.count(State.HANDSHAKING);
                if (draining
                        || handshaking >= limits.handshakes()
                        || handshaking + register.count(State.SERVING) >= limits.established()) {
                    return;
                }
                Optional<AcceptedConnection> next = register.next();
                if (next.isEmpty()) {
                    return;
                }
                connection = next.get();
                connection.leavesQueue();
                register.move(connection, State.HANDSHAKING);
            } finally {
                lock.unlock();
            }
            onThread(connection, () -> shakeHands(connection));
        }
    }

    private void onThread(AcceptedConnection connection, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (OutOfMemoryError e) {
                    LOG.error("no memory left for the connection of {}", connection.peer());
                } finally {
                    // Whatever happened: neither its place nor its socket is lost.
                    if (connection.state != State.LINGERING) {
                        forget(connection);
                    }
                    giveOutPlaces();
                }
            });
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            // No thread to be had: this connection is lost, the others are not.
            lock.lock();
            try {
                register.move(connection, State.CLOSED);
                turnedAway++;
            } finally {
                lock.unlock();
            }
            refused(connection, e instanceof RejectedExecutionException ? Reason.CLOSING : Reason.NO_THREAD);
        }
    }

    private void shakeHands(AcceptedConnection connection) {
        Socket socket;
        try {
            socket = transport.orElseThrow().accept(connection.incoming());
        } catch (IOException e) {
            failed(connection, e);
            return;
        } catch (RuntimeException | StackOverflowError e) {
            // Certificates nested without end, for one, in a parser that descends.
            LOG.error("the handshake of a connection failed", e);
            failed(connection, new IOException("the handshake failed: " + e, e));
            return;
        }
        connection.established(socket);
        boolean wanted;
        lock.lock();
        try {
            lastMoved = System.nanoTime();
            wanted = !draining && register.move(connection, State.SERVING);
            established += wanted ? 1 : 0;
        } finally {
            lock.unlock();
        }
        giveOutPlaces();
        if (wanted) {
            serve(connection, socket);
        } else {
            end(connection, socket);
        }
    }

    private void failed(AcceptedConnection connection, IOException failure) {
        // Its thread is in use until the listener is done, so its place is not given to another one before.
        tell(l -> l.handshakeFailed(connection.peer(), failure));
        boolean lingers;
        lock.lock();
        try {
            failedHandshakes++;
            lastMoved = connection.isTakenAway() ? lastMoved : System.nanoTime();
            lingers = !draining
                    && !connection.isTakenAway()
                    && connection.channel().isOpen()
                    && System.nanoTime() - connection.until < 0;
            connection.until = System.nanoTime() + LINGER_NANOS;
            lingers = register.move(connection, lingers ? State.LINGERING : State.CLOSING) && lingers;
        } finally {
            lock.unlock();
        }
        giveOutPlaces();
        if (lingers) {
            door.linger(connection);
        }
    }

    private void serve(AcceptedConnection connection, Socket socket) {
        if (transport.isEmpty()) {
            connection.established(socket);
            lock.lock();
            try {
                established++;
            } finally {
                lock.unlock();
            }
        }
        try {
            handler.serve(connection);
        } catch (IOException e) {
            LOG.debug("{}: {}", connection.peer(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("the handler of a connection failed", e);
        }
        end(connection, socket);
    }

    private void end(AcceptedConnection connection, Socket socket) {
        lock.lock();
        try {
            connection.until = System.nanoTime() + CLOSE_NANOS;
            register.move(connection, State.CLOSING);
        } finally {
            lock.unlock();
        }
        if (!socket.isClosed()) {
            door.wakeup(); // closing writes, and is watched from now on
        }
        try {
            // Also where the connection below was dropped already: its end is counted and told when TLS is closed.
            socket.close();
        } catch (IOException gone) {
            // The peer took the connection away first.
        }
    }

    private void tell(Consumer<ServerListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }

    // ---- the end

    /** Closes, giving connections the time that the options allow. */
    @Override
    public void close() {
        close(drain);
    }

    /**
     * Accepts no more, ends connections without a finished handshake at once, lets the others go on until they end or the
     * time is over, then aborts them. Returns when all threads of the server have ended, which only a handler or a listener
     * can hold up; an interrupt shortens the wait. A second call does nothing.
     */
    public void close(Duration patience) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            draining = true;
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        try {
            door.shut();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        tell(l -> l.draining(counters(), patience));
        for (State state : new State[] {State.WAITING, State.QUEUED, State.LINGERING, State.HANDSHAKING}) {
            for (AcceptedConnection connection : in(state)) {
                connection.drop();
                if (state != State.HANDSHAKING) { // whose thread forgets it
                    forget(connection);
                }
            }
        }
        door.wakeup();
        in(State.SERVING).forEach(this::drainBegins);
        interrupted = interrupted || awaitEnd(patience.toNanos());
        List<Thread> aborting = new ArrayList<>();
        for (AcceptedConnection connection : in(State.SERVING)) {
            Thread thread = daemon(() -> abort(connection), doorThread.getName() + "-abort");
            aborting.add(thread);
            thread.start();
        }
        interrupted |= awaitEnd(LAST_MOMENT_NANOS);
        all().forEach(AcceptedConnection::drop);
        door.wakeup();
        interrupted |= end(aborting);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drainBegins(AcceptedConnection connection) {
        try {
            connection.drainBegins();
        } catch (RuntimeException e) {
            // The others are to be told all the same, and the server is to be closed.
            LOG.error("what the handler of a connection does when the server drains failed", e);
        }
    }

    private void abort(AcceptedConnection connection) {
        try {
            connection.abort();
        } catch (IOException gone) {
            // There is nobody left to tell.
        } catch (RuntimeException e) {
            LOG.error("the handler's abort of a connection failed", e);
        }
    }

    private List<AcceptedConnection> in(State state) {
        lock.lock();
        try {
            return register.in(state);
        } finally {
            lock.unlock();
        }
    }

    private List<AcceptedConnection> all() {
        lock.lock();
        try {
            return List.copyOf(register.all());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no connection is left, and tells whether an interrupt came meanwhile. */
    private boolean awaitEnd(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (register.open() > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    private List<Thread> made() {
        synchronized (made) {
            return List.copyOf(made);
        }
    }

    private boolean end(List<Thread> aborting) {
        boolean interrupted = false;
        try {
            for (Thread thread : aborting) {
                thread.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
            }
            // Only a handler or a listener that waits for something else than the connection can be here still.
            threads.shutdownNow();
            if (!made().contains(Thread.currentThread())) {
                // One that has just been started is in no list yet.
                threads.awaitTermination(JOIN_SECONDS, TimeUnit.SECONDS);
            }
            for (Thread thread : made()) {
                if (thread != Thread.currentThread()) {
                    thread.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
                    if (thread.isAlive()) {
                        LOG.warn("{} has not ended", thread.getName());
                    }
                }
            }
            notices.close();
            door.stop();
            doorThread.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
            threads.shutdownNow();
            door.stop();
        }
        return interrupted;
    }

    @Override
    public String toString() {
        return "ConnectionServer[" + address + ", " + transport.map(SecureTransport::toString).orElse("plain") + "]";
    }
}
