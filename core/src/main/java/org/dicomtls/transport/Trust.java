package org.dicomtls.transport;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom this node believes: the certificates of authorities that it trusts, and of peers that it trusts directly, such as
 * self-signed ones (IHE ITI-19). A certificate that is no authority's (basic constraints) is believed for itself alone.
 */
public final class Trust {

    private static final Trust NONE = new Trust(Set.of());

    private final Set<X509Certificate> authorities;

    private Trust(Set<X509Certificate> authorities) {
        this.authorities = Collections.unmodifiableSet(new LinkedHashSet<>(authorities));
    }

    /** Trusts nobody: every peer with a certificate is refused. */
    public static Trust none() {
        return NONE;
    }

    /** Trusts those authorities. */
    public static Trust authorities(X509Certificate... certificates) {
        return new Trust(new LinkedHashSet<>(List.of(certificates)));
    }

    /**
     * Trusts all certificates in those PEM files.
     *
     * @throws CredentialException when a file cannot be read or holds no certificate
     */
    public static Trust pem(Path... files) throws CredentialException {
        Set<X509Certificate> all = new LinkedHashSet<>();
        for (Path file : files) {
            List<X509Certificate> certificates = PemFile.read(file, new char[0]).certificates;
            if (certificates.isEmpty()) {
                throw new CredentialException(file + ": holds no certificate");
            }
            all.addAll(certificates);
        }
        return new Trust(all);
    }

    /**
     * Trusts all trusted certificates of a PKCS#12 or JKS file.
     *
     * @throws CredentialException when the file cannot be read or holds no trusted certificate
     */
    public static Trust keyStore(Path file, char[] password) throws CredentialException {
        KeyStore store = KeyStoreFile.read(file, password);
        Set<X509Certificate> all = new LinkedHashSet<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate c) {
                    all.add(c);
                }
            }
        } catch (KeyStoreException e) {
            throw new CredentialException(file + ": cannot be read: " + PemFile.oneLine(e), e);
        }
        if (all.isEmpty()) {
            throw new CredentialException(file + ": holds no trusted certificate (certificates that openssl has put into a"
                    + " PKCS#12 file do not count as trusted; give them as PEM)");
        }
        return new Trust(all);
    }

    /** This trust with the authorities of another one as well. */
    public Trust and(Trust other) {
        Set<X509Certificate> both = new LinkedHashSet<>(authorities);
        both.addAll(other.authorities);
        return new Trust(both);
    }

    public Set<X509Certificate> authorities() {
        return authorities;
    }

    /**
     * Whom those PEM files name at any time: give it to {@link SecureTransport.Builder#trust(Watched)}.
     *
     * @throws CredentialException when they cannot be used now
     */
    public static Watched<Trust> watched(Path... files) throws CredentialException {
        return Watched.of(() -> pem(files), files);
    }

    /**
     * Builds and validates the path from the first certificate to one of the authorities, at that time.
     *
     * @param presented what the peer presented, its own certificate first, the rest in any order
     * @return the path, the peer's certificate first, the authority last
     * @throws PeerCertificateException when there is no valid path; it says why, and which certificate is to blame
     */
    List<X509Certificate> path(X509Certificate[] presented, Date when) throws PeerCertificateException {
        return new PathSearch(authorities, presented, when).find();
    }

    @Override
    public String toString() {
        return authorities.stream()
                .map(c -> PeerCertificateException.name(c.getSubjectX500Principal()))
                .toList()
                .toString();
    }
}
