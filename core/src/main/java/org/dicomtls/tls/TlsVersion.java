package org.dicomtls.tls;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A TLS protocol version, identified by the two octets that stand for it on the wire.
 *
 * @param code the octets as an unsigned 16-bit number, e.g. 0x0303 for TLS 1.2
 */
public record TlsVersion(int code) implements Comparable<TlsVersion> {

    /** SSL 2.0 (its own record format; forbidden by RFC 6176). */
    public static final TlsVersion SSL_2 = new TlsVersion(0x0002);
    /** SSL 3.0 (forbidden by RFC 7568). */
    public static final TlsVersion SSL_3 = new TlsVersion(0x0300);
    /** TLS 1.0 (RFC 2246; forbidden by RFC 8996). */
    public static final TlsVersion TLS_1_0 = new TlsVersion(0x0301);
    /** TLS 1.1 (RFC 4346; forbidden by RFC 8996). */
    public static final TlsVersion TLS_1_1 = new TlsVersion(0x0302);
    /** TLS 1.2 (RFC 5246). */
    public static final TlsVersion TLS_1_2 = new TlsVersion(0x0303);
    /** TLS 1.3 (RFC 8446, RFC 9846). */
    public static final TlsVersion TLS_1_3 = new TlsVersion(0x0304);

    private static final List<TlsVersion> KNOWN = List.of(TLS_1_3, TLS_1_2, TLS_1_1, TLS_1_0, SSL_3, SSL_2);

    public TlsVersion {
        CodePoint.requireUnsigned16(code);
    }

    /** The versions that have a name, newest first. */
    public static List<TlsVersion> known() {
        return KNOWN;
    }

    /** The version of that name ({@code TLSv1.2}, and JSSE's {@code TLSv1} for TLS 1.0). */
    public static Optional<TlsVersion> named(String name) {
        if ("TLSv1".equals(name)) {
            return Optional.of(TLS_1_0);
        }
        return KNOWN.stream().filter(v -> v.name().equals(name)).findFirst();
    }

    /** {@code TLSv1.3}, {@code TLSv1.2}, … {@code SSLv2}; the hexadecimal code point when it is none of these. */
    public String name() {
        return switch (code) {
            case 0x0002 -> "SSLv2";
            case 0x0300 -> "SSLv3";
            case 0x0301 -> "TLSv1.0";
            case 0x0302 -> "TLSv1.1";
            case 0x0303 -> "TLSv1.2";
            case 0x0304 -> "TLSv1.3";
            default -> String.format(Locale.ROOT, "0x%04X", code);
        };
    }

    /** The name that Java's JSSE uses: as {@link #name()}, but {@code TLSv1} for TLS 1.0. */
    public String jsseName() {
        return equals(TLS_1_0) ? "TLSv1" : name();
    }

    /** Orders by code point, which for the known versions is by age, oldest first. */
    @Override
    public int compareTo(TlsVersion other) {
        return Integer.compare(code, other.code);
    }

    @Override
    public String toString() {
        return name();
    }
}
