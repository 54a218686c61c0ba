package org.dicomtls.interop.audit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Stands before a server and changes what it says in the clear: a server that misbehaves in one thing alone. */
final class RewritingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(r -> {
        Thread thread = new Thread(r, "rewriting-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final int upstream;
    private final UnaryOperator<byte[]> hello;
    private final UnaryOperator<byte[]> alert;

    /**
     * @param hello changes the body of a ServerHello of TLS 1.2
     * @param alert changes the two octets of an alert
     */
    RewritingProxy(int upstream, UnaryOperator<byte[]> hello, UnaryOperator<byte[]> alert) throws IOException {
        this.upstream = upstream;
        this.hello = hello;
        this.alert = alert;
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            threads.execute(() -> {
                try {
                    InputStream in = client.getInputStream();
                    in.transferTo(server.getOutputStream());
                    server.shutdownOutput();
                } catch (IOException e) {
                    // one of the two has ended, which ends the other below
                }
            });
            DataInputStream in = new DataInputStream(server.getInputStream());
            OutputStream out = client.getOutputStream();
            byte[] header = new byte[5];
            while (true) {
                in.readFully(header);
                byte[] body = new byte[(header[3] & 0xFF) << 8 | header[4] & 0xFF];
                in.readFully(body);
                byte[] changed = header[0] == 22 && body.length > 40 && body[0] == 2
                        ? serverHello(body)
                        : header[0] == 21 && body.length == 2 ? alert.apply(body) : body;
                out.write(new byte[] {header[0], header[1], header[2], (byte) (changed.length >>> 8), (byte) changed.length});
                out.write(changed);
                out.flush();
            }
        } catch (IOException e) {
            // the end of the connection
        }
    }

    private byte[] serverHello(byte[] record) {
        int length = (record[2] & 0xFF) << 8 | record[3] & 0xFF;
        byte[] body = Arrays.copyOfRange(record, 4, 4 + length);
        byte[] changed = tls13(body) ? body : hello.apply(body);
        byte[] all = new byte[4 + changed.length + record.length - 4 - length];
        all[0] = 2;
        all[2] = (byte) (changed.length >>> 8);
        all[3] = (byte) changed.length;
        System.arraycopy(changed, 0, all, 4, changed.length);
        System.arraycopy(record, 4 + length, all, 4 + changed.length, record.length - 4 - length);
        return all;
    }

    private static boolean tls13(byte[] body) {
        int suite = 35 + (body[34] & 0xFF);
        return body[suite] == 0x13;
    }

    /** Without the extension of that type. */
    static byte[] without(byte[] body, int type) {
        int position = 38 + (body[34] & 0xFF) + 2;
        byte[] kept = Arrays.copyOf(body, body.length);
        int filled = position;
        while (position + 4 <= body.length) {
            int size = 4 + ((body[position + 2] & 0xFF) << 8 | body[position + 3] & 0xFF);
            if (((body[position] & 0xFF) << 8 | body[position + 1] & 0xFF) != type) {
                System.arraycopy(body, position, kept, filled, size);
                filled += size;
            }
            position += size;
        }
        return sized(Arrays.copyOf(kept, filled));
    }

    /** With an empty extension of that type. */
    static byte[] with(byte[] body, int type) {
        byte[] longer = Arrays.copyOf(body, body.length + 4);
        longer[body.length] = (byte) (type >>> 8);
        longer[body.length + 1] = (byte) type;
        return sized(longer);
    }

    private static byte[] sized(byte[] body) {
        int at = 38 + (body[34] & 0xFF);
        int length = body.length - at - 2;
        body[at] = (byte) (length >>> 8);
        body[at + 1] = (byte) length;
        return body;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
