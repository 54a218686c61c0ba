package org.dicomtls.interop.peers;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a tool really offers, read from its first record: an option that a tool takes and does not heed would make a
 * refusal say nothing. Code points are four hexadecimal digits.
 */
record ClientHello(Set<String> versions, Set<String> suites, Set<String> groups, Set<String> schemes) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> NO_SUITES = Set.of("00FF", "5600"); // signalling values

    /** The hello of the command that is made for a port; nothing if the tool gives up before it sends any. */
    static Optional<ClientHello> of(Function<Integer, List<String>> command) {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Command tool = Command.start(command.apply(listener.getLocalPort()))) {
            listener.setSoTimeout(50);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                boolean alive = tool.isAlive();
                try (Socket socket = listener.accept()) {
                    socket.setSoTimeout((int) PATIENCE.toMillis());
                    return read(new DataInputStream(socket.getInputStream()));
                } catch (java.net.SocketTimeoutException e) {
                    if (!alive) {
                        return Optional.empty();
                    }
                    if (System.nanoTime() > end) {
                        throw new AssertionError("no connection: " + tool.lines());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<ClientHello> read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type != 22) {
            return Optional.empty(); // closed, or an alert: the tool found that it has nothing to offer
        }
        in.readUnsignedShort();
        byte[] record = new byte[in.readUnsignedShort()];
        in.readFully(record);
        try {
            return Optional.of(parse(ByteBuffer.wrap(record)));
        } catch (BufferUnderflowException e) {
            throw new AssertionError("a ClientHello in more than one record", e);
        }
    }

    private static ClientHello parse(ByteBuffer hello) {
        hello.position(4);
        Set<String> versions = new TreeSet<>(Set.of(code(hello)));
        skip(hello, 32);
        skip(hello, hello.get() & 0xFF);
        Set<String> suites = codes(part(hello, hello.getShort() & 0xFFFF));
        suites.removeAll(NO_SUITES);
        skip(hello, hello.get() & 0xFF);
        Set<String> groups = new TreeSet<>();
        Set<String> schemes = new TreeSet<>();
        if (hello.hasRemaining()) {
            hello.getShort();
        }
        while (hello.hasRemaining()) {
            int type = hello.getShort() & 0xFFFF;
            ByteBuffer value = part(hello, hello.getShort() & 0xFFFF);
            switch (type) {
                case 10 -> groups = codes(part(value, value.getShort() & 0xFFFF));
                case 13 -> schemes = codes(part(value, value.getShort() & 0xFFFF));
                case 43 -> versions = codes(part(value, value.get() & 0xFF));
                default -> { }
            }
        }
        return new ClientHello(versions, suites, groups, schemes);
    }

    private static String code(ByteBuffer in) {
        return "%04X".formatted(in.getShort() & 0xFFFF);
    }

    private static Set<String> codes(ByteBuffer in) {
        Set<String> all = new TreeSet<>();
        while (in.hasRemaining()) {
            all.add(code(in));
        }
        return all;
    }

    private static ByteBuffer part(ByteBuffer in, int length) {
        ByteBuffer part = in.slice(in.position(), length);
        skip(in, length);
        return part;
    }

    private static void skip(ByteBuffer in, int length) {
        in.position(in.position() + length);
    }
}
