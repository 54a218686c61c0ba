package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostIdentityTest {

    @ParameterizedTest
    @CsvSource({
        "pacs.example.org, pacs.example.org, true",
        "PACS.Example.org, pacs.example.ORG, true",
        "pacs.example.org, pacs.example.org., true",
        "pacs.example.org, other.example.org, false",
        "pacs.example.org, pacs.example.org.evil.test, false",
        "pacs.example.org, apacs.example.org, false",
        "*.example.org, pacs.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, a.pacs.example.org, false",
        "*.example.org, .example.org, false",
        "p*.example.org, pacs.example.org, false",
        "*s.example.org, pacs.example.org, false",
        "pacs.*.org, pacs.example.org, false",
        "*.*.example.org, a.b.example.org, false",
        "*, pacs, false",
        "*., pacs., false",
        "*.org, example.org, false",
        "xn--bcher-kva.example.org, bücher.example.org, true",
        "pacs.example.org, 'pacs.example.org\u0000.evil.test', false",
    })
    void comparesDnsNamesByRfc9525(String presented, String reference, boolean matches) {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=any", Transports.P256).dns(presented).issued().certificate(), reference))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "2001:db8::7, 2001:db8:0:0:0:0:0:7, true",
        "2001:db8::7, [2001:db8::7], true",
        "2001:db8::7, 2001:db8::8, false",
    })
    void comparesAddressesOctetByOctet(String presented, String reference, boolean matches) {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=any", Transports.P256).address(presented).issued().certificate(), reference))
                .isEqualTo(matches);
    }

    @Test
    void takesNoCommonNameForAHost() {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=pacs.example.org", Transports.P256).dns().issued().certificate(),
                        "pacs.example.org"))
                .isFalse();
    }

    @Test
    void takesNoDnsNameForAnAddress() {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=any", Transports.P256).dns("192.0.2.7").issued().certificate(), "192.0.2.7"))
                .isFalse();
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).map(v -> Arguments.of(e, v)));
    }

    private static Loopback.Outcome connect(Engine engine, TlsVersion version, Certificate.Issued server, String name)
            throws Exception {
        var profile = TestProfiles.WIDE.derive("host").versions(version).build();
        SecureTransport.Builder client = Transports.clientOf(engine, profile);
        return Loopback.run(
                (name == null ? client.verifyHost(true) : client.verifyHost(name)).build(),
                Transports.serverOf(Engine.JDK, profile).identity(server.with()).build());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aClientRefusesACertificateForAnotherHost(Engine engine, TlsVersion version) throws Exception {
        Certificate.Issued other =
                Certificate.of("CN=localhost", Transports.P256).dns("elsewhere.example.org").issued();
        Loopback.Outcome outcome = connect(engine, version, other, null);
        assertThat(outcome.client().refusal().problem())
                .isEqualTo("certificate CN=localhost (SHA-256 "
                        + PeerCertificateException.fingerprint(other.certificate())
                        + "): it does not carry the name localhost as a subject alternative name");
        assertThat(outcome.server().refusal().byPeer()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aClientTakesTheNameThatItWasTold(Engine engine, TlsVersion version) throws Exception {
        Certificate.Issued archive =
                Certificate.of("CN=any", Transports.P256).dns("archive.example.org").issued();
        assertThat(connect(engine, version, archive, "archive.example.org").client().established().version())
                .isEqualTo(version);
        assertThat(connect(engine, version, archive, "scanner.example.org").client().refusal().problem())
                .endsWith("it does not carry the name scanner.example.org as a subject alternative name");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void withoutVerifyHostTheNameDoesNotMatter(Engine engine, TlsVersion version) throws Exception {
        var profile = TestProfiles.WIDE.derive("host").versions(version).build();
        Loopback.Outcome outcome = Loopback.run(
                Transports.client(engine, profile),
                Transports.serverOf(Engine.JDK, profile)
                        .identity(Certificate.of("CN=any", Transports.P256)
                                .dns("elsewhere.example.org")
                                .issued()
                                .with())
                        .build());
        assertThat(outcome.client().established().version()).isEqualTo(version);
    }
}
