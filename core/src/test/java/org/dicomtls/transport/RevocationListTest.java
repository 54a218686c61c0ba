package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Revocation lists: which are believed, of whom they speak, and what becomes of a peer that is on one. */
class RevocationListTest {

    private static final Certificate.Issued ROOT = Certificate.TEST_CA;
    private static final Certificate.Issued BETWEEN =
            Certificate.of("CN=Between", "EC secp256r1 between").authority().issued();
    private static final Certificate.Issued LEAF =
            Certificate.of("CN=leaf", Transports.P256).issuedBy(BETWEEN);
    private static final Certificate.Issued DIRECT =
            Certificate.of("CN=direct", "EC secp256r1 direct").issued();

    @TempDir
    private Path directory;

    private static PeerCertificateException judged(Revocation revocation, Certificate.Issued... chain) {
        Trust trust = TestCertificates.trust();
        Policy policy = Policy.of(TestProfiles.WIDE);
        PolicyTrustManager manager = new PolicyTrustManager(
                policy,
                trust,
                new RevocationCheck(revocation, trust, policy, new OcspResponders()),
                Peers.any(),
                Clock.systemUTC());
        return catchThrowableOfType(
                PeerCertificateException.class,
                () -> manager.checkClientTrusted(
                        Stream.of(chain).map(Certificate.Issued::certificate).toArray(X509Certificate[]::new),
                        "UNKNOWN"));
    }

    private static Revocation lists(Lists... lists) {
        return Revocation.lists(Stream.of(lists).map(Lists::make).toArray(X509CRL[]::new));
    }

    private static String unknown(Revocation revocation, Certificate.Issued... chain) {
        PeerCertificateException refusal = judged(revocation, chain);
        assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.STATUS_UNKNOWN);
        return refusal.getMessage().replaceAll("(?s).*\\): ", "");
    }

    private static String of(String authority, Lists list) {
        return "the revocation list of " + authority + " of " + list.make().getThisUpdate().toInstant();
    }

    @Test
    void whoIsOnNoListIsAccepted() {
        assertThat(judged(lists(Lists.of(ROOT), Lists.of(BETWEEN)), LEAF, BETWEEN)).isNull();
    }

    @Test
    void whoIsOnAListIsRefused() {
        Lists list = Lists.of(BETWEEN).revoking(LEAF);
        PeerCertificateException refusal = judged(lists(Lists.of(ROOT), list), LEAF, BETWEEN);
        assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.REVOKED);
        assertThat(refusal.certificate()).isEqualTo(LEAF.certificate());
        assertThat(refusal)
                .hasMessageEndingWith("): it was revoked on 2026-01-02T03:04:05Z (key compromise), says "
                        + of("CN=Between", list));
    }

    @Test
    void anAuthorityThatIsOnAListTakesAllItHasIssuedWithIt() {
        PeerCertificateException refusal =
                judged(lists(Lists.of(ROOT).revoking(BETWEEN), Lists.of(BETWEEN)), LEAF, BETWEEN);
        assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.REVOKED);
        assertThat(refusal.certificate()).isEqualTo(BETWEEN.certificate());
        assertThat(judged(lists(Lists.of(ROOT).revoking(BETWEEN), Lists.of(BETWEEN)).peersOnly(), LEAF, BETWEEN))
                .isNull();
    }

    @Test
    void withoutAListOfAnAuthorityNothingIsKnown() {
        assertThat(unknown(lists(Lists.of(ROOT)), LEAF, BETWEEN))
                .isEqualTo("whether it was revoked is not known: there is no revocation list of CN=Between");
        assertThat(unknown(lists(Lists.of(BETWEEN)), LEAF, BETWEEN))
                .isEqualTo("whether it was revoked is not known: there is no revocation list of CN=Test CA");
        assertThat(judged(lists(Lists.of(ROOT)).softFail(), LEAF, BETWEEN)).isNull();
        assertThat(judged(Revocation.unchecked(), LEAF, BETWEEN)).isNull();
    }

    @Test
    void softFailDoesNotForgiveWhatWasRevoked() {
        assertThat(judged(lists(Lists.of(ROOT).revoking(DIRECT)).softFail(), DIRECT).reason())
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    @Test
    void aListThatHasEndedSaysNothingGoodAnyMore() {
        Lists ended = Lists.from(ROOT, Duration.ofDays(-8)).until(Duration.ofMinutes(-6));
        assertThat(unknown(lists(ended), DIRECT))
                .isEqualTo("whether it was revoked is not known: " + of("CN=Test CA", ended) + " has ended on "
                        + ended.make().getNextUpdate().toInstant());
        assertThat(judged(lists(Lists.from(ROOT, Duration.ofDays(-8)).until(Duration.ofMinutes(-4))), DIRECT))
                .as("clocks may be five minutes apart")
                .isNull();
        assertThat(judged(
                                lists(Lists.from(ROOT, Duration.ofDays(-8))
                                        .until(Duration.ofMinutes(-6))
                                        .revoking(DIRECT)),
                                DIRECT)
                        .reason())
                .as("what was revoked stays so")
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    @Test
    void aListOfTheFutureSaysNothingYet() {
        assertThat(unknown(lists(Lists.from(ROOT, Duration.ofMinutes(6))), DIRECT))
                .endsWith("is valid only from then on");
        assertThat(judged(lists(Lists.from(ROOT, Duration.ofMinutes(4))), DIRECT)).isNull();
    }

    @Test
    void aListThatSomebodyElseHasSignedSaysNothing() {
        Certificate.Issued other = Certificate.of("CN=Other", "EC secp256r1 other").authority().selfSigned();
        assertThat(unknown(lists(Lists.of(ROOT).signedBy(other)), DIRECT)).endsWith("is not signed by that authority");
    }

    @Test
    void aListThatIsSignedWithAWeakHashSaysNothing() {
        assertThat(unknown(lists(Lists.of(ROOT).by("SHA1withECDSA")), DIRECT))
                .endsWith("is signed with SHA-1, which the profile does not allow");
    }

    @Test
    void anAuthorityThatMayNotSignListsIsNotBelieved() {
        Certificate.Issued mute = Certificate.of("CN=Mute", "EC secp256r1 mute")
                .authority()
                .usage(KeyUsage.keyCertSign)
                .issued();
        Certificate.Issued leaf = Certificate.of("CN=leaf", Transports.P256).issuedBy(mute);
        assertThat(unknown(lists(Lists.of(ROOT), Lists.of(mute)), leaf, mute))
                .endsWith("is not signed by that authority");
    }

    @Test
    void anAuthorityWithANewKeySignsForTheOldOne() {
        Certificate.Issued before = Certificate.of("CN=Renewed", "EC secp256r1 before").authority().selfSigned();
        Certificate.Issued after = Certificate.of("CN=Renewed", "EC secp256r1 after").authority().selfSigned();
        Certificate.Issued leaf = Certificate.of("CN=leaf", Transports.P256).issuedBy(before);
        Trust trust = Trust.authorities(before.certificate(), after.certificate());
        Policy policy = Policy.of(TestProfiles.WIDE);
        RevocationCheck check = new RevocationCheck(
                lists(Lists.of(after).revoking(leaf)), trust, policy, new OcspResponders());
        assertThat(catchThrowableOfType(
                                PeerCertificateException.class,
                                () -> check.check(
                                        List.of(leaf.certificate(), before.certificate()),
                                        List.of(),
                                        org.dicomtls.rule.Role.CLIENT,
                                        java.time.Instant.now()))
                        .reason())
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    /** An authority that keeps a list for each of its keys: that of the other key has nothing of this one's certificates. */
    @Test
    void theListOfAnotherKeyOfAnAuthorityIsNoGoodWord() throws Exception {
        Certificate.Issued before =
                Certificate.of("CN=Two Keys", "EC secp256r1 before").authority().selfSigned();
        Certificate.Issued after = Certificate.of("CN=Two Keys", "EC secp256r1 after")
                .authority()
                .validForDays(0, 90)
                .selfSigned();
        Certificate.Issued old = Certificate.of("CN=old", Transports.P256).issuedBy(before);
        Certificate.Issued young = Certificate.of("CN=young", Transports.P256).issuedBy(after);
        // One list by the newest key for all is what most authorities have.
        assertThat(ofTwoKeys(lists(Lists.of(after)), old, before, before, after)).isNull();
        // By the older key it is not, nor where there is one of the very key, whatever that one says.
        assertThat(ofTwoKeys(lists(Lists.of(before)), young, after, before, after))
                .hasMessageEndingWith("is of another key of that authority");
        assertThat(ofTwoKeys(lists(Lists.of(before).until(java.time.Duration.ofDays(-1)), Lists.of(after)), old, before, before, after))
                .hasMessageContaining("is of another key of that authority")
                .hasMessageContaining("has ended on");
        assertThat(ofTwoKeys(lists(Lists.of(before).revoking(old), Lists.of(after)), old, before, before, after).reason())
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    private static PeerCertificateException ofTwoKeys(
            Revocation revocation, Certificate.Issued leaf, Certificate.Issued issuer, Certificate.Issued... trusted) {
        Trust trust = Trust.authorities(
                Stream.of(trusted).map(Certificate.Issued::certificate).toArray(X509Certificate[]::new));
        RevocationCheck check =
                new RevocationCheck(revocation, trust, Policy.of(TestProfiles.WIDE), new OcspResponders());
        return catchThrowableOfType(
                PeerCertificateException.class,
                () -> check.check(
                        List.of(leaf.certificate(), issuer.certificate()),
                        List.of(),
                        org.dicomtls.rule.Role.CLIENT,
                        java.time.Instant.now()));
    }

    @Test
    void ofAnOldAndANewListWhoeverSaysRevokedHasTheLastWord() {
        assertThat(judged(lists(Lists.of(ROOT), Lists.of(ROOT).revoking(DIRECT)), DIRECT).reason())
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    private static IssuingDistributionPoint scope(String uri, boolean users, boolean authorities) {
        return new IssuingDistributionPoint(
                uri == null ? null : new DistributionPointName(new GeneralNames(uri(uri))),
                users,
                authorities,
                null,
                false,
                false);
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static Lists scoped(String uri, boolean users, boolean authorities) {
        return Lists.of(ROOT).with(Extension.issuingDistributionPoint, true, scope(uri, users, authorities));
    }

    @Test
    void aListForUsersSaysNothingOfAuthoritiesAndTheOtherWayRound() {
        Lists users = scoped(null, true, false);
        Lists authorities = scoped(null, false, true);
        assertThat(judged(lists(users), DIRECT)).isNull();
        assertThat(unknown(lists(authorities), DIRECT)).endsWith("there is no revocation list of CN=Test CA");
        assertThat(judged(lists(authorities, Lists.of(BETWEEN)), LEAF, BETWEEN)).isNull();
        assertThat(unknown(lists(users, Lists.of(BETWEEN)), LEAF, BETWEEN))
                .endsWith("there is no revocation list of CN=Test CA");
    }

    @Test
    void aListThatIsAPartSpeaksOfWhoNamesIt() {
        Certificate.Issued inPartOne = Certificate.of("CN=one", Transports.P256)
                .with(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(
                            new DistributionPointName(new GeneralNames(uri("http://ca.example.org/1.crl"))), null, null)
                }))
                .issued();
        assertThat(judged(lists(scoped("http://ca.example.org/1.crl", false, false)), inPartOne)).isNull();
        assertThat(unknown(lists(scoped("http://ca.example.org/2.crl", false, false)), inPartOne))
                .endsWith("there is no revocation list of CN=Test CA");
        assertThat(unknown(lists(scoped("http://ca.example.org/1.crl", false, false)), DIRECT))
                .endsWith("there is no revocation list of CN=Test CA");
    }

    static Stream<Arguments> useless() {
        return Stream.of(
                Arguments.of(
                        Lists.of(ROOT).with(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.ONE)),
                        " is a delta list, a complete one is wanted"),
                Arguments.of(
                        Lists.of(ROOT).until(null),
                        " does not say when the next one comes (nextUpdate), so it cannot be told from an old one"),
                Arguments.of(
                        Lists.of(ROOT)
                                .with(
                                        Extension.issuingDistributionPoint,
                                        true,
                                        new IssuingDistributionPoint(null, false, false, null, true, false)),
                        " is an indirect one, each authority's own is wanted"),
                Arguments.of(
                        Lists.of(ROOT)
                                .with(
                                        Extension.issuingDistributionPoint,
                                        true,
                                        new IssuingDistributionPoint(
                                                null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false)),
                        " is for attribute certificates or for some reasons only, a complete one is wanted"),
                Arguments.of(
                        Lists.of(ROOT)
                                .with(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, new DERUTF8String("?")),
                        " has critical extensions that are not understood: [1.3.6.1.4.1.99999.1]"));
    }

    @ParameterizedTest
    @MethodSource("useless")
    void aListThatSaysNothingByItselfIsAnErrorWhenItIsRead(Lists list, String why) throws Exception {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> Revocation.lists(list.make())))
                .hasMessage("the revocation list of CN=Test CA" + why);
        Path file = Files.write(directory.resolve("useless.crl"), list.make().getEncoded());
        assertThat(catchThrowableOfType(CredentialException.class, () -> Revocation.lists(file)))
                .hasMessage(file + ": the revocation list of CN=Test CA" + why);
    }

    @Test
    void extensionsThatEveryListHasAreUnderstood() {
        assertThat(judged(lists(Lists.of(ROOT).with(Extension.cRLNumber, false, new ASN1Integer(7))), DIRECT))
                .isNull();
    }

    @Test
    void listsAreReadInDerAndInPemSeveralInOneFile() throws Exception {
        Path der = Files.write(
                directory.resolve("one.crl"), Lists.of(ROOT).revoking(DIRECT).make().getEncoded());
        assertThat(judged(Revocation.lists(der), DIRECT).reason()).isEqualTo(PeerCertificateException.Reason.REVOKED);
        Path pem = OpenSsl.pem(
                directory.resolve("two.pem"), Lists.of(BETWEEN).make(), Lists.of(ROOT).make());
        assertThat(judged(Revocation.lists(pem), LEAF, BETWEEN)).isNull();
        assertThat(judged(Revocation.lists(der, pem), DIRECT).reason())
                .isEqualTo(PeerCertificateException.Reason.REVOKED);
    }

    static Stream<Arguments> noLists() {
        return Stream.of(
                Arguments.of("", "holds no revocation list, neither DER nor PEM (-----BEGIN X509 CRL-----)"),
                Arguments.of("garbage", "holds no revocation list, neither DER nor PEM (-----BEGIN X509 CRL-----)"),
                Arguments.of("-----BEGIN X509 CRL-----\nMIIB", "a block is not finished (-----END X509 CRL-----)"),
                Arguments.of("-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n", ""),
                Arguments.of("-----BEGIN X509 CRL-----\nA\n-----END X509 CRL-----\n", "a block is not in base64"),
                Arguments.of("0 this begins as DER does", ""));
    }

    @ParameterizedTest
    @MethodSource("noLists")
    void aFileThatIsNoListIsNamed(String text, String why) throws Exception {
        Path file = Files.writeString(directory.resolve("some.crl"), text);
        assertThat(catchThrowableOfType(CredentialException.class, () -> Revocation.lists(file)).getMessage())
                .startsWith(file + ": " + why)
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path file = directory.resolve("missing.crl");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Revocation.lists(file)))
                .hasMessage(file + ": no such file");
        assertThat(catchThrowableOfType(CredentialException.class, () -> Revocation.lists(directory)))
                .hasMessage(directory + ": is a directory, a revocation list is wanted");
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).map(v -> Arguments.of(e, v)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void bothEndsRefuseWhoWasRevokedAndTakeTheNewListWithoutARestart(Engine engine, TlsVersion version)
            throws Exception {
        Profile profile = TestProfiles.WIDE.derive("revocation").versions(version).build();
        Path file = OpenSsl.pem(directory.resolve("ca.crl"), Lists.of(ROOT).make());
        SecureTransport other = Transports.clientOf(Engine.JDK, profile)
                .identity(DIRECT.with())
                .build();
        SecureTransport server = Transports.serverOf(engine, profile)
                .revocation(Revocation.watched(file))
                .lookInterval(Duration.ZERO)
                .build();
        SecureTransport client = Transports.clientOf(engine, profile)
                .revocation(Revocation.watched(file))
                .lookInterval(Duration.ZERO)
                .build();
        Loopback.run(other, server).server().established();
        Loopback.run(client, other).client().established();
        OpenSsl.pem(file, Lists.of(ROOT).revoking(DIRECT).make());
        TlsRefusal byServer = Loopback.run(other, server).server().refusal();
        assertThat(byServer.problem())
                .contains("certificate CN=direct ")
                .contains("it was revoked on 2026-01-02T03:04:05Z (key compromise), says the revocation list of CN=Test CA");
        assertThat(byServer.phase()).isEqualTo(TlsRefusal.Phase.PEER_CERTIFICATE);
        assertThat(byServer.remedy()).isEqualTo("issue another certificate for the peer, if it is still one");
        assertThat(Loopback.run(client, other).client().refusal().problem()).contains("it was revoked on 2026-01-02");
    }

    @Test
    void listsOfOpensslAreBelieved() throws Exception {
        OpenSslAuthority authority = OpenSslAuthority.in(directory);
        Certificate.Issued good = authority.issue("good");
        Certificate.Issued bad = authority.issue("bad");
        authority.revoke(bad);
        for (Path list : List.of(authority.list("PEM"), authority.list("DER"))) {
            Policy policy = Policy.of(TestProfiles.WIDE);
            Trust trust = Trust.authorities(authority.certificate());
            RevocationCheck check =
                    new RevocationCheck(Revocation.lists(list), trust, policy, new OcspResponders());
            for (Certificate.Issued one : List.of(good, bad)) {
                PeerCertificateException refusal = catchThrowableOfType(
                        PeerCertificateException.class,
                        () -> check.check(
                                List.of(one.certificate(), authority.certificate()),
                                List.of(),
                                org.dicomtls.rule.Role.CLIENT,
                                java.time.Instant.now()));
                assertThat(refusal == null ? null : refusal.reason())
                        .isEqualTo(one == bad ? PeerCertificateException.Reason.REVOKED : null);
            }
        }
    }
}
