package org.dicomtls.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;

/** An echo server that serves its connections side by side. */
final class Concurrent implements AutoCloseable {
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SecureTransport client = Transports.client(Engine.JDK);

    Concurrent(SecureTransport transport) throws IOException {
        listener = transport.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) listener.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static void serve(SSLSocket accepted) {
        try (SSLSocket socket = accepted) {
            socket.setTcpNoDelay(true);
            for (int octet = socket.getInputStream().read(); octet >= 0; octet = socket.getInputStream().read()) {
                socket.getOutputStream().write(octet);
            }
        } catch (IOException e) {
            // The client learns it by what it does not get.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) client.sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port());
        socket.startHandshake();
        return socket;
    }

    /** Whether an octet comes back. */
    boolean echo(SSLSocket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(42);
        return socket.getInputStream().read() == 42;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
