package org.dicomtls.interop.clientaudit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Says what the engine does not: what it cannot offer in a hello, and another alert than its own. */
final class Mouth extends OutputStream {

    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    private static final byte[] BAD_RECORD_MAC = {ALERT, 3, 3, 0, 2, 2, 20};
    private static final byte PROTOCOL_VERSION = 70;
    private static final byte HANDSHAKE_FAILURE = 40;
    private static final int SESSION_ID = 43;
    private static final byte GREASE = 0x0A;

    private final OutputStream below;
    private final Habits habits;
    private final boolean honest;
    private final Ears ears;
    private boolean greeted;

    /** @param honest whether the hello goes out as it is: after another one no handshake can be finished */
    Mouth(OutputStream below, Habits habits, boolean honest, Ears ears) {
        this.below = below;
        this.habits = habits;
        this.honest = honest;
        this.ears = ears;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        byte[] record = Arrays.copyOfRange(octets, offset, offset + length);
        if (ears.plain()) {
            return; // no alert is sent to one who speaks DICOM
        }
        if (!greeted && record[0] == HANDSHAKE) {
            greeted = true;
            record = honest ? record : hello(record);
        } else if (record[0] == ALERT && length == 7 && record[6] == PROTOCOL_VERSION && habits.odd(Oddity.ANOTHER_ALERT)) {
            record[6] = HANDSHAKE_FAILURE;
        } else if (record[0] == APPLICATION_DATA && !honest && habits.odd(Oddity.ALERT_IN_THE_CLEAR)) {
            record = BAD_RECORD_MAC;
        }
        below.write(record);
    }

    private byte[] hello(byte[] record) {
        int suites = SESSION_ID + 1 + record[SESSION_ID];
        int compression = suites + 2 + uint16(record, suites);
        if (habits.odd(Oddity.RENEGOTIATION_INFO_NOT_SENT)) {
            for (int at = suites + 2; at < compression; at += 2) {
                if (uint16(record, at) == 0x00FF) {
                    record[at] = GREASE;
                    record[at + 1] = GREASE;
                }
            }
        }
        if (!habits.odd(Oddity.COMPRESSION_OFFERED)) {
            return record;
        }
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(record, 0, compression);
        longer.writeBytes(new byte[] {2, 1, 0});
        longer.write(record, compression + 2, record.length - compression - 2);
        byte[] changed = longer.toByteArray();
        put(changed, 3, changed.length - 5);
        put(changed, 7, changed.length - 9);
        return changed;
    }

    private static int uint16(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | octets[at + 1] & 0xFF;
    }

    private static void put(byte[] octets, int at, int value) {
        octets[at] = (byte) (value >>> 8);
        octets[at + 1] = (byte) value;
    }
}
