package org.dicomtls.tls;

/** How the two ends of a connection come to a shared secret, as far as the cipher suite says it. */
public enum KeyExchange {
    /** TLS 1.3: not part of the suite, always ephemeral (or a pre-shared key with or without it). */
    TLS13,
    /** Ephemeral elliptic-curve Diffie-Hellman. */
    ECDHE,
    /** Ephemeral finite-field Diffie-Hellman. */
    DHE,
    /** Elliptic-curve Diffie-Hellman with a key from the certificate, or without any certificate. */
    ECDH,
    /** Finite-field Diffie-Hellman with a key from the certificate, or without any certificate. */
    DH,
    /** Key transport by RSAES-PKCS1-v1_5. */
    RSA,
    /** A pre-shared key alone. */
    PSK,
    /** A pre-shared key with ephemeral elliptic-curve Diffie-Hellman. */
    ECDHE_PSK,
    /** A pre-shared key with ephemeral finite-field Diffie-Hellman. */
    DHE_PSK,
    /** A pre-shared key with RSA key transport. */
    RSA_PSK,
    /** Secure Remote Password. */
    SRP,
    /** No key exchange at all. */
    NULL,
    /** A suite that is not in our copy of IANA's registry. */
    UNKNOWN;

    /** Whether a later theft of long-term keys leaves recorded traffic unreadable. */
    public boolean forwardSecret() {
        return this == TLS13 || this == ECDHE || this == DHE || this == ECDHE_PSK || this == DHE_PSK;
    }
}
