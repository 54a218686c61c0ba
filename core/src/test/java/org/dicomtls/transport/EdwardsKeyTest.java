package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** BCJSSE does not recognise the JDK's Edwards keys by itself. */
class EdwardsKeyTest {

    private static Profile profile(TlsVersion version) {
        List<Rule> rules = new ArrayList<>(TestProfiles.WIDE.rules());
        rules.removeIf(r -> r.id().equals("TEST/schemes") || r.id().equals("TEST/hashes"));
        List<SignatureScheme> schemes = new ArrayList<>(TestProfiles.SCHEMES);
        schemes.add(SignatureScheme.of(0x0807));
        schemes.add(SignatureScheme.of(0x0808));
        rules.add(TestProfiles.rule("schemes", Constraint.permits(Dimension.SCHEME, schemes)));
        rules.add(TestProfiles.rule("versions-one", Constraint.permits(Dimension.VERSION, List.of(version))));
        return Profile.of("test-edwards", "for tests", "none", Profile.State.DERIVED, List.of(), "for tests", rules);
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(c -> Stream.of(Engine.values())
                        .flatMap(s -> Stream.of("Ed25519", "Ed448")
                                .flatMap(k -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                        .map(v -> Arguments.of(c, s, k, v)))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void anEdwardsKeyServesBothRolesOnBothEngines(Engine client, Engine server, String key, TlsVersion version)
            throws Exception {
        Profile profile = profile(version);
        Loopback.Outcome outcome = Loopback.run(
                SecureTransport.of(profile)
                        .engine(client)
                        .identity(TestCertificates.client(key))
                        .trust(TestCertificates.trust())
                        .build(),
                SecureTransport.of(profile)
                        .engine(server)
                        .identity(TestCertificates.server(key))
                        .trust(TestCertificates.trust())
                        .build());
        assertThat(outcome.client().established().peer().get(0).getSubjectX500Principal().getName())
                .isEqualTo("CN=" + key);
        assertThat(outcome.server().established().peer().get(0).getSubjectX500Principal().getName())
                .isEqualTo("CN=" + key);
    }
}
