package org.dicomtls.interop.run;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A line between a client and a server that carries whole TLS records until so many octets have gone from the client to the
 * server; then it carries half of the next record in one direction, and after that it is dead in both.
 */
final class CutLine implements AutoCloseable {

    /** What becomes of the connection after half a record. */
    enum Then {
        /** Both ends see it closed. */
        CLOSED,
        /** Both ends see nothing any more. */
        SILENT
    }

    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<Thread> threads = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final int to;
    private final long after;
    private final boolean towardsClient;
    private final Then then;
    private volatile boolean dead;

    /**
     * @param to the port of the server
     * @param after octets from the client to the server
     * @param towardsClient whether it is the client that gets half a record; else the server does
     */
    CutLine(int to, long after, boolean towardsClient, Then then) throws IOException {
        this.to = to;
        this.after = after;
        this.towardsClient = towardsClient;
        this.then = then;
        run(this::accept, "cut-line-accept");
    }

    int port() {
        return listening.getLocalPort();
    }

    private synchronized void run(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private synchronized Socket keep(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private void accept() {
        try {
            Socket client = keep(listening.accept());
            Socket server = keep(new Socket(InetAddress.getLoopbackAddress(), to));
            run(() -> carry(client, server, false), "cut-line-to-server");
            carry(server, client, true);
        } catch (IOException e) {
            // closed before anybody came
        }
    }

    private void carry(Socket from, Socket into, boolean towards) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = into.getOutputStream();
            byte[] record = new byte[5 + 65535];
            while (!dead) {
                in.readFully(record, 0, 5);
                int length = (record[3] & 0xFF) << 8 | record[4] & 0xFF;
                in.readFully(record, 5, length);
                if (dead) {
                    return; // whatever comes now is for nobody
                }
                if (towards == towardsClient && sent.get() >= after) {
                    dead = true;
                    out.write(record, 0, 5 + length / 2);
                    out.flush();
                    if (then == Then.CLOSED) {
                        closeSockets();
                    }
                    return;
                }
                out.write(record, 0, 5 + length);
                out.flush();
                if (!towards) {
                    sent.addAndGet(5L + length);
                }
            }
        } catch (EOFException e) {
            closeSockets(); // an end in order, or before its time
        } catch (IOException e) {
            closeSockets();
        }
    }

    private synchronized void closeSockets() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone in any case
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeSockets();
        List<Thread> all;
        synchronized (this) {
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
