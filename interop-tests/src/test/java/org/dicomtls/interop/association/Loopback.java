package org.dicomtls.interop.association;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dicomtls.server.ConnectionServer;

/** Sockets on the loopback interface, and a listener whose events can be waited for. */
final class Loopback {
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Loopback() {}

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    }

    /** Connections without TLS, for a server at a free port. */
    static ConnectionServer.Builder connections() {
        return ConnectionServer.plain().bind(InetAddress.getLoopbackAddress(), 0);
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
        return socket;
    }

    /** What comes until the peer closes; a reset counts as closing. */
    static byte[] toTheEnd(InputStream in) throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    /** Collects what a server tells. */
    static final class Events implements DicomServerListener {
        private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
        private final BlockingQueue<SocketAddress> accepted = new LinkedBlockingQueue<>();
        private final BlockingQueue<IOException> failed = new LinkedBlockingQueue<>();
        private final BlockingQueue<AssociationDescription> opened = new LinkedBlockingQueue<>();
        private final BlockingQueue<AssociationSummary> closed = new LinkedBlockingQueue<>();

        @Override
        public void accepted(SocketAddress peer) {
            accepted.add(peer);
        }

        @Override
        public void refused(SocketAddress peer, String reason) {
            refused.add(reason);
        }

        @Override
        public void setupFailed(SocketAddress peer, IOException failure) {
            failed.add(failure);
        }

        @Override
        public void associationOpened(Socket connection, AssociationDescription association) {
            opened.add(association);
        }

        @Override
        public void associationClosed(SocketAddress peer, AssociationSummary summary) {
            closed.add(summary);
        }

        String nextRefused() throws InterruptedException {
            return next(refused);
        }

        void nextAccepted() throws InterruptedException {
            next(accepted);
        }

        IOException nextFailed() throws InterruptedException {
            return next(failed);
        }

        AssociationDescription nextOpened() throws InterruptedException {
            return next(opened);
        }

        AssociationSummary nextClosed() throws InterruptedException {
            return next(closed);
        }

        private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
            T event = queue.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new AssertionError("no event within " + TIMEOUT);
            }
            return event;
        }
    }
}
