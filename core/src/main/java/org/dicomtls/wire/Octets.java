package org.dicomtls.wire;

import java.util.Arrays;

/** A bounded cursor over octets in network order. */
public final class Octets {
    private final byte[] data;
    private final int end;
    private int position;

    /** Reads the whole array; the array is not copied. */
    public Octets(byte[] data) {
        this(data, 0, data.length);
    }

    private Octets(byte[] data, int position, int end) {
        this.data = data;
        this.position = position;
        this.end = end;
    }

    public int remaining() {
        return end - position;
    }

    public int uint8(String what) throws WireException {
        need(1, what);
        return data[position++] & 0xFF;
    }

    public int uint16(String what) throws WireException {
        need(2, what);
        int value = (data[position] & 0xFF) << 8 | data[position + 1] & 0xFF;
        position += 2;
        return value;
    }

    public int uint24(String what) throws WireException {
        need(3, what);
        int value = (data[position] & 0xFF) << 16 | (data[position + 1] & 0xFF) << 8 | data[position + 2] & 0xFF;
        position += 3;
        return value;
    }

    public byte[] take(int length, String what) throws WireException {
        need(length, what);
        byte[] taken = Arrays.copyOfRange(data, position, position + length);
        position += length;
        return taken;
    }

    /** A vector with an 8-bit length. */
    public Octets vector8(String what) throws WireException {
        return slice(uint8(what), what);
    }

    /** A vector with a 16-bit length. */
    public Octets vector16(String what) throws WireException {
        return slice(uint16(what), what);
    }

    /** A vector with a 24-bit length. */
    public Octets vector24(String what) throws WireException {
        return slice(uint24(what), what);
    }

    private Octets slice(int length, String what) throws WireException {
        need(length, what);
        Octets part = new Octets(data, position, position + length);
        position += length;
        return part;
    }

    /** All that is left. */
    public byte[] rest() {
        byte[] taken = Arrays.copyOfRange(data, position, end);
        position = end;
        return taken;
    }

    /** A list of 16-bit values that fills what is left. */
    public int[] uint16List(String what) throws WireException {
        if (remaining() % 2 != 0) {
            throw new WireException(what + " has an odd number of octets: " + remaining());
        }
        int[] values = new int[remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = uint16(what);
        }
        return values;
    }

    public void end(String what) throws WireException {
        if (remaining() != 0) {
            throw new WireException(remaining() + " octets too many after " + what);
        }
    }

    private void need(int length, String what) throws WireException {
        if (remaining() < length) {
            throw new WireException(what + " needs " + length + " octets, " + remaining() + " are left");
        }
    }
}
