package org.dicomtls.interop.association;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Takes PDUs from a stream, one at a time, into a buffer that grows only as octets arrive. */
final class PduReader {
    private static final int INITIAL_BUFFER = 16 * 1024;

    private final InputStream in;
    private final int maxDataLength;
    private byte[] buffer = new byte[INITIAL_BUFFER];

    /**
     * @param maxDataLength the longest P-DATA-TF to take, in octets without its header
     */
    PduReader(InputStream in, int maxDataLength) {
        this.in = in;
        this.maxDataLength = maxDataLength;
    }

    /**
     * The next PDU. The fragments of a P-DATA-TF stay valid until the next call.
     *
     * @throws PduException when the octets are not a PDU
     * @throws EOFException when the stream ends before or inside a PDU
     */
    Pdu read() throws IOException {
        fill(0, Pdu.HEADER_LENGTH, "before a PDU", "inside a PDU header");
        int type = buffer[0] & 0xFF;
        if (type >= 0x14 && type <= 0x17 && buffer[1] == 3) {
            throw new PduException(
                    AbortReason.UNRECOGNIZED_PDU, "a TLS record where a DICOM PDU was expected: one end speaks TLS");
        }
        long length = (buffer[2] & 0xFFL) << 24 | (buffer[3] & 0xFF) << 16 | (buffer[4] & 0xFF) << 8 | buffer[5] & 0xFF;
        PduCodec.requireLength(type, length, maxDataLength);
        fill(0, (int) length, "inside a PDU", "inside a PDU");
        return PduCodec.decode(type, buffer, 0, (int) length);
    }

    private void fill(int from, int length, String atStart, String later) throws IOException {
        int filled = from;
        while (filled < length) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(length, buffer.length * 4L));
            }
            int count = in.read(buffer, filled, Math.min(length, buffer.length) - filled);
            if (count < 0) {
                throw new EOFException("the peer closed the connection " + (filled == 0 ? atStart : later));
            }
            filled += count;
        }
    }
}
