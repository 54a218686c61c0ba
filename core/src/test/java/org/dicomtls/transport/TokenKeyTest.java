package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that never leave their token, as those of PKCS#11. */
class TokenKeyTest {

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                        .flatMap(v -> Stream.of(Transports.RSA, Transports.P256, "EC secp384r1")
                                .map(k -> Arguments.of(e, v, k))));
    }

    private static Profile only(TlsVersion version) {
        return TestProfiles.WIDE.derive("token").versions(version).build();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aKeyInATokenServesBothRoles(Engine engine, TlsVersion version, String key) throws Exception {
        try (TokenProvider token = new TokenProvider(TokenProvider.EVERYTHING).register()) {
            SecureTransport client = Transports.clientOf(engine, only(version))
                    .identity(TokenProvider.inToken(TestCertificates.client(key)))
                    .build();
            SecureTransport server = Transports.serverOf(engine, only(version))
                    .identity(TokenProvider.inToken(TestCertificates.server(key)))
                    .build();
            int before = token.signatures();
            Loopback.Outcome outcome = Loopback.run(client, server);
            assertThat(outcome.client().established().peer().get(0).getSubjectX500Principal().getName())
                    .isEqualTo("CN=" + key);
            assertThat(outcome.server().established().peer().get(0).getSubjectX500Principal().getName())
                    .isEqualTo("CN=" + key);
            assertThat(token.signatures() - before).as("one signature by each end").isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyWhoseProviderIsNotRegisteredIsRefusedByName(Engine engine) {
        Identity identity = TokenProvider.inToken(TestCertificates.server(Transports.P256));
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> Transports.serverOf(engine, TestProfiles.WIDE).identity(identity).build()))
                .hasMessageStartingWith("engine " + engine.id()
                        + " cannot use the key of CN=EC secp256r1 (EC secp256r1): ")
                .hasMessageContaining("no provider that is registered with this JVM signs ")
                .hasMessageContaining("register the key's provider (Security.addProvider)");
    }

    @Test
    void anRsaKeyThatDoesNotTellItsLengthIsForEngineBc() throws Exception {
        Identity identity = TokenProvider.opaque(TestCertificates.server(Transports.RSA));
        try (TokenProvider token = new TokenProvider(TokenProvider.EVERYTHING).register()) {
            assertThat(catchThrowableOfType(
                            IllegalArgumentException.class,
                            () -> Transports.serverOf(Engine.JDK, TestProfiles.WIDE).identity(identity).build()))
                    .hasMessage("engine jdk cannot use the key of CN=RSA 2048 (RSA): it takes an RSA key only if that tells"
                            + " its length (java.security.interfaces.RSAKey), and this one does not; use engine bc");
            SecureTransport server =
                    Transports.serverOf(Engine.BC, TestProfiles.WIDE).identity(identity).build();
            int before = token.signatures();
            Loopback.run(Transports.client(Engine.JDK), server).client().established();
            assertThat(token.signatures()).isEqualTo(before + 1);
        }
    }

    private static Set<String> without(String... algorithms) {
        Set<String> left = new HashSet<>(TokenProvider.EVERYTHING);
        left.removeAll(Set.of(algorithms));
        return left;
    }

    @Test
    void aTokenWithoutPssIsRefusedForTls13ByBothEngines() {
        Identity identity = TokenProvider.inToken(TestCertificates.server(Transports.RSA));
        try (TokenProvider token = new TokenProvider(without("RSASSA-PSS")).register()) {
            for (Engine engine : Engine.values()) {
                assertThat(catchThrowableOfType(
                                IllegalArgumentException.class,
                                () -> Transports.serverOf(engine, TestProfiles.WIDE).identity(identity).build()))
                        .hasMessageContaining("rsa_pss_rsae_sha256");
            }
            assertThat(token.signatures()).isZero();
        }
    }

    @Test
    void aTokenThatSignsOnlyWhatItHasHashedItselfIsForEngineJdk() throws Exception {
        Identity identity = TokenProvider.inToken(TestCertificates.server(Transports.P256));
        try (TokenProvider token = new TokenProvider(without("NONEwithECDSA", "NONEwithRSA")).register()) {
            assertThat(catchThrowableOfType(
                            IllegalArgumentException.class,
                            () -> Transports.serverOf(Engine.BC, TestProfiles.WIDE).identity(identity).build()))
                    .hasMessage("engine bc cannot use the key of CN=EC secp256r1 (EC secp256r1): it cannot sign"
                            + " ecdsa_secp256r1_sha256 with it: no provider that is registered with this JVM signs"
                            + " NONEwithECDSA with it; register the key's provider (Security.addProvider), or use engine"
                            + " jdk");
            Loopback.run(
                            Transports.client(Engine.JDK),
                            Transports.serverOf(Engine.JDK, TestProfiles.WIDE).identity(identity).build())
                    .client()
                    .established();
            assertThat(token.signatures()).isPositive();
        }
    }

    @Test
    void anEdwardsKeyInATokenIsForEngineJdk() {
        Identity identity = TokenProvider.inToken(TestCertificates.server("Ed25519"));
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class,
                        () -> SecureTransport.of(TestProfiles.EVERYTHING)
                                .engine(Engine.BC)
                                .identity(identity)
                                .build()))
                .hasMessageEndingWith("does not leave its token; use engine jdk");
    }
}
