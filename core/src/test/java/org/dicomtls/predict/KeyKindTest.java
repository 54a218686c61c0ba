package org.dicomtls.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key is good for. */
class KeyKindTest {

    private static final KeyKind P384 = new KeyKind("EC", Optional.of(NamedGroup.SECP384R1));
    private static final KeyKind PSS = new KeyKind("RSASSA-PSS", Optional.empty());
    private static final KeyKind ED25519 = new KeyKind("Ed25519", Optional.empty());

    private static PublicKey key(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic();
    }

    @ParameterizedTest
    @CsvSource({"secp256r1", "secp384r1", "secp521r1"})
    void theCurveOfAKeyIsKnownWhicheverProviderMadeIt(String curve) throws Exception {
        for (KeyPairGenerator maker : List.of(
                KeyPairGenerator.getInstance("EC", "SunEC"),
                KeyPairGenerator.getInstance("EC", new BouncyCastleProvider()))) {
            maker.initialize(new ECGenParameterSpec(curve));
            assertThat(KeyKind.of(maker.generateKeyPair().getPublic()))
                    .isEqualTo(new KeyKind("EC", NamedGroup.named(curve)));
        }
    }

    @Test
    void aCurveOfTheSameSizeIsNotTakenForANistCurve() throws Exception {
        KeyPairGenerator maker = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        maker.initialize(new ECGenParameterSpec("brainpoolP256r1"));
        assertThat(KeyKind.of(maker.generateKeyPair().getPublic()).curve()).isNotEqualTo(KeyKind.ECDSA_P256.curve());
    }

    @Test
    void keysAreNamedByTheirAlgorithm() throws Exception {
        assertThat(KeyKind.of(key("RSA"))).isEqualTo(KeyKind.RSA);
        assertThat(KeyKind.of(key("RSASSA-PSS"))).isEqualTo(PSS);
        assertThat(KeyKind.of(key("Ed25519"))).isEqualTo(ED25519);
        assertThat(KeyKind.of(key("Ed448"))).isEqualTo(new KeyKind("Ed448", Optional.empty()));
        assertThat(KeyKind.of(key("DSA"))).isEqualTo(new KeyKind("DSA", Optional.empty()));
    }

    @Test
    void anRsaKeyServesRsaSuitesAndTheOthersEcdsaSuites() {
        CipherSuite rsa = CipherSuite.of(0xC02F);
        CipherSuite ecdsa = CipherSuite.of(0xC02B);
        assertThat(KeyKind.RSA.serves(rsa)).isTrue();
        assertThat(KeyKind.RSA.serves(ecdsa)).isFalse();
        assertThat(PSS.serves(rsa)).isTrue();
        assertThat(KeyKind.ECDSA_P256.serves(ecdsa)).isTrue();
        assertThat(KeyKind.ECDSA_P256.serves(rsa)).isFalse();
        assertThat(ED25519.serves(ecdsa)).isTrue();
    }

    @Test
    void pkcs1SignsInTls12Only() {
        SignatureScheme pkcs1 = SignatureScheme.of(0x0401);
        assertThat(KeyKind.RSA.signs(pkcs1, TlsVersion.TLS_1_2)).isTrue();
        assertThat(KeyKind.RSA.signs(pkcs1, TlsVersion.TLS_1_3)).isFalse();
        assertThat(KeyKind.RSA.signs(SignatureScheme.of(0x0804), TlsVersion.TLS_1_3)).isTrue();
    }

    @Test
    void anEcKeySignsOnItsOwnCurveOnly() {
        SignatureScheme p256 = SignatureScheme.of(0x0403);
        SignatureScheme p384 = SignatureScheme.of(0x0503);
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            assertThat(KeyKind.ECDSA_P256.signs(p256, version)).isTrue();
            assertThat(KeyKind.ECDSA_P256.signs(p384, version)).isFalse();
            assertThat(P384.signs(p384, version)).isTrue();
            assertThat(KeyKind.RSA.signs(p256, version)).isFalse();
        }
    }

    private static EngineModel.Usable usable(List<Integer> suites, List<Integer> schemes) {
        return new EngineModel.Usable(
                List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2),
                suites.stream().map(CipherSuite::of).toList(),
                List.of(NamedGroup.X25519),
                schemes.stream().map(SignatureScheme::of).toList());
    }

    @Test
    void inTls12AKeyNeedsASuiteOfItsKindAndAScheme() {
        TlsVersion tls12 = TlsVersion.TLS_1_2;
        assertThat(KeyKind.RSA.usable(tls12, usable(List.of(0xC02F), List.of(0x0401)))).isTrue();
        assertThat(KeyKind.RSA.usable(tls12, usable(List.of(0xC02B), List.of(0x0401)))).isFalse();
        assertThat(KeyKind.RSA.usable(tls12, usable(List.of(0xC02F), List.of(0x0403)))).isFalse();
        assertThat(KeyKind.RSA.usable(tls12, usable(List.of(0x1301), List.of(0x0401)))).isFalse();
    }

    @Test
    void inTls13AKeyNeedsAnySuiteAndAScheme() {
        TlsVersion tls13 = TlsVersion.TLS_1_3;
        assertThat(KeyKind.ECDSA_P256.usable(tls13, usable(List.of(0x1301), List.of(0x0403)))).isTrue();
        assertThat(KeyKind.ECDSA_P256.usable(tls13, usable(List.of(0xC02B), List.of(0x0403)))).isFalse();
        assertThat(KeyKind.RSA.usable(tls13, usable(List.of(0x1301), List.of(0x0401)))).isFalse();
    }

    @Test
    void itIsPrintedWithItsCurve() {
        assertThat(KeyKind.RSA).hasToString("RSA");
        assertThat(P384).hasToString("EC secp384r1");
    }
}
