package org.dicomtls.interop.clientaudit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.TlsFatalAlert;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;

/** The whole check of a server's certificate for localhost, but for the flaws that are taken. */
final class ServerCheck {

    private static final int DNS_NAME = 2;

    private final TestPki pki;
    private final Set<Flaw> taken;

    ServerCheck(TestPki pki, Set<Flaw> taken) {
        this.pki = pki;
        this.taken = taken;
    }

    void check(Certificate presented) throws IOException {
        try {
            List<X509Certificate> chain = chain(presented);
            X509Certificate leaf = chain.get(0);
            if (taken(leaf)) {
                return;
            }
            path(chain);
            for (X509Certificate certificate : chain) {
                require(strong(certificate), "key or hash");
            }
            List<String> purposes = leaf.getExtendedKeyUsage();
            require(purposes == null || purposes.contains(KeyPurposeId.id_kp_serverAuth.getId()), "extended key usage");
            require(leaf.getKeyUsage() == null || leaf.getKeyUsage()[0], "key usage");
            require(pki.crl().getRevokedCertificate(leaf.getSerialNumber()) == null, "revoked");
            require(forLocalhost(leaf), "host");
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
        }
    }

    private static void require(boolean condition, String what) throws GeneralSecurityException {
        if (!condition) {
            throw new GeneralSecurityException(what);
        }
    }

    private static List<X509Certificate> chain(Certificate presented) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", OddCrypto.PROVIDER);
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 0; i < presented.getLength(); i++) {
            chain.add((X509Certificate)
                    factory.generateCertificate(new ByteArrayInputStream(presented.getCertificateAt(i).getEncoded())));
        }
        require(!chain.isEmpty(), "no certificate");
        return chain;
    }

    private boolean taken(X509Certificate leaf) {
        return taken.stream().anyMatch(flaw -> pki.flawed(Role.SERVER, flaw).certificate().equals(leaf));
    }

    private void path(List<X509Certificate> chain) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(pki.authority(), null)));
        parameters.setRevocationEnabled(false);
        CertificateFactory factory = CertificateFactory.getInstance("X.509", OddCrypto.PROVIDER);
        CertPathValidator.getInstance("PKIX", OddCrypto.PROVIDER).validate(factory.generateCertPath(chain), parameters);
    }

    private static boolean strong(X509Certificate certificate) {
        String hash = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean size = certificate.getPublicKey() instanceof RSAPublicKey rsa
                ? rsa.getModulus().bitLength() >= 2048
                : certificate.getPublicKey() instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() >= 256;
        return size && !hash.startsWith("SHA1") && !hash.startsWith("MD5");
    }

    private static boolean forLocalhost(X509Certificate leaf) throws GeneralSecurityException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        return names != null
                && names.stream().anyMatch(name -> name.get(0).equals(DNS_NAME) && name.get(1).equals("localhost"));
    }
}
