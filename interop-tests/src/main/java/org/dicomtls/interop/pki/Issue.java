package org.dicomtls.interop.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509ExtensionUtils;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate in the making: every deviation from a good one is one call. */
final class Issue {
    /** Used as an object, never registered: MD5, SHA-1 and P-224 are beyond what the JDK may offer. */
    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X500Name subject;
    private final PublicKey key;
    private final List<GeneralName> names = new ArrayList<>();
    private Instant notBefore;
    private Instant notAfter;
    private BigInteger serial = randomSerial();
    private String signatureAlgorithm;
    private KeyPurposeId purpose;
    private int keyUsage;
    private boolean authority;
    private ASN1ObjectIdentifier unknownExtension;

    Issue(X500Name subject, PublicKey key, Instant now) {
        this.subject = subject;
        this.key = key;
        this.notBefore = now.minus(Duration.ofDays(1));
        this.notAfter = now.plus(Duration.ofDays(30));
        this.keyUsage =
                KeyUsage.digitalSignature | (key.getAlgorithm().equals("RSA") ? KeyUsage.keyEncipherment : 0);
    }

    /** 16 octets, positive and never short. */
    static BigInteger randomSerial() {
        return new BigInteger(126, RANDOM).setBit(126);
    }

    Issue valid(Instant from, Instant to) {
        this.notBefore = from;
        this.notAfter = to;
        return this;
    }

    Issue serial(BigInteger number) {
        this.serial = number;
        return this;
    }

    Issue names(List<GeneralName> subjectAltNames) {
        names.clear();
        names.addAll(subjectAltNames);
        return this;
    }

    Issue purpose(KeyPurposeId extendedKeyUsage) {
        this.purpose = extendedKeyUsage;
        return this;
    }

    Issue keyUsage(int bits) {
        this.keyUsage = bits;
        return this;
    }

    Issue authority() {
        this.authority = true;
        this.keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;
        return this;
    }

    Issue signatureAlgorithm(String name) {
        this.signatureAlgorithm = name;
        return this;
    }

    Issue unknownExtension(ASN1ObjectIdentifier id) {
        this.unknownExtension = id;
        return this;
    }

    /** SHA-256 with whatever key that is. */
    static String signatureAlgorithm(PrivateKey key, String digest) {
        return digest + "with" + (key.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
    }

    X509Certificate signedBy(X500Name issuer, PublicKey issuerKey, PrivateKey signer)
            throws GeneralSecurityException {
        try {
            X509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer,
                    serial,
                    Date.from(notBefore),
                    Date.from(notAfter),
                    subject,
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    authority ? new BasicConstraints(true) : new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(SubjectPublicKeyInfo.getInstance(key.getEncoded())));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(
                            SubjectPublicKeyInfo.getInstance(issuerKey.getEncoded())));
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            if (unknownExtension != null) {
                builder.addExtension(unknownExtension, false, new DERUTF8String("of no meaning to anyone"));
            }
            String algorithm =
                    signatureAlgorithm != null ? signatureAlgorithm : signatureAlgorithm(signer, "SHA256");
            return certificate(builder.build(
                    new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(signer)));
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("cannot issue a certificate to " + subject, e);
        }
    }

    private static X509Certificate certificate(X509CertificateHolder holder) throws CertificateException {
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (CertificateException e) {
            // The JDK does not parse keys on curves that it has dropped, P-224 for one.
            return new JcaX509CertificateConverter().setProvider(PROVIDER).getCertificate(holder);
        }
    }
}
