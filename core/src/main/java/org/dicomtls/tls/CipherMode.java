package org.dicomtls.tls;

/** How a suite turns its cipher into record protection. */
public enum CipherMode {
    GCM,
    CCM,
    /** CCM with the authentication tag cut to 8 octets. */
    CCM_8,
    /** ChaCha20-Poly1305. */
    POLY1305,
    CBC,
    STREAM,
    /** No encryption. */
    NULL,
    UNKNOWN;

    /** Whether encryption and integrity are one construction (authenticated encryption with associated data). */
    public boolean aead() {
        return this == GCM || this == CCM || this == CCM_8 || this == POLY1305;
    }
}
