package org.dicomtls.tls;

/** A hash function as certificates, signature schemes and cipher suites use them. */
public enum HashAlgorithm {
    MD2("MD2", 0),
    MD5("MD5", 64),
    SHA1("SHA-1", 80),
    SHA224("SHA-224", 112),
    SHA256("SHA-256", 128),
    SHA384("SHA-384", 192),
    SHA512("SHA-512", 256),
    SM3("SM3", 128),
    /** Hashing is part of the signature algorithm (Ed25519, Ed448). */
    INTRINSIC("intrinsic", 128),
    UNKNOWN("unknown", 0);

    private final String title;
    private final int strength;

    HashAlgorithm(String title, int strength) {
        this.title = title;
        this.strength = strength;
    }

    /** The name as standards print it, e.g. {@code SHA-256}. */
    public String title() {
        return title;
    }

    /** Nominal collision resistance in bits; 0 where there is none to speak of. */
    public int strength() {
        return strength;
    }

    @Override
    public String toString() {
        return title;
    }
}
