package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates of the peer that are refused, by which rule, in which words, and how the peer learns it. */
class PeerCertificateTest {

    private static PolicyTrustManager manager(Trust trust) {
        return new PolicyTrustManager(Policy.of(TestProfiles.WIDE), trust, Clock.systemUTC());
    }

    private static X509Certificate[] chain(Identity identity) {
        return identity.entries().get(0).chain().toArray(X509Certificate[]::new);
    }

    private static PeerCertificateException refused(Role peer, Identity identity) {
        PolicyTrustManager manager = manager(TestCertificates.trust());
        return catchThrowableOfType(PeerCertificateException.class, () -> {
            if (peer == Role.CLIENT) {
                manager.checkClientTrusted(chain(identity), "UNKNOWN");
            } else {
                manager.checkServerTrusted(chain(identity), "UNKNOWN");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void namesTheReasonTheCertificateAndTheRule(Flaw flaw) {
        PeerCertificateException e = refused(Role.CLIENT, flaw.identity());
        assertThat(e.reason()).isEqualTo(flaw.reason());
        assertThat(e.certificate().getSubjectX500Principal().getName()).isEqualTo(flaw.subject);
        assertThat(e.getMessage())
                .startsWith("certificate " + flaw.subject + " (SHA-256 "
                        + PeerCertificateException.fingerprint(e.certificate()) + "): " + flaw.why);
        assertThat(e.rule().map(Object::toString)).isEqualTo(flaw.ruleId());
    }

    @Test
    void refusesAServersCertificateOfAClient() {
        Identity forClients = Certificate.of("CN=client only", Transports.P256)
                .purposes(KeyPurposeId.id_kp_clientAuth)
                .issued()
                .with();
        assertThat(refused(Role.SERVER, forClients))
                .hasMessageEndingWith("its extended key usage does not include serverAuth");
        assertThat(refused(Role.CLIENT, forClients)).isNull();
    }

    @Test
    void refusesAClientsCertificateOfAServer() {
        Identity forServers = Certificate.of("CN=server only", Transports.P256)
                .purposes(KeyPurposeId.id_kp_serverAuth)
                .issued()
                .with();
        assertThat(refused(Role.CLIENT, forServers))
                .hasMessageEndingWith("its extended key usage does not include clientAuth");
        assertThat(refused(Role.SERVER, forServers)).isNull();
    }

    @Test
    void acceptsACertificateThatSaysNothingOfItsUse() {
        assertThat(refused(
                        Role.SERVER,
                        Certificate.of("CN=plain", Transports.P256).usage(0).purposes().issued().with()))
                .isNull();
    }

    @Test
    void refusesAKeyOnP224() {
        PeerCertificateException e = refused(
                Role.SERVER, Certificate.of("CN=P-224", "EC secp224r1").issued().with());
        assertThat(e.reason()).isEqualTo(PeerCertificateException.Reason.TOO_WEAK);
        assertThat(e.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=P-224");
    }

    @Test
    void acceptsASelfSignedCertificateThatIsListed() throws CertificateException {
        Certificate.Issued listed = Certificate.of("CN=listed", Transports.P256).selfSigned();
        manager(Trust.authorities(listed.certificate())).checkClientTrusted(chain(listed.with()), "UNKNOWN");
    }

    @Test
    void refusesAListedCertificateThatHasExpired() {
        Certificate.Issued listed =
                Certificate.of("CN=listed", Transports.P256).validForDays(-30, -1).selfSigned();
        assertThat(catchThrowableOfType(
                                PeerCertificateException.class,
                                () -> manager(Trust.authorities(listed.certificate()))
                                        .checkClientTrusted(chain(listed.with()), "UNKNOWN"))
                        .reason())
                .isEqualTo(PeerCertificateException.Reason.EXPIRED);
    }

    @Test
    void refusesAListedCertificateThatIsTooWeak() {
        Certificate.Issued listed = Certificate.of("CN=listed", "RSA 1024").selfSigned();
        assertThat(catchThrowableOfType(
                                PeerCertificateException.class,
                                () -> manager(Trust.authorities(listed.certificate()))
                                        .checkClientTrusted(chain(listed.with()), "UNKNOWN"))
                        .rule()
                        .map(Object::toString))
                .contains("TEST/rsa");
    }

    @Test
    void refusesAWeakAuthorityThoughItIsTrusted() {
        Certificate.Issued weak = Certificate.of("CN=Weak root", "RSA 1024").authority().selfSigned();
        Identity leaf = Certificate.of("CN=leaf", Transports.P256).issuedBy(weak).with();
        PeerCertificateException e = catchThrowableOfType(
                PeerCertificateException.class,
                () -> manager(Trust.authorities(weak.certificate())).checkClientTrusted(chain(leaf), "UNKNOWN"));
        assertThat(e.certificate()).isEqualTo(weak.certificate());
        assertThat(e.reason()).isEqualTo(PeerCertificateException.Reason.TOO_WEAK);
    }

    @Test
    void refusesAWeakSignatureOnASelfIssuedCertificateBelowTheAuthority() {
        // A new key of an authority, certified by the old one under the same name.
        Certificate.Issued root = Certificate.of("CN=Renewing", "EC secp256r1 old").authority().selfSigned();
        Certificate.Issued next = Certificate.of("CN=Renewing", "EC secp256r1 new")
                .authority()
                .signedBy("SHA1withECDSA")
                .issuedBy(root);
        Identity leaf = Certificate.of("CN=leaf", Transports.P256).issuedBy(next).with(next);
        PeerCertificateException e = catchThrowableOfType(
                PeerCertificateException.class,
                () -> manager(Trust.authorities(root.certificate())).checkClientTrusted(chain(leaf), "UNKNOWN"));
        assertThat(e.certificate()).isEqualTo(next.certificate());
        assertThat(e.reason()).isEqualTo(PeerCertificateException.Reason.TOO_WEAK);
    }

    @Test
    void trustsNobodyWithoutAuthorities() {
        assertThat(catchThrowableOfType(
                                PeerCertificateException.class,
                                () -> manager(Trust.none())
                                        .checkClientTrusted(
                                                chain(TestCertificates.client(Transports.P256)), "UNKNOWN"))
                        .reason())
                .isEqualTo(PeerCertificateException.Reason.UNKNOWN_CA);
    }

    @Test
    void saysThatNoCertificateCame() {
        assertThat(catchThrowableOfType(
                        CertificateException.class,
                        () -> manager(TestCertificates.trust()).checkClientTrusted(new X509Certificate[0], "UNKNOWN")))
                .hasMessage("the peer presented no certificate");
    }

    @Test
    void judgesByItsClock() {
        Clock nextYear = Clock.offset(Clock.systemUTC(), Duration.ofDays(365));
        PolicyTrustManager late =
                new PolicyTrustManager(Policy.of(TestProfiles.WIDE), TestCertificates.trust(), nextYear);
        assertThat(catchThrowableOfType(
                                PeerCertificateException.class,
                                () -> late.checkClientTrusted(
                                        chain(TestCertificates.client(Transports.P256)), "UNKNOWN"))
                        .reason())
                .isEqualTo(PeerCertificateException.Reason.EXPIRED);
    }

    private static final Certificate.Issued FIRST =
            Certificate.of("CN=First", "EC secp256r1 first").authority().issued();
    private static final Certificate.Issued SECOND =
            Certificate.of("CN=Second", "EC secp256r1 second").authority().issuedBy(FIRST);
    private static final Certificate.Issued LEAF =
            Certificate.of("CN=leaf", Transports.P256).issuedBy(SECOND);

    @Test
    void acceptsAChainInTheWrongOrder() {
        assertThat(refused(Role.CLIENT, LEAF.with(Certificate.TEST_CA, FIRST, SECOND))).isNull();
    }

    @Test
    void acceptsAChainWithCertificatesThatDoNotBelongToIt() {
        Certificate.Issued stranger = Certificate.of("CN=Stranger", "EC secp256r1 other").authority().selfSigned();
        assertThat(refused(Role.CLIENT, LEAF.with(stranger, SECOND, FIRST))).isNull();
    }

    @Test
    void refusesAChainWithAGap() {
        assertThat(refused(Role.CLIENT, LEAF.with(FIRST)))
                .hasMessageContaining("certificate CN=leaf ")
                .hasMessageEndingWith("its issuer CN=Second is not among the trusted authorities");
    }

    static Stream<Arguments> handshakes() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                        .flatMap(v -> Stream.of(Flaw.values()).map(f -> Arguments.of(e, v, f))));
    }

    private static Profile only(Profile profile, TlsVersion version) {
        return profile.derive(profile.id() + "-" + version.name().toLowerCase(java.util.Locale.ROOT))
                .versions(version)
                .build();
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void aServerRefusesTheClientsCertificate(Engine engine, TlsVersion version, Flaw flaw) throws Exception {
        try (Accepting server = new Accepting(Transports.server(engine).sslContext())) {
            try (SSLSocket client = (SSLSocket) PlainJsse.context(flaw.identity())
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                client.setEnabledProtocols(new String[] {version.jsseName()});
                client.startHandshake();
                client.getInputStream().read();
            } catch (IOException e) {
                // What the other end makes of it is not looked at here.
            }
            refusedByCertificate(server.next().refusal(), flaw);
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void aClientRefusesTheServersCertificate(Engine engine, TlsVersion version, Flaw flaw) throws Exception {
        try (Accepting server = new Accepting(PlainJsse.context(flaw.identity()));
                SSLSocket client = (SSLSocket) Transports.client(engine, only(TestProfiles.WIDE, version))
                        .sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            refusedByCertificate(catchThrowableOfType(TlsRefusal.class, client::startHandshake), flaw);
        }
    }

    private static void refusedByCertificate(TlsRefusal refusal, Flaw flaw) {
        assertThat(refusal.phase()).isEqualTo(TlsRefusal.Phase.PEER_CERTIFICATE);
        assertThat(refusal.byPeer()).isFalse();
        assertThat(refusal.problem()).matches("(?s)certificate " + flaw.subject + " \\(SHA-256 [0-9a-f]{32}\\): .*");
        assertThat(refusal.problem()).contains("): " + flaw.why);
        assertThat(refusal.rule().map(Object::toString)).isEqualTo(flaw.ruleId());
        assertThat(refusal.remedy()).isNotEmpty();
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(Engine.values())
                        .flatMap(f -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                .map(v -> Arguments.of(e, f, v))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aServerSaysThatTheClientPresentedNoCertificate(Engine client, Engine server, TlsVersion version)
            throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        Loopback.Outcome outcome = Loopback.run(
                Transports.clientOf(client, profile).identity(Identity.none()).build(),
                Transports.server(server, profile));
        TlsRefusal refusal = outcome.server().refusal();
        assertThat(refusal.problem()).isEqualTo("the client presented no certificate");
        assertThat(refusal.phase()).isEqualTo(TlsRefusal.Phase.PEER_CERTIFICATE);
        assertThat(refusal.byPeer()).isFalse();
        assertThat(outcome.client().negotiated()).as("the client").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aListedSelfSignedCertificateServesBothRoles(Engine client, Engine server, TlsVersion version)
            throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        Certificate.Issued scanner = Certificate.of("CN=scanner", Transports.P256).selfSigned();
        Certificate.Issued archive = Certificate.of("CN=archive", "EC secp256r1 archive").selfSigned();
        Loopback.Outcome outcome = Loopback.run(
                SecureTransport.of(profile)
                        .engine(client)
                        .identity(scanner.with())
                        .trust(Trust.authorities(archive.certificate()))
                        .build(),
                SecureTransport.of(profile)
                        .engine(server)
                        .identity(archive.with())
                        .trust(Trust.authorities(scanner.certificate()))
                        .build());
        assertThat(outcome.client().established().peer()).containsExactly(archive.certificate());
        assertThat(outcome.server().established().peer()).containsExactly(scanner.certificate());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aChainInTheWrongOrderIsAccepted(Engine client, Engine server, TlsVersion version) throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        Loopback.Outcome outcome = Loopback.run(
                Transports.clientOf(client, profile)
                        .identity(LEAF.with(FIRST, SECOND))
                        .build(),
                Transports.server(server, profile));
        assertThat(outcome.server().established().peer().get(0)).isEqualTo(LEAF.certificate());
    }
}
