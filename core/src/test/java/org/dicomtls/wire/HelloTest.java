package org.dicomtls.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

class HelloTest {

    @Test
    void aClientHelloIsReadInItsOrderWithUnknownValues() throws WireException {
        ClientHello hello = ClientHello.read(Hello.clientTls13()
                .suites(0x1301, 0x5A5A, 0xFEDC)
                .groups(0x7777, 29)
                .schemes(0x0804, 0xEEEE)
                .serverName("pacs.example.org")
                .body());
        assertThat(hello.suites()).extracting(CipherSuite::code).containsExactly(0x1301, 0x5A5A, 0xFEDC);
        assertThat(hello.groups().orElseThrow()).extracting(NamedGroup::code).containsExactly(0x7777, 29);
        assertThat(hello.schemes().orElseThrow()).extracting(SignatureScheme::code).containsExactly(0x0804, 0xEEEE);
        assertThat(hello.offeredVersions()).containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        assertThat(hello.keyShares().orElseThrow()).containsExactly(NamedGroup.X25519);
        assertThat(hello.serverNames()).containsExactly("pacs.example.org");
        assertThat(hello.extensions().types()).containsExactly(10, 11, 13, 23, 43, 45, 51, 0);
    }

    @Test
    void withoutSupportedVersionsTheVersionFieldCountsUpToTls12() throws WireException {
        assertThat(ClientHello.read(Hello.clientTls12().version(0x0304).body()).offeredVersions())
                .containsExactly(TlsVersion.TLS_1_2);
        assertThat(ClientHello.read(Hello.clientTls12().version(0x0302).body()).offeredVersions())
                .containsExactly(TlsVersion.TLS_1_1);
    }

    @Test
    void renegotiationInfoIsSignalledInEitherWay() throws WireException {
        assertThat(ClientHello.read(Hello.clientTls12().body()).renegotiationInfo()).isTrue();
        Hello without = Hello.clientTls12().withoutScsv();
        assertThat(ClientHello.read(without.body()).renegotiationInfo()).isFalse();
        assertThat(ClientHello.read(without.with(Extensions.RENEGOTIATION_INFO, 0).body()).renegotiationInfo())
                .isTrue();
    }

    @Test
    void compressedPointsAreSeen() throws WireException {
        assertThat(ClientHello.read(Hello.clientTls12().with(Extensions.EC_POINT_FORMATS, 2, 0, 1).body())
                        .pointFormatsUncompressed())
                .isFalse();
        assertThat(ClientHello.read(Hello.clientTls12().without(Extensions.EC_POINT_FORMATS).body())
                        .pointFormatsUncompressed())
                .isTrue();
    }

    @Test
    void anEmptyListOfSuitesIsRefused() {
        assertThatThrownBy(() -> ClientHello.read(Hello.clientTls12().suites().body()))
                .hasMessage("cipher_suites is empty");
    }

    @Test
    void aLongSessionIdIsRefused() {
        assertThatThrownBy(() -> ClientHello.read(Hello.clientTls12().session(new byte[33]).body()))
                .hasMessage("session_id of 33 octets, at most 32 are allowed");
        assertThatThrownBy(() -> ServerHello.read(Hello.serverTls12(0xC030).session(new byte[33]).body()))
                .hasMessage("session_id of 33 octets, at most 32 are allowed");
    }

    @Test
    void anOddListIsRefused() {
        assertThatThrownBy(() -> ClientHello.read(
                        Hello.clientTls12().with(Extensions.SUPPORTED_GROUPS, 0, 3, 0, 29, 0).body()))
                .hasMessage("supported_groups has an odd number of octets: 3");
    }

    @Test
    void octetsAfterTheExtensionsAreRefused() {
        byte[] body = Hello.clientTls12().body();
        assertThatThrownBy(() -> ClientHello.read(java.util.Arrays.copyOf(body, body.length + 1)))
                .hasMessage("1 octets too many after the extensions");
    }

    @Test
    void aServerHelloTellsItsChoice() throws WireException {
        ServerHello hello =
                ServerHello.read(Hello.serverTls13(0x1302, new byte[32], 29, Hello.X25519_BASE_POINT).body());
        assertThat(hello.version()).isEqualTo(TlsVersion.TLS_1_3);
        assertThat(hello.legacyVersion()).isEqualTo(TlsVersion.TLS_1_2);
        assertThat(hello.suite()).isEqualTo(CipherSuite.TLS_AES_256_GCM_SHA384);
        assertThat(hello.group()).contains(NamedGroup.X25519);
        assertThat(hello.helloRetryRequest()).isFalse();
        assertThat(hello.downgradeSentinel()).isEmpty();
    }

    @Test
    void onlyZeroAndOneEndADowngradeSentinel() throws WireException {
        for (int last = 0; last < 3; last++) {
            byte[] end = new Bytes().u8('D', 'O', 'W', 'N', 'G', 'R', 'D', last).get();
            ServerHello hello = ServerHello.read(Hello.serverTls12(0xC030).randomEnding(end).body());
            if (last < 2) {
                assertThat(hello.downgradeSentinel()).contains(last);
            } else {
                assertThat(hello.downgradeSentinel()).isEmpty();
            }
        }
    }

    @Test
    void aHelloRetryRequestIsKnownByItsRandom() throws Exception {
        byte[] random = java.security.MessageDigest.getInstance("SHA-256")
                .digest("HelloRetryRequest".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(ServerHello.read(Hello.serverTls12(0x1301).randomEnding(random).body()).helloRetryRequest())
                .isTrue();
    }

    @Test
    void aServerKeyExchangeTellsGroupPrimeAndScheme() throws WireException {
        ServerKeyExchange ecdhe = ServerKeyExchange.read(
                new Bytes().u8(3).u16(24).vector8(new byte[97]).u16(0x0503).vector16(new byte[9]).get(),
                KeyExchange.ECDHE);
        assertThat(ecdhe.group()).contains(NamedGroup.SECP384R1);
        assertThat(ecdhe.prime()).isEmpty();
        assertThat(ecdhe.scheme()).contains(SignatureScheme.of(0x0503));
        ServerKeyExchange dhe = ServerKeyExchange.read(
                new Bytes().vector16(new byte[] {23}).vector16(new byte[] {5}).vector16(new byte[] {8}).get(),
                KeyExchange.DHE);
        assertThat(dhe.group()).isEmpty();
        assertThat(dhe.prime()).contains(java.math.BigInteger.valueOf(23));
        assertThat(dhe.scheme()).isEmpty();
    }

    @Test
    void explicitCurvesAreRefused() {
        assertThatThrownBy(() -> ServerKeyExchange.read(new byte[] {1, 0, 0}, KeyExchange.ECDHE))
                .hasMessage("curve_type 1, only named_curve(3) is allowed");
    }

    @Test
    void anExchangeWithoutTheMessageHasNone() {
        assertThatThrownBy(() -> ServerKeyExchange.read(new byte[3], KeyExchange.RSA))
                .hasMessage("no ServerKeyExchange belongs to key exchange RSA");
    }
}
