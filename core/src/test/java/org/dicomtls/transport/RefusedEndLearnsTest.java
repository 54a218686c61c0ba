package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The end whose certificate is refused learns it from the alert, every time. */
class RefusedEndLearnsTest {

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(Engine.values())
                        .flatMap(f -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                .map(v -> Arguments.of(e, f, v))));
    }

    private static Profile only(Profile profile, TlsVersion version) {
        return profile.derive(profile.id() + "-" + version.name().toLowerCase(java.util.Locale.ROOT))
                .versions(version)
                .build();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aClientWithoutCertificateLearnsIt(Engine client, Engine server, TlsVersion version) throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        SecureTransport from = Transports.clientOf(client, profile).identity(Identity.none()).build();
        SecureTransport to = Transports.server(server, profile);
        for (int i = 0; i < 4; i++) {
            Loopback.Outcome outcome = Loopback.run(from, to);
            assertThat(outcome.server().refusal().problem()).isEqualTo("the client presented no certificate");
            assertThat(outcome.server().refusal().phase()).isEqualTo(TlsRefusal.Phase.PEER_CERTIFICATE);
            TlsRefusal learnt = outcome.client().refusal();
            assertThat(learnt.byPeer()).isTrue();
            // SunJSSE says bad_certificate(42), since JDK 25 handshake_failure(40) in TLS 1.2; BCJSSE has 116 in TLS 1.3.
            assertThat(learnt.alert().map(a -> a.code())).isPresent().get().isIn(40, 42, 116);
            if (learnt.alert().get().code() != 40) {
                assertThat(learnt.problem()).isEqualTo("the server demands a client certificate");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aClientWithAnExpiredCertificateLearnsIt(Engine client, Engine server, TlsVersion version) throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        SecureTransport from =
                Transports.clientOf(client, profile).identity(Flaw.EXPIRED.identity()).build();
        SecureTransport to = Transports.server(server, profile);
        for (int i = 0; i < 4; i++) {
            Loopback.Outcome outcome = Loopback.run(from, to);
            TlsRefusal learnt = outcome.client().refusal();
            assertThat(learnt.byPeer()).isTrue();
            assertThat(learnt.problem()).isEqualTo("the server refused our certificate");
            assertThat(learnt.phase()).isEqualTo(TlsRefusal.Phase.OWN_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aServerWithAnExpiredCertificateLearnsIt(Engine client, Engine server, TlsVersion version) throws Exception {
        Profile profile = only(TestProfiles.WIDE, version);
        SecureTransport to =
                Transports.serverOf(server, profile).identity(Flaw.EXPIRED.identity()).build();
        SecureTransport from = Transports.client(client, profile);
        for (int i = 0; i < 4; i++) {
            Loopback.Outcome outcome = Loopback.run(from, to);
            TlsRefusal learnt = outcome.server().refusal();
            assertThat(learnt.byPeer()).isTrue();
            assertThat(learnt.problem()).isEqualTo("the client refused our certificate");
        }
    }
}
