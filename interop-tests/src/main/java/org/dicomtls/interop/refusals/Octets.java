package org.dicomtls.interop.refusals;

import java.io.ByteArrayOutputStream;

/** Octets in the making, big end first. */
final class Octets {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Octets u8(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    Octets u16(int... values) {
        for (int value : values) {
            u8(value >>> 8, value);
        }
        return this;
    }

    Octets raw(byte[] octets) {
        out.writeBytes(octets);
        return this;
    }

    Octets vector8(byte[] octets) {
        return u8(octets.length).raw(octets);
    }

    Octets vector16(byte[] octets) {
        return u16(octets.length).raw(octets);
    }

    Octets vector24(byte[] octets) {
        return u8(octets.length >>> 16).u16(octets.length & 0xFFFF).raw(octets);
    }

    /** A list of 16-bit values with its length before it. */
    Octets list16(int... values) {
        return vector16(new Octets().u16(values).get());
    }

    Octets extension(int type, byte[] content) {
        return u16(type).vector16(content);
    }

    byte[] get() {
        return out.toByteArray();
    }
}
