package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/**
 * A complete revocation list of one authority (RFC 5280 §5). Delta lists, indirect ones, those for attribute certificates
 * and those for some reasons only are refused when they are read: by themselves they say nothing of a certificate.
 */
final class RevocationList {

    /** Large public authorities have lists of tens of megabytes. */
    private static final long LARGEST = 64L << 20;

    private static final int MAY_SIGN_LISTS = 6;
    private static final String BEGIN = "-----BEGIN X509 CRL-----";
    private static final String END = "-----END X509 CRL-----";
    private static final Set<String> UNDERSTOOD = Set.of(
            Extension.issuingDistributionPoint.getId(),
            Extension.authorityKeyIdentifier.getId(),
            Extension.cRLNumber.getId());

    private static final int MOST_KEYS = 16;

    private final X509CRL list;

    /** By which keys it is signed and by which not; every connection asks for the same few. */
    private final Map<PublicKey, Boolean> verified = new ConcurrentHashMap<>();

    /** Which of the authority's certificates it covers; null for all. */
    private final IssuingDistributionPoint scope;

    private RevocationList(X509CRL list, IssuingDistributionPoint scope) {
        this.list = list;
        this.scope = scope;
    }

    /**
     * All lists of a file: one in DER, or any number in PEM.
     *
     * @throws CredentialException when it cannot be read, holds none, or one that says nothing by itself
     */
    static List<RevocationList> read(Path file) throws CredentialException {
        List<RevocationList> lists = new ArrayList<>();
        for (byte[] encoded : encodings(file)) {
            try {
                lists.add(of((X509CRL) CertificateFactory.getInstance("X.509", "SUN")
                        .generateCRL(new ByteArrayInputStream(encoded))));
            } catch (GeneralSecurityException | RuntimeException e) {
                throw new CredentialException(file + ": " + PemFile.oneLine(e), e);
            }
        }
        return lists;
    }

    /**
     * A list.
     *
     * @throws CRLException when it says nothing of a certificate by itself
     */
    static RevocationList of(X509CRL list) throws CRLException {
        String who = "the revocation list of " + issuer(list);
        if (list.getExtensionValue(Extension.deltaCRLIndicator.getId()) != null) {
            throw new CRLException(who + " is a delta list, a complete one is wanted");
        }
        if (list.getNextUpdate() == null) {
            throw new CRLException(who + " does not say when the next one comes (nextUpdate), so it cannot be told from an"
                    + " old one");
        }
        Set<String> critical = new HashSet<>(
                list.getCriticalExtensionOIDs() == null ? Set.of() : list.getCriticalExtensionOIDs());
        critical.removeAll(UNDERSTOOD);
        if (!critical.isEmpty()) {
            throw new CRLException(who + " has critical extensions that are not understood: " + critical);
        }
        byte[] extension = list.getExtensionValue(Extension.issuingDistributionPoint.getId());
        IssuingDistributionPoint scope = extension == null
                ? null
                : IssuingDistributionPoint.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets());
        if (scope != null && scope.isIndirectCRL()) {
            throw new CRLException(who + " is an indirect one, each authority's own is wanted");
        }
        if (scope != null && (scope.onlyContainsAttributeCerts() || scope.getOnlySomeReasons() != null)) {
            throw new CRLException(who + " is for attribute certificates or for some reasons only, a complete one is"
                    + " wanted");
        }
        return new RevocationList(list, scope);
    }

    private static String issuer(X509CRL list) {
        return PeerCertificateException.name(list.getIssuerX500Principal());
    }

    private static List<byte[]> encodings(Path file) throws CredentialException {
        byte[] octets = BoundedFile.read(file, LARGEST, "revocation list");
        if (octets.length > 0 && octets[0] == 0x30) {
            return List.of(octets);
        }
        List<byte[]> blocks = new ArrayList<>();
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int end = text.indexOf(END, begin);
            if (end < 0) {
                throw new CredentialException(file + ": a block is not finished (" + END + ")");
            }
            try {
                blocks.add(Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end)));
            } catch (IllegalArgumentException e) {
                throw new CredentialException(file + ": a block is not in base64", e);
            }
        }
        if (blocks.isEmpty()) {
            throw new CredentialException(file + ": holds no revocation list, neither DER nor PEM (" + BEGIN + ")");
        }
        return blocks;
    }

    X509CRL list() {
        return list;
    }

    /** Whether it is of the authority that has issued that certificate, and covers certificates like it. */
    boolean covers(X509Certificate certificate) {
        if (!list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        if (scope == null) {
            return true;
        }
        boolean authority = certificate.getBasicConstraints() >= 0;
        return !(scope.onlyContainsUserCerts() && authority)
                && !(scope.onlyContainsCACerts() && !authority)
                && (scope.getDistributionPoint() == null || pointsAt(certificate, scope.getDistributionPoint()));
    }

    /** A list that is one of several parts covers the certificates that name it (RFC 5280 §6.3.3 b 2 i). */
    private static boolean pointsAt(X509Certificate certificate, DistributionPointName part) {
        byte[] extension = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
        if (extension == null || part.getType() != DistributionPointName.FULL_NAME) {
            return false;
        }
        Set<GeneralName> wanted = new HashSet<>(
                Arrays.asList(GeneralNames.getInstance(part.getName()).getNames()));
        DistributionPoint[] points = CRLDistPoint.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets())
                .getDistributionPoints();
        return Arrays.stream(points)
                .map(DistributionPoint::getDistributionPoint)
                .filter(name -> name != null && name.getType() == DistributionPointName.FULL_NAME)
                .flatMap(name -> Arrays.stream(GeneralNames.getInstance(name.getName()).getNames()))
                .anyMatch(wanted::contains);
    }

    /**
     * What it says of a certificate that it covers.
     *
     * @param issuers certificates of the authority, of which one has to have signed the list
     * @param strength what the profile demands of signatures
     */
    CertificateStatus status(
            X509Certificate certificate,
            Collection<X509Certificate> issuers,
            CertificateStrength strength,
            Instant now) {
        String who = "the revocation list of " + issuer(list) + " of " + list.getThisUpdate().toInstant();
        if (!strength.allows(CertificateHash.of(list))) {
            return CertificateStatus.unknown(who + " is signed with " + CertificateHash.of(list)
                    + ", which the profile does not allow");
        }
        if (issuers.stream().noneMatch(this::isSignedBy)) {
            return CertificateStatus.unknown(who + " is not signed by that authority");
        }
        X509CRLEntry entry = list.getRevokedCertificate(certificate.getSerialNumber());
        Instant next = list.getNextUpdate().toInstant();
        // What was revoked stays so, however old the list is.
        if (entry != null) {
            return CertificateStatus.revoked(
                    entry.getRevocationDate().toInstant(),
                    entry.getRevocationReason() == null
                            ? "no reason given"
                            : entry.getRevocationReason().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    who,
                    next);
        }
        if (now.minus(CertificateStatus.CLOCKS).isAfter(next)) {
            return CertificateStatus.unknown(who + " has ended on " + next);
        }
        if (now.plus(CertificateStatus.CLOCKS).isBefore(list.getThisUpdate().toInstant())) {
            return CertificateStatus.unknown(who + " is valid only from then on");
        }
        return CertificateStatus.good(who, next);
    }

    /** Whether a certificate of the same authority that is younger than that one has the key that signed the list. */
    boolean isSignedByLaterThan(X509Certificate issuer, Collection<X509Certificate> namesakes) {
        return namesakes.stream()
                .anyMatch(c -> c.getNotBefore().after(issuer.getNotBefore()) && isSignedBy(c));
    }

    /** Whether the key of that certificate, which may sign lists, has signed this one. */
    boolean isSignedBy(X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[MAY_SIGN_LISTS]) {
            return false;
        }
        if (verified.size() >= MOST_KEYS) {
            verified.clear();
        }
        return verified.computeIfAbsent(issuer.getPublicKey(), this::verifies);
    }

    private boolean verifies(PublicKey key) {
        try {
            list.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "revocation list of " + issuer(list) + " until " + list.getNextUpdate().toInstant();
    }
}
