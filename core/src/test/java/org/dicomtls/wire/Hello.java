package org.dicomtls.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A ClientHello or ServerHello made by hand, right or wrong. */
public final class Hello {
    public static final byte[] X25519_BASE_POINT = filled(32, 0);

    static {
        X25519_BASE_POINT[0] = 9;
    }

    private final boolean client;
    private int version = 0x0303;
    private byte[] random = filled(32, 0x5A);
    private byte[] session = filled(32, 0x77);
    private int[] suites;
    private int[] compression = {0};
    private final Map<Integer, byte[]> extensions = new LinkedHashMap<>();

    private Hello(boolean client, int... suites) {
        this.client = client;
        this.suites = suites;
    }

    private static byte[] filled(int length, int value) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) value);
        return data;
    }

    /** A ClientHello of TLS 1.2 as a modern client sends it. */
    public static Hello clientTls12() {
        return new Hello(true, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0x00FF)
                .groups(29, 23, 24)
                .with(Extensions.EC_POINT_FORMATS, 1, 0)
                .schemes(0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501)
                .with(Extensions.EXTENDED_MASTER_SECRET);
    }

    /** A ClientHello of TLS 1.3 and 1.2 with a key share of X25519. */
    public static Hello clientTls13() {
        return new Hello(true, 0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0x00FF)
                .groups(29, 23, 24)
                .with(Extensions.EC_POINT_FORMATS, 1, 0)
                .schemes(0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501)
                .with(Extensions.EXTENDED_MASTER_SECRET)
                .versions(0x0304, 0x0303)
                .with(Extensions.PSK_KEY_EXCHANGE_MODES, 1, 1)
                .keyShare(29, X25519_BASE_POINT);
    }

    /** A ServerHello of TLS 1.2 as a modern server answers. */
    public static Hello serverTls12(int suite) {
        return new Hello(false, suite)
                .with(Extensions.RENEGOTIATION_INFO, 0)
                .with(Extensions.EXTENDED_MASTER_SECRET)
                .with(Extensions.EC_POINT_FORMATS, 1, 0);
    }

    /** A ServerHello of TLS 1.3 that echoes that session id and takes that group. */
    public static Hello serverTls13(int suite, byte[] echo, int group, byte[] share) {
        return new Hello(false, suite)
                .session(echo)
                .with(Extensions.SUPPORTED_VERSIONS, 3, 4)
                .with(Extensions.KEY_SHARE, new Bytes().u16(group).vector16(share).get());
    }

    public Hello version(int value) {
        version = value;
        return this;
    }

    public Hello randomEnding(byte[] end) {
        System.arraycopy(end, 0, random, 32 - end.length, end.length);
        return this;
    }

    public Hello session(byte[] value) {
        session = value;
        return this;
    }

    public Hello suites(int... values) {
        suites = values;
        return this;
    }

    public Hello compression(int... values) {
        compression = values;
        return this;
    }

    public Hello with(int type, byte[] content) {
        extensions.put(type, content);
        return this;
    }

    public Hello with(int type, int... content) {
        return with(type, new Bytes().u8(content).get());
    }

    public Hello without(int type) {
        extensions.remove(type);
        return this;
    }

    public Hello withoutScsv() {
        suites = Arrays.stream(suites).filter(s -> s != 0x00FF).toArray();
        return this;
    }

    public Hello groups(int... values) {
        return with(Extensions.SUPPORTED_GROUPS, Bytes.list16(values));
    }

    public Hello schemes(int... values) {
        return with(Extensions.SIGNATURE_ALGORITHMS, Bytes.list16(values));
    }

    public Hello versions(int... values) {
        return with(
                Extensions.SUPPORTED_VERSIONS,
                new Bytes().vector8(new Bytes().u16(values).get()).get());
    }

    public Hello keyShare(int group, byte[] value) {
        byte[] entry = new Bytes().u16(group).vector16(value).get();
        return with(Extensions.KEY_SHARE, new Bytes().vector16(entry).get());
    }

    public Hello serverName(String name) {
        byte[] entry = new Bytes().u8(0).vector16(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).get();
        return with(Extensions.SERVER_NAME, new Bytes().vector16(entry).get());
    }

    /** Without the header of the handshake message. */
    public byte[] body() {
        Bytes out = new Bytes().u16(version).raw(random).vector8(session);
        if (client) {
            out.raw(Bytes.list16(suites)).vector8(new Bytes().u8(compression).get());
        } else {
            out.u16(suites[0]).u8(compression[0]);
        }
        if (!extensions.isEmpty()) {
            Bytes block = new Bytes();
            extensions.forEach((type, content) -> block.u16(type).vector16(content));
            out.vector16(block.get());
        }
        return out.get();
    }

    public byte[] message() {
        return Bytes.message(client ? HandshakeMessages.CLIENT_HELLO : HandshakeMessages.SERVER_HELLO, body());
    }

    public byte[] record() {
        return record(0x0301);
    }

    public byte[] record(int recordVersion) {
        return Bytes.record(HandshakeMessages.HANDSHAKE, recordVersion, message());
    }
}
