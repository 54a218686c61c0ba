package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeTest {

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(c -> Stream.of(Engine.values())
                        .flatMap(s -> Stream.of("RSA 2048", "EC secp256r1")
                                .flatMap(k -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                        .map(v -> Arguments.of(c, s, k, v)))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void negotiatesTheFirstOfEverythingAndTellsBothEnds(Engine client, Engine server, String key, TlsVersion version)
            throws Exception {
        Profile profile = TestProfiles.WIDE.derive("only").versions(version).build();
        Loopback.Outcome outcome = Loopback.run(
                SecureTransport.of(profile)
                        .engine(client)
                        .identity(TestCertificates.client(key))
                        .trust(TestCertificates.trust())
                        .verifyHost(true)
                        .build(),
                SecureTransport.of(profile)
                        .engine(server)
                        .identity(TestCertificates.server(key))
                        .trust(TestCertificates.trust())
                        .build());
        CipherSuite wanted = version.equals(TlsVersion.TLS_1_3)
                ? CipherSuite.TLS_AES_256_GCM_SHA384
                : CipherSuite.require(
                        key.startsWith("RSA")
                                ? "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
                                : "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        for (Negotiated end : new Negotiated[] {outcome.client().established(), outcome.server().established()}) {
            assertThat(end.version()).isEqualTo(version);
            assertThat(end.suite()).isEqualTo(wanted);
            assertThat(end.group()).contains(NamedGroup.X25519);
            assertThat(end.peer().get(0).getSubjectX500Principal().getName()).isEqualTo("CN=" + key);
        }
    }
}
