package org.dicomtls.interop.probe;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.TlsVersion;

/** What the certificates of a server and its requests for one show without another question. */
final class CertificateFacts {

    /** rsa_fixed_dh, dss_fixed_dh, rsa_fixed_ecdh, ecdsa_fixed_ecdh. */
    private static final List<Integer> FIXED_DH = List.of(3, 4, 65, 66);

    private final Inquiry inquiry;
    private final Notes notes;

    CertificateFacts(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    /** Notes what was seen while other things were asked. */
    void note() {
        certificates();
        clientCertificateTypes();
        new CertificateRemarks(inquiry).note();
    }

    private void certificates() {
        List<List<X509Certificate>> chains = inquiry.chains();
        if (chains.isEmpty()) {
            return;
        }
        boolean rsa = false;
        boolean ec = false;
        boolean rsaLeaf = false;
        boolean ecLeaf = false;
        Set<HashAlgorithm> hashes = new LinkedHashSet<>();
        for (List<X509Certificate> chain : chains) {
            for (int i = 0; i < chain.size(); i++) {
                X509Certificate certificate = chain.get(i);
                String shown = "certificate " + PeerText.certificate(certificate);
                if (certificate.getPublicKey() instanceof RSAPublicKey key) {
                    rsa = true;
                    rsaLeaf |= i == 0;
                    notes.presents(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength());
                    notes.evidence(
                            Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength() + " bits: " + shown);
                } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
                    int bits = key.getParams().getCurve().getField().getFieldSize();
                    ec = true;
                    notes.presents(Metric.EC_CERTIFICATE_BITS, bits);
                    notes.evidence(Metric.EC_CERTIFICATE_BITS, bits + " bits: " + shown);
                    if (i == 0) {
                        ecLeaf = true;
                        notes.holds(Property.P_256_FOR_ECDSA, CertificateProperties.onP256(key), bits + " bits: " + shown);
                    }
                }
                boolean root = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
                if (!root || i == 0) { // nobody checks the signature of a root that is trusted as it is
                    CertificateProperties.hash(certificate).ifPresent(hashes::add);
                    notes.evidence(Dimension.CERTIFICATE_HASH, certificate.getSigAlgName() + ": " + shown);
                }
            }
        }
        notes.presents(Dimension.CERTIFICATE_HASH, hashes);
        notes.holds(Property.RSA_CERTIFICATE_SUPPORTED, rsaLeaf, "certificates of the server: " + chains.size());
        if (!rsa) {
            notes.absent(Metric.RSA_CERTIFICATE_BITS, "no certificate of the server has an RSA key");
        }
        if (!ec) {
            notes.absent(Metric.EC_CERTIFICATE_BITS, "no certificate of the server has an elliptic-curve key");
        }
        if (!ecLeaf) {
            notes.absent(Property.P_256_FOR_ECDSA, "the server has no ECDSA certificate");
        }
    }

    private void clientCertificateTypes() {
        inquiry.request(TlsVersion.TLS_1_2).ifPresent(request -> notes.holds(
                Property.NO_FIXED_DH_CERTIFICATE_TYPES,
                Collections.disjoint(request.types(), FIXED_DH),
                "certificate_types of CertificateRequest: " + request.types()));
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            inquiry.request(version).ifPresent(r -> notes.evidence(
                    Dimension.SCHEME, "advertised in CertificateRequest, not used by the server itself: " + r.schemes()));
        }
    }
}
