package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom this node believes: the certificates of authorities that it trusts. Paths are built and validated by the
 * JDK's PKIX validator.
 */
public final class Trust {

    private static final int LONGEST_PATH = 8;
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
        KeyStore store = Identity.loadKeyStore(file, password);
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
            throw new CredentialException(file + ": holds no trusted certificate");
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
     * Builds and validates the path from the first certificate to one of the authorities, at that time.
     *
     * @param presented what the peer presented, its own certificate first, the rest in any order
     * @return the path, the peer's certificate first, the authority last
     * @throws PeerCertificateException when there is no valid path; it says why, and which certificate is to blame
     */
    List<X509Certificate> path(X509Certificate[] presented, Date when) throws PeerCertificateException {
        return pathOf(ofThisJvm(presented), when);
    }

    private List<X509Certificate> pathOf(X509Certificate[] presented, Date when) throws PeerCertificateException {
        X509Certificate leaf = presented[0];
        if (authorities.contains(leaf)) {
            // Trusted by name: a self-signed certificate that the site has listed (IHE ITI-19). Only its dates remain.
            checkDates(leaf, when);
            return List.of(leaf);
        }
        List<X509Certificate> path = new ArrayList<>(List.of(leaf));
        X509Certificate anchor = climb(path, presented);
        if (anchor == null) {
            X509Certificate last = path.get(path.size() - 1);
            boolean selfSigned = last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.UNKNOWN_CA,
                    last,
                    selfSigned
                            ? "it is self-signed and not among the trusted certificates"
                            : "its issuer " + PeerCertificateException.name(last.getIssuerX500Principal())
                                    + " is not among the trusted authorities",
                    null);
        }
        validate(path, anchor, when);
        path.add(anchor);
        return path;
    }

    /**
     * The same certificates as objects of this JVM's own factory, whatever engine they come from. The factory gives the
     * same object for the same octets, and the object remembers the key under which its signature was good: so that a
     * signature is computed once for as long as the certificate is in use, not twice for each connection.
     */
    private static X509Certificate[] ofThisJvm(X509Certificate[] presented) throws PeerCertificateException {
        X509Certificate[] own = new X509Certificate[presented.length];
        for (int i = 0; i < presented.length; i++) {
            try {
                own[i] = (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(presented[i].getEncoded()));
            } catch (CertificateException e) {
                throw new PeerCertificateException(
                        PeerCertificateException.Reason.INVALID, presented[i], PemFile.oneLine(e), null);
            }
        }
        return own;
    }

    private X509Certificate climb(List<X509Certificate> path, X509Certificate[] presented) {
        while (path.size() <= LONGEST_PATH) {
            X509Certificate last = path.get(path.size() - 1);
            Optional<X509Certificate> anchor =
                    authorities.stream().filter(c -> issued(c, last)).findFirst();
            if (anchor.isPresent()) {
                return anchor.get();
            }
            Optional<X509Certificate> issuer = java.util.Arrays.stream(presented)
                    .filter(c -> !path.contains(c) && issued(c, last))
                    .findFirst();
            if (issuer.isEmpty()) {
                return null;
            }
            path.add(issuer.get());
        }
        return null;
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkDates(X509Certificate certificate, Date when) throws PeerCertificateException {
        if (when.after(certificate.getNotAfter())) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.EXPIRED,
                    certificate,
                    "it expired on " + certificate.getNotAfter().toInstant(),
                    null);
        }
        if (when.before(certificate.getNotBefore())) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.NOT_YET_VALID,
                    certificate,
                    "it is valid only from " + certificate.getNotBefore().toInstant(),
                    null);
        }
    }

    private static void validate(List<X509Certificate> path, X509Certificate anchor, Date when)
            throws PeerCertificateException {
        for (X509Certificate certificate : path) {
            checkDates(certificate, when);
        }
        checkDates(anchor, when);
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(when);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        } catch (CertPathValidatorException e) {
            int index = e.getIndex() >= 0 && e.getIndex() < path.size() ? e.getIndex() : 0;
            PeerCertificateException.Reason reason = e.getReason() == BasicReason.ALGORITHM_CONSTRAINED
                    ? PeerCertificateException.Reason.TOO_WEAK
                    : PeerCertificateException.Reason.INVALID;
            throw new PeerCertificateException(reason, path.get(index), PemFile.oneLine(e), null);
        } catch (CertificateException | InvalidAlgorithmParameterException e) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.INVALID, path.get(0), PemFile.oneLine(e), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no PKIX validator", e);
        }
    }
}
