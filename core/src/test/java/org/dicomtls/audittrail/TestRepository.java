package org.dicomtls.audittrail;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import org.dicomtls.transport.SecureTransport;

/** A syslog/TLS receiver in this JVM that behaves, or not. Connections are numbered from 1. */
final class TestRepository implements AutoCloseable {

    /** What it does with a connection. */
    interface Habit {
        void serve(Connection connection) throws IOException;
    }

    /** Reads to the end and answers close_notify with close_notify. */
    static final Habit GOOD = connection -> {
        while (connection.take()) {
            // all of it
        }
        connection.end();
    };

    /** One connection of a client. */
    final class Connection {
        private final int number;
        private final Socket tcp;
        private final SSLSocket tls;
        private final InputStream in;

        private Connection(int number, Socket tcp, SSLSocket tls) throws IOException {
            this.number = number;
            this.tcp = tcp;
            this.tls = tls;
            this.in = tls.getInputStream();
        }

        int number() {
            return number;
        }

        /** Reads a message; false at the end of the stream. */
        boolean take() throws IOException {
            String message = TestRepository.read(in);
            if (message == null) {
                return false;
            }
            synchronized (received) {
                received.add(message);
                received.notifyAll();
            }
            return true;
        }

        /** close_notify, then the end of the TCP connection. */
        void end() throws IOException {
            tls.close();
            tcp.close();
        }

        /** The end of the TCP connection, without a word. */
        void endWithoutNotify() throws IOException {
            tcp.close();
        }

        /** close_notify, and the connection stays. */
        void notifyOnly() throws IOException {
            tls.shutdownOutput();
        }

        void reset() throws IOException {
            tcp.setSoLinger(true, 0);
            tcp.close();
        }

        void write(byte[] octets) throws IOException {
            tls.getOutputStream().write(octets);
        }

        /** Does nothing until the repository closes. */
        void idle() {
            try {
                synchronized (sockets) {
                    while (!listener.isClosed()) {
                        sockets.wait();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final SecureTransport transport;
    private final ServerSocket listener;
    private final List<String> received = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Habit habit;

    TestRepository(SecureTransport transport, Habit habit) throws IOException {
        this(transport, habit, 0);
    }

    TestRepository(SecureTransport transport, Habit habit, int port) throws IOException {
        this.transport = transport;
        this.habit = habit;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        start(this::accept);
    }

    /** A port at which nobody listens at the moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Behaves in that manner from the next connection on. */
    void habit(Habit value) {
        habit = value;
    }

    int connections() {
        return connections.get();
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "test-repository");
        thread.setDaemon(true);
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket tcp = listener.accept();
                sockets.add(tcp);
                start(() -> serve(tcp));
            } catch (IOException e) {
                // Closed, or one that was gone already.
            }
        }
    }

    private void serve(Socket tcp) {
        try (tcp) {
            SSLSocket tls = (SSLSocket) transport.sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", tcp.getPort(), false);
            tls.setUseClientMode(false);
            tls.startHandshake();
            Connection connection = new Connection(connections.incrementAndGet(), tcp, tls);
            open.add(connection);
            try {
                habit.serve(connection);
            } finally {
                open.remove(connection);
            }
        } catch (IOException e) {
            // A client that breaks off is what some tests are about.
        } finally {
            sockets.remove(tcp);
        }
    }

    /** One message of RFC 5425 §4.3, or null at the end. */
    private static String read(InputStream in) throws IOException {
        int length = 0;
        for (int digits = 0; ; digits++) {
            int octet = in.read();
            if (octet < 0 && digits == 0) {
                return null;
            }
            if (octet == ' ' && digits > 0) {
                break;
            }
            if (octet < 0) {
                throw new EOFException("in a length");
            }
            if (octet < '0' || octet > '9' || digits > 5 || octet == '0' && digits == 0) {
                throw new AssertionError("no length: " + octet);
            }
            length = 10 * length + octet - '0';
        }
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("in a message");
        }
        return new String(message, StandardCharsets.UTF_8);
    }

    /** What has arrived so far. */
    List<String> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** Waits until what has arrived is as wanted. */
    List<String> await(Predicate<List<String>> wanted) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        synchronized (received) {
            while (!wanted.test(received)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("after 20 s only " + received.size() + " messages: " + received);
                }
                received.wait(Math.min(left, 20));
            }
            return List.copyOf(received);
        }
    }

    /**
     * Ends in order: takes no new connections, then says close_notify on those that are there, read or unread, as a Java
     * application that calls {@code close} does.
     */
    void shutDown() throws IOException {
        listener.close();
        for (Connection connection : open) {
            connection.end();
        }
        end();
    }

    /** As if its machine had lost power: nobody is told but by resets. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
            socket.close();
        }
        end();
    }

    private void end() {
        synchronized (sockets) {
            sockets.notifyAll();
        }
        List<Thread> all;
        synchronized (threads) {
            all = List.copyOf(threads);
        }
        for (Thread thread : all) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
