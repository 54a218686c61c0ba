package org.dicomtls.tls;

/** The block or stream cipher of a suite. */
public enum BulkCipher {
    AES,
    CAMELLIA,
    CHACHA20,
    ARIA,
    SM4,
    SEED,
    IDEA,
    TRIPLE_DES,
    DES,
    DES40,
    RC2,
    RC4,
    NULL,
    UNKNOWN
}
