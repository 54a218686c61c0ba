package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.transport.RawClient.Exchange;
import org.dicomtls.wire.Bytes;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;
import org.dicomtls.wire.ServerHello;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server under a policy against ClientHellos made by hand. */
class ServerGateTest {

    private static Exchange send(Engine engine, Api api, Hello hello) throws Exception {
        return RawClient.send(api, Transports.server(engine), hello.record());
    }

    private static void refused(Exchange exchange, int alert, TlsRefusal.Phase phase, String problem) {
        assertThat(exchange.alert().map(a -> a.code())).as("alert on the wire").contains(alert);
        assertThat(exchange.hello()).as("ServerHello").isEmpty();
        TlsRefusal refusal = exchange.refused();
        assertThat(refusal.problem()).isEqualTo(problem);
        assertThat(refusal.phase()).isEqualTo(phase);
        assertThat(refusal.byPeer()).isFalse();
        assertThat(refusal.alert().map(a -> a.code())).contains(alert);
    }

    private static String rule(Exchange exchange) {
        return exchange.refused().rule().map(Object::toString).orElse("none");
    }

    @OnEverything
    void acceptsAModernHelloOfTls12(Engine engine, Api api) throws Exception {
        ServerHello hello = send(engine, api, Hello.clientTls12()).serverHello();
        assertThat(hello.version()).isEqualTo(TlsVersion.TLS_1_2);
        assertThat(hello.suite().name()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        assertThat(hello.extendedMasterSecret()).isTrue();
        assertThat(hello.renegotiationInfo()).isTrue();
    }

    @OnEverything
    void acceptsAModernHelloOfTls13(Engine engine, Api api) throws Exception {
        ServerHello hello = send(engine, api, Hello.clientTls13()).serverHello();
        assertThat(hello.version()).isEqualTo(TlsVersion.TLS_1_3);
        assertThat(hello.suite()).isEqualTo(CipherSuite.TLS_AES_256_GCM_SHA384);
        assertThat(hello.group()).contains(NamedGroup.X25519);
    }

    @OnEverything
    void refusesTls12WithoutExtendedMasterSecret(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().without(Extensions.EXTENDED_MASTER_SECRET));
        refused(exchange, 40, TlsRefusal.Phase.HELLO, "the client does not offer extended_master_secret");
        assertThat(rule(exchange)).isEqualTo("TEST/ems");
    }

    @OnEverything
    void refusesTls12WithoutRenegotiationInfo(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().withoutScsv());
        refused(exchange, 40, TlsRefusal.Phase.HELLO, "the client does not signal renegotiation_info");
        assertThat(rule(exchange)).isEqualTo("TEST/ri");
    }

    @OnEverything
    void takesTheExtensionForTheSignallingSuite(Engine engine, Api api) throws Exception {
        assertThat(send(engine, api, Hello.clientTls12().withoutScsv().with(Extensions.RENEGOTIATION_INFO, 0))
                        .serverHello()
                        .renegotiationInfo())
                .isTrue();
    }

    @OnEverything
    void asksNeitherOfThemOfTls13(Engine engine, Api api) throws Exception {
        Hello hello = Hello.clientTls13().without(Extensions.EXTENDED_MASTER_SECRET).withoutScsv();
        assertThat(send(engine, api, hello).serverHello().version()).isEqualTo(TlsVersion.TLS_1_3);
    }

    @OnEverything
    void choosesTls13ThoughTheClientNamesTls12First(Engine engine, Api api) throws Exception {
        assertThat(send(engine, api, Hello.clientTls13().versions(0x0303, 0x0304)).serverHello().version())
                .isEqualTo(TlsVersion.TLS_1_3);
    }

    @OnEverything
    void readsALegacyVersionAboveTls12AsTls12(Engine engine, Api api) throws Exception {
        assertThat(send(engine, api, Hello.clientTls12().version(0x0304)).serverHello().version())
                .isEqualTo(TlsVersion.TLS_1_2);
    }

    static Stream<Arguments> oldVersions() {
        return OnEverything.Ends.all()
                .flatMap(a -> Stream.of(TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)
                        .map(v -> Arguments.of(a.get()[0], a.get()[1], v)));
    }

    @ParameterizedTest
    @MethodSource("oldVersions")
    void answersAnOldHelloWithProtocolVersion(Engine engine, Api api, TlsVersion version) throws Exception {
        Hello hello = Hello.clientTls12().version(version.code()).suites(0xC014, 0x0035, 0x002F, 0x00FF);
        Exchange exchange = RawClient.send(api, Transports.server(engine), hello.record(version.code()));
        refused(exchange, 70, TlsRefusal.Phase.HELLO, "no common TLS version");
        assertThat(exchange.refused().offered()).isEqualTo(version.name());
        assertThat(exchange.refused().wanted()).isEqualTo("TLSv1.3, TLSv1.2");
        assertThat(rule(exchange)).isEqualTo("TEST/versions");
    }

    @OnEverything
    void answersSupportedVersionsOfTls11AndBelowWithProtocolVersion(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls13().versions(0x0302, 0x0301));
        refused(exchange, 70, TlsRefusal.Phase.HELLO, "no common TLS version");
        assertThat(exchange.refused().offered()).isEqualTo("TLSv1.1, TLSv1.0");
    }

    @OnEverything
    void refusesAHelloInTheFormatOfSsl2(Engine engine, Api api) throws Exception {
        byte[] body = new Bytes()
                .u8(1)
                .u16(0x0303, 9, 0, 16)
                .u8(0x01, 0x00, 0x80, 0x00, 0x00, 0x2F, 0x00, 0xC0, 0x2F)
                .raw(new byte[16])
                .get();
        Exchange exchange = RawClient.send(
                api,
                Transports.server(engine),
                new Bytes().u16(0x8000 | body.length).raw(body).get());
        refused(exchange, 70, TlsRefusal.Phase.TRANSPORT, "the client sends a hello in the format of SSL 2.0");
        assertThat(rule(exchange)).isEqualTo("TEST/versions");
    }

    @OnEverything
    void refusesCompressionWithTls13(Engine engine, Api api) throws Exception {
        refused(
                send(engine, api, Hello.clientTls13().compression(1, 0)),
                47,
                TlsRefusal.Phase.HELLO,
                "the client offers compression with TLS 1.3");
    }

    @OnEverything
    void choosesNoCompressionForTls12(Engine engine, Api api) throws Exception {
        assertThat(send(engine, api, Hello.clientTls12().compression(1, 0)).serverHello().compression())
                .isZero();
    }

    @OnEverything
    void refusesAClientThatInsistsOnCompression(Engine engine, Api api) throws Exception {
        refused(
                send(engine, api, Hello.clientTls12().compression(1)),
                40,
                TlsRefusal.Phase.HELLO,
                "the client insists on compression");
    }

    @OnEverything
    void refusesAKeyShareOutsideTheOfferedGroups(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls13().groups(23));
        refused(
                exchange,
                47,
                TlsRefusal.Phase.HELLO,
                "the client sends a key share for a group that it does not offer, or two for one group");
        assertThat(exchange.refused().offered()).isEqualTo("x25519");
    }

    @OnEverything
    void refusesTwoKeySharesForOneGroup(Engine engine, Api api) throws Exception {
        byte[] share = new Bytes().u16(29).vector16(new byte[32]).get();
        Hello hello = Hello.clientTls13()
                .without(Extensions.KEY_SHARE)
                .with(Extensions.KEY_SHARE, new Bytes().vector16(new Bytes().raw(share).raw(share).get()).get());
        refused(
                send(engine, api, hello),
                47,
                TlsRefusal.Phase.HELLO,
                "the client sends a key share for a group that it does not offer, or two for one group");
    }

    /** What is meant to end what is read in the clear must not end it before there is a hello. */
    @OnEverything
    void refusesApplicationDataBeforeTheHello(Engine engine, Api api) throws Exception {
        Exchange exchange = RawClient.send(api, Transports.server(engine), new byte[] {23, 3, 3, 0, 1, 65});
        refused(exchange, 10, TlsRefusal.Phase.HELLO, "the client sends protected records before its hello");
    }

    @OnEverything
    void refusesTls13WithoutKeyShare(Engine engine, Api api) throws Exception {
        refused(
                send(engine, api, Hello.clientTls13().without(Extensions.KEY_SHARE)),
                109,
                TlsRefusal.Phase.HELLO,
                "the client sends no key_share with TLS 1.3");
    }

    @OnEverything
    void usesNoX25519WithATls12ClientThatOffersUnknownGroupsOnly(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().suites(0xC02B, 0xC02F, 0x00FF).groups(26, 0x7777));
        refused(exchange, 40, TlsRefusal.Phase.HELLO, "no common group for the key exchange");
        assertThat(exchange.refused().offered()).isEqualTo("brainpoolP256r1, 0x7777");
        assertThat(rule(exchange)).isEqualTo("TEST/groups");
    }

    @OnEverything
    void usesNoX25519WithATls13ClientThatOffersUnknownGroupsOnly(Engine engine, Api api) throws Exception {
        refused(
                send(engine, api, Hello.clientTls13().groups(0x7777).keyShare(0x7777, new byte[32])),
                40,
                TlsRefusal.Phase.HELLO,
                "no common group for the key exchange");
    }

    @OnEverything
    void usesTheOneGroupThatATls12ClientOffers(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().suites(0xC02F, 0x00FF).groups(24));
        byte[] parameters = exchange.messages(HandshakeMessages.SERVER_KEY_EXCHANGE).get(0);
        assertThat(Arrays.copyOf(parameters, 3)).containsExactly(3, 0, 24);
    }

    @OnEverything
    void toleratesGrease(Engine engine, Api api) throws Exception {
        Hello hello = Hello.clientTls13()
                .suites(0x1A1A, 0x1301, 0x00FF)
                .groups(0x2A2A, 29)
                .schemes(0x3A3A, 0x0403, 0x0804)
                .versions(0x4A4A, 0x0304)
                .with(0x5A5A, 0)
                .with(Extensions.PSK_KEY_EXCHANGE_MODES, 2, 0x0B, 1);
        byte[] share = new Bytes()
                .vector16(new Bytes()
                        .u16(0x2A2A)
                        .vector16(new byte[1])
                        .u16(29)
                        .vector16(Hello.X25519_BASE_POINT)
                        .get())
                .get();
        assertThat(send(engine, api, hello.with(Extensions.KEY_SHARE, share)).serverHello().suite())
                .isEqualTo(CipherSuite.TLS_AES_128_GCM_SHA256);
    }

    static Stream<Arguments> recordVersions() {
        return OnEverything.Ends.all()
                .flatMap(a -> Stream.of(0x0300, 0x0301, 0x0303, 0x03FF).map(v -> Arguments.of(a.get()[0], a.get()[1], v)));
    }

    @ParameterizedTest
    @MethodSource("recordVersions")
    void acceptsAHelloWhateverTheVersionOfItsRecord(Engine engine, Api api, int recordVersion) throws Exception {
        assertThat(RawClient.send(api, Transports.server(engine), Hello.clientTls13().record(recordVersion))
                        .serverHello()
                        .version())
                .isEqualTo(TlsVersion.TLS_1_3);
    }

    private static byte[][] records(Hello hello, int octetsEach) {
        byte[] message = hello.message();
        List<byte[]> records = new ArrayList<>();
        for (int at = 0; at < message.length; at += octetsEach) {
            records.add(Bytes.record(
                    HandshakeMessages.HANDSHAKE,
                    0x0301,
                    Arrays.copyOfRange(message, at, Math.min(message.length, at + octetsEach))));
        }
        return records.toArray(byte[][]::new);
    }

    @OnEverything
    void acceptsATls13HelloInSeveralRecords(Engine engine, Api api) throws Exception {
        assertThat(RawClient.send(api, Transports.server(engine), records(Hello.clientTls13(), 70))
                        .serverHello()
                        .version())
                .isEqualTo(TlsVersion.TLS_1_3);
    }

    @OnEverything
    void acceptsATls12HelloInSeveralRecordsInOneSegment(Engine engine, Api api) throws Exception {
        Bytes all = new Bytes();
        for (byte[] record : records(Hello.clientTls12(), 50)) {
            all.raw(record);
        }
        assertThat(RawClient.send(api, Transports.server(engine), all.get()).serverHello().version())
                .isEqualTo(TlsVersion.TLS_1_2);
    }

    @OnEverything
    void acceptsAHelloInManySegments(Engine engine, Api api) throws Exception {
        byte[] record = Hello.clientTls13().record();
        byte[][] parts = new byte[(record.length + 6) / 7][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Arrays.copyOfRange(record, i * 7, Math.min(record.length, i * 7 + 7));
        }
        assertThat(RawClient.send(api, Transports.server(engine), parts).serverHello().version())
                .isEqualTo(TlsVersion.TLS_1_3);
    }

    @OnEverything
    void looksAtEveryRecordOfASplitHello(Engine engine, Api api) throws Exception {
        refused(
                RawClient.send(
                        api,
                        Transports.server(engine),
                        records(Hello.clientTls12().without(Extensions.EXTENDED_MASTER_SECRET), 40)),
                40,
                TlsRefusal.Phase.HELLO,
                "the client does not offer extended_master_secret");
    }

    private static byte[] associateRequest() {
        byte[] variable = new byte[68];
        variable[1] = 1;
        return new Bytes().u8(1, 0).u16(0, variable.length).raw(variable).get();
    }

    @OnEverything
    void saysThatAClientSpeaksPlainDicom(Engine engine, Api api) throws Exception {
        Exchange exchange = RawClient.send(api, Transports.server(engine), associateRequest());
        refused(exchange, 10, TlsRefusal.Phase.TRANSPORT, "the client speaks plain DICOM where TLS is spoken");
        assertThat(exchange.refused().offered()).isEqualTo("a DICOM A-ASSOCIATE-RQ in the clear");
        assertThat(exchange.refused().remedy())
                .isEqualTo("switch TLS on at the client, or let it connect to the port for plain DICOM");
    }

    @OnEverything
    void saysThatAClientSpeaksHttp(Engine engine, Api api) throws Exception {
        Exchange exchange = RawClient.send(
                api, Transports.server(engine), "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        refused(exchange, 10, TlsRefusal.Phase.TRANSPORT, "the client speaks HTTP in the clear where TLS is spoken");
        assertThat(exchange.refused().remedy())
                .isEqualTo("look who connects there: a browser, a monitor, or a scanner");
    }

    @OnEverything
    void saysThatAClientSpeaksSomethingElse(Engine engine, Api api) throws Exception {
        Exchange exchange = RawClient.send(
                api, Transports.server(engine), "SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII));
        refused(exchange, 10, TlsRefusal.Phase.TRANSPORT, "the client does not speak TLS");
        assertThat(exchange.refused().offered()).isEqualTo("octets that begin with 53");
    }

    @OnEverything
    void refusesGarbageInsideAHandshakeRecord(Engine engine, Api api) throws Exception {
        byte[] garbage = Bytes.message(HandshakeMessages.CLIENT_HELLO, new byte[10]);
        refused(
                RawClient.send(api, Transports.server(engine), Bytes.handshake(garbage)),
                50,
                TlsRefusal.Phase.HELLO,
                "the client sent malformed TLS: random needs 32 octets, 8 are left");
    }

    @OnEverything
    void refusesTheSecondOfTwoEqualExtensions(Engine engine, Api api) throws Exception {
        byte[] body = Hello.clientTls12().body();
        byte[] twice = new byte[body.length + 4];
        System.arraycopy(body, 0, twice, 0, body.length);
        twice[body.length + 1] = Extensions.EXTENDED_MASTER_SECRET;
        int block = 2 + 32 + 33 + 2 + 14 + 2;
        int length = ((body[block] & 0xFF) << 8 | body[block + 1] & 0xFF) + 4;
        twice[block] = (byte) (length >>> 8);
        twice[block + 1] = (byte) length;
        refused(
                RawClient.send(
                        api,
                        Transports.server(engine),
                        Bytes.handshake(Bytes.message(HandshakeMessages.CLIENT_HELLO, twice))),
                50,
                TlsRefusal.Phase.HELLO,
                "the client sent malformed TLS: extension 23 stands there twice");
    }

    @OnEverything
    void namesTheSuitesThatWereNotInCommon(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().suites(0x002F, 0xC013, 0x00FF));
        refused(exchange, 40, TlsRefusal.Phase.HELLO, "no common cipher suite for TLSv1.2");
        assertThat(exchange.refused().offered())
                .isEqualTo("TLS_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
        assertThat(rule(exchange)).isEqualTo("TEST/suites12");
    }

    @OnEverything
    void refusesAClientThatOffersSha1SignaturesOnly(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().schemes(0x0201, 0x0203));
        refused(exchange, 40, TlsRefusal.Phase.HELLO, "no common signature scheme");
        assertThat(rule(exchange)).isEqualTo("TEST/schemes");
    }

    @OnEverything
    void takesTheClientThatNamesNoSignatureSchemeForOneOfSha1(Engine engine, Api api) throws Exception {
        refused(
                send(engine, api, Hello.clientTls12().without(Extensions.SIGNATURE_ALGORITHMS)),
                40,
                TlsRefusal.Phase.HELLO,
                "no common signature scheme");
    }

    @OnEverything
    void putsAes256FirstWhateverTheOrderOfTheClient(Engine engine, Api api) throws Exception {
        Hello hello = Hello.clientTls12().suites(0x009E, 0xCCA8, 0xC02F, 0xC030, 0x00FF);
        assertThat(send(engine, api, hello).serverHello().suite().name())
                .isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    @OnEverything
    void usesADhePrimeOf2048Bits(Engine engine, Api api) throws Exception {
        Exchange exchange = send(engine, api, Hello.clientTls12().suites(0x009E, 0x00FF));
        byte[] parameters = exchange.messages(HandshakeMessages.SERVER_KEY_EXCHANGE).get(0);
        assertThat(Arrays.copyOf(parameters, 3)).containsExactly(1, 0, (byte) 0xFF);
    }

    @OnEverything
    void marksTls12ByTheDowngradeSentinelOnlyWhereTls13IsEnabled(Engine engine, Api api) throws Exception {
        assertThat(send(engine, api, Hello.clientTls12()).serverHello().downgradeSentinel()).contains(1);
        Profile tls12 = TestProfiles.WIDE.derive("tls12-only").versions(TlsVersion.TLS_1_2).build();
        assertThat(RawClient.send(api, Transports.server(engine, tls12), Hello.clientTls12().record())
                        .serverHello()
                        .downgradeSentinel())
                .isEmpty();
    }
}
