package org.dicomtls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Ruleset;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model of the engines. That they are as modelled is compared with their hellos elsewhere. */
class EngineModelTest {

    private static final EngineModel JDK = new EngineModel(Engine.JDK, 17);
    private static final EngineModel BC = new EngineModel(Engine.BC, 17);

    @ParameterizedTest
    @CsvSource({
        "1301,true,true", "1302,true,true", "1303,true,true", "1304,false,true", "1305,false,true",
        "C02F,true,true", "C030,true,true", "C027,true,true", "C013,true,true", "009E,true,true", "0067,true,true",
        "CCA8,true,true", "CCAA,true,true", "C09E,false,true", "C0AC,false,true", "C08A,false,true", "C061,false,true",
        "009C,true,true", "002F,true,true", "C012,false,false", "0005,false,false", "C02D,false,false", "00A8,false,false",
        "0034,false,false", "CCAB,false,false", "0002,false,false", "00FF,false,false"
    })
    void aSuiteIsSupportedByOneEngineOrTheOther(String code, boolean jdk, boolean bc) {
        CipherSuite suite = CipherSuite.of(Integer.parseInt(code, 16));
        assertThat(JDK.supports(suite)).as("jdk %s", suite).isEqualTo(jdk);
        assertThat(BC.supports(suite)).as("bc %s", suite).isEqualTo(bc);
    }

    @Test
    void staticRsaIsOffSinceJdk22() {
        CipherSuite suite = CipherSuite.of(0x009C);
        assertThat(new EngineModel(Engine.JDK, 21).supports(suite)).isTrue();
        assertThat(new EngineModel(Engine.JDK, 22).supports(suite)).isFalse();
        assertThat(new EngineModel(Engine.BC, 25).supports(suite)).isFalse();
    }

    @Test
    void aJdkBelow17IsNotModelled() {
        assertThatThrownBy(() -> new EngineModel(Engine.JDK, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JDK 16 is not supported, 17 is the least");
        assertThat(EngineModel.here(Engine.BC)).isEqualTo(new EngineModel(Engine.BC, Runtime.version().feature()));
    }

    @Test
    void versionsGroupsAndSchemesAreTheSameOnBothEngines() {
        assertThat(JDK.versions()).containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        assertThat(JDK.supports(TlsVersion.TLS_1_1)).isFalse();
        assertThat(JDK.supports(NamedGroup.X448)).isTrue();
        assertThat(JDK.supports(NamedGroup.of(0x001A))).isFalse();
        assertThat(JDK.supports(SignatureScheme.of(0x0804))).isTrue();
        assertThat(JDK.supports(SignatureScheme.of(0x0201))).isFalse();
    }

    /** What is used of a profile of those suites, of the versions that they belong to. */
    private static EngineModel.Usable usable(List<Integer> suites, List<NamedGroup> groups, int... schemes) {
        List<CipherSuite> all = suites.stream().map(CipherSuite::of).toList();
        return JDK.usable(Policy.of(Ruleset.profile(
                        Constraint.permits(Dimension.GROUP, groups),
                        Constraint.permits(
                                Dimension.SCHEME,
                                Arrays.stream(schemes).mapToObj(SignatureScheme::of).toList()))
                .derive("d")
                .versions(all.stream()
                        .map(s -> s.tls13() ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2)
                        .distinct()
                        .toArray(TlsVersion[]::new))
                .suites(all.toArray(CipherSuite[]::new))
                .build()));
    }

    @Test
    void aSchemeWithoutItsCurveIsOfNoUse() {
        EngineModel.Usable usable =
                usable(List.of(0x1301), List.of(NamedGroup.X25519, NamedGroup.SECP256R1), 0x0403, 0x0503, 0x0804);
        assertThat(usable.schemes()).containsExactly(SignatureScheme.of(0x0403), SignatureScheme.of(0x0804));
    }

    @Test
    void aSuiteWithoutASchemeOfItsKindIsOfNoUse() {
        List<NamedGroup> groups = List.of(NamedGroup.SECP256R1);
        assertThat(usable(List.of(0xC02F, 0xC02B), groups, 0x0403).suites()).containsExactly(CipherSuite.of(0xC02B));
        assertThat(usable(List.of(0xC02F, 0xC02B), groups, 0x0804).suites()).containsExactly(CipherSuite.of(0xC02F));
        assertThat(usable(List.of(0xC02B), groups, 0x0807).suites()).containsExactly(CipherSuite.of(0xC02B));
        assertThat(usable(List.of(0x009C, 0xC02F), groups, 0x0403).suites()).containsExactly(CipherSuite.of(0x009C));
    }

    @Test
    void tls13NeedsASchemeThatIsNotOfTls12Alone() {
        EngineModel.Usable usable = usable(List.of(0x1301, 0xC02F), List.of(NamedGroup.SECP256R1), 0x0401);
        assertThat(usable.versions()).containsExactly(TlsVersion.TLS_1_2);
        assertThat(usable.suites()).containsExactly(CipherSuite.of(0xC02F));
    }

    @Test
    void aKeyExchangeNeedsAGroupOfItsKind() {
        assertThat(usable(List.of(0xC02F, 0x009E), List.of(NamedGroup.FFDHE2048), 0x0804).suites())
                .containsExactly(CipherSuite.of(0x009E));
        assertThat(usable(List.of(0xC02F, 0x009E), List.of(NamedGroup.X25519), 0x0804).suites())
                .containsExactly(CipherSuite.of(0xC02F));
        EngineModel.Usable none = usable(List.of(0x1301, 0xC02F), List.of(NamedGroup.of(0x001A)), 0x0804);
        assertThat(none.suites()).isEmpty();
        assertThat(none.versions()).isEmpty();
    }
}
