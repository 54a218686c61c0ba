package org.dicomtls.interop.clientaudit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.TestPki;

/** Certificates of clients with keys that a test PKI does not issue. */
final class OwnCertificates {

    private final TestPki pki;

    OwnCertificates(TestPki pki) {
        this.pki = pki;
    }

    Credential rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", OddCrypto.PROVIDER);
            generator.initialize(bits);
            return issued("rsa-" + bits, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Credential ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", OddCrypto.PROVIDER);
            generator.initialize(new ECGenParameterSpec(curve));
            return issued("ec-" + curve, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Credential issued(String name, KeyPair pair) throws GeneralSecurityException {
        Credential root = pki.root();
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                X500Name.getInstance(root.certificate().getSubjectX500Principal().getEncoded()),
                new BigInteger(120, new SecureRandom()).setBit(119),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                new X500Name("CN=odd " + name),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        String algorithm = root.key().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new Credential(name, pair.getPrivate(), List.of(new JcaX509CertificateConverter()
                    .setProvider(OddCrypto.PROVIDER)
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder(algorithm).setProvider(OddCrypto.PROVIDER).build(root.key())))));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
