package org.dicomtls.interop.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.transport.Negotiated;

/**
 * Two ends on the loopback interface that shake hands, or stream, as often as they are told; each on one thread. The
 * server's accepts connection after connection.
 */
final class Pair implements AutoCloseable {

    /** As DICOM implementations write: PDUs of some ten KiB. */
    static final int CHUNK = 64 * 1024;

    private static final long BEFORE = 8L << 20;
    private static final int ECHO = 1;
    private static final int STREAM = 2;
    private static final int TIMEOUT_MILLIS = 30_000;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final SSLContext client;
    private final ServerSocket listener;
    private final Consumer<SSLSocket> clientSettings;
    private final Thread serving;
    private final byte[] chunk = new byte[CHUNK];
    private volatile IOException failure;

    /**
     * @param serverSettings what an application sets on its sockets; a policy needs nothing
     */
    Pair(SSLContext server, SSLContext client, Consumer<SSLSocket> serverSettings, Consumer<SSLSocket> clientSettings)
            throws IOException {
        this.client = client;
        this.clientSettings = clientSettings;
        SSLServerSocket socket = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 128, InetAddress.getLoopbackAddress());
        this.listener = socket;
        this.serving = new Thread(() -> serve(serverSettings), "bench-server");
        serving.setDaemon(true);
        serving.start();
    }

    private void serve(Consumer<SSLSocket> settings) {
        byte[] buffer = new byte[CHUNK];
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                settings.accept(socket);
                socket.startHandshake();
                answer(socket, buffer);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    failure = e;
                }
            }
        }
    }

    private static void answer(SSLSocket socket, byte[] buffer) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        int what = in.read();
        while (what == STREAM) {
            take(in, new DataInputStream(in).readLong(), buffer);
            out.write(STREAM);
            what = in.read();
        }
        if (what == ECHO) {
            out.write(ECHO);
        }
    }

    private static void take(InputStream in, long octets, byte[] buffer) throws IOException {
        long left = octets;
        while (left > 0) {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (got < 0) {
                throw new EOFException("the stream ended early");
            }
            left -= got;
        }
    }

    private SSLSocket connect() throws IOException {
        Socket tcp = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout(TIMEOUT_MILLIS);
        SSLSocket socket = (SSLSocket)
                client.getSocketFactory().createSocket(tcp, "localhost", listener.getLocalPort(), true);
        clientSettings.accept(socket);
        return socket;
    }

    private static void echo(SSLSocket socket) throws IOException {
        socket.startHandshake();
        socket.getOutputStream().write(ECHO);
        if (socket.getInputStream().read() != ECHO) {
            throw new IOException("the connection ended where an answer was expected");
        }
    }

    /**
     * As many connections, each with one octet there and one back, which also carry the tickets of TLS 1.3.
     *
     * @param resuming whether sessions are kept for the next connection
     */
    void handshakes(int number, boolean resuming) throws IOException {
        for (int i = 0; i < number; i++) {
            try (SSLSocket socket = connect()) {
                echo(socket);
                if (!resuming) {
                    socket.getSession().invalidate();
                }
            } catch (IOException e) {
                IOException other = failure;
                if (other != null) {
                    e.addSuppressed(other);
                }
                throw e;
            }
        }
    }

    /** What a policy's ends came to; nothing for bare engines. */
    Optional<Negotiated> negotiated() throws IOException {
        try (SSLSocket socket = connect()) {
            echo(socket);
            return Negotiated.of(socket);
        }
    }

    /**
     * What a stream cost.
     *
     * @param allocated octets of heap, at both ends
     */
    record Streamed(long octets, long nanos, long processorNanos, long allocated) {}

    /**
     * One connection that carries that many octets. The handshake does not count, and neither does what goes before them
     * until the buffers of a connection are as large as they get: these are no cost of a record.
     */
    Streamed stream(long octets) throws IOException {
        try (SSLSocket socket = connect()) {
            socket.startHandshake();
            send(socket, BEFORE);
            long used = Processor.own();
            long allocated = allocated();
            long from = System.nanoTime();
            send(socket, octets);
            long nanos = System.nanoTime() - from;
            long heap = allocated() - allocated; // before the processors are asked, which allocates
            return new Streamed(octets, nanos, Processor.ownSince(used), heap);
        }
    }

    private void send(SSLSocket socket, long octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(STREAM);
        new DataOutputStream(out).writeLong(octets);
        long left = octets;
        while (left > 0) {
            int part = (int) Math.min(chunk.length, left);
            out.write(chunk, 0, part);
            left -= part;
        }
        if (socket.getInputStream().read() != STREAM) {
            throw new IOException("the stream was not taken");
        }
    }

    private long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId())
                + THREADS.getThreadAllocatedBytes(serving.getId());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            serving.join(TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
