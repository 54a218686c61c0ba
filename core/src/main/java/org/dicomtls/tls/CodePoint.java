package org.dicomtls.tls;

import java.util.Locale;

/** Bounds and notation of the 16-bit code points that IANA assigns for TLS. */
final class CodePoint {

    private CodePoint() {}

    static int requireUnsigned16(int code) {
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("code point " + code + " is outside 0…65535");
        }
        return code;
    }

    static String hex(int code) {
        return String.format(Locale.ROOT, "0x%04X", code);
    }

    /** RFC 8701: both octets equal, low nibble A. */
    static boolean isGrease(int code) {
        return (code & 0x0F0F) == 0x0A0A && code >>> 8 == (code & 0xFF);
    }
}
