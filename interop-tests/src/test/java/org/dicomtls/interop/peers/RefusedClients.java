package org.dicomtls.interop.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Clients that speak plain DICOM to a TLS port, one after the other, until they are stopped. A server ends such a
 * connection after it has told of it, so whoever has seen the end has a right to the message.
 */
final class RefusedClients implements AutoCloseable {

    private static final byte[] ASSOCIATE_RQ = {1, 0, 0, 0, 0, (byte) 0xCD, 0, 1, 0, 0, 'A', 'N', 'Y'};

    private final int port;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final CountDownLatch enough;
    private final Thread[] threads;
    private volatile boolean stopped;

    private RefusedClients(int port, int clients, int enough) {
        this.port = port;
        this.enough = new CountDownLatch(enough);
        this.threads = new Thread[clients];
    }

    /**
     * Starts them.
     *
     * @param clients how many at once
     * @param enough how many refusals {@link #await} waits for
     */
    static RefusedClients start(int port, int clients, int enough) {
        RefusedClients made = new RefusedClients(port, clients, enough);
        for (int i = 0; i < clients; i++) {
            made.threads[i] = new Thread(made::run, "refused-client-" + i);
            made.threads[i].setDaemon(true);
            made.threads[i].start();
        }
        return made;
    }

    private void run() {
        while (!stopped) {
            connect();
        }
    }

    private void connect() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String pair = "127.0.0.1:" + socket.getLocalPort() + " 127.0.0.1:" + port;
            socket.getOutputStream().write(ASSOCIATE_RQ);
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // the alert
            }
            // What ends after the order to stop may have been ended by the death of the server.
            if (!stopped) {
                refused.add(pair);
                enough.countDown();
            }
        } catch (IOException e) {
            // Reset, or nobody there any more: no right to anything.
        }
    }

    /** Waits until there are enough. */
    void await() throws InterruptedException {
        if (!enough.await(Command.DEADLINE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
            throw new AssertionError(refused.size() + " refusals only");
        }
    }

    /** From now on nothing more counts; both addresses of each connection whose end was seen before. */
    Set<String> stop() {
        stopped = true;
        return Set.copyOf(refused);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join(15_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
