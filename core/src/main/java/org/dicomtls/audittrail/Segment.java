package org.dicomtls.audittrail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The octets of a file of the buffer: a heading, then records. A record is a mark of four octets, its number (8), the
 * length of its message (4), a CRC-32C over number, length and message (4), and the message. The mark begins with FF,
 * which no UTF-8 contains, so no message can look like a record, and after a damaged one the next is found again.
 */
final class Segment {

    /** One message and its number; numbers grow by one. */
    record Record(long number, byte[] message) {}

    private static final String KIND = "dicom-tls audit buffer ";
    private static final byte[] HEADING = (KIND + "1\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MARK = {(byte) 0xFF, (byte) 0xD1, (byte) 0xC0, (byte) 0xFE};
    private static final int HEAD = MARK.length + 8 + 4 + 4;

    private Segment() {}

    static byte[] heading() {
        return HEADING.clone();
    }

    /** Whether these octets begin a file of the buffer that another version of the format has written. */
    static boolean ofAnotherVersion(byte[] octets) {
        return octets.length >= HEADING.length
                && !startsWith(octets, 0, HEADING)
                && startsWith(octets, 0, KIND.getBytes(StandardCharsets.US_ASCII));
    }

    /** How many octets the record of a message has. */
    static int size(byte[] message) {
        return HEAD + message.length;
    }

    static ByteBuffer encode(long number, byte[] message) {
        for (byte octet : message) {
            if (octet == MARK[0]) {
                throw new IllegalArgumentException("a message with the octet FF is no UTF-8");
            }
        }
        ByteBuffer record = ByteBuffer.allocate(size(message));
        record.put(MARK)
                .putLong(number)
                .putInt(message.length)
                .putInt(check(number, message, 0, message.length))
                .put(message);
        return record.flip();
    }

    private static int check(long number, byte[] octets, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(number).putInt(length).flip());
        crc.update(octets, from, length);
        return (int) crc.getValue();
    }

    private static boolean startsWith(byte[] octets, int at, byte[] wanted) {
        return octets.length - at >= wanted.length
                && Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** Goes through the octets of a file, or of a part of one. Whatever they are, it gives back records and nothing else. */
    static final class Reader {
        private final byte[] octets;
        private int at;
        private long last;

        /**
         * @param after only records with larger numbers are real; others are left over from something else
         */
        Reader(byte[] octets, long after) {
            this.octets = octets;
            this.last = after;
        }

        /** The next whole record; octets that are none are passed over. */
        Optional<Record> next() {
            for (int from = at; from <= octets.length - HEAD; from++) {
                if (octets[from] == MARK[0] && startsWith(octets, from, MARK)) {
                    ByteBuffer head = ByteBuffer.wrap(octets, from + MARK.length, HEAD - MARK.length);
                    long number = head.getLong();
                    int length = head.getInt();
                    int check = head.getInt();
                    int begin = from + HEAD;
                    if (number > last
                            && length >= 0
                            && length <= octets.length - begin
                            && check == check(number, octets, begin, length)) {
                        at = begin + length;
                        last = number;
                        return Optional.of(new Record(number, Arrays.copyOfRange(octets, begin, at)));
                    }
                }
            }
            return Optional.empty();
        }

        /** Where the last record that was found ends; 0 before the first. */
        int end() {
            return at;
        }
    }
}
