package org.dicomtls.tls;

/** How the server proves who it is, as far as the cipher suite says it. */
public enum Authentication {
    /** TLS 1.3: not part of the suite. */
    TLS13,
    RSA,
    ECDSA,
    DSS,
    /** A pre-shared key, no certificate. */
    PSK,
    /** Secure Remote Password, no certificate. */
    SRP,
    /** Nobody proves anything. */
    ANONYMOUS,
    /** A suite that is not in our copy of IANA's registry. */
    UNKNOWN
}
