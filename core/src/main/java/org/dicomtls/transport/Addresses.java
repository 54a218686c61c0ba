package org.dicomtls.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises IP address literals without ever asking a name service. */
final class Addresses {

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int V4_OCTETS = 4;
    private static final int V6_OCTETS = 16;

    private Addresses() {}

    /**
     * The octets of an IPv4 or IPv6 literal, brackets around the latter tolerated; empty for a name. An IPv4 address that
     * is mapped into IPv6 keeps its 16 octets: a certificate for the one is none for the other (RFC 9525 §6.4).
     */
    static Optional<byte[]> literal(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean v6 = IPV6.matcher(bare).matches();
        if (!v6 && (bracketed || !IPV4.matcher(bare).matches())) {
            return Optional.empty();
        }
        try {
            byte[] octets = InetAddress.getByName(bare).getAddress();
            return Optional.of(v6 && octets.length == V4_OCTETS ? mapped(octets) : octets);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static byte[] mapped(byte[] octets) {
        byte[] mapped = new byte[V6_OCTETS];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(octets, 0, mapped, V6_OCTETS - V4_OCTETS, V4_OCTETS);
        return mapped;
    }
}
