package org.dicomtls.interop.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Ports on the loopback interface. */
final class Loopback {

    private static final int BACKLOG = 512;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private Loopback() {}

    static InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, BACKLOG, address());
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address(), port), 10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** A port that was free a moment ago: programs that cannot be given 0 have to be given one. */
    static int free() throws IOException {
        try (ServerSocket socket = listen()) {
            return socket.getLocalPort();
        }
    }

    /** Waits until a process listens there. */
    static void await(Process process, int port) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                connect(port).close();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IOException("no server came up on port " + port, notYet);
                }
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
