package org.dicomtls.transport;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.wire.HandshakeMessages;

/**
 * The TCP connection as the engine sees it. While the handshake is in the clear it passes through the gate, record by
 * record; afterwards reads and writes go straight through, and records are counted by their headers. It also keeps the whole handshake to one deadline, which a
 * read timeout alone does not when a peer sends an octet now and then.
 */
final class TapSocket extends SocketView {

    /** A ClientHello fills one record, or a few; more are meant to keep us busy. */
    static final int MOST_RECORDS_BEFORE_HELLO = 32;

    /** One record and the header of the next: an engine that asks for a header gets the rest without another call. */
    private static final int AHEAD = (1 << 14) + 512;

    /** As much as the JDK moves in one call. Only a connection that fills less gets that much: few of many ever do. */
    private static final int MOST_AHEAD = 1 << 17;

    /** Records that are written in one call, where there are several: a call costs as much as sealing half a record. */
    private static final int TOGETHER = 1 << 16;

    private final Gate gate;
    private final long deadline;
    private final boolean readsAhead;
    private final RecordCount sent = new RecordCount();
    private final RecordCount received = new RecordCount();
    private final Input input;
    private final Output output;
    private volatile boolean handshaking = true;
    private volatile int applicationTimeout;
    private TlsRefusal refusal;
    private volatile boolean ended;
    private volatile boolean awaitingVerdict = true;
    private volatile SocketException notWritten;
    private volatile boolean moreToCome;

    /**
     * @param readsAhead whether octets beyond what the engine asks for may be taken from the connection, because nobody
     *     else will read from it afterwards
     */
    TapSocket(Socket tcp, Gate gate, Duration handshakeTimeout, boolean readsAhead) throws IOException {
        super(tcp);
        this.gate = gate;
        this.readsAhead = readsAhead;
        this.deadline = System.nanoTime() + handshakeTimeout.toNanos();
        this.applicationTimeout = tcp.getSoTimeout();
        this.input = new Input(tcp.getInputStream());
        this.output = new Output(tcp.getOutputStream());
    }

    /** Reads until the gate has seen the ClientHello and let it pass; what was read is kept for the engine. */
    void awaitClientHello() throws IOException {
        while (gate.clientHello().isEmpty()) {
            if (!input.fill()) {
                throw new java.io.EOFException("the peer closed the connection before its hello");
            }
        }
    }

    /**
     * The handshake is over: no more deadline, no more gate.
     *
     * @param verdictLater whether the peer may still refuse our certificate, as a server of TLS 1.3 does
     */
    void handshakeFinished(boolean verdictLater) throws SocketException {
        handshaking = false;
        awaitingVerdict = verdictLater;
        tcp.setSoTimeout(applicationTimeout);
    }

    /**
     * An engine whose handshake fails closes at once, and what the peer has sent meanwhile would turn that into a reset
     * that overtakes the alert. So the connection stays until {@link PolicySocket} has ended it in order.
     */
    @Override
    public void close() throws IOException {
        if (!handshaking) {
            tcp.close();
        }
    }

    /** The server has sent data of the application, so it has accepted the client. */
    void verdictIsOut() {
        awaitingVerdict = false;
    }

    boolean awaitsVerdict() {
        return awaitingVerdict;
    }

    /**
     * Whether the application has more to write at once, so that its records may go together. What is held goes with the
     * next record that is written when there is no more to come; it is never written by anybody but the engine, which has
     * locks of its own and knows how to close while a write does not come to an end.
     */
    void moreToCome(boolean more) {
        moreToCome = more;
    }

    /**
     * Why something was not written that the engine takes for written. A peer that refuses us often closes while we still
     * write. So until its verdict is out, a write that fails does not reach the engine, which would close at once and never
     * read the alert.
     */
    SocketException notWritten() {
        return notWritten;
    }

    /** The records that the engine has sent. */
    RecordCount sent() {
        return sent;
    }

    /** The records that the engine has taken. */
    RecordCount received() {
        return received;
    }

    /** Whether the peer has ended the stream. */
    boolean ended() {
        return ended;
    }

    /** What became of the TCP connection during the handshake. */
    Explanation.Stream stream() {
        if (notWritten != null && String.valueOf(notWritten.getMessage()).contains("reset")) {
            return Explanation.Stream.RESET;
        }
        return ended ? Explanation.Stream.ENDED : Explanation.Stream.OPEN;
    }

    /** What the gate refused, if it did. */
    TlsRefusal refusal() {
        return refusal;
    }

    private void beforeRead() throws IOException {
        if (handshaking) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("handshake deadline");
            }
            int limit = (int) Math.min(left, Integer.MAX_VALUE);
            tcp.setSoTimeout(applicationTimeout == 0 ? limit : Math.min(limit, applicationTimeout));
        }
    }

    /** Tells the peer, in the clear, since nothing else is agreed yet; then nothing more is written. */
    private TlsRefusal refuse(TlsRefusal refused) {
        if (refusal != null) {
            return refusal; // SunJSSE reads on while it closes; the first reason is the reason
        }
        refusal = refused;
        try {
            output.alert(refused.alert().orElse(AlertDescription.HANDSHAKE_FAILURE));
        } catch (IOException e) {
            refused.addSuppressed(e);
        }
        return refused;
    }

    private final class Input extends InputStream {
        private final InputStream in;
        private byte[] record = new byte[2048];
        private int start;
        private int end;
        private boolean straight;
        private int recordsBeforeHello;

        Input(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (start == end) {
                if (!straight && !gate.watchesInbound()) {
                    straight = true;
                    record = readsAhead ? new byte[AHEAD] : null;
                }
                if (straight && (length >= MOST_AHEAD || !readsAhead)) {
                    beforeRead();
                    int got = in.read(target, offset, length);
                    ended |= got < 0;
                    received.feed(target, offset, Math.max(0, got));
                    return got;
                }
                if (straight ? !ahead() : !fill()) {
                    return -1;
                }
            }
            int part = Math.min(length, end - start);
            System.arraycopy(record, start, target, offset, part);
            received.feed(record, start, part);
            start += part;
            return part;
        }

        private boolean ahead() throws IOException {
            beforeRead();
            int got = in.read(record, 0, record.length);
            ended |= got < 0;
            start = 0;
            end = Math.max(0, got);
            if (got == record.length && got < MOST_AHEAD) {
                // More lies there: bulk. What was read goes along into the larger buffer.
                record = java.util.Arrays.copyOf(record, Math.min(2 * got, MOST_AHEAD));
            }
            return got >= 0;
        }

        /** Reads one more record and shows it to the gate; false at the end of the stream. */
        boolean fill() throws IOException {
            if (start == end) {
                start = 0;
                end = 0;
            }
            int from = end;
            if (!read(from, 5)) {
                if (end > from) {
                    show(from); // too short for a record, and yet it may be told what it is
                }
                return false;
            }
            int type = record[from] & 0xFF;
            if (gate.clientHello().isEmpty() && ++recordsBeforeHello > MOST_RECORDS_BEFORE_HELLO) {
                throw refuse(gate.tooMuch());
            }
            boolean tls = type >= HandshakeMessages.CHANGE_CIPHER_SPEC && type <= HandshakeMessages.APPLICATION_DATA;
            int length = (record[from + 3] & 0xFF) << 8 | record[from + 4] & 0xFF;
            if (tls && 5 + length <= HandshakeMessages.MAX_RECORD && !read(from + 5, length)) {
                return false;
            }
            show(from);
            return true;
        }

        private void show(int from) throws TlsRefusal {
            try {
                gate.received(record, from, end - from);
            } catch (TlsRefusal e) {
                throw refuse(e);
            }
        }

        private boolean read(int from, int length) throws IOException {
            if (record.length < from + length) {
                record = java.util.Arrays.copyOf(record, Math.max(from + length, 2 * record.length));
            }
            while (end < from + length) {
                beforeRead();
                int got = in.read(record, end, from + length - end);
                if (got < 0) {
                    ended = true;
                    return false;
                }
                gate.heard();
                end += got;
            }
            return true;
        }

        @Override
        public int available() throws IOException {
            return end - start + in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private final class Output extends FilterOutputStream {
        private boolean silenced;
        private byte[] held;
        private int filled;

        Output(OutputStream out) {
            super(out);
        }

        /** The engine may write for a reader, too, an alert say: in its place behind what is held. */
        @Override
        public synchronized void write(byte[] data, int offset, int length) throws IOException {
            if (silenced) {
                return;
            }
            if (gate.watchesOutbound()) {
                gate.sent(data, offset, length);
            }
            sent.feed(data, offset, length);
            if (length > TOGETHER - filled) {
                pass();
            }
            if (length <= TOGETHER && (moreToCome || filled > 0)) {
                held = held == null ? new byte[TOGETHER] : held;
                System.arraycopy(data, offset, held, filled, length);
                filled += length;
                if (!moreToCome) {
                    pass();
                }
            } else {
                put(data, offset, length);
            }
        }

        private void pass() throws IOException {
            int length = filled;
            filled = 0;
            if (length > 0 && !silenced) {
                put(held, 0, length);
            }
        }

        private void put(byte[] data, int offset, int length) throws IOException {
            try {
                out.write(data, offset, length);
            } catch (SocketException e) {
                if (!awaitingVerdict) {
                    throw e;
                }
                notWritten = e;
                silenced = true;
            }
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        synchronized void alert(AlertDescription description) throws IOException {
            if (!silenced) {
                silenced = true;
                out.write(new byte[] {HandshakeMessages.ALERT, 3, 3, 0, 2, 2, (byte) description.code()});
                out.flush();
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        applicationTimeout = timeout;
        if (!handshaking) {
            tcp.setSoTimeout(timeout);
        }
    }

    @Override
    public int getSoTimeout() {
        return applicationTimeout;
    }
}
