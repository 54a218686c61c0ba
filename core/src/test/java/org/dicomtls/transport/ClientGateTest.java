package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.transport.RawClient.Exchange;
import org.dicomtls.wire.Bytes;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client under a policy against ServerHellos made by hand. */
class ClientGateTest {

    private static final int ECDHE_RSA = 0xC030;
    private static final int DHE_RSA = 0x009F;
    private static final byte[] DOWNGRADE = "DOWNGRD".getBytes(StandardCharsets.US_ASCII);
    private static final Profile TLS_1_2_ONLY =
            TestProfiles.WIDE.derive("tls12-only").versions(TlsVersion.TLS_1_2).build();

    private static Exchange answer(Engine engine, Api api, RawServer.Script script) throws Exception {
        return RawServer.answer(api, Transports.client(engine), script);
    }

    private static Exchange answer(Engine engine, Api api, Hello hello) throws Exception {
        return answer(engine, api, client -> RawServer.record(hello));
    }

    private static TlsRefusal refused(Exchange exchange, int alert, TlsRefusal.Phase phase, String problem) {
        assertThat(exchange.alert().map(a -> a.code())).as("alert on the wire").contains(alert);
        TlsRefusal refusal = exchange.refused();
        assertThat(refusal.problem()).isEqualTo(problem);
        assertThat(refusal.phase()).isEqualTo(phase);
        assertThat(refusal.byPeer()).isFalse();
        assertThat(refusal.alert().map(a -> a.code())).contains(alert);
        return refusal;
    }

    static Stream<Arguments> oldVersions() {
        return OnEverything.Ends.all()
                .flatMap(a -> Stream.of(TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)
                        .map(v -> Arguments.of(a.get()[0], a.get()[1], v)));
    }

    @ParameterizedTest
    @MethodSource("oldVersions")
    void refusesAnOldVersion(Engine engine, Api api, TlsVersion version) throws Exception {
        TlsRefusal refusal = refused(
                answer(engine, api, Hello.serverTls12(ECDHE_RSA).version(version.code())),
                70,
                TlsRefusal.Phase.HELLO,
                "the server chose a version that the profile does not allow");
        assertThat(refusal.offered()).isEqualTo(version.name());
        assertThat(refusal.rule().map(Object::toString)).contains("TEST/versions");
    }

    static Stream<Arguments> suitesNotOffered() {
        return OnEverything.Ends.all()
                .flatMap(a -> Stream.of(0x002F, 0x0002, 0x0005, 0x000A, 0xC014, 0xC09F, 0x0034, 0x1301)
                        .map(s -> Arguments.of(a.get()[0], a.get()[1], CipherSuite.of(s))));
    }

    @ParameterizedTest
    @MethodSource("suitesNotOffered")
    void refusesASuiteThatItDidNotOffer(Engine engine, Api api, CipherSuite suite) throws Exception {
        Profile profile = TestProfiles.WIDE
                .derive("three-suites")
                .suites(CipherSuite.of(ECDHE_RSA), CipherSuite.of(0xC02C), CipherSuite.TLS_AES_256_GCM_SHA384)
                .build();
        TlsRefusal refusal = refused(
                RawServer.answer(
                        api,
                        Transports.client(engine, profile),
                        client -> RawServer.record(Hello.serverTls12(suite.code()))),
                47,
                TlsRefusal.Phase.HELLO,
                "the server chose a cipher suite that was not offered");
        assertThat(refusal.offered()).isEqualTo(suite.name());
    }

    @OnEverything
    void refusesTheMarkOfARemovedTls13(Engine engine, Api api) throws Exception {
        Hello hello = Hello.serverTls12(ECDHE_RSA).randomEnding(new Bytes().raw(DOWNGRADE).u8(1).get());
        TlsRefusal refusal = refused(
                answer(engine, api, hello),
                47,
                TlsRefusal.Phase.HELLO,
                "the server's random says that somebody has removed TLS 1.3 from the offer");
        assertThat(refusal.offered()).isEqualTo("downgrade sentinel 1");
    }

    @OnEverything
    void refusesTheMarkOfARemovedTls12UnderTls12(Engine engine, Api api) throws Exception {
        Hello hello = Hello.serverTls12(ECDHE_RSA).randomEnding(new Bytes().raw(DOWNGRADE).u8(0).get());
        TlsRefusal refusal = refused(
                answer(engine, api, hello),
                47,
                TlsRefusal.Phase.HELLO,
                "the server's random says that somebody has removed TLS 1.3 from the offer");
        assertThat(refusal.offered()).isEqualTo("downgrade sentinel 0");
    }

    @OnEverything
    void refusesTls12WithoutRenegotiationInfo(Engine engine, Api api) throws Exception {
        TlsRefusal refusal = refused(
                answer(engine, api, Hello.serverTls12(ECDHE_RSA).without(Extensions.RENEGOTIATION_INFO)),
                40,
                TlsRefusal.Phase.HELLO,
                "the server does not acknowledge renegotiation_info (RFC 5746)");
        assertThat(refusal.rule().map(Object::toString)).contains("TEST/ri");
    }

    @OnEverything
    void refusesTls12WithoutExtendedMasterSecret(Engine engine, Api api) throws Exception {
        TlsRefusal refusal = refused(
                answer(engine, api, Hello.serverTls12(ECDHE_RSA).without(Extensions.EXTENDED_MASTER_SECRET)),
                40,
                TlsRefusal.Phase.HELLO,
                "the server does not acknowledge extended_master_secret (RFC 7627)");
        assertThat(refusal.rule().map(Object::toString)).contains("TEST/ems");
    }

    @OnEverything
    void refusesCompression(Engine engine, Api api) throws Exception {
        refused(
                answer(engine, api, Hello.serverTls12(ECDHE_RSA).compression(1)),
                47,
                TlsRefusal.Phase.HELLO,
                "the server chose compression");
    }

    @OnEverything
    void refusesAWrongEchoOfTheSessionId(Engine engine, Api api) throws Exception {
        refused(
                answer(engine, api, client -> {
                    byte[] echo = client.sessionId().clone();
                    byte[] wrong = echo.length == 0 ? new byte[] {1} : echo;
                    wrong[0] ^= 1;
                    return RawServer.record(Hello.serverTls13(0x1302, wrong, 29, Hello.X25519_BASE_POINT));
                }),
                47,
                TlsRefusal.Phase.HELLO,
                "the server does not echo the session id");
    }

    @OnEverything
    void refusesAGroupOfTls13ThatItDidNotOffer(Engine engine, Api api) throws Exception {
        TlsRefusal refusal = refused(
                answer(
                        engine,
                        api,
                        client -> RawServer.record(
                                Hello.serverTls13(0x1302, client.sessionId(), 21, new byte[57]))),
                47,
                TlsRefusal.Phase.KEY_EXCHANGE,
                "the server chose a group that was not offered");
        assertThat(refusal.offered()).isEqualTo("secp224r1");
        assertThat(refusal.rule().map(Object::toString)).contains("TEST/groups");
    }

    /** ServerHello, a certificate of ours, and a ServerKeyExchange whose signature is never reached. */
    private static byte[] tls12Flight(ClientHello client, int suite, byte[] parameters, int scheme) throws Exception {
        byte[] certificate = TestCertificates.server(Transports.RSA).entries().get(0).certificate().getEncoded();
        byte[] chain = new Bytes().u24(certificate.length + 3).u24(certificate.length).raw(certificate).get();
        byte[] exchange = new Bytes().raw(parameters).u16(scheme).vector16(new byte[256]).get();
        return Bytes.handshake(new Bytes()
                .raw(Hello.serverTls12(suite).message())
                .raw(Bytes.message(11, chain))
                .raw(Bytes.message(HandshakeMessages.SERVER_KEY_EXCHANGE, exchange))
                .raw(Bytes.message(HandshakeMessages.SERVER_HELLO_DONE, new byte[0]))
                .get());
    }

    private static RawServer.Script flight(int suite, byte[] parameters, int scheme) {
        return client -> {
            try {
                return tls12Flight(client, suite, parameters, scheme);
            } catch (java.security.cert.CertificateEncodingException e) {
                throw new AssertionError(e);
            } catch (Exception e) {
                throw new java.io.IOException(e);
            }
        };
    }

    private static byte[] dhe(int bits) {
        BigInteger prime = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.valueOf(105));
        byte[] p = new BigInteger(prime.toString(16), 16).toByteArray();
        byte[] bare = java.util.Arrays.copyOfRange(p, p.length - bits / 8, p.length);
        return new Bytes()
                .vector16(bare)
                .vector16(new byte[] {2})
                .vector16(new byte[] {4})
                .get();
    }

    @OnEverything
    void refusesADhePrimeOf1024Bits(Engine engine, Api api) throws Exception {
        TlsRefusal refusal = refused(
                answer(engine, api, flight(DHE_RSA, dhe(1024), 0x0401)),
                71,
                TlsRefusal.Phase.KEY_EXCHANGE,
                "the prime of DHE is too short");
        assertThat(refusal.offered()).isEqualTo("1024 bits");
        assertThat(refusal.wanted()).isEqualTo("at least 2048 bits");
        assertThat(refusal.rule().map(Object::toString)).contains("TEST/dhe");
    }

    @OnEverything
    void refusesADhePrimeOf2040Bits(Engine engine, Api api) throws Exception {
        assertThat(answer(engine, api, flight(DHE_RSA, dhe(2040), 0x0401)).refused().offered())
                .isEqualTo("2040 bits");
    }

    @OnEverything
    void refusesACurveOfTls12ThatItDidNotOffer(Engine engine, Api api) throws Exception {
        byte[] parameters = new Bytes().u8(3).u16(21).vector8(new byte[57]).get();
        TlsRefusal refusal = refused(
                answer(engine, api, flight(ECDHE_RSA, parameters, 0x0401)),
                47,
                TlsRefusal.Phase.KEY_EXCHANGE,
                "the server chose a group that was not offered");
        assertThat(refusal.offered()).isEqualTo("secp224r1");
    }

    @OnEverything
    void refusesASignatureSchemeThatItDidNotOffer(Engine engine, Api api) throws Exception {
        byte[] parameters = new Bytes().u8(3).u16(29).vector8(Hello.X25519_BASE_POINT).get();
        TlsRefusal refusal = refused(
                answer(engine, api, flight(ECDHE_RSA, parameters, 0x0201)),
                47,
                TlsRefusal.Phase.KEY_EXCHANGE,
                "the server signed with a scheme that was not offered");
        assertThat(refusal.offered()).isEqualTo("rsa_pkcs1_sha1");
    }

    @OnEverything
    void looksForNoMarkWhereItOffersNoTls13(Engine engine, Api api) throws Exception {
        byte[] parameters = new Bytes().u8(3).u16(21).vector8(new byte[57]).get();
        Exchange exchange = RawServer.answer(api, Transports.client(engine, TLS_1_2_ONLY), client -> {
            Hello hello = Hello.serverTls12(ECDHE_RSA).randomEnding(new Bytes().raw(DOWNGRADE).u8(1).get());
            return Bytes.handshake(new Bytes()
                    .raw(hello.message())
                    .raw(Bytes.message(HandshakeMessages.SERVER_KEY_EXCHANGE, parameters))
                    .get());
        });
        assertThat(exchange.refused().problem()).isEqualTo("the server chose a group that was not offered");
    }

    static Stream<Arguments> alerts() {
        return OnEverything.Ends.all()
                .flatMap(a -> Stream.of(
                                Arguments.of(40, TlsRefusal.Phase.HELLO,
                                        "the server found nothing acceptable in what was offered, or missed a certificate"),
                                Arguments.of(70, TlsRefusal.Phase.HELLO,
                                        "the server accepts none of the TLS versions offered"),
                                Arguments.of(48, TlsRefusal.Phase.OWN_CERTIFICATE, "the server refused our certificate"),
                                Arguments.of(116, TlsRefusal.Phase.OWN_CERTIFICATE,
                                        "the server demands a certificate, and none of ours fits what it accepts"),
                                Arguments.of(80, TlsRefusal.Phase.HANDSHAKE, "the server ended the handshake"))
                        .map(b -> Arguments.of(a.get()[0], a.get()[1], b.get()[0], b.get()[1], b.get()[2])));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void explainsAnAlertOfTheServer(Engine engine, Api api, int alert, TlsRefusal.Phase phase, String problem)
            throws Exception {
        TlsRefusal refusal = answer(engine, api, client -> RawServer.alert(alert)).refused();
        assertThat(refusal.byPeer()).isTrue();
        assertThat(refusal.alert().map(a -> a.code())).contains(alert);
        assertThat(refusal.phase()).isEqualTo(phase);
        assertThat(refusal.problem()).isEqualTo(problem);
    }

    @OnEverything
    void saysThatAServerSpeaksPlainDicom(Engine engine, Api api) throws Exception {
        byte[] accept = new Bytes().u8(2, 0).u16(0, 68).raw(new byte[68]).get();
        TlsRefusal refusal = refused(
                answer(engine, api, client -> accept),
                10,
                TlsRefusal.Phase.TRANSPORT,
                "the server speaks plain DICOM where TLS is spoken");
        assertThat(refusal.offered()).isEqualTo("a DICOM A-ASSOCIATE-AC in the clear");
        assertThat(refusal.remedy()).isEqualTo("connect to the server's TLS port, or switch TLS on there");
    }

    @OnEverything
    void saysThatAServerSpeaksSomethingElse(Engine engine, Api api) throws Exception {
        refused(
                answer(engine, api, client -> "220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII)),
                10,
                TlsRefusal.Phase.TRANSPORT,
                "the server does not speak TLS");
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAServerClosedTheConnection(Engine engine) throws Exception {
        TlsRefusal refusal =
                answer(engine, Api.SOCKET, client -> new byte[0]).refused();
        assertThat(refusal.problem()).isEqualTo("the server closed the connection without an answer to our hello");
        assertThat(refusal.byPeer()).isTrue();
        assertThat(refusal.alert()).isEmpty();
    }

    @Test
    void saysThatNobodyListensByTheExceptionOfTheSystem() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        int closed = port;
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Transports.client(Engine.JDK)
                        .sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), closed)))
                .isInstanceOf(java.net.ConnectException.class);
    }
}
