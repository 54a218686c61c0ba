package org.dicomtls.dcm4che;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** The TCP connections by which clients reach a server, TLS record by record; they can fail as those of a hospital do. */
final class Wire implements AutoCloseable {

    /** What becomes of the connections. */
    enum Fault {
        /** Both ends see an end of the stream: a process was ended. */
        CLOSED,
        /** Both ends see a reset: a process was killed with octets unread. */
        RESET,
        /** Half a record, and the end of the stream. */
        TRUNCATED,
        /** Nothing more, in either direction, and the connections stay. */
        SILENT
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Fault fault;

    /** Which record fails by itself, counted from 1, of those that the server sends (or the client); 0 for none. */
    private volatile int fromServer;

    private volatile int fromClient;
    private volatile Fault later;

    Wire(int target) throws IOException {
        this.target = target;
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                start(() -> carry(client, server, true));
                start(() -> carry(server, client, false));
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private void start(Work work) {
        new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // An end of this wire, which is what it is for.
            }
        }).start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** All connections fail, from the next record on. */
    void fail(Fault now) {
        fault = now;
    }

    /** The connections fail at that record of the server. */
    Wire failingAtServersRecord(int number, Fault how) {
        later = how;
        fromServer = number;
        return this;
    }

    /** The connections fail at that record of the client. */
    Wire failingAtClientsRecord(int number, Fault how) {
        later = how;
        fromClient = number;
        return this;
    }

    private void carry(Socket from, Socket to, boolean client) throws Exception {
        DataInputStream in = new DataInputStream(from.getInputStream());
        OutputStream out = to.getOutputStream();
        byte[] header = new byte[5];
        for (int record = 1; ; record++) {
            int first = in.read();
            if (first < 0 && fault == Fault.SILENT) {
                closed.await();
                return;
            }
            if (first < 0) {
                to.shutdownOutput();
                return;
            }
            header[0] = (byte) first;
            in.readFully(header, 1, 4);
            byte[] body = in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
            if (record == (client ? fromClient : fromServer)) {
                fault = later;
            }
            if (fault == null) {
                out.write(header);
                out.write(body);
                continue;
            }
            switch (fault) {
                case CLOSED -> {
                    // What is unread would turn the end into a reset.
                    to.shutdownOutput();
                    from.shutdownOutput();
                    drain(in);
                }
                case RESET -> {
                    reset(to);
                    reset(from);
                }
                case TRUNCATED -> {
                    out.write(header);
                    out.write(body, 0, body.length / 2);
                    to.shutdownOutput();
                    from.shutdownOutput();
                    drain(in);
                }
                case SILENT -> closed.await();
            }
            return;
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] sink = new byte[65_536];
        int got;
        do {
            got = in.read(sink);
        } while (got >= 0);
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
