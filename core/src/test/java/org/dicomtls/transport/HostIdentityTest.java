package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.dicomtls.policy.Engine;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "'pacs.example.org\u0000.evil.test', pacs.example.org, false",
        "pacs.example.org., pacs.example.org, false",
        "pacs.example.org, pacs.example.org.., false",
        "pacs.example.org, .pacs.example.org, false",
        "*.example.org, .., false",
        "'', '', false",
        "pacs, pacs, true",
        "*, localhost, false",
        "*.*, pacs.org, false",
        "**.example.org, pacs.example.org, false",
        "*.example.org, *.example.org, false",
        "*.example.org, xn--bcher-kva.example.org, true",
        "xn--*.example.org, xn--bcher-kva.example.org, false",
        "xn--strae-oqa.example.org, straße.example.org, false",
        "strasse.example.org, straße.example.org, false",
        "strasse.example.org, STRAẞE.example.org, false",
        "xn--strae-oqa.example.org, xn--strae-oqa.example.org, true",
        "bücher.example.org, xn--bcher-kva.example.org, false",
        "pacs.example.org, pacs。example。org, true",
        "10.1, 10.1, false",
        "*.1, 10.1, false",
        "0x7f.0.0.1, 0x7f.0.0.1, false",
        "2130706433, 2130706433, false",
        "010.0.0.1, 010.0.0.1, false",
        "256.1.1.1, 256.1.1.1, false",
        "'fe80::1%eth0', 'fe80::1%eth0', false",
        "pacs_1.example.org, pacs_1.example.org, false",
        "'pacs.example.org,evil', pacs.example.org, false",
        "'pacs.example.org ', pacs.example.org, false",
        "pacs.example.org, 'pacs.example.org ', false",
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
        "2001:db8::7, 2001:DB8::0007, true",
        "2001:db8::7, '[2001:db8::7]:2762', false",
        "192.0.2.7, '[192.0.2.7]', false",
        "192.0.2.7, ::ffff:192.0.2.7, false",
        "::ffff:192.0.2.7, 192.0.2.7, false",
        "::ffff:192.0.2.7, ::ffff:192.0.2.7, true",
        "192.0.2.7, 192.0.2.7., false",
        "192.0.2.7, 192.0.2.007, false",
        "192.0.2.7, 192.0.519, false",
        "192.0.2.7, 3221225991, false",
        "192.0.2.7, 0xc0000207, false",
    })
    void comparesAddressesOctetByOctet(String presented, String reference, boolean matches) {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=any", Transports.P256).address(presented).issued().certificate(), reference))
                .isEqualTo(matches);
    }

    @Test
    void takesAnyOfSeveralNames() {
        Certificate.Issued several = Certificate.of("CN=any", Transports.P256)
                .names(
                        new GeneralName(GeneralName.rfc822Name, "pacs@example.org"),
                        new GeneralName(GeneralName.uniformResourceIdentifier, "https://uri.example.org/"),
                        new GeneralName(GeneralName.dNSName, "first.example.org"),
                        new GeneralName(GeneralName.iPAddress, "192.0.2.7"),
                        new GeneralName(GeneralName.dNSName, "second.example.org"))
                .issued();
        for (String name : new String[] {"first.example.org", "second.example.org", "192.0.2.7"}) {
            assertThat(HostIdentity.matches(several.certificate(), name)).as(name).isTrue();
        }
        for (String name : new String[] {"example.org", "uri.example.org", "192.0.2.8"}) {
            assertThat(HostIdentity.matches(several.certificate(), name)).as(name).isFalse();
        }
    }

    @Test
    void takesNoNamesThatCannotBeRead() {
        assertThat(HostIdentity.matches(
                        Certificate.of("CN=pacs.example.org", Transports.P256)
                                .names()
                                .with(Extension.subjectAlternativeName, false, new DERUTF8String("pacs.example.org"))
                                .issued()
                                .certificate(),
                        "pacs.example.org"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "10.1", "a..b", "straße.example.org", "fe80::1%eth0", "pacs_1", "localhost:2762"})
    void aNameThatNoCertificateCouldCarryIsAnErrorAtOnce(String name) {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(TestProfiles.WIDE).verifyHost(name)))
                .hasMessage("'" + name + "' is neither a DNS name nor an IP address that a certificate could carry");
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
