package org.dicomtls.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyKindTest {

    static Stream<Arguments> keys() {
        return Stream.of(Security.getProvider("SunEC"), new BouncyCastleProvider())
                .flatMap(provider -> Stream.of("secp256r1", "secp384r1", "secp521r1")
                        .map(curve -> Arguments.of(provider, curve)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("keys")
    void theCurveIsKnownWhicheverProviderHasMadeTheKey(Provider provider, String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec(curve));
        assertThat(KeyKind.of(generator.generateKeyPair().getPublic())).hasToString("EC " + curve);
    }
}
