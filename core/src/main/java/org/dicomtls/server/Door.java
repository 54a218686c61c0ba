package org.dicomtls.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that accepts, waits with all connections that nothing has come from yet, lets refused ones linger, and looks
 * at the clock. It calls no code of others and never waits for a connection.
 */
final class Door implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.server");

    /** How often the clock is looked at while there is anything that has a deadline. */
    private static final long TICK_MILLIS = 50;

    /** How long nothing is accepted after accepting has failed. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** File descriptors that are kept back: whoever runs out of them needs some, to load a class or to write a log. */
    private static final int SPARE = 8;

    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_LINGERING_OCTETS = 1 << 18;

    private final ConnectionServer server;
    private final ServerSocketChannel listening;
    private final Selector selector;
    private final SelectionKey accepting;
    private final ByteBuffer octets = ByteBuffer.allocateDirect(FirstFlight.MOST_OCTETS);
    private final Queue<AcceptedConnection> toLinger = new ConcurrentLinkedQueue<>();
    private final Set<AcceptedConnection> leaving = new LinkedHashSet<>();
    private final CountDownLatch shut = new CountDownLatch(1);
    private final Deque<SocketChannel> spare = new ArrayDeque<>();
    private long pausedUntil;
    private boolean paused;
    private volatile boolean closing;
    private volatile boolean stopped;

    /** What is counted of a refused connection while it lingers. */
    private static final class Lingering {
        private final AcceptedConnection connection;
        private int taken;

        Lingering(AcceptedConnection connection) {
            this.connection = connection;
        }
    }

    Door(ConnectionServer server, ServerSocketChannel listening) throws IOException {
        this.server = server;
        this.listening = listening;
        this.selector = Selector.open();
        try {
            listening.configureBlocking(false);
            this.accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    /** Accepts no more; returns when the port is free. */
    void shut() throws InterruptedException {
        closing = true;
        selector.wakeup();
        shut.await();
    }

    /** Ends the thread. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    /** Takes a connection whose last octets are to reach its client, from the thread that refused it. */
    void linger(AcceptedConnection connection) {
        toLinger.add(connection);
        selector.wakeup();
    }

    void wakeup() {
        selector.wakeup();
    }

    @Override
    public void run() {
        keepSpare();
        try {
            while (!stopped) {
                try {
                    once();
                } catch (IOException | RuntimeException | LinkageError e) {
                    // A class that cannot be loaded for want of a file descriptor, for one.
                    LOG.error("the thread that accepts has failed and goes on", e);
                    pause();
                } catch (OutOfMemoryError e) {
                    LOG.error("no memory to accept with; the next attempt is made in a moment");
                    pause();
                }
            }
        } finally {
            releaseSpare();
            close(listening);
            try {
                selector.close();
            } catch (IOException e) {
                LOG.warn("cannot close a selector: {}", e.toString());
            }
            shut.countDown();
        }
    }

    private void once() throws IOException {
        if (closing && shut.getCount() > 0) {
            close(listening);
            selector.selectNow(); // only now is the port free
            shut.countDown();
        }
        long wait = server.hasDeadlines() || paused ? TICK_MILLIS : 0;
        selector.select(wait);
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            ready(key);
        }
        for (AcceptedConnection refused = toLinger.poll(); refused != null; refused = toLinger.poll()) {
            register(refused, new Lingering(refused));
        }
        long now = System.nanoTime();
        leaving.addAll(server.lateFirstFlights(now));
        for (AcceptedConnection late : leaving) {
            SelectionKey key = late.channel().keyFor(selector);
            if (key != null) {
                key.cancel();
            }
        }
        if (!leaving.isEmpty()) {
            selector.selectNow(); // a channel blocks again only when its key is gone
            List<AcceptedConnection> gone = List.copyOf(leaving);
            leaving.clear();
            gone.forEach(this::handOver);
        }
        server.lookAtTheClock(now);
        if (paused && now - pausedUntil >= 0) {
            paused = false;
            keepSpare();
            if (accepting.isValid()) {
                accepting.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
    }

    private void handOver(AcceptedConnection connection) {
        try {
            connection.channel().configureBlocking(true);
            server.handOver(connection);
        } catch (IOException e) {
            server.forget(connection); // closed meanwhile, to make room
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key == accepting) {
                accept();
            } else if (key.attachment() instanceof Lingering lingering) {
                linger(lingering);
            } else {
                firstFlight((AcceptedConnection) key.attachment());
            }
        } catch (CancelledKeyException e) {
            // Closed meanwhile.
        }
    }

    private void accept() {
        try {
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                SocketChannel channel = listening.accept();
                if (channel == null) {
                    return;
                }
                take(channel);
            }
        } catch (ClosedChannelException e) {
            // The server is closing.
        } catch (IOException e) {
            // Out of file descriptors, as a rule.
            releaseSpare();
            server.acceptFailed(e);
            pause();
        }
    }

    private void keepSpare() {
        try {
            while (spare.size() < SPARE) {
                spare.add(SocketChannel.open());
            }
        } catch (IOException e) {
            LOG.debug("no file descriptor to spare: {}", e.toString());
        }
    }

    private void releaseSpare() {
        spare.forEach(Door::close);
        spare.clear();
    }

    private void pause() {
        paused = true;
        pausedUntil = System.nanoTime() + PAUSE_NANOS;
        if (accepting.isValid()) {
            accepting.interestOps(0);
        }
    }

    private void take(SocketChannel channel) {
        Optional<AcceptedConnection> admitted;
        try {
            admitted = server.admit(channel);
        } catch (IOException e) {
            close(channel); // it was reset before it was accepted
            return;
        }
        admitted.ifPresent(connection -> register(connection, connection));
    }

    private void register(AcceptedConnection connection, Object attachment) {
        try {
            connection.channel().configureBlocking(false);
            connection.channel().register(selector, SelectionKey.OP_READ, attachment);
        } catch (IOException e) {
            server.forget(connection);
        }
    }

    private void firstFlight(AcceptedConnection connection) {
        boolean enough;
        try {
            int got = connection.channel().read(octets.clear());
            enough = got < 0 || connection.received(octets.flip());
        } catch (IOException e) {
            enough = true; // a reset; the handshake says so
        }
        if (enough) {
            leaving.add(connection);
        }
    }

    private void linger(Lingering lingering) {
        try {
            int got = lingering.connection.channel().read(octets.clear());
            lingering.taken += Math.max(0, got);
            if (got >= 0 && lingering.taken < MOST_LINGERING_OCTETS) {
                return;
            }
        } catch (IOException e) {
            // It is gone.
        }
        server.forget(lingering.connection);
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close a channel: {}", e.toString());
        }
    }
}
