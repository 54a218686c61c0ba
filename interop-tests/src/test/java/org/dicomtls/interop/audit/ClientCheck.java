package org.dicomtls.interop.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.Certificate;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.TestPki;

/** Whether a server takes a client's chain: it must lead to the authority and have no flaw but those that are let pass. */
final class ClientCheck {

    private final TestPki pki;
    private final Habits habits;

    ClientCheck(TestPki pki, Habits habits) {
        this.pki = pki;
        this.habits = habits;
    }

    boolean takes(Certificate presented, boolean tls13) throws IOException {
        boolean anyAuthority = habits.odd(Oddity.UNKNOWN_AUTHORITY_TAKEN)
                || tls13 && habits.odd(Oddity.UNKNOWN_AUTHORITY_TAKEN_IN_TLS_1_3);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509", OddCrypto.PROVIDER);
            List<X509Certificate> chain = new ArrayList<>();
            for (int i = 0; i < presented.getLength(); i++) {
                byte[] encoded = presented.getCertificateAt(i).getEncoded();
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
            }
            chain.add(pki.authority());
            for (int i = 0; i + 1 < chain.size() && !anyAuthority; i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey(), OddCrypto.PROVIDER);
            }
            return flaw(chain.get(0)).map(habits.taken()::contains).orElse(true);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<Flaw> flaw(X509Certificate certificate) {
        if (certificate.getNotAfter().before(new Date())) {
            return Optional.of(Flaw.EXPIRED);
        }
        if (certificate.getPublicKey() instanceof RSAPublicKey key && key.getModulus().bitLength() < 2048) {
            return Optional.of(Flaw.RSA_1024);
        }
        if (certificate.getPublicKey() instanceof ECPublicKey key
                && key.getParams().getCurve().getField().getFieldSize() < 256) {
            return Optional.of(Flaw.P_224);
        }
        String algorithm = certificate.getSigAlgName().toUpperCase(java.util.Locale.ROOT);
        if (algorithm.startsWith("SHA1")) {
            return Optional.of(Flaw.SHA1_LEAF);
        }
        if (algorithm.startsWith("MD5")) {
            return Optional.of(Flaw.MD5_LEAF);
        }
        return pki.crl().isRevoked(certificate) ? Optional.of(Flaw.REVOKED) : Optional.empty();
    }
}
