package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** OCSP: what is asked, which answers are believed, and what becomes of a peer when there is none. */
@Timeout(60)
class OcspTest {

    private static final Certificate.Issued CA = Certificate.TEST_CA;
    private static final Certificate.Issued OTHER =
            Certificate.of("CN=other", "EC secp256r1 other").issued();

    @TempDir
    private Path directory;

    private final MovingClock clock = new MovingClock();
    private final OcspResponders responders = new OcspResponders();

    /** A certificate that names those responders. */
    private static Certificate.Issued naming(String... urls) {
        AccessDescription[] access = Stream.of(urls)
                .map(u -> new AccessDescription(
                        AccessDescription.id_ad_ocsp, new GeneralName(GeneralName.uniformResourceIdentifier, u)))
                .toArray(AccessDescription[]::new);
        return Certificate.of("CN=peer", Transports.P256)
                .with(Extension.authorityInfoAccess, false, new AuthorityInformationAccess(access))
                .issued();
    }

    private PeerCertificateException judged(Revocation revocation, Certificate.Issued peer) {
        return judged(TestCertificates.trust(), revocation, peer);
    }

    private PeerCertificateException judged(Trust trust, Revocation revocation, Certificate.Issued peer) {
        Policy policy = Policy.of(TestProfiles.WIDE);
        PolicyTrustManager manager = new PolicyTrustManager(
                policy, trust, new RevocationCheck(revocation, trust, policy, responders), Peers.any(), clock);
        return catchThrowableOfType(
                PeerCertificateException.class,
                () -> manager.checkClientTrusted(new X509Certificate[] {peer.certificate()}, "UNKNOWN"));
    }

    private static String why(PeerCertificateException refusal) {
        assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.STATUS_UNKNOWN);
        return refusal.getMessage().replaceAll("(?s)^.*?\\): whether it was revoked is not known: ", "");
    }

    @Test
    void theResponderThatACertificateNamesIsAskedAboutIt() throws Exception {
        AtomicReference<Certificate.Issued> peer = new AtomicReference<>();
        try (Responder responder = Responder.saying(q -> {
            try {
                OCSPReq question = new OCSPReq(q);
                assertThat(question.getRequestList()).hasSize(1);
                assertThat(question.getExtensionOIDs().isEmpty()).as("no nonce").isTrue();
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
            return Answers.of(CA, peer.get()).make();
        })) {
            peer.set(naming(responder.url()));
            assertThat(judged(Revocation.ocsp(), peer.get())).isNull();
            assertThat(responder.asked()).isEqualTo(1);
        }
    }

    @Test
    void aConfiguredResponderIsAskedAboutEverybody() {
        try (Responder responder = Responder.saying(q -> Answers.of(CA, OTHER).revoked().make())) {
            PeerCertificateException refusal = judged(Revocation.ocsp(URI.create(responder.url())), OTHER);
            assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.REVOKED);
            assertThat(refusal)
                    .hasMessageEndingWith("it was revoked on 2026-01-02T03:04:05Z (keyCompromise), says the answer of the"
                            + " OCSP responder " + responder.url());
        }
    }

    @Test
    void anAnswerIsRememberedUntilItsNextUpdateAndADayAtMost() {
        try (Responder responder = Responder.saying(q ->
                Answers.of(CA, OTHER).valid(Duration.ofMinutes(-1), Duration.ofHours(2)).make())) {
            Revocation revocation = Revocation.ocsp(URI.create(responder.url()));
            for (int i = 0; i < 5; i++) {
                assertThat(judged(revocation, OTHER)).isNull();
            }
            assertThat(responder.asked()).isEqualTo(1);
            clock.move(Duration.ofMinutes(119));
            assertThat(judged(revocation, OTHER)).isNull();
            assertThat(responder.asked()).isEqualTo(1);
            clock.move(Duration.ofMinutes(2));
            assertThat(judged(revocation, OTHER)).isNull();
            assertThat(responder.asked()).isEqualTo(2);
            responder.behave(Responder.answering(q -> Answers.of(CA, OTHER)
                    .valid(Duration.ofMinutes(-1), Duration.ofDays(20))
                    .make()));
            clock.move(Duration.ofHours(3));
            assertThat(judged(revocation, OTHER)).isNull();
            assertThat(responder.asked()).isEqualTo(3);
            clock.move(Duration.ofHours(25));
            assertThat(judged(revocation, OTHER)).isNull();
            assertThat(responder.asked()).isEqualTo(4);
        }
    }

    @Test
    void aResponderThatFailsIsLeftInPeaceForAMoment() {
        try (Responder responder = Responder.saying(q -> Answers.excuse(OCSPResp.TRY_LATER))) {
            Revocation revocation = Revocation.ocsp(URI.create(responder.url()));
            assertThat(why(judged(revocation, OTHER)))
                    .isEqualTo("the answer of the OCSP responder " + responder.url() + " says tryLater");
            judged(revocation, OTHER);
            assertThat(responder.asked()).isEqualTo(1);
            responder.behave(Responder.answering(q -> Answers.of(CA, OTHER).make()));
            clock.move(Duration.ofSeconds(11));
            assertThat(judged(revocation, OTHER)).isNull();
        }
    }

    @Test
    void theSecondResponderIsAskedWhereTheFirstOneSaysNothing() {
        AtomicReference<Certificate.Issued> peer = new AtomicReference<>();
        try (Responder first = Responder.saying(q -> new byte[0]);
                Responder second = Responder.saying(q -> Answers.of(CA, peer.get()).make())) {
            peer.set(naming(first.url(), second.url()));
            assertThat(judged(Revocation.ocsp(), peer.get())).isNull();
            assertThat(first.asked()).isEqualTo(1);
            assertThat(second.asked()).isEqualTo(1);
        }
    }

    @Test
    void onlyHttpAndHttpsAreAsked() {
        for (String url : List.of("ldap://ca.example.org/", "file:///etc/passwd", "http:///nowhere", "ftp://x/", "nonsense")) {
            assertThat(why(judged(Revocation.ocsp(), naming(url))))
                    .as(url)
                    .isEqualTo("it names no OCSP responder that is reached by http or https");
            assertThat(catchThrowableOfType(
                            IllegalArgumentException.class, () -> Revocation.ocsp(URI.create(url))))
                    .hasMessage("OCSP responder " + url + ": an http or https URL is wanted");
        }
        assertThat(why(judged(Revocation.ocsp(), OTHER)))
                .isEqualTo("it names no OCSP responder that is reached by http or https");
    }

    static Stream<Arguments> answers() {
        Certificate.Issued delegate = Certificate.of("CN=Responder", "EC secp256r1 responder")
                .purposes(KeyPurposeId.id_kp_OCSPSigning)
                .issued();
        Certificate.Issued expired = Certificate.of("CN=Responder", "EC secp256r1 responder")
                .purposes(KeyPurposeId.id_kp_OCSPSigning)
                .validForDays(-30, -1)
                .issued();
        Certificate.Issued foreign = Certificate.of("CN=Responder", "EC secp256r1 responder")
                .purposes(KeyPurposeId.id_kp_OCSPSigning)
                .issuedBy(Certificate.of("CN=Other CA", "EC secp256r1 other ca").authority().selfSigned());
        Certificate.Issued namesake = Certificate.of("CN=Test CA", "EC secp256r1 namesake").authority().selfSigned();
        Certificate.Issued weak = Certificate.of("CN=Responder", "RSA 1024")
                .purposes(KeyPurposeId.id_kp_OCSPSigning)
                .issued();
        String signer = " is not signed by the authority, nor by a responder that it has certified";
        return Stream.of(
                Arguments.of("good", Answers.of(CA, OTHER).make(), ""),
                Arguments.of("good, signer by key", Answers.of(CA, OTHER).byKey().make(), ""),
                Arguments.of("a delegate's", Answers.of(CA, OTHER).signedBy(delegate).make(), ""),
                Arguments.of("a delegate's, by key", Answers.of(CA, OTHER).signedBy(delegate).byKey().make(), ""),
                Arguments.of("unknown", Answers.of(CA, OTHER).unknown().make(), " does not know the certificate"),
                Arguments.of(
                        "of another certificate",
                        Answers.of(CA, Certificate.of("CN=third", "EC secp256r1 other").issued()).make(),
                        " does not speak of this certificate"),
                Arguments.of(
                        "of another authority's certificate",
                        Answers.of(namesake, OTHER).make(),
                        " does not speak of this certificate"),
                Arguments.of("a namesake's", Answers.of(CA, OTHER).signedBy(namesake).make(), signer),
                Arguments.of("a peer's", Answers.of(CA, OTHER).signedBy(OTHER).make(), signer),
                Arguments.of("an expired delegate's", Answers.of(CA, OTHER).signedBy(expired).make(), signer),
                Arguments.of(
                        "a weak delegate's",
                        Answers.of(CA, OTHER).signedBy(weak).by("SHA256withRSA").make(),
                        signer),
                Arguments.of("a foreign delegate's", Answers.of(CA, OTHER).signedBy(foreign).make(), signer),
                Arguments.of(
                        "SHA-1",
                        Answers.of(CA, OTHER).by("SHA1withECDSA").make(),
                        " is signed with SHA-1, which the profile does not allow"),
                Arguments.of(
                        "outdated",
                        Answers.of(CA, OTHER).valid(Duration.ofDays(-3), Duration.ofMinutes(-7)).make(),
                        " was valid until "),
                Arguments.of(
                        "of the future",
                        Answers.of(CA, OTHER).valid(Duration.ofMinutes(7), Duration.ofDays(1)).make(),
                        " is valid only from "),
                Arguments.of(
                        "a fresh one without nextUpdate",
                        Answers.of(CA, OTHER).valid(Duration.ofMinutes(-2), null).make(),
                        ""),
                Arguments.of(
                        "an old one without nextUpdate",
                        Answers.of(CA, OTHER).valid(Duration.ofMinutes(-7), null).make(),
                        " was valid until "),
                Arguments.of("unauthorized", Answers.excuse(OCSPResp.UNAUTHORIZED), " says unauthorized"),
                Arguments.of("malformedRequest", Answers.excuse(OCSPResp.MALFORMED_REQUEST), " says malformedRequest"),
                Arguments.of("internalError", Answers.excuse(OCSPResp.INTERNAL_ERROR), " says internalError"),
                Arguments.of("sigRequired", Answers.excuse(OCSPResp.SIG_REQUIRED), " says sigRequired"),
                Arguments.of("nothing", new byte[0], " cannot be read: "),
                Arguments.of("garbage", "this is no answer".getBytes(StandardCharsets.US_ASCII), " cannot be read: "),
                Arguments.of(
                        "half of one",
                        java.util.Arrays.copyOf(Answers.of(CA, OTHER).make(), 100),
                        " cannot be read: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerIsBelievedOnlyIfItMayBe(String name, byte[] answer, String why) {
        try (Responder responder = Responder.saying(q -> answer)) {
            PeerCertificateException refusal = judged(Revocation.ocsp(URI.create(responder.url())), OTHER);
            if (why.isEmpty()) {
                assertThat(refusal).isNull();
            } else {
                assertThat(why(refusal))
                        .startsWith("the answer of the OCSP responder " + responder.url() + why)
                        .doesNotContain("\n")
                        .hasSizeLessThan(300);
            }
            assertThat(judged(Revocation.ocsp(URI.create(responder.url())).softFail(), OTHER)).isNull();
        }
    }

    /** The one octet that Bouncy Castle does not look at; it says nothing. */
    private static final int TAG_OF_THE_RESPONSE = 7;

    @Test
    void anAnswerThatHasOneBitWrongIsNeverBelieved() {
        byte[] right = Answers.of(CA, OTHER).make();
        CertificateStrength strength = new CertificateStrength(Policy.of(TestProfiles.WIDE));
        List<Integer> believed = new ArrayList<>();
        for (int bit = 0; bit < right.length * 8; bit += 3) {
            if (bit / 8 == TAG_OF_THE_RESPONSE) {
                continue;
            }
            byte[] wrong = right.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            CertificateStatus status = OcspAnswer.read(
                    wrong, OTHER.certificate(), CA.certificate(), strength, clock.instant(), "it");
            if (status.kind() != CertificateStatus.Kind.UNKNOWN) {
                believed.add(bit);
            }
        }
        assertThat(believed).isEmpty();
    }

    @Test
    void aSlowResponderHoldsUpAHandshakeNoLongerThanItsTime() throws Exception {
        for (String mode : List.of("silent", "headers", "body", "status")) {
            Thread dripping;
            try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                dripping = new Thread(() -> drip(listener, mode), "test-drip");
                dripping.start();
                URI url = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
                Certificate.Issued peer = Certificate.of("CN=" + mode, "EC secp256r1 " + mode).issued();
                long begin = System.nanoTime();
                PeerCertificateException refusal =
                        judged(Revocation.ocsp(url).timeout(Duration.ofMillis(400)), peer);
                long took = System.nanoTime() - begin;
                assertThat(refusal.getMessage()).as(mode).contains("the OCSP responder " + url);
                assertThat(Duration.ofNanos(took)).as(mode).isLessThan(Duration.ofSeconds(5));
            }
            dripping.join(10_000);
            assertThat(dripping.isAlive()).as(mode + ": the connection was given up").isFalse();
        }
    }

    private static void drip(ServerSocket listener, String mode) {
        try (Socket socket = listener.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write((switch (mode) {
                        case "headers" -> "HTTP/1.1 200 OK\r\nX: ";
                        case "body" -> "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n";
                        case "status" -> "HTTP/1.1 200 ";
                        default -> "";
                    })
                    .getBytes(StandardCharsets.US_ASCII));
            while (!mode.equals("silent")) {
                out.write('a');
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            socket.setSoTimeout(8_000);
            while (socket.getInputStream().read() >= 0) {
                // Until the other end has given up.
            }
        } catch (java.io.IOException e) {
            // It has given up.
        }
    }

    @Test
    void aResponderThatAnswersWithoutEndIsCutOff() {
        try (Responder responder = new Responder((out, question) -> {
            out.write(Responder.head("200 OK"));
            byte[] block = new byte[4096];
            for (int i = 0; i < 10_000; i++) {
                out.write(block);
            }
        })) {
            assertThat(why(judged(Revocation.ocsp(URI.create(responder.url())), OTHER)))
                    .isEqualTo("the OCSP responder " + responder.url()
                            + " cannot be asked: its answer is larger than 65536 octets");
        }
    }

    @Test
    void aResponderThatSendsElsewhereIsNotFollowed() {
        try (Responder good = Responder.saying(q -> Answers.of(CA, OTHER).make());
                Responder elsewhere = new Responder((out, question) -> out.write(Responder.head(
                        "307 Temporary Redirect", "Location: " + good.url(), "Content-Length: 0")))) {
            assertThat(why(judged(Revocation.ocsp(URI.create(elsewhere.url())), OTHER)))
                    .isEqualTo("the OCSP responder " + elsewhere.url() + " cannot be asked: it answers with HTTP status 307");
            assertThat(good.asked()).isZero();
        }
    }

    @Test
    void aResponderThatIsNotThereIsNamed() throws Exception {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        URI url = URI.create("http://127.0.0.1:" + closed + "/");
        assertThat(why(judged(Revocation.ocsp(url), OTHER)))
                .startsWith("the OCSP responder " + url + " cannot be asked: Connection refused");
        assertThat(judged(Revocation.ocsp(url).softFail(), OTHER)).isNull();
    }

    @Test
    void manyConnectionsOfOnePeerAskOnce() throws Exception {
        try (Responder responder = new Responder((out, question) -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            Responder.answering(q -> Answers.of(CA, OTHER).make()).answer(out, question);
        })) {
            ExecutorService threads = Executors.newFixedThreadPool(20);
            try {
                List<Future<PeerCertificateException>> all = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    all.add(threads.submit(() ->
                            judged(Revocation.ocsp(URI.create(responder.url())).timeout(Duration.ofSeconds(20)), OTHER)));
                }
                for (Future<PeerCertificateException> one : all) {
                    assertThat(one.get(30, TimeUnit.SECONDS)).isNull();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(responder.asked()).isEqualTo(1);
        }
    }

    @Test
    void aListAtHandSparesTheQuestion() {
        try (Responder responder = Responder.saying(q -> Answers.of(CA, OTHER).revoked().make())) {
            Revocation both = Revocation.lists(Lists.of(CA).make()).and(Revocation.ocsp(URI.create(responder.url())));
            assertThat(judged(both, OTHER)).isNull();
            assertThat(responder.asked()).isZero();
            Revocation outdated = Revocation.lists(
                            Lists.from(CA, Duration.ofDays(-9)).until(Duration.ofDays(-1)).make())
                    .and(Revocation.ocsp(URI.create(responder.url())));
            assertThat(judged(outdated, OTHER).reason()).isEqualTo(PeerCertificateException.Reason.REVOKED);
            assertThat(responder.asked()).isEqualTo(1);
        }
    }

    @Test
    void nobodyIsAskedAboutAPeerThatIsNotTrustedAnyway() {
        try (Responder responder = Responder.saying(q -> Answers.of(CA, OTHER).make())) {
            PeerCertificateException refusal =
                    judged(Trust.none(), Revocation.ocsp(), naming(responder.url()));
            assertThat(refusal.reason()).isEqualTo(PeerCertificateException.Reason.UNKNOWN_CA);
            assertThat(responder.asked()).isZero();
        }
    }

    @Test
    void combinationsAreAsStrictAsTheStrictest() {
        assertThat(Revocation.unchecked().and(Revocation.ocsp()).checked()).isTrue();
        assertThat(Revocation.ocsp().and(Revocation.unchecked()).checked()).isTrue();
        assertThat(Revocation.ocsp().softFail().and(Revocation.stapled()).soft()).isFalse();
        assertThat(Revocation.ocsp().softFail().and(Revocation.stapled().softFail()).soft()).isTrue();
        assertThat(Revocation.ocsp().peersOnly().and(Revocation.stapled()).onlyPeers()).isFalse();
        assertThat(Revocation.ocsp(URI.create("http://a.example.org/"))
                        .timeout(Duration.ofSeconds(9))
                        .and(Revocation.stapled()))
                .hasToString("stapled OCSP, OCSP of http://a.example.org/")
                .extracting(Revocation::timeout)
                .isEqualTo(Duration.ofSeconds(9));
        assertThat(Revocation.unchecked()).hasToString("not checked");
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).map(v -> Arguments.of(e, v)));
    }

    /** {@code openssl ocsp} answers, over real handshakes, at both ends. */
    @ParameterizedTest
    @MethodSource("ends")
    void bothEndsAskTheResponderOfOpenssl(Engine engine, TlsVersion version) throws Exception {
        OpenSslAuthority authority = OpenSslAuthority.in(directory);
        Profile profile = TestProfiles.WIDE.derive("ocsp").versions(version).build();
        try (Responder responder = Responder.saying(authority::answer)) {
            Certificate.Issued good = authority.issue("good", responder.url());
            Certificate.Issued bad = authority.issue("bad", responder.url());
            authority.revoke(bad);
            for (Certificate.Issued peer : List.of(good, bad)) {
                SecureTransport other = SecureTransport.of(profile)
                        .engine(Engine.JDK)
                        .identity(peer.with())
                        .trust(TestCertificates.trust())
                        .build();
                SecureTransport server = Transports.serverOf(engine, profile)
                        .trust(authority.trust())
                        .revocation(Revocation.ocsp())
                        .build();
                SecureTransport client = Transports.clientOf(engine, profile)
                        .trust(authority.trust())
                        .revocation(Revocation.ocsp())
                        .build();
                Loopback.End atServer = Loopback.run(other, server).server();
                Loopback.End atClient = Loopback.run(client, other).client();
                for (Loopback.End end : List.of(atServer, atClient)) {
                    if (peer == good) {
                        assertThat(end.established().peer().get(0)).isEqualTo(good.certificate());
                    } else {
                        assertThat(end.refusal().problem())
                                .contains("certificate CN=bad ")
                                .matches("(?s).*\\): it was revoked on \\S+ \\(keyCompromise\\), says the answer of the OCSP"
                                        + " responder " + responder.url());
                    }
                }
            }
            assertThat(responder.asked()).isEqualTo(4);
        }
    }

    @Test
    void whatOpensslSaysOfAStrangerAndWithoutNextUpdateIsRead() throws Exception {
        OpenSslAuthority authority = OpenSslAuthority.in(directory);
        try (Responder responder = Responder.saying(q -> authority.answer(q))) {
            Certificate.Issued forgotten = authority.issue("forgotten", responder.url());
            authority.forgetEverybody();
            clock.move(Duration.ofMinutes(1));
            assertThat(why(judged(authority.trust(), Revocation.ocsp(), forgotten)))
                    .isEqualTo("the answer of the OCSP responder " + responder.url() + " does not know the certificate");
            Certificate.Issued known = authority.issue("known", responder.url());
            responder.behave(Responder.answering(q -> authority.answer(q, "-resp_key_id")));
            assertThat(judged(authority.trust(), Revocation.ocsp(), known)).isNull();
        }
    }
}
