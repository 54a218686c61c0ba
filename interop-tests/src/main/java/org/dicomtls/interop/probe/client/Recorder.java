package org.dicomtls.interop.probe.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.dicomtls.interop.probe.NonceTap;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.WireException;

/**
 * Reads a connection of a client within bounded time and memory: its hello before anything is decided, and along with the
 * engine what it sends in the clear afterwards.
 */
final class Recorder extends InputStream {

    /** Longer than any hello of a client that means well; HandshakeMessages has a bound of its own beyond. */
    private static final int LONGEST_HELLO = 1 << 17;

    private final InputStream in;
    private final Socket socket;
    private final long deadline;
    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private final NonceTap nonces = new NonceTap();
    private final HandshakeMessages messages = new HandshakeMessages();
    private byte[] replay = {};
    private int replayed;
    private boolean replaying;
    private boolean wentOn;
    private boolean ended;
    private boolean late;
    private boolean protectedRecord;
    private Optional<AlertDescription> alert = Optional.empty();
    private Optional<byte[]> hello = Optional.empty();

    Recorder(Socket socket, Duration timeout) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    private final HandshakeMessages.Sink sink = new HandshakeMessages.Sink() {
        @Override
        public void message(int type, byte[] body) {
            if (type == HandshakeMessages.CLIENT_HELLO && hello.isEmpty()) {
                hello = Optional.of(body);
            } else if (type == HandshakeMessages.CERTIFICATE || type == HandshakeMessages.CLIENT_KEY_EXCHANGE) {
                wentOn = true;
            }
        }

        @Override
        public void alert(int level, int description) {
            // close_notify(0) says nothing of the reason, and warnings go on.
            if (level == 2 || description == 0) {
                alert = alert.or(() -> Optional.of(new AlertDescription(description)));
            }
        }
    };

    /**
     * The body of the ClientHello.
     *
     * @throws WireException when the client sends something else
     * @throws SocketTimeoutException when it is late
     * @throws EOFException when it ends the connection before
     */
    byte[] hello() throws IOException {
        byte[] buffer = new byte[4096];
        while (hello.isEmpty()) {
            if (first.size() > LONGEST_HELLO) {
                throw new WireException("more than " + LONGEST_HELLO + " octets and no ClientHello");
            }
            int n = receive(buffer, 0, buffer.length);
            if (n < 0) {
                throw new EOFException("the client ended the connection before its ClientHello");
            }
            first.write(buffer, 0, n);
            messages.feed(buffer, 0, n, sink);
        }
        replay = first.toByteArray();
        replaying = true;
        nonces.take(first.toByteArray(), 0, first.size());
        return hello.get();
    }

    /** What the client sent with its hello is not read again. */
    void skipHello() {
        replayed = first.size();
    }

    /** The octets up to the hello. */
    byte[] firstOctets() {
        return first.toByteArray();
    }

    boolean wentOn() {
        return wentOn;
    }

    boolean protectedRecord() {
        return protectedRecord;
    }

    boolean ended() {
        return ended;
    }

    boolean late() {
        return late;
    }

    Optional<AlertDescription> alert() {
        return alert;
    }

    NonceTap nonces() {
        return nonces;
    }

    private int receive(byte[] into, int offset, int length) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            late = true;
            throw new SocketTimeoutException("the time for this connection is over");
        }
        socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
        try {
            int n = in.read(into, offset, length);
            ended |= n < 0;
            return n;
        } catch (SocketTimeoutException e) {
            late = true;
            throw e;
        } catch (IOException e) {
            ended = true;
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (replaying && replayed < replay.length) {
            int n = Math.min(length, replay.length - replayed);
            System.arraycopy(replay, replayed, into, offset, n);
            replayed += n;
            return n;
        }
        int n = receive(into, offset, length);
        if (n > 0) {
            // Engines read a record's header by itself.
            protectedRecord |= into[offset] == 23 && n >= 1 && length == 5;
            nonces.take(into, offset, n);
            if (!messages.ended()) {
                try {
                    messages.feed(into, offset, n, sink);
                } catch (WireException e) {
                    messages.end(); // encrypted, or nothing that the engine will take either
                }
            }
        }
        return n;
    }

    /** Reads until the client ends the connection, sends an alert in the clear or is late. */
    void drain() {
        byte[] buffer = new byte[4096];
        try {
            int total = 0;
            while (alert.isEmpty() && total < LONGEST_HELLO) {
                int n = read(buffer, 0, buffer.length);
                if (n < 0) {
                    return;
                }
                total += n;
            }
        } catch (IOException e) {
            // late or gone: both are remembered
        }
    }

    /** Writes to the client; the first ServerHello on its way is changed. */
    static OutputStream changing(OutputStream out, UnaryOperator<byte[]> change) {
        return new FilterOutputStream(out) {
            private boolean done;

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                byte[] record = java.util.Arrays.copyOfRange(octets, offset, offset + length);
                if (!done && length > 44 && record[0] == HandshakeMessages.HANDSHAKE && record[5] == 2) {
                    done = true;
                    record = change.apply(record);
                }
                try {
                    out.write(record);
                } catch (IOException e) {
                    // Who refuses may close while we write; what it said is read afterwards.
                }
            }

            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void flush() {}
        };
    }
}
