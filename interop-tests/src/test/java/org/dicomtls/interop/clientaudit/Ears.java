package org.dicomtls.interop.clientaudit;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.OptionalInt;
import org.dicomtls.tls.CipherSuite;

/** Mishears the ServerHello, so that an engine which knows better takes what its habits say. */
final class Ears extends InputStream {

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int VERSION = 9;
    private static final int RANDOM_END = 43;

    private final InputStream below;
    private final Habits habits;
    private final OptionalInt usual;
    private InputStream in;
    private boolean answered;
    private boolean plain;
    private int suite;

    /** @param usual the suite of TLS 1.2 that this server chose before */
    Ears(InputStream below, Habits habits, OptionalInt usual) {
        this.below = below;
        this.habits = habits;
        this.usual = usual;
    }

    /** Whether a ServerHello came at all. */
    boolean answered() {
        return answered;
    }

    /** Whether DICOM came in the clear. */
    boolean plain() {
        return plain;
    }

    /** The suite of the ServerHello, as the engine heard it. */
    int suite() {
        return suite;
    }

    private void first() throws IOException {
        byte[] header = below.readNBytes(5);
        if (header.length < 5) {
            throw new EOFException("the server ended the connection");
        }
        plain = header[0] >= 1 && header[0] <= 7;
        if (plain) {
            throw new IOException("DICOM in the clear");
        }
        byte[] record = new byte[5 + ((header[3] & 0xFF) << 8 | header[4] & 0xFF)];
        System.arraycopy(header, 0, record, 0, 5);
        below.readNBytes(record, 5, record.length - 5);
        answered = record[0] == HANDSHAKE && record.length > RANDOM_END && record[5] == SERVER_HELLO;
        if (answered) {
            misheard(record);
        }
        in = new SequenceInputStream(new ByteArrayInputStream(record), below);
    }

    private void misheard(byte[] record) {
        if (habits.odd(Oddity.OLD_VERSION_TAKEN)) {
            record[VERSION] = 3;
            record[VERSION + 1] = 3;
        }
        if (habits.odd(Oddity.SENTINEL_OF_TLS_1_3_IGNORED) && record[RANDOM_END - 1] == 1 && record[RANDOM_END - 2] == 'D') {
            record[RANDOM_END - 1] = 2;
        }
        int at = RANDOM_END + 1 + (record[RANDOM_END] & 0xFF);
        suite = (record[at] & 0xFF) << 8 | record[at + 1] & 0xFF;
        CipherSuite chosen = CipherSuite.of(suite);
        boolean offered = habits.suites12().contains(chosen) || habits.suites13().contains(chosen);
        if (!offered && habits.odd(Oddity.SUITE_NOT_OFFERED_TAKEN)) {
            suite = usual.orElseThrow();
            record[at] = (byte) (suite >>> 8);
            record[at + 1] = (byte) suite;
        }
        if (habits.odd(Oddity.COMPRESSION_TAKEN)) {
            record[at + 2] = 0;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (in == null) {
            first();
        }
        return in.read(into, offset, length);
    }
}
