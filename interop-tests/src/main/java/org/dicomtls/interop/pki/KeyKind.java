package org.dicomtls.interop.pki;

/** The kinds of key that a test PKI issues certificates for. */
public enum KeyKind {
    /** RSA with 2048 bits. */
    RSA("rsa"),
    /** ECDSA on P-256. */
    ECDSA("ecdsa");

    private final String id;

    KeyKind(String id) {
        this.id = id;
    }

    /** As in file names: {@code rsa}, {@code ecdsa}. */
    public String id() {
        return id;
    }
}
