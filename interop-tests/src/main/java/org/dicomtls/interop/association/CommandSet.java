package org.dicomtls.interop.association;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command set of a DIMSE message (PS3.7 §6.3): elements of group 0000 in Implicit VR Little Endian, here by element
 * number. Decoding takes at most {@value #MAX_LENGTH} octets and {@value #MAX_ELEMENTS} elements.
 */
final class CommandSet {
    static final int MAX_LENGTH = 16 * 1024;
    static final int MAX_ELEMENTS = 64;

    static final int GROUP_LENGTH = 0x0000;
    static final int AFFECTED_SOP_CLASS = 0x0002;
    static final int COMMAND_FIELD = 0x0100;
    static final int MESSAGE_ID = 0x0110;
    static final int MESSAGE_ID_RESPONDED_TO = 0x0120;
    static final int PRIORITY = 0x0700;
    static final int DATA_SET_TYPE = 0x0800;
    static final int STATUS = 0x0900;
    static final int AFFECTED_SOP_INSTANCE = 0x1000;

    static final int C_STORE_RQ = 0x0001;
    static final int C_ECHO_RQ = 0x0030;
    static final int C_CANCEL_RQ = 0x0FFF;
    static final int RESPONSE = 0x8000;

    /** The value of (0000,0800) that says: no data set follows. */
    static final int NO_DATA_SET = 0x0101;

    private final TreeMap<Integer, byte[]> elements = new TreeMap<>();

    CommandSet with(int element, int value) {
        elements.put(element, new byte[] {(byte) value, (byte) (value >>> 8)});
        return this;
    }

    CommandSet with(int element, String uid) {
        byte[] octets = uid.getBytes(StandardCharsets.US_ASCII);
        elements.put(element, Arrays.copyOf(octets, octets.length + 1 & ~1));
        return this;
    }

    boolean has(int element) {
        return elements.containsKey(element);
    }

    /** An element of VR US. */
    int integer(int element) throws PduException {
        byte[] value = elements.get(element);
        if (value == null || value.length != 2) {
            throw PduException.invalid("a command set " + (value == null ? "without " : "with a malformed ") + tag(element));
        }
        return value[0] & 0xFF | (value[1] & 0xFF) << 8;
    }

    /** An element of VR UI as sent, without its padding; perhaps not a UID; empty when the element is absent. */
    String uid(int element) {
        byte[] value = elements.getOrDefault(element, new byte[0]);
        String text = new String(value, StandardCharsets.ISO_8859_1);
        return text.endsWith("\0") || text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
    }

    boolean isFollowedByDataSet() throws PduException {
        return integer(DATA_SET_TYPE) != NO_DATA_SET;
    }

    /** The octets, with the group length in front. */
    byte[] encode() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<Integer, byte[]> element : elements.entrySet()) {
            if (element.getKey() != GROUP_LENGTH) {
                body.writeBytes(header(element.getKey(), element.getValue().length));
                body.writeBytes(element.getValue());
            }
        }
        ByteBuffer all = ByteBuffer.allocate(12 + body.size()).order(ByteOrder.LITTLE_ENDIAN);
        return all.put(header(GROUP_LENGTH, 4))
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    private static byte[] header(int element, int length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0)
                .putShort((short) element)
                .putInt(length)
                .array();
    }

    /** The command set in these octets; its group length is not trusted, only its end. */
    static CommandSet decode(byte[] octets, int length) throws PduException {
        ByteBuffer in = ByteBuffer.wrap(octets, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        CommandSet set = new CommandSet();
        int previous = -1;
        while (in.hasRemaining()) {
            if (in.remaining() < 8) {
                throw PduException.invalid("a command set cut off inside an element header");
            }
            int group = in.getShort() & 0xFFFF;
            int element = in.getShort() & 0xFFFF;
            long size = in.getInt() & 0xFFFFFFFFL;
            if (group != 0 || element <= previous) {
                throw PduException.invalid("a command set whose elements are out of order or not of group 0000");
            }
            if (size > in.remaining() || (size & 1) != 0) {
                throw PduException.invalid(
                        tag(element) + " of " + size + " octets where " + in.remaining() + " remain");
            }
            if (set.elements.size() == MAX_ELEMENTS) {
                throw PduException.invalid("a command set of more than " + MAX_ELEMENTS + " elements");
            }
            byte[] value = new byte[(int) size];
            in.get(value);
            set.elements.put(element, value);
            previous = element;
        }
        return set;
    }

    private static String tag(int element) {
        return String.format(Locale.ROOT, "(0000,%04X)", element);
    }
}
