package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.HashAlgorithm;

/** Holds certificates, ours and those of peers, to the key lengths and hash functions of a profile. */
final class CertificateStrength {

    private final Policy policy;

    CertificateStrength(Policy policy) {
        this.policy = policy;
    }

    /**
     * Checks every certificate of the path of an end of that role.
     *
     * @param path the end's own certificate first
     * @throws PeerCertificateException that blames the first one that is too weak
     */
    void check(List<X509Certificate> path, Role owner) throws PeerCertificateException {
        for (X509Certificate certificate : path) {
            key(certificate, owner);
            boolean last = certificate.equals(path.get(path.size() - 1));
            // A self-signed one at the end is trusted because it is listed, not for its signature.
            if (!last || !certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
                hash(certificate);
            }
        }
    }

    /** Whether signatures over that hash function count. */
    boolean allows(HashAlgorithm hash) {
        return policy.certificateHashes().contains(hash);
    }

    /** Whether what that key signs counts, whoever signed its certificate. */
    boolean allowsKeyOf(X509Certificate certificate) {
        try {
            key(certificate, Role.SERVER);
            return true;
        } catch (PeerCertificateException e) {
            return false;
        }
    }

    private void key(X509Certificate certificate, Role owner) throws PeerCertificateException {
        if (certificate.getPublicKey() instanceof RSAKey rsa) {
            least(certificate, owner, Metric.RSA_CERTIFICATE_BITS, rsa.getModulus().bitLength());
        } else if (certificate.getPublicKey() instanceof ECKey ec) {
            least(
                    certificate,
                    owner,
                    Metric.EC_CERTIFICATE_BITS,
                    ec.getParams().getCurve().getField().getFieldSize());
        } else if (!certificate.getPublicKey().getAlgorithm().startsWith("Ed")) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.TOO_WEAK,
                    certificate,
                    "keys of kind " + Printable.of(certificate.getPublicKey().getAlgorithm(), 20)
                            + " are in no profile",
                    null);
        }
    }

    private void least(X509Certificate certificate, Role owner, Metric metric, int bits)
            throws PeerCertificateException {
        int least = policy.least(metric);
        if (bits < least) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.TOO_WEAK,
                    certificate,
                    metric.title() + " of " + bits + " bits, at least " + least + " are wanted",
                    policy.demands(metric, owner).orElse(null));
        }
    }

    private void hash(X509Certificate certificate) throws PeerCertificateException {
        HashAlgorithm hash = CertificateHash.of(certificate);
        if (!allows(hash)) {
            throw new PeerCertificateException(
                    PeerCertificateException.Reason.TOO_WEAK,
                    certificate,
                    "signed with " + hash + ", wanted is one of " + policy.certificateHashes().stream()
                            .sorted()
                            .toList(),
                    policy.excludes(Dimension.CERTIFICATE_HASH, hash).orElse(null));
        }
    }
}
