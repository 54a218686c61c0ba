package org.dicomtls.server;

import org.dicomtls.wire.HandshakeMessages;

/**
 * Whether enough has come of a client's first flight to give it a thread: a whole ClientHello, or octets that will never
 * become one. What they mean is for the handshake to say; this only finds where they end.
 */
final class FirstFlight {

    /** A flight that is longer goes to a handshake as it is; hellos have some hundred octets, or two thousand. */
    static final int MOST_OCTETS = 16 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MOST_RECORDS = 16;

    private FirstFlight() {}

    /** Whether nothing is gained by waiting for more. */
    static boolean complete(byte[] octets, int length) {
        if (length >= MOST_OCTETS) {
            return true;
        }
        int message = 0;
        int taken = 0;
        int header = 0;
        for (int at = 0, records = 0; at < length; records++) {
            if (length - at < RECORD_HEADER) {
                return false; // the gate wants a header, even of what is none
            }
            int type = octets[at] & 0xFF;
            if (type < HandshakeMessages.CHANGE_CIPHER_SPEC
                    || type > HandshakeMessages.APPLICATION_DATA
                    || octets[at + 1] != 3
                    || records == MOST_RECORDS) {
                return true;
            }
            int body = (octets[at + 3] & 0xFF) << 8 | octets[at + 4] & 0xFF;
            if (RECORD_HEADER + body > HandshakeMessages.MAX_RECORD) {
                return true;
            }
            at += RECORD_HEADER;
            if (type == HandshakeMessages.ALERT) {
                return length - at >= body;
            }
            if (type == HandshakeMessages.HANDSHAKE) {
                int here = Math.min(body, length - at);
                for (int i = 0; i < here && header < MESSAGE_HEADER; i++, header++) {
                    if (header == 0 && octets[at + i] != HandshakeMessages.CLIENT_HELLO) {
                        return true;
                    }
                    message = message << 8 | octets[at + i] & 0xFF;
                }
                taken += here;
                if (header == MESSAGE_HEADER && taken >= MESSAGE_HEADER + (message & 0xFFFFFF)) {
                    return length - at >= body; // the gate reads whole records
                }
            }
            at += body;
        }
        return false;
    }
}
