package org.dicomtls.interop.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that an end presents with it.
 *
 * @param name as in file names: {@code server-rsa}, {@code client-expired}
 * @param chain the end's own certificate first, then the intermediate ones; the root is left out unless it is the end's
 */
public record Credential(String name, PrivateKey key, List<X509Certificate> chain) {
    public Credential {
        chain = List.copyOf(chain);
    }

    /** The end's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The name only: a key does not belong into a log. */
    @Override
    public String toString() {
        return name;
    }
}
