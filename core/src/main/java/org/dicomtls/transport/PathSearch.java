package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
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
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Looks for a valid path from a peer's certificate to a trusted authority. An authority may have several certificates
 * of one name, an old and a renewed one for instance, so every path that the signatures allow is tried; all that is
 * bounded, because the peer chooses what it presents. A path is validated by the JDK's PKIX validator (RFC 5280), which
 * does not look at the extensions of the authority's own certificate; that is done here.
 */
final class PathSearch {

    private static final String PROVIDER = "SUN";
    private static final int LONGEST_PATH = 8;
    private static final int MOST_SIGNATURES = 64;
    private static final int MAY_SIGN_CERTIFICATES = 5;

    private final Set<X509Certificate> authorities;
    private final Date when;
    private X509Certificate[] presented;
    private int signatures;
    private PeerCertificateException objection;
    private List<X509Certificate> longest = List.of();

    PathSearch(Set<X509Certificate> authorities, X509Certificate[] presented, Date when) {
        this.authorities = authorities;
        this.presented = presented;
        this.when = when;
    }

    /**
     * The path, the peer's certificate first, the authority last; the certificate alone where it is trusted for itself.
     *
     * @throws PeerCertificateException when there is none; it says why, and which certificate is to blame
     */
    List<X509Certificate> find() throws PeerCertificateException {
        presented = ofThisJvm(presented);
        X509Certificate leaf = presented[0];
        if (authorities.contains(leaf)) {
            // Trusted by name: a self-signed certificate that the site has listed (IHE ITI-19). Only its dates remain.
            checkDates(leaf);
            return List.of(leaf);
        }
        List<X509Certificate> found = climb(List.of(leaf));
        if (found != null) {
            return found;
        }
        if (objection != null) {
            throw objection;
        }
        X509Certificate last = longest.get(longest.size() - 1);
        throw new PeerCertificateException(
                PeerCertificateException.Reason.UNKNOWN_CA,
                last,
                selfIssued(last)
                        ? "it is self-signed and not among the trusted certificates"
                        : "its issuer " + PeerCertificateException.name(last.getIssuerX500Principal())
                                + " is not among the trusted authorities",
                null);
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
                own[i] = (X509Certificate) CertificateFactory.getInstance("X.509", PROVIDER)
                        .generateCertificate(new ByteArrayInputStream(presented[i].getEncoded()));
            } catch (CertificateException e) {
                throw invalid(presented[i], PemFile.oneLine(e));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JVM has no certificate factory", e);
            }
        }
        return own;
    }

    private List<X509Certificate> climb(List<X509Certificate> path) {
        if (path.size() > longest.size()) {
            longest = path;
        }
        X509Certificate last = path.get(path.size() - 1);
        // Those that are valid first: what is wrong with them is worth more than that another one has expired.
        List<X509Certificate> anchors = authorities.stream()
                .sorted(Comparator.comparing(this::outsideItsDates))
                .filter(anchor -> issued(anchor, last))
                .toList();
        for (X509Certificate anchor : anchors) {
            try {
                List<X509Certificate> whole = new ArrayList<>(path);
                whole.add(anchor);
                validate(path, anchor);
                return whole;
            } catch (PeerCertificateException e) {
                objection = objection == null ? e : objection;
            }
        }
        if (path.size() >= LONGEST_PATH) {
            return null;
        }
        for (X509Certificate issuer : presented) {
            if (!path.contains(issuer) && issued(issuer, last)) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(issuer);
                List<X509Certificate> found = climb(longer);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private boolean outsideItsDates(X509Certificate certificate) {
        return when.after(certificate.getNotAfter()) || when.before(certificate.getNotBefore());
    }

    private boolean issued(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                || ++signatures > MOST_SIGNATURES) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private void checkDates(X509Certificate certificate) throws PeerCertificateException {
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

    private void validate(List<X509Certificate> path, X509Certificate anchor) throws PeerCertificateException {
        for (X509Certificate certificate : path) {
            checkDates(certificate);
        }
        checkDates(anchor);
        checkAuthority(path, anchor);
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509", PROVIDER).generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false); // RevocationCheck does it, without the JVM-wide settings
            parameters.setDate(when);
            CertPathValidator.getInstance("PKIX", PROVIDER).validate(certPath, parameters);
        } catch (CertPathValidatorException e) {
            int index = e.getIndex() >= 0 && e.getIndex() < path.size() ? e.getIndex() : 0;
            PeerCertificateException.Reason reason = e.getReason() == BasicReason.ALGORITHM_CONSTRAINED
                    ? PeerCertificateException.Reason.TOO_WEAK
                    : PeerCertificateException.Reason.INVALID;
            throw new PeerCertificateException(reason, path.get(index), PemFile.oneLine(e), null);
        } catch (CertificateException | InvalidAlgorithmParameterException e) {
            throw invalid(path.get(0), PemFile.oneLine(e));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no PKIX validator", e);
        }
    }

    /** What the JDK's validator leaves out: it takes an anchor for a name and a key. */
    private static void checkAuthority(List<X509Certificate> path, X509Certificate anchor)
            throws PeerCertificateException {
        int below = anchor.getBasicConstraints();
        if (below < 0) {
            throw invalid(anchor, "it is trusted, but it is no authority's (basic constraints), and has issued "
                    + PeerCertificateException.name(path.get(path.size() - 1).getSubjectX500Principal()));
        }
        boolean[] usage = anchor.getKeyUsage();
        if (usage != null && !usage[MAY_SIGN_CERTIFICATES]) {
            throw invalid(anchor, "its key usage does not include keyCertSign");
        }
        long between = path.stream().skip(1).filter(c -> !selfIssued(c)).count();
        if (between > below) {
            throw invalid(
                    anchor,
                    "its path length constraint allows " + below + " authorities below it, and the path has " + between);
        }
        NameConstraints.of(anchor).check(path);
    }

    private static PeerCertificateException invalid(X509Certificate certificate, String why) {
        return new PeerCertificateException(PeerCertificateException.Reason.INVALID, certificate, why, null);
    }
}
