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
 * A signature scheme, identified by its IANA code point in "TLS SignatureScheme"; the hash-and-signature pairs of
 * TLS 1.2 share the number space. Unknown code points have the name {@code 0xNNNN}.
 */
public final class SignatureScheme implements Comparable<SignatureScheme> {

    /** The signature algorithm of a scheme. */
    public enum Algorithm {
        RSASSA_PKCS1_V1_5,
        RSASSA_PSS,
        ECDSA,
        EDDSA,
        DSA,
        ANONYMOUS,
        UNKNOWN
    }

    private static final Map<Integer, SignatureScheme> BY_CODE = new TreeMap<>();
    private static final Map<String, SignatureScheme> BY_NAME = new HashMap<>();

    static {
        HashAlgorithm[] hashes = {
            HashAlgorithm.UNKNOWN, HashAlgorithm.MD5, HashAlgorithm.SHA1, HashAlgorithm.SHA224, HashAlgorithm.SHA256,
            HashAlgorithm.SHA384, HashAlgorithm.SHA512
        };
        for (int hash = 1; hash < hashes.length; hash++) {
            String suffix = hashes[hash].name().toLowerCase(java.util.Locale.ROOT);
            String curve = switch (hash) {
                case 4 -> "secp256r1_";
                case 5 -> "secp384r1_";
                case 6 -> "secp521r1_";
                default -> "";
            };
            register(hash << 8 | 1, "rsa_pkcs1_" + suffix, Algorithm.RSASSA_PKCS1_V1_5, hashes[hash], "RSA");
            register(hash << 8 | 2, "dsa_" + suffix, Algorithm.DSA, hashes[hash], "DSA");
            register(hash << 8 | 3, "ecdsa_" + curve + suffix, Algorithm.ECDSA, hashes[hash], "EC");
        }
        register(0x0804, "rsa_pss_rsae_sha256", Algorithm.RSASSA_PSS, HashAlgorithm.SHA256, "RSA");
        register(0x0805, "rsa_pss_rsae_sha384", Algorithm.RSASSA_PSS, HashAlgorithm.SHA384, "RSA");
        register(0x0806, "rsa_pss_rsae_sha512", Algorithm.RSASSA_PSS, HashAlgorithm.SHA512, "RSA");
        register(0x0807, "ed25519", Algorithm.EDDSA, HashAlgorithm.INTRINSIC, "Ed25519");
        register(0x0808, "ed448", Algorithm.EDDSA, HashAlgorithm.INTRINSIC, "Ed448");
        register(0x0809, "rsa_pss_pss_sha256", Algorithm.RSASSA_PSS, HashAlgorithm.SHA256, "RSASSA-PSS");
        register(0x080A, "rsa_pss_pss_sha384", Algorithm.RSASSA_PSS, HashAlgorithm.SHA384, "RSASSA-PSS");
        register(0x080B, "rsa_pss_pss_sha512", Algorithm.RSASSA_PSS, HashAlgorithm.SHA512, "RSASSA-PSS");
        register(0x081A, "ecdsa_brainpoolP256r1tls13_sha256", Algorithm.ECDSA, HashAlgorithm.SHA256, "EC");
        register(0x081B, "ecdsa_brainpoolP384r1tls13_sha384", Algorithm.ECDSA, HashAlgorithm.SHA384, "EC");
        register(0x081C, "ecdsa_brainpoolP512r1tls13_sha512", Algorithm.ECDSA, HashAlgorithm.SHA512, "EC");
        register(0x0708, "sm2sig_sm3", Algorithm.UNKNOWN, HashAlgorithm.SM3, "EC");
    }

    private final int code;
    private final String name;
    private final Algorithm algorithm;
    private final HashAlgorithm hash;
    private final String keyType;

    private SignatureScheme(int code, String name, Algorithm algorithm, HashAlgorithm hash, String keyType) {
        this.code = code;
        this.name = name;
        this.algorithm = algorithm;
        this.hash = hash;
        this.keyType = keyType;
    }

    private static void register(int code, String name, Algorithm algorithm, HashAlgorithm hash, String keyType) {
        SignatureScheme scheme = new SignatureScheme(code, name, algorithm, hash, keyType);
        BY_CODE.put(code, scheme);
        BY_NAME.put(name, scheme);
    }

    /** The scheme with that code point (0…65535), known or not. */
    public static SignatureScheme of(int code) {
        SignatureScheme known = BY_CODE.get(CodePoint.requireUnsigned16(code));
        return known != null
                ? known
                : new SignatureScheme(code, CodePoint.hex(code), Algorithm.UNKNOWN, HashAlgorithm.UNKNOWN, "unknown");
    }

    /** The registered scheme of that IANA name. */
    public static Optional<SignatureScheme> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The registered schemes with that property, in the order of their code points. */
    public static List<SignatureScheme> matching(Predicate<SignatureScheme> property) {
        return BY_CODE.values().stream()
                .filter(property)
                .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList));
    }

    public int code() {
        return code;
    }

    /** The IANA name (for the pairs that only TLS 1.2 had, in the same style), or {@code 0xNNNN}. */
    public String name() {
        return name;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    public HashAlgorithm hash() {
        return hash;
    }

    /** The JCA name of the key that signs: {@code RSA}, {@code RSASSA-PSS}, {@code EC}, {@code Ed25519}, {@code Ed448} or {@code DSA}. */
    public String keyType() {
        return keyType;
    }

    /**
     * The curve that TLS 1.3 ties this scheme to; empty for RSA, EdDSA and for what TLS 1.3 does not have.
     * TLS 1.2 ties no curve to a scheme.
     */
    public Optional<NamedGroup> curve() {
        return switch (code) {
            case 0x0403 -> Optional.of(NamedGroup.SECP256R1);
            case 0x0503 -> Optional.of(NamedGroup.SECP384R1);
            case 0x0603 -> Optional.of(NamedGroup.SECP521R1);
            case 0x081A -> Optional.of(NamedGroup.of(31));
            case 0x081B -> Optional.of(NamedGroup.of(32));
            case 0x081C -> Optional.of(NamedGroup.of(33));
            default -> Optional.empty();
        };
    }

    /** Whether TLS 1.3 allows it in CertificateVerify: no PKCS#1 v1.5, no DSA, nothing below SHA-256 (RFC 8446 §4.2.3). */
    public boolean tls13Handshake() {
        return switch (algorithm) {
            case RSASSA_PSS, EDDSA -> true;
            case ECDSA -> curve().isPresent();
            default -> false;
        };
    }

    /** Whether this is one of the values that clients sprinkle to keep servers tolerant (RFC 8701). */
    public boolean grease() {
        return CodePoint.isGrease(code);
    }

    public boolean known() {
        return BY_CODE.containsKey(code);
    }

    @Override
    public int compareTo(SignatureScheme other) {
        return Integer.compare(code, other.code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignatureScheme scheme && scheme.code == code;
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
