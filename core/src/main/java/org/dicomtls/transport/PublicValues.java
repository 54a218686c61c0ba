package org.dicomtls.transport;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.wire.Extensions;

/**
 * Whether the public values in key_share are what RFC 8446 §4.2.8 says: of the right length, and on the curve. Both
 * engines find that out too, but SunJSSE tries the share after it has sent its ServerHello, and its {@code SSLEngine}
 * sends no alert then before 22. Other values of small order than zero are left to the engines.
 */
final class PublicValues {

    private PublicValues() {}

    /** The first of those groups for which a hello carries a value that is none; the hello was read before. */
    static Optional<NamedGroup> firstInvalid(Extensions hello, boolean fromClient, List<NamedGroup> groups) {
        Optional<byte[]> content = hello.content(Extensions.KEY_SHARE);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        byte[] octets = content.get();
        int at = fromClient ? 2 : 0;
        while (at + 4 <= octets.length) {
            NamedGroup group = NamedGroup.of(uint16(octets, at));
            int length = uint16(octets, at + 2);
            at += 4;
            if (at + length > octets.length
                    || groups.contains(group) && !valid(group, Arrays.copyOfRange(octets, at, at + length))) {
                return Optional.of(group);
            }
            at += length;
        }
        return at == octets.length ? Optional.empty() : Optional.of(groups.get(0));
    }

    private static int uint16(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | octets[at + 1] & 0xFF;
    }

    private static boolean valid(NamedGroup group, byte[] value) {
        return switch (group.kind()) {
            case MONTGOMERY -> value.length == (group.equals(NamedGroup.X25519) ? 32 : 56)
                    && !Arrays.equals(value, new byte[value.length]);
            case FINITE_FIELD -> value.length == group.bits() / 8;
            case PRIME_CURVE -> onCurve(group, value);
            default -> true;
        };
    }

    private static boolean onCurve(NamedGroup group, byte[] value) {
        if (value.length != 1 + 2 * ((group.bits() + 7) / 8) || value[0] != 4) {
            return false;
        }
        try {
            CustomNamedCurves.getByName(group.name()).getCurve().decodePoint(value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
