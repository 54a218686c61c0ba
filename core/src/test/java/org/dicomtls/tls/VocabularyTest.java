package org.dicomtls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

    /** RFC 8701 §2. */
    private static final List<Integer> GREASE = IntStream.rangeClosed(0, 15).map(i -> i << 12 | 0x0A00 | i << 4 | 0x0A).boxed().toList();

    @Test
    void exactlyTheSixteenGreaseValuesAreGrease() {
        assertThat(GREASE).startsWith(0x0A0A, 0x1A1A).endsWith(0xFAFA).hasSize(16);
        assertThat(IntStream.rangeClosed(0, 0xFFFF).filter(c -> CipherSuite.of(c).grease()).boxed())
                .containsExactlyElementsOf(GREASE);
        assertThat(IntStream.rangeClosed(0, 0xFFFF).filter(c -> NamedGroup.of(c).grease()).boxed())
                .containsExactlyElementsOf(GREASE);
        assertThat(IntStream.rangeClosed(0, 0xFFFF).filter(c -> SignatureScheme.of(c).grease()).boxed())
                .containsExactlyElementsOf(GREASE);
    }

    @ParameterizedTest
    @CsvSource({
        "23, secp256r1, PRIME_CURVE, 256", "24, secp384r1, PRIME_CURVE, 384", "25, secp521r1, PRIME_CURVE, 521",
        "21, secp224r1, PRIME_CURVE, 224", "29, x25519, MONTGOMERY, 256", "30, x448, MONTGOMERY, 448",
        "1, sect163k1, BINARY_CURVE, 163", "14, sect571r1, BINARY_CURVE, 571", "26, brainpoolP256r1, PRIME_CURVE, 256",
        "256, ffdhe2048, FINITE_FIELD, 2048", "260, ffdhe8192, FINITE_FIELD, 8192", "4588, X25519MLKEM768, HYBRID, 256",
        "513, MLKEM768, POST_QUANTUM, 768"
    })
    void groupsAreThoseOfTheRegistry(int code, String name, NamedGroup.Kind kind, int bits) {
        NamedGroup group = NamedGroup.of(code);
        assertThat(group.name()).isEqualTo(name);
        assertThat(group.kind()).isEqualTo(kind);
        assertThat(group.bits()).isEqualTo(bits);
        assertThat(NamedGroup.named(name)).contains(group);
    }

    @Test
    void anUnknownGroupIsNamedByItsNumberAndHasNoStrength() {
        NamedGroup unknown = NamedGroup.of(0x7777);
        assertThat(unknown.name()).isEqualTo("0x7777");
        assertThat(unknown.known()).isFalse();
        assertThat(unknown.bits()).isZero();
        assertThat(unknown.ellipticCurve()).isFalse();
        assertThat(unknown.finiteField()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0x0403, ecdsa_secp256r1_sha256, ECDSA, SHA256, EC, true", "0x0603, ecdsa_secp521r1_sha512, ECDSA, SHA512, EC, true",
        "0x0401, rsa_pkcs1_sha256, RSASSA_PKCS1_V1_5, SHA256, RSA, false",
        "0x0804, rsa_pss_rsae_sha256, RSASSA_PSS, SHA256, RSA, true",
        "0x080B, rsa_pss_pss_sha512, RSASSA_PSS, SHA512, RSASSA-PSS, true",
        "0x0807, ed25519, EDDSA, INTRINSIC, Ed25519, true", "0x0808, ed448, EDDSA, INTRINSIC, Ed448, true", "0x0201, rsa_pkcs1_sha1, RSASSA_PKCS1_V1_5, SHA1, RSA, false",
        "0x0203, ecdsa_sha1, ECDSA, SHA1, EC, false", "0x0402, dsa_sha256, DSA, SHA256, DSA, false",
        "0x0101, rsa_pkcs1_md5, RSASSA_PKCS1_V1_5, MD5, RSA, false"
    })
    void schemesAreThoseOfTheRegistry(
            int code, String name, SignatureScheme.Algorithm algorithm, HashAlgorithm hash, String key, boolean tls13) {
        SignatureScheme scheme = SignatureScheme.of(code);
        assertThat(scheme.name()).isEqualTo(name);
        assertThat(scheme.algorithm()).isEqualTo(algorithm);
        assertThat(scheme.hash()).isEqualTo(hash);
        assertThat(scheme.keyType()).isEqualTo(key);
        assertThat(scheme.tls13Handshake()).isEqualTo(tls13);
        assertThat(SignatureScheme.named(name)).contains(scheme);
    }

    @Test
    void tls13TiesEcdsaToACurve() {
        assertThat(SignatureScheme.of(0x0403).curve()).contains(NamedGroup.SECP256R1);
        assertThat(SignatureScheme.of(0x0503).curve()).contains(NamedGroup.SECP384R1);
        assertThat(SignatureScheme.of(0x0603).curve()).contains(NamedGroup.SECP521R1);
        assertThat(SignatureScheme.of(0x0804).curve()).isEmpty();
    }

    @Test
    void anUnknownSchemeIsNamedByItsNumber() {
        assertThat(SignatureScheme.of(0xEEEE).name()).isEqualTo("0xEEEE");
        assertThat(SignatureScheme.of(0xEEEE).known()).isFalse();
        assertThat(SignatureScheme.of(0xEEEE).tls13Handshake()).isFalse();
    }

    @Test
    void hashesOrderByStrength() {
        assertThat(Stream.of(HashAlgorithm.MD5, HashAlgorithm.SHA1, HashAlgorithm.SHA224, HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512)
                        .map(HashAlgorithm::strength))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void onlyFourModesAuthenticate() {
        assertThat(Stream.of(CipherMode.values()).filter(CipherMode::aead))
                .containsExactly(CipherMode.GCM, CipherMode.CCM, CipherMode.CCM_8, CipherMode.POLY1305);
    }

    @Test
    void onlyEphemeralExchangesAreForwardSecret() {
        assertThat(Stream.of(KeyExchange.values()).filter(KeyExchange::forwardSecret))
                .containsExactly(
                        KeyExchange.TLS13, KeyExchange.ECDHE, KeyExchange.DHE, KeyExchange.ECDHE_PSK, KeyExchange.DHE_PSK);
    }

    @Test
    void alertsPrintNameAndNumber() {
        assertThat(AlertDescription.HANDSHAKE_FAILURE).hasToString("handshake_failure(40)");
        assertThat(AlertDescription.PROTOCOL_VERSION).hasToString("protocol_version(70)");
        assertThat(AlertDescription.named("certificate_required")).contains(new AlertDescription(116));
        assertThat(AlertDescription.named("nothing")).isEmpty();
        assertThat(new AlertDescription(200)).hasToString("alert 200");
        assertThatThrownBy(() -> new AlertDescription(256)).hasMessage("alert 256 is outside 0…255");
    }

    @Test
    void versionsOrderByAgeAndAreFoundByBothTheirNames() {
        assertThat(Stream.of(TlsVersion.TLS_1_3, TlsVersion.SSL_3, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0, TlsVersion.TLS_1_2).sorted())
                .extracting(TlsVersion::name)
                .containsExactly("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
        assertThat(TlsVersion.named("TLSv1")).contains(TlsVersion.TLS_1_0);
        assertThat(TlsVersion.named("TLSv1.0")).contains(TlsVersion.TLS_1_0);
        assertThat(TlsVersion.TLS_1_0.jsseName()).isEqualTo("TLSv1");
        assertThat(TlsVersion.named("TLSv2")).isEmpty();
        assertThat(new TlsVersion(0x7F1C).name()).isEqualTo("0x7F1C");
    }
}
