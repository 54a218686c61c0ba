package org.dicomtls.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server that accepts one connection after the other, does the handshake and echoes octets until the client ends. */
final class Accepting implements AutoCloseable {

    /** What to do with a connection after its handshake. */
    interface Service {
        void serve(SSLSocket socket) throws IOException;
    }

    private final SSLServerSocket listener;
    private final BlockingQueue<Loopback.End> ends = new LinkedBlockingQueue<>();
    private final Thread thread;

    Accepting(SSLContext context) throws IOException {
        this(context, s -> {
            for (int octet = s.getInputStream().read(); octet >= 0; octet = s.getInputStream().read()) {
                s.getOutputStream().write(octet + 1);
                s.getOutputStream().flush();
            }
        });
    }

    Accepting(SSLContext context, Service service) throws IOException {
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = new Thread(() -> accept(service), "test-accept");
        thread.start();
    }

    private void accept(Service service) {
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                try {
                    socket.setTcpNoDelay(true);
                    socket.startHandshake();
                    service.serve(socket);
                    ends.add(new Loopback.End(Negotiated.of(socket), java.util.Optional.empty()));
                } catch (IOException e) {
                    ends.add(new Loopback.End(Negotiated.of(socket), java.util.Optional.of(e)));
                }
            } catch (IOException e) {
                // The listener was closed, or a connection could not be closed: the next one is waited for, if any.
            }
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    SSLServerSocket listener() {
        return listener;
    }

    /** How the next connection ended. */
    Loopback.End next() throws InterruptedException {
        Loopback.End end = ends.poll(15, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no connection ended");
        }
        return end;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("the server does not end");
        }
    }
}
