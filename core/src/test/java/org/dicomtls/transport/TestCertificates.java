package org.dicomtls.transport;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for the tests of this package, made at run time. */
final class TestCertificates {

    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();
    private static final SecureRandom RANDOM = new SecureRandom();

    static final KeyPair CA_KEY = key("EC secp256r1 ca");
    static final X509Certificate CA = issue(
            "CN=Test CA", CA_KEY.getPublic(), "CN=Test CA", CA_KEY.getPrivate(), "SHA256withECDSA", true, null, null, 90);

    private TestCertificates() {}

    /** A key of that kind ("RSA 2048", "EC secp256r1"), the same one for the same text. */
    static KeyPair key(String kind) {
        return KEYS.computeIfAbsent(kind, k -> {
            try {
                String[] parts = k.split(" ");
                KeyPairGenerator generator = parts[0].equals("EC") && parts[1].equals("secp224r1")
                        ? KeyPairGenerator.getInstance("EC", BC)
                        : KeyPairGenerator.getInstance(parts[0]);
                if (parts[0].equals("EC")) {
                    generator.initialize(new ECGenParameterSpec(parts[1]));
                } else if (parts[0].startsWith("RSA")) {
                    generator.initialize(Integer.parseInt(parts[1]));
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    static Identity server(String kind) {
        return identity(kind, KeyPurposeId.id_kp_serverAuth);
    }

    static Identity client(String kind) {
        return identity(kind, KeyPurposeId.id_kp_clientAuth);
    }

    static Trust trust() {
        return Trust.authorities(CA);
    }

    private static Identity identity(String kind, KeyPurposeId purpose) {
        KeyPair pair = key(kind);
        X509Certificate certificate = issue(
                "CN=" + kind, pair.getPublic(), "CN=Test CA", CA_KEY.getPrivate(), "SHA256withECDSA", false, purpose,
                "localhost", 90);
        return Identity.of(new Identity.Entry(pair.getPrivate(), List.of(certificate)));
    }

    static X509Certificate issue(
            String subject,
            PublicKey key,
            String issuer,
            PrivateKey issuerKey,
            String signature,
            boolean authority,
            KeyPurposeId purpose,
            String host,
            int days) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    new BigInteger(120, RANDOM).setBit(120),
                    Date.from(now.minus(Duration.ofDays(days < 0 ? 60 : 1))),
                    Date.from(now.plus(Duration.ofDays(days))),
                    new X500Name(subject),
                    key);
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            } else {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            }
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            if (host != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, host), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder(signature).setProvider(BC).build(issuerKey)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
