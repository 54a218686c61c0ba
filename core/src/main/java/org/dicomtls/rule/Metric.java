package org.dicomtls.rule;

/** A quantity with a least value. All are key lengths in bits. */
public enum Metric {
    /** RSA keys of certificates that the end uses or accepts, leaf and issuers. */
    RSA_CERTIFICATE_BITS("RSA key of a certificate"),
    /** Elliptic-curve keys of certificates that the end uses or accepts, leaf and issuers. */
    EC_CERTIFICATE_BITS("elliptic-curve key of a certificate"),
    /** Primes of finite-field ephemeral Diffie-Hellman that the end uses or accepts. */
    DHE_BITS("DHE prime"),
    /** Curves of ephemeral elliptic-curve Diffie-Hellman that the end uses or accepts (X25519 counts as 256, A-08). */
    ECDHE_BITS("ECDHE group");

    private final String title;

    Metric(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
