package org.dicomtls.tls;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A group for (EC)DHE, identified by its IANA code point in "TLS Supported Groups". Unknown code points have the
 * name {@code 0xNNNN}, kind {@link Kind#UNKNOWN} and 0 bits.
 */
public final class NamedGroup implements Comparable<NamedGroup> {

    /** The mathematics behind a group. */
    public enum Kind {
        /** A curve over a prime field in short Weierstrass form (NIST, SEC, Brainpool). */
        PRIME_CURVE,
        /** A curve over a binary field. */
        BINARY_CURVE,
        /** X25519, X448. */
        MONTGOMERY,
        /** A finite field of RFC 7919. */
        FINITE_FIELD,
        /** A classical curve together with ML-KEM. */
        HYBRID,
        /** ML-KEM alone. */
        POST_QUANTUM,
        UNKNOWN
    }

    private static final Map<Integer, NamedGroup> BY_CODE = new TreeMap<>();
    private static final Map<String, NamedGroup> BY_NAME = new HashMap<>();

    static {
        String[] binary = {
            "sect163k1", "sect163r1", "sect163r2", "sect193r1", "sect193r2", "sect233k1", "sect233r1", "sect239k1",
            "sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1"
        };
        for (int i = 0; i < binary.length; i++) {
            register(i + 1, binary[i], Kind.BINARY_CURVE, Integer.parseInt(binary[i].substring(4, 7)));
        }
        String[] prime = {
            "secp160k1", "secp160r1", "secp160r2", "secp192k1", "secp192r1", "secp224k1", "secp224r1", "secp256k1",
            "secp256r1", "secp384r1", "secp521r1"
        };
        for (int i = 0; i < prime.length; i++) {
            register(i + 15, prime[i], Kind.PRIME_CURVE, Integer.parseInt(prime[i].substring(4, 7)));
        }
        register(26, "brainpoolP256r1", Kind.PRIME_CURVE, 256);
        register(27, "brainpoolP384r1", Kind.PRIME_CURVE, 384);
        register(28, "brainpoolP512r1", Kind.PRIME_CURVE, 512);
        // Decision A-08: X25519 counts as 256 bits and X448 as 448, by the length of their encoded values.
        register(29, "x25519", Kind.MONTGOMERY, 256);
        register(30, "x448", Kind.MONTGOMERY, 448);
        register(31, "brainpoolP256r1tls13", Kind.PRIME_CURVE, 256);
        register(32, "brainpoolP384r1tls13", Kind.PRIME_CURVE, 384);
        register(33, "brainpoolP512r1tls13", Kind.PRIME_CURVE, 512);
        register(34, "GC256A", Kind.PRIME_CURVE, 256);
        register(35, "GC256B", Kind.PRIME_CURVE, 256);
        register(36, "GC256C", Kind.PRIME_CURVE, 256);
        register(37, "GC256D", Kind.PRIME_CURVE, 256);
        register(38, "GC512A", Kind.PRIME_CURVE, 512);
        register(39, "GC512B", Kind.PRIME_CURVE, 512);
        register(40, "GC512C", Kind.PRIME_CURVE, 512);
        register(41, "curveSM2", Kind.PRIME_CURVE, 256);
        register(256, "ffdhe2048", Kind.FINITE_FIELD, 2048);
        register(257, "ffdhe3072", Kind.FINITE_FIELD, 3072);
        register(258, "ffdhe4096", Kind.FINITE_FIELD, 4096);
        register(259, "ffdhe6144", Kind.FINITE_FIELD, 6144);
        register(260, "ffdhe8192", Kind.FINITE_FIELD, 8192);
        register(512, "MLKEM512", Kind.POST_QUANTUM, 512);
        register(513, "MLKEM768", Kind.POST_QUANTUM, 768);
        register(514, "MLKEM1024", Kind.POST_QUANTUM, 1024);
        register(0x11EB, "SecP256r1MLKEM768", Kind.HYBRID, 256);
        register(0x11EC, "X25519MLKEM768", Kind.HYBRID, 256);
        register(0x11ED, "SecP384r1MLKEM1024", Kind.HYBRID, 384);
    }

    public static final NamedGroup SECP224R1 = of(21);
    public static final NamedGroup SECP256R1 = of(23);
    public static final NamedGroup SECP384R1 = of(24);
    public static final NamedGroup SECP521R1 = of(25);
    public static final NamedGroup X25519 = of(29);
    public static final NamedGroup X448 = of(30);
    public static final NamedGroup FFDHE2048 = of(256);
    public static final NamedGroup FFDHE3072 = of(257);
    public static final NamedGroup FFDHE4096 = of(258);
    public static final NamedGroup FFDHE6144 = of(259);
    public static final NamedGroup FFDHE8192 = of(260);

    private final int code;
    private final String name;
    private final Kind kind;
    private final int bits;

    private NamedGroup(int code, String name, Kind kind, int bits) {
        this.code = code;
        this.name = name;
        this.kind = kind;
        this.bits = bits;
    }

    private static void register(int code, String name, Kind kind, int bits) {
        NamedGroup group = new NamedGroup(code, name, kind, bits);
        BY_CODE.put(code, group);
        BY_NAME.put(name, group);
    }

    /** The group with that code point (0…65535), known or not. */
    public static NamedGroup of(int code) {
        NamedGroup known = BY_CODE.get(CodePoint.requireUnsigned16(code));
        return known != null ? known : new NamedGroup(code, CodePoint.hex(code), Kind.UNKNOWN, 0);
    }

    /** The registered group of that IANA name. */
    public static Optional<NamedGroup> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The registered groups with that property, in the order of their code points. */
    public static List<NamedGroup> matching(Predicate<NamedGroup> property) {
        return BY_CODE.values().stream()
                .filter(property)
                .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList));
    }

    public int code() {
        return code;
    }

    /** The IANA name, or the code point as {@code 0xNNNN} when it has none. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Key length in bits as the profiles count it: the field size of a curve (X25519 counted as 256, decision A-08),
     * the size of the prime of a finite field, the classical part of a hybrid; 0 when unknown.
     */
    public int bits() {
        return bits;
    }

    /** Whether this is a curve of ECDHE, hybrids not among them. */
    public boolean ellipticCurve() {
        return kind == Kind.PRIME_CURVE || kind == Kind.BINARY_CURVE || kind == Kind.MONTGOMERY;
    }

    public boolean finiteField() {
        return kind == Kind.FINITE_FIELD;
    }

    /** Whether this is one of the values that clients sprinkle to keep servers tolerant (RFC 8701). */
    public boolean grease() {
        return CodePoint.isGrease(code);
    }

    public boolean known() {
        return BY_CODE.containsKey(code);
    }

    @Override
    public int compareTo(NamedGroup other) {
        return Integer.compare(code, other.code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedGroup group && group.code == code;
    }

    @Override
    public int hashCode() {
        return code;
    }

    @Override
    public String toString() {
        return name;
    }
}
