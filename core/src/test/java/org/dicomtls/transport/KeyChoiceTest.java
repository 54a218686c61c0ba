package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An identity with keys of several kinds presents the one that the other end can verify. */
class KeyChoiceTest {

    private static final List<String> KINDS = List.of(Transports.RSA, Transports.P256, "EC secp384r1");

    /** The schemes by which an end verifies that has only keys of that kind in mind. */
    private static SignatureScheme[] schemes(String kind) {
        return switch (kind) {
            case Transports.RSA -> new SignatureScheme[] {SignatureScheme.of(0x0804), SignatureScheme.of(0x0401)};
            case Transports.P256 -> new SignatureScheme[] {SignatureScheme.of(0x0403)};
            default -> new SignatureScheme[] {SignatureScheme.of(0x0503)};
        };
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(c -> Stream.of(Engine.values())
                        .flatMap(s -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                .flatMap(v -> KINDS.stream().map(k -> Arguments.of(c, s, v, k)))));
    }

    private static Profile profile(TlsVersion version) {
        return TestProfiles.WIDE.derive("choice").versions(version).build();
    }

    private static Profile verifying(TlsVersion version, String kind) {
        return profile(version).derive("choice-of-" + kind.replace(' ', '-').toLowerCase(java.util.Locale.ROOT))
                .schemes(schemes(kind))
                .build();
    }

    private static Identity all(boolean server) {
        Identity all = Identity.none();
        for (String kind : KINDS) {
            all = all.and(server ? TestCertificates.server(kind) : TestCertificates.client(kind));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aServerPresentsTheKeyThatTheClientVerifies(Engine client, Engine server, TlsVersion version, String kind)
            throws Exception {
        Loopback.Outcome outcome = Loopback.run(
                Transports.clientOf(client, verifying(version, kind))
                        .identity(TestCertificates.client(kind))
                        .build(),
                Transports.serverOf(server, profile(version)).identity(all(true)).build());
        assertThat(outcome.client().established().peer().get(0).getSubjectX500Principal().getName())
                .isEqualTo("CN=" + kind);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aClientPresentsTheKeyThatTheServerVerifies(Engine client, Engine server, TlsVersion version, String kind)
            throws Exception {
        Loopback.Outcome outcome = Loopback.run(
                Transports.clientOf(client, profile(version)).identity(all(false)).build(),
                Transports.serverOf(server, verifying(version, kind))
                        .identity(TestCertificates.server(kind))
                        .build());
        assertThat(outcome.server().established().peer().get(0).getSubjectX500Principal().getName())
                .isEqualTo("CN=" + kind);
    }
}
