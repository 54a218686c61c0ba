package org.dicomtls.transport;

import java.nio.ByteBuffer;

/**
 * Counts the TLS records of one direction by their headers, which are in the clear even where their contents are not.
 * One thread at a time feeds it; any may ask.
 */
final class RecordCount {

    private static final int HEADER = 5;

    private int header;
    private int filled;
    private int body;
    private volatile long records;

    long records() {
        return records;
    }

    /** Takes the next octets of the direction. */
    void feed(byte[] data, int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            if (body > 0) {
                int part = Math.min(body, end - at);
                body -= part;
                at += part;
            } else {
                octet(data[at++]);
            }
        }
    }

    /** Takes the next octets of the direction, from that position of a buffer, which is not moved. */
    void feed(ByteBuffer data, int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            if (body > 0) {
                int part = Math.min(body, end - at);
                body -= part;
                at += part;
            } else {
                octet(data.get(at++));
            }
        }
    }

    private void octet(byte octet) {
        header = header << 8 | octet & 0xFF;
        if (++filled == HEADER) {
            filled = 0;
            body = header & 0xFFFF;
            records++; // only whoever feeds writes it
        }
    }
}
