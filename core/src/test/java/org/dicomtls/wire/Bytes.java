package org.dicomtls.wire;

import java.io.ByteArrayOutputStream;

/** Writes octets in network order; for hellos made by hand. */
public final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Nothing yet. */
    public Bytes() {}

    public Bytes u8(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    public Bytes u16(int... values) {
        for (int value : values) {
            u8(value >>> 8, value);
        }
        return this;
    }

    public Bytes u24(int value) {
        return u8(value >>> 16, value >>> 8, value);
    }

    public Bytes raw(byte[] data) {
        out.writeBytes(data);
        return this;
    }

    public Bytes vector8(byte[] data) {
        return u8(data.length).raw(data);
    }

    public Bytes vector16(byte[] data) {
        return u16(data.length).raw(data);
    }

    public byte[] get() {
        return out.toByteArray();
    }

    public static byte[] list16(int... values) {
        return new Bytes().vector16(new Bytes().u16(values).get()).get();
    }

    /** A handshake message: type, length, body. */
    public static byte[] message(int type, byte[] body) {
        return new Bytes().u8(type).u24(body.length).raw(body).get();
    }

    /** One record of that type and version. */
    public static byte[] record(int type, int version, byte[] fragment) {
        return new Bytes().u8(type).u16(version).vector16(fragment).get();
    }

    /** Handshake octets in one record of TLS 1.2. */
    public static byte[] handshake(byte[] messages) {
        return record(HandshakeMessages.HANDSHAKE, 0x0303, messages);
    }
}
