package org.dicomtls.interop.audit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.TestPki;

/** What a test PKI does not issue: certificates of servers with keys of any size and any hash, and the status of one. */
final class OddCertificates {

    private final TestPki pki;
    private final Map<String, KeyPair> keys = new ConcurrentHashMap<>();

    OddCertificates(TestPki pki) {
        this.pki = pki;
    }

    Credential rsa(int bits, String hash) {
        return issued("rsa-" + bits, hash, "RSA", generator -> generator.initialize(bits));
    }

    Credential ec(String curve, String hash) {
        return issued("ec-" + curve, hash, "EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
    }

    /** What an authority's responder says of a certificate that is good, signed now: as a server would staple it. */
    static OCSPResponse status(TestPki pki, X509Certificate certificate) {
        try {
            Credential root = pki.root();
            DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder()
                    .setProvider(OddCrypto.PROVIDER)
                    .build()
                    .get(CertificateID.HASH_SHA1);
            Date now = new Date();
            BasicOCSPResp said = new JcaBasicOCSPRespBuilder(root.certificate().getPublicKey(), sha1)
                    .addResponse(
                            new JcaCertificateID(sha1, root.certificate(), certificate.getSerialNumber()),
                            CertificateStatus.GOOD, now, Date.from(now.toInstant().plus(Duration.ofDays(1))), null)
                    .build(signer(root, "SHA256"), null, now);
            return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, said).toASN1Structure();
        } catch (GeneralSecurityException | OperatorCreationException | OCSPException e) {
            throw new IllegalStateException("no status of " + certificate.getSubjectX500Principal(), e);
        }
    }

    private static ContentSigner signer(Credential authority, String hash) throws OperatorCreationException {
        return new JcaContentSignerBuilder(hash + "withECDSA").setProvider(OddCrypto.PROVIDER).build(authority.key());
    }

    private interface Size {
        void of(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private Credential issued(String name, String hash, String algorithm, Size size) {
        KeyPair pair = keys.computeIfAbsent(name, n -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, OddCrypto.PROVIDER);
                size.of(generator);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("no key " + n, e);
            }
        });
        try {
            Credential root = pki.root();
            Instant now = Instant.now();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    X500Name.getInstance(root.certificate().getSubjectX500Principal().getEncoded()),
                    new BigInteger(120, new SecureRandom()).setBit(119),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(30))),
                    new X500Name("CN=odd " + name),
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .setProvider(OddCrypto.PROVIDER)
                    .getCertificate(builder.build(signer(root, hash)));
            return new Credential(name, pair.getPrivate(), List.of(certificate));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate " + name, e);
        }
    }
}
