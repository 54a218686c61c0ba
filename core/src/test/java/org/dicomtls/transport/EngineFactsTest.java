package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.transport.RawClient.Exchange;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;
import org.dicomtls.wire.ServerHello;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the library relies on the engines for, one test for each property that {@code OwnEnd} says the engine keeps
 * as delivered. A failure here is a change of the engine, and a rule that needs another means.
 */
class EngineFactsTest {

    private static final Profile TLS_1_2 =
            TestProfiles.WIDE.derive("tls12-only").versions(TlsVersion.TLS_1_2).build();

    private static ClientHello hello(SecureTransport client, String host) throws Exception {
        SSLEngine engine = client.sslContext().createSSLEngine(host, 2762);
        engine.setUseClientMode(true);
        return written(engine);
    }

    private static ClientHello written(SSLEngine engine) throws Exception {
        ByteBuffer out = ByteBuffer.allocate(1 << 15);
        engine.wrap(ByteBuffer.allocate(0), out);
        return RawServer.readHello(new ByteArrayInputStream(out.array(), 0, out.position()));
    }

    private static Exchange answer(Engine engine, Hello hello) throws Exception {
        return RawClient.send(Api.ENGINE, Transports.server(engine), hello.record());
    }

    @ParameterizedTest
    @EnumSource
    void noVersionFallback(Engine engine) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> {
                try (Socket socket = listener.accept()) {
                    RawServer.readHello(socket.getInputStream());
                    socket.getOutputStream().write(RawServer.alert(70));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (SSLSocket client = (SSLSocket) Transports.client(engine)
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                        TlsRefusal.class, client::startHandshake)
                                .alert()
                                .map(a -> a.code()))
                        .contains(70);
            }
            refusing.get(10, TimeUnit.SECONDS);
            listener.setSoTimeout(100);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(listener::accept))
                    .as("a second connection")
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyRecordVersion(Engine engine) throws Exception {
        for (int version : new int[] {0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x03FF}) {
            for (Hello hello : List.of(Hello.clientTls12(), Hello.clientTls13())) {
                Exchange exchange = RawClient.send(Api.ENGINE, Transports.server(engine), hello.record(version));
                assertThat(exchange.hello()).as("ServerHello to record version %04X", version).isPresent();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void downgradeSentinelOfAServer(Engine engine) throws Exception {
        byte[] random = answer(engine, Hello.clientTls12()).serverHello().random();
        assertThat(Arrays.copyOfRange(random, 24, 32)).containsExactly('D', 'O', 'W', 'N', 'G', 'R', 'D', 1);
    }

    @ParameterizedTest
    @EnumSource
    void noTruncatedHmac(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").extensions().has(Extensions.TRUNCATED_HMAC))
                .isFalse();
        assertThat(answer(engine, Hello.clientTls12().with(Extensions.TRUNCATED_HMAC))
                        .serverHello()
                        .extensions()
                        .has(Extensions.TRUNCATED_HMAC))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void extendedMasterSecret(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").extendedMasterSecret()).isTrue();
        assertThat(answer(engine, Hello.clientTls12()).serverHello().extendedMasterSecret()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void renegotiationInfo(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").renegotiationInfo()).isTrue();
        assertThat(answer(engine, Hello.clientTls12())
                        .serverHello()
                        .extensions()
                        .content(Extensions.RENEGOTIATION_INFO))
                .contains(new byte[] {0});
    }

    @ParameterizedTest
    @EnumSource
    void serverNameOfAQualifiedName(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "pacs.example.org").serverNames())
                .containsExactly("pacs.example.org");
        assertThat(answer(engine, Hello.clientTls12().serverName("pacs.example.org")).hello()).isPresent();
        assertThat(answer(engine, Hello.clientTls13().serverName("pacs.example.org")).hello()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void noServerNameForAnAddress(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "192.0.2.7").serverNames()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void applicationLayerProtocolNegotiation(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").applicationProtocols()).isEmpty();
        SSLEngine client = Transports.client(engine).sslContext().createSSLEngine("localhost", 2762);
        SSLEngine server = Transports.server(engine).sslContext().createSSLEngine();
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        for (SSLEngine end : List.of(client, server)) {
            SSLParameters parameters = end.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"dicom"});
            end.setSSLParameters(parameters);
        }
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        assertThat(Negotiated.of(client).orElseThrow().applicationProtocol()).contains("dicom");
        assertThat(Negotiated.of(server).orElseThrow().applicationProtocol()).contains("dicom");
    }

    @ParameterizedTest
    @EnumSource
    void noEarlyData(Engine engine) throws Exception {
        Extensions extensions = hello(Transports.client(engine), "localhost").extensions();
        assertThat(extensions.has(Extensions.EARLY_DATA)).isFalse();
        assertThat(extensions.has(Extensions.PRE_SHARED_KEY)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void noPostHandshakeAuthentication(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").extensions().types())
                .doesNotContain(49);
    }

    @ParameterizedTest
    @EnumSource
    void supportedGroupsSent(Engine engine) throws Exception {
        SecureTransport client = Transports.client(engine);
        assertThat(hello(client, "localhost").groups()).contains(client.usable().groups());
    }

    @ParameterizedTest
    @EnumSource
    void pointFormatsUncompressed(Engine engine) throws Exception {
        assertThat(hello(Transports.client(engine), "localhost").pointFormatsUncompressed()).isTrue();
        assertThat(hello(Transports.client(engine, TLS_1_2), "localhost").pointFormatsUncompressed()).isTrue();
    }

    private static byte[] offCurve() {
        byte[] point = new byte[65];
        point[0] = 4;
        point[32] = 1;
        point[64] = 1;
        return point;
    }

    @ParameterizedTest
    @EnumSource
    void aServerRefusesInvalidKeyShares(Engine engine) throws Exception {
        for (Hello hello : List.of(
                Hello.clientTls13().keyShare(29, new byte[32]),
                Hello.clientTls13().groups(23).keyShare(23, offCurve()),
                Hello.clientTls13().groups(23).keyShare(23, new byte[64]),
                Hello.clientTls13().keyShare(29, new byte[31]))) {
            Exchange exchange = RawClient.send(Api.SOCKET, Transports.server(engine), hello.record());
            // The gate refuses it: SunJSSE writes its ServerHello before it tries the share.
            assertThat(exchange.refused().problem())
                    .isEqualTo("the public value of the client for the key exchange is not valid");
            assertThat(exchange.alert().map(a -> a.code())).contains(47);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientRefusesInvalidKeyShares(Engine engine) throws Exception {
        for (int length : new int[] {32, 31}) {
            Exchange exchange = RawServer.answer(
                    Api.SOCKET,
                    Transports.client(engine),
                    c -> RawServer.record(Hello.serverTls13(0x1302, c.sessionId(), 29, new byte[length])));
            assertThat(exchange.refused().byPeer()).isFalse();
            assertThat(exchange.alert().map(a -> a.code())).contains(47);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noReuseOfKeyShares(Engine engine) throws Exception {
        SecureTransport client = Transports.client(engine);
        SecureTransport server = Transports.server(engine);
        Set<ByteBuffer> seen = new HashSet<>();
        int expected = 0;
        for (int i = 0; i < 3; i++) {
            seen.add(ByteBuffer.wrap(hello(client, "localhost").extensions().content(Extensions.KEY_SHARE).orElseThrow()));
            seen.add(ByteBuffer.wrap(RawClient.send(Api.ENGINE, server, Hello.clientTls13().record())
                    .serverHello()
                    .extensions()
                    .content(Extensions.KEY_SHARE)
                    .orElseThrow()));
            for (int suite : new int[] {0xC02F, 0x009E}) {
                byte[] parameters = RawClient.send(
                                Api.ENGINE, server, Hello.clientTls12().suites(suite, 0x00FF).record())
                        .messages(HandshakeMessages.SERVER_KEY_EXCHANGE)
                        .get(0);
                // Without the signature, which differs anyway.
                seen.add(ByteBuffer.wrap(parameters, 0, suite == 0xC02F ? 36 : 2 + 256 + 3 + 2 + 256));
            }
            expected += 4;
        }
        assertThat(seen).hasSize(expected);
    }

    @ParameterizedTest
    @EnumSource
    void noCertificateTypesOfFixedKeys(Engine engine) throws Exception {
        byte[] request = answer(engine, Hello.clientTls12())
                .messages(HandshakeMessages.CERTIFICATE_REQUEST)
                .get(0);
        List<Integer> types = new ArrayList<>();
        for (int i = 1; i <= request[0]; i++) {
            types.add((int) request[i]);
        }
        // rsa_sign(1), dss_sign(2), ecdsa_sign(64); never rsa_fixed_dh(3), dss_fixed_dh(4), *_fixed_ecdh(65, 66)
        assertThat(types).isNotEmpty().isSubsetOf(1, 2, 64);
    }

    @ParameterizedTest
    @EnumSource
    void explicitNoncesCountTheRecords(Engine engine) throws Exception {
        for (int suite : new int[] {0xC030, 0xC02B}) {
            Profile profile = TLS_1_2.derive("one-suite").suites(CipherSuite.of(suite)).build();
            String key = suite == 0xC030 ? Transports.RSA : Transports.P256;
            SSLEngine client = Transports.clientOf(engine, profile)
                    .identity(TestCertificates.client(key))
                    .build()
                    .sslContext()
                    .createSSLEngine("localhost", 2762);
            SSLEngine server = Transports.serverOf(engine, profile)
                    .identity(TestCertificates.server(key))
                    .build()
                    .sslContext()
                    .createSSLEngine();
            client.setUseClientMode(true);
            server.setUseClientMode(false);
            assertThat(new EnginePair(client, server).handshake()).isTrue();
            for (SSLEngine end : List.of(client, server)) {
                assertThat(nonces(end, 4)).as("after Finished, which is record 0").containsExactly(1L, 2L, 3L, 4L);
            }
        }
    }

    private static List<Long> nonces(SSLEngine engine, int records) throws SSLException {
        List<Long> nonces = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            ByteBuffer out = ByteBuffer.allocate(1 << 15);
            engine.wrap(ByteBuffer.wrap(new byte[100]), out);
            assertThat(out.get(0)).isEqualTo((byte) HandshakeMessages.APPLICATION_DATA);
            nonces.add(out.getLong(5));
        }
        return nonces;
    }

    @ParameterizedTest
    @EnumSource
    void aServerFollowsTheClientInItsChoiceAmongTheGroupsOfTheProfile(Engine engine) throws Exception {
        byte[] parameters = answer(engine, Hello.clientTls12().suites(0xC02F, 0x00FF).groups(24, 23))
                .messages(HandshakeMessages.SERVER_KEY_EXCHANGE)
                .get(0);
        assertThat(NamedGroup.of((parameters[1] & 0xFF) << 8 | parameters[2] & 0xFF)).isEqualTo(NamedGroup.SECP384R1);
    }

    @ParameterizedTest
    @EnumSource
    void aServerOfTls13AsksForAnotherShareWhenItKnowsNoneOfThoseSent(Engine engine) throws Exception {
        ServerHello retry = answer(engine, Hello.clientTls13().groups(0x11EC, 23).keyShare(0x11EC, new byte[1216]))
                .serverHello();
        assertThat(retry.helloRetryRequest()).isTrue();
        assertThat(retry.group()).contains(NamedGroup.SECP256R1);
    }
}
