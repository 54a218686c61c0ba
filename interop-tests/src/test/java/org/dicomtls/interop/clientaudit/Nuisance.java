package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections that no client means well with, some at a time, one after the other until closed. */
final class Nuisance implements AutoCloseable {

    /** What one connection does. */
    interface Connection {
        void on(Socket socket, Random random) throws IOException, InterruptedException;
    }

    private static final int LONGEST_MILLIS = 20_000;

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean over;

    /**
     * Begins at once.
     *
     * @param atOnce how many are open at a time
     * @param most how many there are in all
     */
    Nuisance(int port, int atOnce, int most, Connection connection) {
        for (int i = 0; i < atOnce; i++) {
            Thread thread = new Thread(() -> repeat(port, most, connection), "nuisance");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void repeat(int port, int most, Connection connection) {
        while (!over && begun.incrementAndGet() <= most) {
            Random random = new Random(begun.get());
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(LONGEST_MILLIS);
                connection.on(socket, random);
            } catch (IOException e) {
                // refused, ended or reset, as it should be
            } catch (InterruptedException e) {
                return;
            }
            ended.incrementAndGet();
        }
    }

    /** How many are over. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(LONGEST_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what they do

    /** Says nothing until it is sent away. */
    static void silence(Socket socket, Random random) throws IOException {
        untilSentAway(socket);
    }

    private static void untilSentAway(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        while (in.read(buffer) >= 0) {
            continue;
        }
    }

    /** Is gone at once, half of the time without saying so. */
    static void comeAndGo(Socket socket, Random random) throws IOException, InterruptedException {
        socket.setSoLinger(random.nextBoolean(), 0);
        Thread.sleep(random.nextInt(2)); // or the ports of this machine would be used up
    }

    /**
     * Random octets, most of them in the shape of a record of TLS, so that a reader gets deeper than the first octet. None
     * begins like DICOM in the clear or like SSL 2.0, for that would be held against the client.
     */
    static void garbage(Socket socket, Random random) throws IOException, InterruptedException {
        byte[] octets = new byte[random.nextInt(600)];
        random.nextBytes(octets);
        if (octets.length > 60 && random.nextInt(4) > 0) {
            int length = octets.length - 5;
            byte[] header = {
                22, 3, 1, (byte) (length >>> 8), (byte) length, 1, 0, (byte) (length - 4 >>> 8), (byte) (length - 4)
            };
            System.arraycopy(header, 0, octets, 0, header.length);
        }
        if (octets.length > 0 && octets[0] < 2) {
            octets[0] = 'G';
        }
        socket.getOutputStream().write(octets);
        socket.shutdownOutput();
        untilSentAway(socket);
        Thread.sleep(2);
    }

    /** A ClientHello of a million octets, in records as long as they may be. */
    static void million(Socket socket, Random random) throws IOException {
        byte[] content = new byte[1 << 14];
        content[0] = 1;
        content[1] = 0x0F;
        content[2] = 0x42;
        content[3] = 0x40;
        OutputStream out = socket.getOutputStream();
        for (int sent = 0; sent < 1_000_004; sent += content.length) {
            out.write(record(22, content, content.length));
            content[0] = 0;
        }
        untilSentAway(socket);
    }

    /** Handshake messages without end, none of them a ClientHello. */
    static void otherMessages(Socket socket, Random random) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] records = new byte[900];
        for (int i = 0; i < records.length; i += 9) {
            byte[] empty = record(22, new byte[] {20, 0, 0, 0}, 4);
            System.arraycopy(empty, 0, records, i, 9);
        }
        for (int sent = 0; sent < 1_000_000; sent += records.length) {
            out.write(records);
        }
        untilSentAway(socket);
    }

    /** An octet at a time of a hello that would be a good one. */
    static void drip(Socket socket, Random random) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        for (byte octet : record(22, hello(new byte[400]), 4 + 447)) {
            out.write(octet);
            Thread.sleep(100);
        }
    }

    /** Records whose length is none, or not that of what follows. */
    static void wrongLengths(Socket socket, Random random) throws IOException, InterruptedException {
        int[] lengths = {0, 1, 3, 5, 0x4000 + 2049, 0x7FFF, 0xFFFF};
        byte[] content = new byte[64];
        content[0] = 1;
        content[3] = (byte) random.nextInt(200);
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < 40; i++) {
            int type = random.nextInt(8) == 0 ? 20 + random.nextInt(4) : 22;
            out.write(record(type, content, lengths[random.nextInt(lengths.length)]));
        }
        socket.shutdownOutput();
        untilSentAway(socket);
        Thread.sleep(2);
    }

    /** Records of nothing, without end. */
    static void emptyRecords(Socket socket, Random random) throws IOException {
        byte[] many = new byte[5000];
        for (int i = 0; i < many.length; i += 5) {
            many[i] = 22;
            many[i + 1] = 3;
            many[i + 2] = 3;
        }
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < 200; i++) {
            out.write(many);
        }
        untilSentAway(socket);
    }

    /** A hello nearly as long as is read at all, in records of one octet. */
    static byte[] longHelloInSmallRecords(int length) {
        byte[] message = hello(new byte[length]);
        byte[] all = new byte[message.length * 6];
        for (int i = 0; i < message.length; i++) {
            byte[] one = record(22, new byte[] {message[i]}, 1);
            System.arraycopy(one, 0, all, 6 * i, 6);
        }
        return all;
    }

    /** A ClientHello of TLS 1.2 with one suite, and an extension that nobody knows. */
    static byte[] hello(byte[] extension) {
        int extensions = 4 + extension.length;
        int body = 2 + 32 + 1 + 4 + 2 + 2 + extensions;
        byte[] message = new byte[4 + body];
        message[0] = 1;
        message[1] = (byte) (body >>> 16);
        message[2] = (byte) (body >>> 8);
        message[3] = (byte) body;
        message[4] = 3;
        message[5] = 3;
        int at = 4 + 2 + 32 + 1;
        byte[] rest = {
            0, 2, (byte) 0xC0, 0x2F, 1, 0, (byte) (extensions >>> 8), (byte) extensions, 0x7A, 0x7B,
            (byte) (extension.length >>> 8), (byte) extension.length
        };
        System.arraycopy(rest, 0, message, at, rest.length);
        System.arraycopy(extension, 0, message, at + rest.length, extension.length);
        return message;
    }

    /** A record that says that it has that many octets. */
    static byte[] record(int type, byte[] content, int length) {
        byte[] record = new byte[5 + Math.min(content.length, length)];
        record[0] = (byte) type;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (length >>> 8);
        record[4] = (byte) length;
        System.arraycopy(content, 0, record, 5, record.length - 5);
        return record;
    }
}
