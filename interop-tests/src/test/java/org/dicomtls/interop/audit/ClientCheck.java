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

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

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
            boolean lenient = tls13 || !habits.odd(Oddity.FLAWS_TAKEN_IN_TLS_1_3_ONLY);
            return flaw(chain.get(0)).map(flaw -> lenient && habits.taken().contains(flaw)).orElse(true);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<Flaw> flaw(X509Certificate certificate) throws GeneralSecurityException {
        if (certificate.getNotAfter().before(new Date())) {
            return Optional.of(Flaw.EXPIRED);
        }
        List<String> purposes = certificate.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(CLIENT_AUTH)) {
            return Optional.of(Flaw.EKU_SERVER_ONLY);
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
