package org.dicomtls.transport;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate in the making, right or wrong: unless told otherwise a leaf for both roles on localhost. */
final class Certificate {
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A certificate with its key. */
    record Issued(X509Certificate certificate, KeyPair pair) {
        Identity with(Issued... issuers) {
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            Arrays.stream(issuers).map(Issued::certificate).forEach(chain::add);
            return Identity.of(new Identity.Entry(pair.getPrivate(), chain));
        }
    }

    static final Issued TEST_CA = new Issued(TestCertificates.CA, TestCertificates.CA_KEY);

    private final X500Name subject;
    private final KeyPair pair;
    private String signature;
    private Instant from = Instant.now().minus(Duration.ofDays(1));
    private Instant until = Instant.now().plus(Duration.ofDays(90));
    private int usage = KeyUsage.digitalSignature;
    private boolean authority;
    private int pathLength = -1;
    private final List<GivenExtension> more = new ArrayList<>();
    private KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    private GeneralName[] names = {
        new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
    };

    private Certificate(X500Name subject, String key) {
        this.subject = subject;
        this.pair = TestCertificates.key(key);
    }

    static Certificate of(String subject, String key) {
        return new Certificate(new X500Name(subject), key);
    }

    static Certificate of(X500Name subject, String key) {
        return new Certificate(subject, key);
    }

    Certificate authority() {
        authority = true;
        usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        purposes = new KeyPurposeId[0];
        names = new GeneralName[0];
        return this;
    }

    /** An authority that may have so many authorities below it. */
    Certificate pathLength(int most) {
        pathLength = most;
        return this;
    }

    /** An authority for hosts below that domain only, and for nothing below the others. */
    Certificate permitted(String domain, String... excluded) {
        return with(
                Extension.nameConstraints,
                true,
                new NameConstraints(
                        domain == null ? null : subtrees(domain), excluded.length == 0 ? null : subtrees(excluded)));
    }

    private static GeneralSubtree[] subtrees(String... domains) {
        return Arrays.stream(domains)
                .map(d -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, d)))
                .toArray(GeneralSubtree[]::new);
    }

    /** Any other extension. */
    Certificate with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        more.add(new GivenExtension(id, critical, value));
        return this;
    }

    private record GivenExtension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

    Certificate names(GeneralName... values) {
        names = values;
        return this;
    }

    Certificate signedBy(String algorithm) {
        signature = algorithm;
        return this;
    }

    Certificate validForDays(int first, int last) {
        from = Instant.now().plus(Duration.ofDays(first));
        until = Instant.now().plus(Duration.ofDays(last));
        return this;
    }

    Certificate usage(int bits) {
        usage = bits;
        return this;
    }

    Certificate purposes(KeyPurposeId... values) {
        purposes = values;
        return this;
    }

    Certificate dns(String... hosts) {
        names = Arrays.stream(hosts)
                .map(h -> new GeneralName(GeneralName.dNSName, h))
                .toArray(GeneralName[]::new);
        return this;
    }

    Certificate address(String... literals) {
        names = Arrays.stream(literals)
                .map(h -> new GeneralName(GeneralName.iPAddress, h))
                .toArray(GeneralName[]::new);
        return this;
    }

    Issued selfSigned() {
        return sign(subject, pair);
    }

    Issued issued() {
        return issuedBy(TEST_CA);
    }

    Issued issuedBy(Issued issuer) {
        return sign(
                X500Name.getInstance(
                        issuer.certificate().getSubjectX500Principal().getEncoded()),
                issuer.pair());
    }

    private Issued sign(X500Name issuer, KeyPair by) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, new BigInteger(120, RANDOM).setBit(120), Date.from(from), Date.from(until), subject,
                    pair.getPublic());
            if (authority) {
                builder.addExtension(
                        Extension.basicConstraints,
                        true,
                        pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength));
            }
            if (usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            }
            if (purposes.length > 0) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            }
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            for (GivenExtension extension : more) {
                builder.addExtension(extension.id(), extension.critical(), extension.value());
            }
            String algorithm = signature != null
                    ? signature
                    : by.getPrivate().getAlgorithm().startsWith("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            return new Issued(
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm)
                                    .setProvider(BC)
                                    .build(by.getPrivate()))),
                    pair);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
