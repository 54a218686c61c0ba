package org.dicomtls.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An OCSP answer in the making, right or wrong: unless told otherwise it says that the certificate is good, for a day. */
final class Answers {
    private final Certificate.Issued authority;
    private final Certificate.Issued about;
    private Certificate.Issued signer;
    private CertificateStatus status = CertificateStatus.GOOD;
    private Duration from = Duration.ofMinutes(-1);
    private Duration until = Duration.ofDays(1);
    private String signature = "SHA256withECDSA";
    private boolean byName = true;

    private Answers(Certificate.Issued authority, Certificate.Issued about) {
        this.authority = authority;
        this.signer = authority;
        this.about = about;
    }

    static Answers of(Certificate.Issued authority, Certificate.Issued about) {
        return new Answers(authority, about);
    }

    Answers revoked() {
        status = new RevokedStatus(Date.from(Instant.parse("2026-01-02T03:04:05Z")), CRLReason.keyCompromise);
        return this;
    }

    Answers unknown() {
        status = new UnknownStatus();
        return this;
    }

    Answers signedBy(Certificate.Issued other) {
        signer = other;
        return this;
    }

    Answers by(String algorithm) {
        signature = algorithm;
        return this;
    }

    /** Null for no nextUpdate. */
    Answers valid(Duration begin, Duration end) {
        from = begin;
        until = end;
        return this;
    }

    /** Names its signer by the key and not by the subject. */
    Answers byKey() {
        byName = false;
        return this;
    }

    byte[] make() {
        try {
            BcDigestCalculatorProvider digests = new BcDigestCalculatorProvider();
            X509CertificateHolder issuer = new JcaX509CertificateHolder(authority.certificate());
            X509CertificateHolder own = new JcaX509CertificateHolder(signer.certificate());
            BasicOCSPRespBuilder builder = byName
                    ? new BasicOCSPRespBuilder(new RespID(own.getSubject()))
                    : new JcaBasicOCSPRespBuilder(
                            signer.certificate().getPublicKey(), digests.get(RespID.HASH_SHA1));
            builder.addResponse(
                    new CertificateID(
                            digests.get(CertificateID.HASH_SHA1), issuer, about.certificate().getSerialNumber()),
                    status,
                    Date.from(Instant.now().plus(from)),
                    until == null ? null : Date.from(Instant.now().plus(until)));
            X509CertificateHolder[] sent =
                    signer == authority ? new X509CertificateHolder[0] : new X509CertificateHolder[] {own};
            return new OCSPRespBuilder()
                    .build(
                            OCSPResp.SUCCESSFUL,
                            builder.build(
                                    new JcaContentSignerBuilder(signature)
                                            .build(signer.pair().getPrivate()),
                                    sent,
                                    Date.from(Instant.now())))
                    .getEncoded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static byte[] excuse(int code) {
        try {
            return new OCSPRespBuilder().build(code, null).getEncoded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
