package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * The name constraints (RFC 5280 §4.2.1.10) in the certificate of a trusted authority. The JDK's PKIX validator applies
 * those of the certificates below, and refuses to run with any of the anchor.
 */
final class NameConstraints {

    private final X509Certificate authority;
    private final byte[] extension;

    private NameConstraints(X509Certificate authority, byte[] extension) {
        this.authority = authority;
        this.extension = extension;
    }

    static NameConstraints of(X509Certificate authority) {
        return new NameConstraints(authority, authority.getExtensionValue(Extension.nameConstraints.getId()));
    }

    /**
     * Checks the names of every certificate below.
     *
     * @param path the peer's own certificate first
     * @throws PeerCertificateException that blames the certificate whose name is outside
     */
    void check(List<X509Certificate> path) throws PeerCertificateException {
        if (extension == null) {
            return;
        }
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        try {
            var constraints = org.bouncycastle.asn1.x509.NameConstraints.getInstance(
                    ASN1OctetString.getInstance(extension).getOctets());
            if (constraints.getPermittedSubtrees() != null) {
                validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
            }
            if (constraints.getExcludedSubtrees() != null) {
                for (GeneralSubtree excluded : constraints.getExcludedSubtrees()) {
                    validator.addExcludedSubtree(excluded);
                }
            }
        } catch (RuntimeException e) {
            throw invalid(authority, "its name constraints cannot be read");
        }
        for (X509Certificate certificate : path) {
            boolean selfIssued = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (!selfIssued || certificate.equals(path.get(0))) {
                check(validator, certificate);
            }
        }
    }

    private void check(PKIXNameConstraintValidator validator, X509Certificate certificate)
            throws PeerCertificateException {
        try {
            X500Name subject =
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
            if (subject.getRDNs().length > 0) {
                validator.checkPermittedDN(subject);
                validator.checkExcludedDN(subject);
            }
            byte[] names = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
            if (names != null) {
                for (GeneralName name : GeneralNames.getInstance(
                                ASN1OctetString.getInstance(names).getOctets())
                        .getNames()) {
                    validator.checkPermitted(name);
                    validator.checkExcluded(name);
                }
            }
        } catch (NameConstraintValidatorException e) {
            throw invalid(
                    certificate,
                    "a name of it is outside the name constraints of "
                            + PeerCertificateException.name(authority.getSubjectX500Principal()));
        } catch (RuntimeException e) {
            throw invalid(certificate, "its names cannot be read");
        }
    }

    private static PeerCertificateException invalid(X509Certificate certificate, String why) {
        return new PeerCertificateException(PeerCertificateException.Reason.INVALID, certificate, why, null);
    }
}
