package org.dicomtls.audittrail;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;

/**
 * One connection to a repository (RFC 5425). An SSLEngine over a channel that never blocks, because a blocking socket
 * can neither give up a write nor say whether the end of the stream was a close_notify. Used by one thread, but for
 * {@link #wakeUp}.
 */
final class SyslogConnection implements Closeable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Tickets and key updates are smaller. */
    private static final long MOST_UNASKED = 1 << 20;

    private final SecureTransport transport;
    private final String host;
    private final int port;
    private final Duration stall;
    private final Selector selector;
    private SocketChannel channel;
    private SelectionKey key;
    private SSLEngine engine;
    private ByteBuffer fromPeer = ByteBuffer.allocate(32 << 10);
    private ByteBuffer toPeer = ByteBuffer.allocate(32 << 10);
    private ByteBuffer unused = ByteBuffer.allocate(32 << 10);
    private boolean endOfStream;
    private long unasked;
    private volatile boolean established;
    private volatile boolean abandoned;

    /**
     * A connection to be opened.
     *
     * @param stall the longest time in which not an octet can be written
     */
    SyslogConnection(SecureTransport transport, String host, int port, Duration stall) throws IOException {
        this.transport = transport;
        this.host = host;
        this.port = port;
        this.stall = stall;
        this.selector = Selector.open();
    }

    /** Connects, to the first address of the host that answers, and does the handshake. */
    void open(Duration longest) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            try {
                connect(new InetSocketAddress(address, port), longest);
                failure = null;
                break;
            } catch (IOException e) {
                failure = new IOException(
                        "no connection to " + address.getHostAddress() + " port " + port + ": " + e.getMessage(), e);
                closeChannel();
            }
        }
        if (failure != null) {
            throw failure;
        }
        engine = transport.sslContext().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        handshake(System.nanoTime() + transport.handshakeTimeout().toNanos());
        if (Negotiated.of(engine).isEmpty()) {
            throw new EOFException("the repository ended the handshake");
        }
        established = true;
    }

    boolean isEstablished() {
        return established;
    }

    private void connect(InetSocketAddress address, Duration longest) throws IOException {
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean connected = channel.connect(address);
        key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
        long end = System.nanoTime() + longest.toNanos();
        while (!connected) {
            select(SelectionKey.OP_CONNECT, end, "no answer within " + longest.toMillis() + " ms");
            connected = channel.finishConnect();
        }
    }

    private void handshake(long end) throws IOException {
        engine.beginHandshake();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    try {
                        wrap(NOTHING);
                    } finally {
                        flush(end); // an alert, too
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    try {
                        if (unwrap() == Status.BUFFER_UNDERFLOW && !receive(end)) {
                            throw new EOFException("the repository closed the connection during the handshake");
                        }
                    } catch (SSLException e) {
                        sayWhy();
                        throw e;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** The alert that the engine has for the peer, if it has one. */
    private void sayWhy() {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
                flush(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            }
        } catch (IOException e) {
            // The peer does without; why we refuse it is known here.
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Sends octets; comes back when the operating system has taken all of them. */
    void send(byte[] octets) throws IOException {
        look();
        ByteBuffer source = ByteBuffer.wrap(octets);
        while (source.hasRemaining()) {
            wrap(source);
            flush(System.nanoTime() + stall.toNanos());
        }
    }

    /**
     * Waits, and meanwhile notices when the repository ends the connection.
     *
     * @throws IOException when it does
     */
    void await(Duration longest) throws IOException {
        if (abandoned) {
            throw new IOException("given up, because this end closes");
        }
        look();
        if (selector.select(Math.max(1, longest.toMillis())) > 0) {
            selector.selectedKeys().clear();
            look();
        }
    }

    /** Lets {@link #await} come back. */
    void wakeUp() {
        selector.wakeup();
    }

    /** Takes in what the repository has sent, which is nothing unless it ends the connection. */
    private void look() throws IOException {
        int got;
        do {
            // First what came with the end of the handshake: an end that was there before ours is no answer to it.
            while (unwrap() == Status.OK) {
                answer();
            }
            got = read();
            unasked += Math.max(0, got);
            if (unasked > MOST_UNASKED) {
                throw new IOException("the repository sends data, which RFC 5425 does not know");
            }
        } while (got > 0);
        if (engine.isInboundDone() || endOfStream) {
            throw new EOFException("the repository closed the connection");
        }
    }

    /** Tickets need no answer, but a key update does. */
    private void answer() throws IOException {
        runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            wrap(NOTHING);
            flush(System.nanoTime() + stall.toNanos());
        }
    }

    /**
     * Ends the connection in order and waits for the repository to do so.
     *
     * @return what the repository has shown by it
     * @throws IOException when it resets the connection or does not end it
     */
    DeliveryProof finish(Duration longest) throws IOException {
        look();
        long end = System.nanoTime() + longest.toNanos();
        sayEnd(end);
        // BCJSSE takes both directions for closed from here on, and does not show what still comes.
        boolean shown = !engine.isInboundDone();
        boolean notified = false;
        while (!endOfStream) {
            if (shown && !notified) {
                while (!engine.isInboundDone() && unwrap() == Status.OK) {
                    runTasks();
                }
                notified = engine.isInboundDone();
            }
            if (!shown || notified) {
                fromPeer.clear();
            }
            receive(end);
        }
        return notified ? DeliveryProof.CLOSE_NOTIFY : DeliveryProof.END_OF_STREAM;
    }

    /** Ends a connection on which nothing was sent, without waiting for the repository. */
    void leave() {
        try {
            look();
            sayEnd(System.nanoTime());
        } catch (IOException e) {
            // Nothing depends on it.
        }
    }

    private void sayEnd(long end) throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            SSLEngineResult result = wrap(NOTHING);
            flush(end);
            if (result.getStatus() == Status.CLOSED) {
                break;
            }
        }
    }

    /**
     * Whether the end of the stream was followed by a reset, which says that octets were left unread. Reading does not
     * show it (POSIX gives the end of the stream again), but writing does: one octet, which nobody reads after a
     * close_notify (RFC 8446 §6.1).
     *
     * @throws IOException when it was
     */
    void requireNoReset() throws IOException {
        try {
            channel.write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new IOException("the repository closed the connection and left octets unread", e);
        }
    }

    // ---- octets

    private SSLEngineResult wrap(ByteBuffer source) throws IOException {
        while (true) {
            SSLEngineResult result = engine.wrap(source, toPeer);
            if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                return result;
            }
            toPeer = larger(toPeer, engine.getSession().getPacketBufferSize());
        }
    }

    private void flush(long end) throws IOException {
        toPeer.flip();
        try {
            while (toPeer.hasRemaining()) {
                if (channel.write(toPeer) == 0) {
                    select(SelectionKey.OP_WRITE, end, "the repository takes no more octets");
                }
            }
        } finally {
            toPeer.clear();
        }
    }

    /** Unwraps one record. */
    private Status unwrap() throws IOException {
        while (true) {
            fromPeer.flip();
            SSLEngineResult result;
            try {
                result = engine.unwrap(fromPeer, unused);
            } finally {
                fromPeer.compact();
            }
            unused.clear(); // a repository has nothing to say
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW -> unused = larger(unused, engine.getSession().getApplicationBufferSize());
                case BUFFER_UNDERFLOW -> {
                    if (!fromPeer.hasRemaining()) {
                        fromPeer = larger(fromPeer, engine.getSession().getPacketBufferSize());
                    }
                    return Status.BUFFER_UNDERFLOW;
                }
                default -> {
                    return result.getStatus();
                }
            }
        }
    }

    private static ByteBuffer larger(ByteBuffer buffer, int wanted) throws SSLException {
        int size = Math.max(buffer.capacity() * 2, wanted);
        if (size > 1 << 20) {
            throw new SSLException("a record of more than " + (1 << 20) + " octets");
        }
        return ByteBuffer.allocate(size).put(buffer.flip());
    }

    private int read() throws IOException {
        int got = channel.read(fromPeer);
        endOfStream |= got < 0;
        return got;
    }

    /** Waits for octets; false at the end of the stream. */
    private boolean receive(long end) throws IOException {
        while (true) {
            if (millisUntil(end) <= 0) { // whoever sends all the time does not answer either
                throw new SocketTimeoutException("the repository does not answer");
            }
            int got = read();
            if (got != 0) {
                return got > 0;
            }
            select(SelectionKey.OP_READ, end, "the repository does not answer");
        }
    }

    private void select(int operation, long end, String otherwise) throws IOException {
        long left = millisUntil(end);
        if (left <= 0) {
            throw new SocketTimeoutException(otherwise);
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        key.interestOps(SelectionKey.OP_READ);
        if (abandoned) {
            throw new IOException("given up, because this end closes");
        }
    }

    private static long millisUntil(long end) {
        long nanos = end - System.nanoTime();
        return nanos <= 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    /** Makes whatever the connection waits for fail at once; for another thread. */
    void abandon() {
        abandoned = true;
        selector.wakeup();
    }

    /** Lets go of it, in whatever state it is. */
    @Override
    public void close() {
        closeChannel();
        try {
            selector.close();
        } catch (IOException e) {
            // Nothing is left to do with it.
        }
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
                selector.selectNow(); // or the socket stays until the next select
            }
        } catch (IOException e) {
            // Nothing is left to do with it.
        }
    }
}
