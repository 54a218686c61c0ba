package org.dicomtls.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The extensions of a hello, in their order. */
public final class Extensions {
    public static final int SERVER_NAME = 0;
    public static final int MAX_FRAGMENT_LENGTH = 1;
    public static final int TRUNCATED_HMAC = 4;
    public static final int STATUS_REQUEST = 5;
    public static final int SUPPORTED_GROUPS = 10;
    public static final int EC_POINT_FORMATS = 11;
    public static final int SIGNATURE_ALGORITHMS = 13;
    public static final int ALPN = 16;
    public static final int ENCRYPT_THEN_MAC = 22;
    public static final int EXTENDED_MASTER_SECRET = 23;
    public static final int SESSION_TICKET = 35;
    public static final int PRE_SHARED_KEY = 41;
    public static final int EARLY_DATA = 42;
    public static final int SUPPORTED_VERSIONS = 43;
    public static final int COOKIE = 44;
    public static final int PSK_KEY_EXCHANGE_MODES = 45;
    public static final int POST_HANDSHAKE_AUTH = 49;
    public static final int SIGNATURE_ALGORITHMS_CERT = 50;
    public static final int KEY_SHARE = 51;
    public static final int RENEGOTIATION_INFO = 0xFF01;

    private final Map<Integer, byte[]> byType;

    private Extensions(Map<Integer, byte[]> byType) {
        this.byType = byType;
    }

    /** Reads the extensions block that ends a hello; a hello may end without one. */
    public static Extensions read(Octets in) throws WireException {
        Map<Integer, byte[]> byType = new LinkedHashMap<>();
        if (in.remaining() > 0) {
            Octets block = in.vector16("extensions");
            while (block.remaining() > 0) {
                int type = block.uint16("extension type");
                byte[] body = block.vector16("extension " + type).rest();
                if (byType.put(type, body) != null) {
                    throw new WireException("extension " + type + " stands there twice");
                }
            }
        }
        in.end("the extensions");
        return new Extensions(Collections.unmodifiableMap(byType));
    }

    public boolean has(int type) {
        return byType.containsKey(type);
    }

    /** The content of an extension; a copy. */
    public Optional<byte[]> content(int type) {
        return Optional.ofNullable(byType.get(type)).map(byte[]::clone);
    }

    /** The types in the order of the hello. */
    public List<Integer> types() {
        return new ArrayList<>(byType.keySet());
    }

    Optional<Octets> open(int type) {
        return Optional.ofNullable(byType.get(type)).map(Octets::new);
    }
}
