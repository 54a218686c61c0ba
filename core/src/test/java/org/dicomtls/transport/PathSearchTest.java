package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.dicomtls.policy.Policy;
import org.junit.jupiter.api.Test;

/** Which paths are found and which authorities may be at their end. {@link Flaw} has what is wrong below them. */
class PathSearchTest {

    private static final String KEY = "EC secp256r1 authority";

    private static Certificate authority() {
        return Certificate.of("CN=Authority", KEY).authority();
    }

    private static Certificate.Issued leafOf(Certificate.Issued issuer) {
        return Certificate.of("CN=leaf", Transports.P256).issuedBy(issuer);
    }

    private static List<X509Certificate> path(Trust trust, Certificate.Issued... presented)
            throws PeerCertificateException {
        return trust.path(
                Stream.of(presented).map(Certificate.Issued::certificate).toArray(X509Certificate[]::new), new Date());
    }

    private static PeerCertificateException refused(Trust trust, Certificate.Issued... presented) {
        return catchThrowableOfType(PeerCertificateException.class, () -> path(trust, presented));
    }

    private static Trust trust(Certificate.Issued... all) {
        return Trust.authorities(Stream.of(all).map(Certificate.Issued::certificate).toArray(X509Certificate[]::new));
    }

    @Test
    void anAuthorityThatWasRenewedForTheSameKeyIsFoundBesideItsExpiredCertificate() throws Exception {
        Certificate.Issued expired = authority().validForDays(-60, -1).selfSigned();
        Certificate.Issued renewed = authority().selfSigned();
        Certificate.Issued leaf = leafOf(renewed);
        assertThat(path(trust(expired, renewed), leaf)).containsExactly(leaf.certificate(), renewed.certificate());
        assertThat(path(trust(renewed, expired), leaf)).containsExactly(leaf.certificate(), renewed.certificate());
        assertThat(refused(trust(expired), leaf).reason()).isEqualTo(PeerCertificateException.Reason.EXPIRED);
    }

    @Test
    void ofTwoAuthoritiesOfOneNameTheOneThatSignedIsFound() throws Exception {
        Certificate.Issued old = Certificate.of("CN=Authority", "EC secp256r1 old").authority().selfSigned();
        Certificate.Issued current = authority().selfSigned();
        assertThat(path(trust(old, current), leafOf(current))).hasSize(2);
        assertThat(path(trust(old, current), leafOf(old))).hasSize(2);
    }

    @Test
    void aCrossSignedAuthorityIsFollowedToWhereverThereIsTrust() throws Exception {
        Certificate.Issued one = Certificate.of("CN=One", "EC secp256r1 one").authority().selfSigned();
        Certificate.Issued two = Certificate.of("CN=Two", "EC secp256r1 two").authority().selfSigned();
        Certificate.Issued byOne = authority().issuedBy(one);
        Certificate.Issued byTwo = authority().issuedBy(two);
        Certificate.Issued leaf = leafOf(byOne);
        assertThat(path(trust(two), leaf, byOne, byTwo))
                .containsExactly(leaf.certificate(), byTwo.certificate(), two.certificate());
        assertThat(path(trust(one), leaf, byTwo, byOne))
                .containsExactly(leaf.certificate(), byOne.certificate(), one.certificate());
    }

    @Test
    void anAuthorityBelowTheRootMayBeTrustedByItself() throws Exception {
        Certificate.Issued root = Certificate.of("CN=Root", "EC secp256r1 root").authority().selfSigned();
        Certificate.Issued below = authority().issuedBy(root);
        assertThat(path(trust(below), leafOf(below))).hasSize(2);
        assertThat(refused(trust(below), Certificate.of("CN=other", "EC secp256r1 other").issuedBy(root)).reason())
                .isEqualTo(PeerCertificateException.Reason.UNKNOWN_CA);
    }

    @Test
    void aPeerThatIsTrustedDirectlyIssuesForNobodyElse() {
        Certificate.Issued listed = Certificate.of("CN=modality", KEY).usage(0).selfSigned();
        PeerCertificateException refused = refused(trust(listed), leafOf(listed));
        assertThat(refused.reason()).isEqualTo(PeerCertificateException.Reason.INVALID);
        assertThat(refused.certificate()).isEqualTo(listed.certificate());
        assertThat(refused)
                .hasMessageEndingWith("it is trusted, but it is no authority's (basic constraints), and has issued CN=leaf");
    }

    @Test
    void aTrustedAuthorityThatMayNotSignCertificatesIsNotFollowed() {
        Certificate.Issued mute = authority().usage(KeyUsage.cRLSign).selfSigned();
        assertThat(refused(trust(mute), leafOf(mute)))
                .hasMessageEndingWith("its key usage does not include keyCertSign");
    }

    @Test
    void thePathLengthOfATrustedAuthorityHolds() throws Exception {
        Certificate.Issued root = authority().pathLength(0).selfSigned();
        Certificate.Issued below = Certificate.of("CN=Below", "EC secp256r1 below").authority().issuedBy(root);
        assertThat(path(trust(root), leafOf(root))).hasSize(2);
        assertThat(refused(trust(root), leafOf(below), below))
                .hasMessageEndingWith("its path length constraint allows 0 authorities below it, and the path has 1");
    }

    @Test
    void theNameConstraintsOfATrustedAuthorityHold() throws Exception {
        Certificate.Issued root =
                authority().permitted("hospital.example.org", "guests.hospital.example.org").selfSigned();
        Certificate inside = Certificate.of("CN=inside", Transports.P256).dns("pacs.hospital.example.org");
        assertThat(path(trust(root), inside.issuedBy(root))).hasSize(2);
        for (String host : List.of("pacs.example.org", "pacs.guests.hospital.example.org")) {
            Certificate.Issued outside =
                    Certificate.of("CN=outside", Transports.P256).dns(host).issuedBy(root);
            PeerCertificateException refused = refused(trust(root), outside);
            assertThat(refused.certificate()).isEqualTo(outside.certificate());
            assertThat(refused)
                    .hasMessageEndingWith("a name of it is outside the name constraints of CN=Authority");
        }
    }

    @Test
    void theNameConstraintsOfATrustedAuthorityHoldBelowOthersToo() {
        Certificate.Issued root = authority().permitted("hospital.example.org").selfSigned();
        Certificate.Issued below = Certificate.of("CN=Below", "EC secp256r1 below").authority().issuedBy(root);
        Certificate.Issued outside =
                Certificate.of("CN=outside", Transports.P256).dns("pacs.example.org").issuedBy(below);
        assertThat(refused(trust(root), outside, below).certificate()).isEqualTo(outside.certificate());
    }

    @Test
    void anAuthorityForOtherPurposesIsNotFollowedThoughItIsTrusted() {
        Certificate.Issued root =
                authority().purposes(KeyPurposeId.id_kp_codeSigning).selfSigned();
        PolicyTrustManager manager =
                new PolicyTrustManager(Policy.of(TestProfiles.WIDE), trust(root), Clock.systemUTC());
        PeerCertificateException refused = catchThrowableOfType(
                PeerCertificateException.class,
                () -> manager.checkClientTrusted(
                        new X509Certificate[] {leafOf(root).certificate()}, "UNKNOWN"));
        assertThat(refused.reason()).isEqualTo(PeerCertificateException.Reason.WRONG_USAGE);
        assertThat(refused.certificate()).isEqualTo(root.certificate());
    }

    @Test
    void aCertificateWithoutASubjectIsKnownByItsAlternativeNames() throws Exception {
        Certificate.Issued root = authority().permitted("hospital.example.org").selfSigned();
        Certificate.Issued nameless = Certificate.of("", Transports.P256)
                .names()
                .with(
                        Extension.subjectAlternativeName,
                        true,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "pacs.hospital.example.org")))
                .issuedBy(root);
        assertThat(path(trust(root), nameless)).hasSize(2);
    }

    /** Every one of many certificates of one name could have issued the next: whoever presents them gets nowhere. */
    @Test
    void aPeerCannotMakeTheSearchLong() {
        Certificate.Issued[] presented = IntStream.range(0, 60)
                .mapToObj(i -> Certificate.of("CN=Loop", KEY).authority().selfSigned())
                .toArray(Certificate.Issued[]::new);
        presented[0] = Certificate.of("CN=leaf", Transports.P256).issuedBy(presented[1]);
        long begin = System.nanoTime();
        assertThat(refused(trust(Certificate.TEST_CA), presented).reason())
                .isEqualTo(PeerCertificateException.Reason.UNKNOWN_CA);
        assertThat(System.nanoTime() - begin).as("nanoseconds").isLessThan(10_000_000_000L);
    }
}
