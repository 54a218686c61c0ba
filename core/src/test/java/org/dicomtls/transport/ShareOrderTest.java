package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.policy.Engine;
import org.dicomtls.predict.Prediction;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareOrderTest {

    private static Derived end(Engine engine, NamedGroup... groups) {
        Set<SignatureScheme> schemes = new LinkedHashSet<>(
                List.of(SignatureScheme.of(0x0804), SignatureScheme.of(0x0403), SignatureScheme.of(0x0503)));
        return new Derived(
                Set.of(TlsVersion.TLS_1_3), Set.of(CipherSuite.TLS_AES_128_GCM_SHA256),
                new LinkedHashSet<>(List.of(groups)), schemes, engine, Set.of("RSA 2048"));
    }

    @ParameterizedTest
    @CsvSource({"JDK, JDK", "JDK, BC", "BC, JDK", "BC, BC"})
    void theGroupIsThePredictedOneWhereTheShareIsNotOfTheServersFirstGroup(Engine from, Engine to) throws Exception {
        Derived client = end(from, NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.X448);
        Derived server = end(to, NamedGroup.X25519, NamedGroup.SECP384R1, NamedGroup.X448);
        Prediction predicted = Prediction.of(client.end(), server.end());
        for (int i = 0; i < 5; i++) {
            Loopback.Outcome outcome =
                    Loopback.run((SecureTransport) client.transport(true), (SecureTransport) server.transport(false));
            System.out.println("## " + from + " " + to + " predicted " + predicted + " observed " + outcome.client().established().group());
            assertThat(outcome.client().established().group()).isEqualTo(predicted.group());
        }
    }
}
