package org.dicomtls.wire;

import java.io.ByteArrayOutputStream;


/** Cuts one direction of a connection into handshake messages and alerts, as long as they are in the clear. */
public final class HandshakeMessages {
    public static final int CHANGE_CIPHER_SPEC = 20;
    public static final int ALERT = 21;
    public static final int HANDSHAKE = 22;
    public static final int APPLICATION_DATA = 23;

    public static final int CLIENT_HELLO = 1;
    public static final int SERVER_HELLO = 2;
    public static final int CERTIFICATE = 11;
    public static final int SERVER_KEY_EXCHANGE = 12;
    public static final int CERTIFICATE_REQUEST = 13;
    public static final int SERVER_HELLO_DONE = 14;
    public static final int CLIENT_KEY_EXCHANGE = 16;

    /** The longest record that we take: RFC 5246 §6.2.3. */
    public static final int MAX_RECORD = 5 + (1 << 14) + 2048;
    /** The longest handshake message that we take; certificate chains of hospitals are far below. */
    public static final int MAX_MESSAGE = 1 << 17;

    private final byte[] record = new byte[MAX_RECORD];
    private int filled;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private boolean ended;

    /** A reader at the beginning of one direction. */
    public HandshakeMessages() {}

    /** Receives what was cut out. */
    public interface Sink {
        /** A whole handshake message: its type and its body. */
        void message(int type, byte[] body) throws java.io.IOException;

        /** An alert in the clear. */
        void alert(int level, int description) throws java.io.IOException;
    }

    /** Whether nothing more can be read, because what follows is encrypted or was told to be ignored. */
    public boolean ended() {
        return ended;
    }

    /** Stops reading: what follows is encrypted. */
    public void end() {
        ended = true;
    }

    /**
     * Takes the next octets of the stream.
     *
     * @throws WireException when they are not TLS records, or exceed the bounds
     * @throws java.io.IOException as thrown by the sink
     */
    public void feed(byte[] data, int offset, int length, Sink sink) throws java.io.IOException {
        int position = offset;
        int last = offset + length;
        while (!ended && position < last) {
            int wanted = filled < 5 ? 5 : 5 + bodyLength();
            int part = Math.min(wanted - filled, last - position);
            System.arraycopy(data, position, record, filled, part);
            filled += part;
            position += part;
            if (filled == 5) {
                header();
            }
            if (filled >= 5 && filled == 5 + bodyLength()) {
                int size = filled;
                filled = 0;
                take(size, sink);
            }
        }
    }

    private int bodyLength() {
        return (record[3] & 0xFF) << 8 | record[4] & 0xFF;
    }

    private void header() throws WireException {
        int type = record[0] & 0xFF;
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || record[1] != 3) {
            throw new WireException(String.format(
                    "not a TLS record: it begins with %02X %02X %02X", type, record[1] & 0xFF, record[2] & 0xFF));
        }
        if (5 + bodyLength() > MAX_RECORD) {
            throw new WireException("record of " + bodyLength() + " octets, at most " + (MAX_RECORD - 5) + " are allowed");
        }
    }

    private void take(int size, Sink sink) throws java.io.IOException {
        switch (record[0] & 0xFF) {
            case HANDSHAKE -> {
                messages.write(record, 5, size - 5);
                if (messages.size() > MAX_MESSAGE + 4) {
                    throw new WireException("handshake message of more than " + MAX_MESSAGE + " octets");
                }
                cut(sink);
            }
            case ALERT -> {
                if (size == 7) {
                    sink.alert(record[5] & 0xFF, record[6] & 0xFF);
                }
            }
            case APPLICATION_DATA -> ended = true;
            default -> { } // change_cipher_spec: whoever reads decides whether encryption starts here
        }
    }

    private void cut(Sink sink) throws java.io.IOException {
        byte[] all = messages.toByteArray();
        int position = 0;
        while (all.length - position >= 4) {
            int length = (all[position + 1] & 0xFF) << 16 | (all[position + 2] & 0xFF) << 8 | all[position + 3] & 0xFF;
            if (length > MAX_MESSAGE) {
                throw new WireException("handshake message of " + length + " octets, at most " + MAX_MESSAGE + " are allowed");
            }
            if (all.length - position - 4 < length) {
                break;
            }
            byte[] body = java.util.Arrays.copyOfRange(all, position + 4, position + 4 + length);
            int type = all[position] & 0xFF;
            position += 4 + length;
            sink.message(type, body);
            if (ended) {
                break;
            }
        }
        messages.reset();
        messages.write(all, position, all.length - position);
    }

}
