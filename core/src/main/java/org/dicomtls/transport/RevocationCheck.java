package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the certificates of a valid path to what is known of their revocation. */
final class RevocationCheck {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    private final Revocation revocation;
    private final Trust trust;
    private final Policy policy;
    private final CertificateStrength strength;
    private final OcspResponders responders;

    RevocationCheck(Revocation revocation, Trust trust, Policy policy, OcspResponders responders) {
        this.revocation = revocation;
        this.trust = trust;
        this.policy = policy;
        this.strength = new CertificateStrength(policy);
        this.responders = responders;
    }

    /**
     * Refuses what was revoked and, unless failure is soft, what nobody tells anything of.
     *
     * @param path the peer's own certificate first, the trusted authority last
     * @param stapled OCSP answers that came with the handshake, in any order
     */
    void check(List<X509Certificate> path, List<byte[]> stapled, Role owner, Instant now)
            throws PeerCertificateException {
        if (!revocation.checked()) {
            return;
        }
        long end = System.nanoTime() + revocation.timeout().toNanos();
        int asked = revocation.onlyPeers() ? Math.min(1, path.size() - 1) : path.size() - 1;
        for (int i = 0; i < asked; i++) {
            X509Certificate certificate = path.get(i);
            CertificateStatus status = status(certificate, path.get(i + 1), stapled, now, end);
            if (status.kind() == CertificateStatus.Kind.REVOKED) {
                throw refused(PeerCertificateException.Reason.REVOKED, certificate, "it " + status.why(), owner);
            }
            if (status.kind() == CertificateStatus.Kind.UNKNOWN) {
                PeerCertificateException refusal = refused(
                        PeerCertificateException.Reason.STATUS_UNKNOWN,
                        certificate,
                        "whether it was revoked is not known: " + status.why(),
                        owner);
                if (!revocation.soft()) {
                    throw refusal;
                }
                LOG.warn("{}; accepted, because revocation fails softly", refusal.getMessage());
            }
        }
    }

    private PeerCertificateException refused(
            PeerCertificateException.Reason reason, X509Certificate certificate, String why, Role owner) {
        return new PeerCertificateException(
                reason,
                certificate,
                why,
                policy.demands(Property.REVOCATION_STRATEGY, owner.other()).orElse(null));
    }

    /** Whoever says "revoked" has the last word; a responder is asked only where nothing at hand says anything. */
    private CertificateStatus status(
            X509Certificate certificate, X509Certificate issuer, List<byte[]> stapled, Instant now, long end) {
        List<CertificateStatus> known = new ArrayList<>();
        List<X509Certificate> namesakes = new ArrayList<>(List.of(issuer));
        // An authority that has changed its key may sign one list for all its certificates with the new one. Others keep a
        // list for each key; then that of another key says nothing of a certificate that it does not have.
        trust.authorities().stream()
                .filter(c -> c.getSubjectX500Principal().equals(issuer.getSubjectX500Principal())
                        && strength.allowsKeyOf(c))
                .forEach(namesakes::add);
        List<RevocationList> lists =
                revocation.lists().stream().filter(list -> list.covers(certificate)).toList();
        boolean ofItsKey = lists.stream().anyMatch(list -> list.isSignedBy(issuer));
        for (RevocationList list : lists) {
            CertificateStatus said = list.status(certificate, namesakes, strength, now);
            known.add(
                    said.kind() == CertificateStatus.Kind.GOOD
                                    && !list.isSignedBy(issuer)
                                    && (ofItsKey || !list.isSignedByLaterThan(issuer, namesakes))
                            ? CertificateStatus.unknown(list + " is of another key of that authority")
                            : said);
        }
        for (byte[] answer : stapled) {
            known.add(OcspAnswer.read(answer, certificate, issuer, strength, now, "the stapled OCSP answer"));
        }
        boolean told = known.stream().anyMatch(s -> s.kind() != CertificateStatus.Kind.UNKNOWN);
        if (!told && revocation.fetching()) {
            known.add(responders.status(certificate, issuer, revocation, strength, now, end));
        }
        return known.stream()
                .filter(s -> s.kind() == CertificateStatus.Kind.REVOKED)
                .findFirst()
                .or(() -> known.stream()
                        .filter(s -> s.kind() == CertificateStatus.Kind.GOOD)
                        .findFirst())
                .orElseGet(() -> unknown(certificate, known));
    }

    private CertificateStatus unknown(X509Certificate certificate, List<CertificateStatus> known) {
        List<String> reasons = new ArrayList<>();
        known.forEach(s -> reasons.add(s.why()));
        if (reasons.isEmpty()) {
            reasons.add(
                    revocation.lists().isEmpty()
                            ? "no status was stapled"
                            : "there is no revocation list of "
                                    + PeerCertificateException.name(certificate.getIssuerX500Principal()));
        }
        return CertificateStatus.unknown(String.join("; ", reasons));
    }
}
