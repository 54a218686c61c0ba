package org.dicomtls.transport;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.dicomtls.tls.HashAlgorithm;

/**
 * What an OCSP responder says of a certificate (RFC 6960), stapled to a handshake or fetched, and whether it may be
 * believed: signed by the authority itself or by a responder that the authority has certified for it, with a hash function
 * of the profile, about this certificate, and not outdated.
 */
final class OcspAnswer {

    private static final BouncyCastleProvider CRYPTO = new BouncyCastleProvider();
    private static final DigestCalculatorProvider DIGESTS = new BcDigestCalculatorProvider();

    private OcspAnswer() {}

    /** A question about a certificate. Without a nonce, so that responders may answer what they have signed before. */
    static byte[] question(X509Certificate certificate, X509Certificate issuer) {
        try {
            CertificateID id = new CertificateID(
                    DIGESTS.get(CertificateID.HASH_SHA1),
                    new JcaX509CertificateHolder(issuer),
                    certificate.getSerialNumber());
            return new OCSPReqBuilder().addRequest(id).build().getEncoded();
        } catch (OCSPException | OperatorCreationException | CertificateException | IOException e) {
            throw new IllegalStateException("an OCSP question cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * What the answer says of the certificate.
     *
     * @param who from where it came, for messages
     * @param strength what the profile demands of signatures
     */
    static CertificateStatus read(
            byte[] encoded,
            X509Certificate certificate,
            X509Certificate issuer,
            CertificateStrength strength,
            Instant now,
            String who) {
        try {
            OCSPResp answer = new OCSPResp(encoded);
            if (answer.getStatus() != OCSPResp.SUCCESSFUL) {
                return CertificateStatus.unknown(who + " says " + excuse(answer.getStatus()));
            }
            return answer.getResponseObject() instanceof BasicOCSPResp basic
                    ? read(basic, certificate, issuer, strength, now, who)
                    : CertificateStatus.unknown(who + " is of a kind that is not known");
        } catch (IOException
                | OCSPException
                | OperatorCreationException
                | GeneralSecurityException
                | RuntimeException e) {
            // From outside, and Bouncy Castle throws all sorts of things at what is no ASN.1.
            return CertificateStatus.unknown(
                    who + " cannot be read: " + Printable.of(PemFile.oneLine(e), 80));
        }
    }

    private static String excuse(int status) {
        return switch (status) {
            case OCSPResp.MALFORMED_REQUEST -> "malformedRequest";
            case OCSPResp.INTERNAL_ERROR -> "internalError";
            case OCSPResp.TRY_LATER -> "tryLater";
            case OCSPResp.SIG_REQUIRED -> "sigRequired";
            case OCSPResp.UNAUTHORIZED -> "unauthorized";
            default -> "error " + status;
        };
    }

    private static CertificateStatus read(
            BasicOCSPResp answer,
            X509Certificate certificate,
            X509Certificate issuer,
            CertificateStrength strength,
            Instant now,
            String who)
            throws OCSPException, OperatorCreationException, GeneralSecurityException, IOException {
        Optional<SingleResp> single = about(answer, certificate.getSerialNumber(), issuer);
        if (single.isEmpty()) {
            return CertificateStatus.unknown(who + " does not speak of this certificate");
        }
        HashAlgorithm hash = CertificateHash.of(answer.getSignatureAlgorithmID());
        if (!strength.allows(hash)) {
            return CertificateStatus.unknown(who + " is signed with " + hash + ", which the profile does not allow");
        }
        if (!signed(answer, issuer, strength, now)) {
            return CertificateStatus.unknown(who + " is not signed by the authority, nor by a responder that it has certified");
        }
        Instant from = single.get().getThisUpdate().toInstant();
        // Without nextUpdate there is always something newer to be had (RFC 6960 §4.2.2.1), so it is for this moment only.
        Instant until = single.get().getNextUpdate() == null
                ? from
                : single.get().getNextUpdate().toInstant();
        if (now.plus(CertificateStatus.CLOCKS).isBefore(from)) {
            return CertificateStatus.unknown(who + " is valid only from " + from);
        }
        if (now.minus(CertificateStatus.CLOCKS).isAfter(until)) {
            return CertificateStatus.unknown(who + " was valid until " + until + " only");
        }
        if (single.get().getCertStatus() instanceof RevokedStatus revoked) {
            return CertificateStatus.revoked(
                    revoked.getRevocationTime().toInstant(),
                    revoked.hasRevocationReason() ? reason(revoked.getRevocationReason()) : "no reason given",
                    who,
                    until);
        }
        if (single.get().getCertStatus() instanceof UnknownStatus) {
            return CertificateStatus.unknown(who + " does not know the certificate");
        }
        return CertificateStatus.good(who, until);
    }

    private static String reason(int code) {
        return CRLReason.lookup(code).toString().replace("CRLReason: ", "");
    }

    private static Optional<SingleResp> about(BasicOCSPResp answer, BigInteger serial, X509Certificate issuer)
            throws OCSPException, GeneralSecurityException {
        X509CertificateHolder authority = new JcaX509CertificateHolder(issuer);
        for (SingleResp single : answer.getResponses()) {
            if (single.getCertID().getSerialNumber().equals(serial)
                    && single.getCertID().matchesIssuer(authority, DIGESTS)) {
                return Optional.of(single);
            }
        }
        return Optional.empty();
    }

    private static boolean signed(
            BasicOCSPResp answer, X509Certificate issuer, CertificateStrength strength, Instant now)
            throws OperatorCreationException, OCSPException, GeneralSecurityException, IOException {
        JcaContentVerifierProviderBuilder verifier = new JcaContentVerifierProviderBuilder().setProvider(CRYPTO);
        for (X509Certificate signer : signers(answer, issuer, strength, now)) {
            if (answer.isSignatureValid(verifier.build(signer.getPublicKey()))) {
                return true;
            }
        }
        return false;
    }

    /** The authority, and what it has certified to answer for it; of these, who the answer says has signed it. */
    private static List<X509Certificate> signers(
            BasicOCSPResp answer, X509Certificate issuer, CertificateStrength strength, Instant now)
            throws GeneralSecurityException, OCSPException, IOException {
        List<X509Certificate> able = new ArrayList<>(List.of(issuer));
        for (X509CertificateHolder holder : answer.getCerts()) {
            X509Certificate responder = new JcaX509CertificateConverter().getCertificate(holder);
            if (delegated(responder, issuer, strength, now)) {
                able.add(responder);
            }
        }
        List<X509Certificate> named = new ArrayList<>();
        for (X509Certificate signer : able) {
            if (names(answer.getResponderId(), signer)) {
                named.add(signer);
            }
        }
        return named;
    }

    private static boolean names(RespID id, X509Certificate signer) throws OCSPException, GeneralSecurityException {
        X509CertificateHolder holder = new JcaX509CertificateHolder(signer);
        RespID byName = new RespID(holder.getSubject());
        RespID byKey = new RespID(
                holder.getSubjectPublicKeyInfo(), digest(RespID.HASH_SHA1));
        return id.equals(byName) || id.equals(byKey);
    }

    private static org.bouncycastle.operator.DigestCalculator digest(
            org.bouncycastle.asn1.x509.AlgorithmIdentifier algorithm) throws OCSPException {
        try {
            return DIGESTS.get(algorithm);
        } catch (OperatorCreationException e) {
            throw new OCSPException("no digest " + algorithm.getAlgorithm(), e);
        }
    }

    private static boolean delegated(
            X509Certificate responder, X509Certificate issuer, CertificateStrength strength, Instant now) {
        try {
            if (!responder.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                    || !strength.allows(CertificateHash.of(responder))
                    || !strength.allowsKeyOf(responder)
                    || responder.getExtendedKeyUsage() == null
                    || !responder.getExtendedKeyUsage().contains(KeyPurposeId.id_kp_OCSPSigning.getId())) {
                return false;
            }
            responder.checkValidity(Date.from(now));
            responder.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
