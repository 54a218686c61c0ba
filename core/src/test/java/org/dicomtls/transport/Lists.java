package org.dicomtls.transport;

import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A revocation list in the making, right or wrong: unless told otherwise one of a week that names nobody. */
final class Lists {
    private final X509v2CRLBuilder builder;
    private Certificate.Issued signer;
    private String signature = "SHA256withECDSA";
    private Duration until = Duration.ofDays(7);
    private X509CRL made;

    private Lists(Certificate.Issued authority, Duration from) {
        this.signer = authority;
        this.builder = new X509v2CRLBuilder(
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded()),
                Date.from(Instant.now().plus(from)));
    }

    static Lists of(Certificate.Issued authority) {
        return new Lists(authority, Duration.ofHours(-1));
    }

    static Lists from(Certificate.Issued authority, Duration from) {
        return new Lists(authority, from);
    }

    Lists revoking(Certificate.Issued certificate) {
        builder.addCRLEntry(
                certificate.certificate().getSerialNumber(),
                Date.from(Instant.parse("2026-01-02T03:04:05Z")),
                CRLReason.keyCompromise);
        return this;
    }

    Lists signedBy(Certificate.Issued other) {
        signer = other;
        return this;
    }

    Lists by(String algorithm) {
        signature = algorithm;
        return this;
    }

    /** Null for no nextUpdate. */
    Lists until(Duration value) {
        until = value;
        return this;
    }

    Lists with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(id, critical, value);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** The list, the same one each time. */
    X509CRL make() {
        if (made == null) {
            made = build();
        }
        return made;
    }

    private X509CRL build() {
        try {
            if (until != null) {
                builder.setNextUpdate(Date.from(Instant.now().plus(until)));
            }
            byte[] encoded = builder.build(
                            new JcaContentSignerBuilder(signature).build(signer.pair().getPrivate()))
                    .getEncoded();
            return (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new java.io.ByteArrayInputStream(encoded));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
