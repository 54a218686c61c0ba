package org.dicomtls.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Ruleset;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** What two ends will come to. That the engines do so is shown by properties over real sockets, and by the matrix. */
class PredictionTest {

    private static final EngineModel JDK = new EngineModel(Engine.JDK, 17);
    private static final EngineModel BC = new EngineModel(Engine.BC, 17);
    private static final KeyKind P384 = new KeyKind("EC", Optional.of(NamedGroup.SECP384R1));

    private static List<CipherSuite> suites(int... codes) {
        return Arrays.stream(codes).mapToObj(CipherSuite::of).toList();
    }

    private static Constraint versions(TlsVersion... versions) {
        return Constraint.permits(Dimension.VERSION, List.of(versions));
    }

    private static Constraint groups(NamedGroup... groups) {
        return Constraint.permits(Dimension.GROUP, List.of(groups));
    }

    private static Constraint schemes(int... codes) {
        return Constraint.permits(
                Dimension.SCHEME, Arrays.stream(codes).mapToObj(SignatureScheme::of).toList());
    }

    private static final Constraint SUITES13 = Constraint.permits(Dimension.SUITE_TLS13, suites(0x1301, 0x1302));
    private static final Constraint SUITES12 =
            Constraint.permits(Dimension.SUITE_TLS12, suites(0xC02F, 0xC030, 0xC02B, 0xC02C));
    private static final Constraint SCHEMES = schemes(0x0403, 0x0503, 0x0804, 0x0401);
    private static final Profile BOTH = Ruleset.profile(
            versions(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
            SUITES13,
            SUITES12,
            groups(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.X448),
            SCHEMES);
    private static final Profile TLS12 = Ruleset.profile(
            versions(TlsVersion.TLS_1_2), SUITES12, groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1), SCHEMES);

    private static End end(Profile profile, EngineModel engine, KeyKind... keys) {
        return new End(profile, engine, Set.of(keys));
    }

    @Test
    void twoModernEndsTakeTls13() {
        Prediction prediction = Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(BOTH, BC, P384));
        assertThat(prediction)
                .isEqualTo(new Prediction(
                        true,
                        Optional.of(TlsVersion.TLS_1_3),
                        Optional.of(CipherSuite.of(0x1302)),
                        Optional.of(NamedGroup.X25519),
                        ""))
                .hasToString("TLSv1.3 TLS_AES_256_GCM_SHA384 x25519");
    }

    @Test
    void anOlderServerDrawsTls12InItsOwnOrder() {
        Prediction prediction = Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(TLS12, JDK, KeyKind.RSA));
        assertThat(prediction).hasToString("TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 secp256r1");
    }

    @Test
    void sunJsseTakesAShareThatIsThereAndBouncyCastleAsksForItsFirstGroup() {
        Profile nistOnly = Ruleset.profile(
                versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1), SCHEMES);
        Profile edwardsLast = Ruleset.profile(
                versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.SECP384R1, NamedGroup.X448), SCHEMES);
        // A client of SunJSSE sends shares for secp384r1 and x448, one of Bouncy Castle for secp384r1 alone.
        Profile x448Server =
                Ruleset.profile(versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.X448), SCHEMES);
        assertThat(Prediction.of(end(edwardsLast, JDK, KeyKind.RSA), end(x448Server, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.X448);
        assertThat(Prediction.of(end(edwardsLast, BC, KeyKind.RSA), end(x448Server, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.X448);
        assertThat(Prediction.of(end(edwardsLast, JDK, KeyKind.RSA), end(nistOnly, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.SECP384R1);

        // secp256r1 stands before secp384r1, and the client has a share for x25519 and secp256r1 (JDK), x25519 (BC).
        Profile noX25519 = Ruleset.profile(
                versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.SECP256R1, NamedGroup.X448), SCHEMES);
        assertThat(Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(noX25519, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.SECP256R1);
        assertThat(Prediction.of(end(BOTH, BC, KeyKind.RSA), end(noX25519, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.SECP256R1);
        assertThat(Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(noX25519, BC, KeyKind.RSA)).group())
                .contains(NamedGroup.SECP256R1);
    }

    @Test
    void aServerOfSunJsseTakesALaterGroupWhoseShareIsThere() {
        EngineModel.Usable usable = JDK.usable(org.dicomtls.policy.Policy.of(Ruleset.profile(
                versions(TlsVersion.TLS_1_3),
                SUITES13,
                groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.X448),
                SCHEMES)));
        assertThat(Prediction.offer(JDK, usable).keyShares()).containsExactly(NamedGroup.SECP256R1, NamedGroup.X448);
        assertThat(Prediction.offer(BC, usable).keyShares()).containsExactly(NamedGroup.SECP256R1);

        // Its groups in common with the client are secp384r1 and x448; a share is there for the second only.
        Profile client = Ruleset.profile(
                versions(TlsVersion.TLS_1_3),
                SUITES13,
                groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.X448),
                SCHEMES);
        Profile server = Ruleset.profile(
                versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.SECP384R1, NamedGroup.X448), SCHEMES);
        assertThat(Prediction.of(end(client, JDK, KeyKind.RSA), end(server, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.X448);
        assertThat(Prediction.of(end(client, JDK, KeyKind.RSA), end(server, BC, KeyKind.RSA)).group())
                .contains(NamedGroup.SECP384R1);
    }

    @Test
    void anOfferOfTls12AloneHasNoShares() {
        EngineModel.Usable usable = JDK.usable(org.dicomtls.policy.Policy.of(TLS12));
        Offer offer = Prediction.offer(JDK, usable);
        assertThat(offer.keyShares()).isEmpty();
        assertThat(offer.groups()).contains(usable.groups());
        assertThat(offer.schemes()).contains(usable.schemes());
        assertThat(offer.extendedMasterSecret()).isTrue();
        assertThat(offer.renegotiationInfo()).isTrue();
    }

    @Test
    void dheTakesTheFirstFiniteFieldInCommonOrAPrimeOf2048() {
        Constraint dhe = Constraint.permits(Dimension.SUITE_TLS12, suites(0x009F));
        Profile both = Ruleset.profile(
                versions(TlsVersion.TLS_1_2), dhe, groups(NamedGroup.FFDHE2048, NamedGroup.FFDHE3072), SCHEMES);
        Profile larger = Ruleset.profile(versions(TlsVersion.TLS_1_2), dhe, groups(NamedGroup.FFDHE3072), SCHEMES);
        assertThat(Prediction.of(end(both, JDK, KeyKind.RSA), end(larger, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.FFDHE3072);
        assertThat(Prediction.of(end(both, JDK, KeyKind.RSA), end(both, JDK, KeyKind.RSA)).group())
                .contains(NamedGroup.FFDHE2048);
    }

    @Test
    void aClientWithoutACertificateIsRefusedWhereOneIsDemanded() {
        Prediction prediction = Prediction.of(end(BOTH, JDK), end(BOTH, JDK, KeyKind.RSA));
        assertThat(prediction)
                .hasToString("refused: the server demands a client certificate and the client has none");
        assertThat(prediction.established()).isFalse();
        assertThat(prediction.version()).isEmpty();
        assertThat(Prediction.of(end(BOTH, JDK), end(BOTH, JDK, KeyKind.RSA), false).established()).isTrue();
    }

    @Test
    void aClientCertificateForWhichTheServerHasNoSchemeIsRefused() {
        Profile rsaOnly = Ruleset.profile(
                versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.X25519), schemes(0x0804));
        assertThat(Prediction.of(end(BOTH, JDK, P384), end(rsaOnly, JDK, KeyKind.RSA)).reason())
                .isEqualTo("the client has no certificate for a signature scheme that the server accepts: offered"
                        + " [EC secp384r1]; wanted rsa_pss_rsae_sha256");
        assertThat(Prediction.of(end(BOTH, JDK, P384, KeyKind.RSA), end(rsaOnly, JDK, KeyKind.RSA)).established())
                .isTrue();
    }

    @Test
    void aServerWithoutACertificateServesNobody() {
        assertThat(Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(BOTH, JDK)))
                .hasToString("refused: the server has no certificate");
    }

    @Test
    void aKeyThatTheProfileCanNeverUseIsRefusedAtEitherEnd() {
        Profile rsaOnly = Ruleset.profile(
                versions(TlsVersion.TLS_1_2),
                Constraint.permits(Dimension.SUITE_TLS12, suites(0xC030)),
                groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1),
                SCHEMES);
        assertThat(Prediction.of(end(rsaOnly, JDK, KeyKind.RSA), end(rsaOnly, JDK, P384)).reason())
                .isEqualTo("the server's profile t can never use a key of EC secp384r1");
        assertThat(Prediction.of(end(rsaOnly, JDK, P384), end(rsaOnly, JDK, KeyKind.RSA)).reason())
                .isEqualTo("the client's profile t can never use a key of EC secp384r1");
    }

    @Test
    void anEngineThatCannotHonourAShallIsNamedWithTheRule() {
        Profile ccm = Ruleset.profile(
                versions(TlsVersion.TLS_1_3),
                groups(NamedGroup.X25519),
                SCHEMES,
                Constraint.requiresAll(Dimension.SUITE_TLS13, suites(0x1304)));
        assertThat(Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(ccm, JDK, KeyKind.RSA)).reason())
                .isEqualTo("engine jdk cannot honour t as server: T/3");
        assertThat(Prediction.of(end(ccm, JDK, KeyKind.RSA), end(BOTH, JDK, KeyKind.RSA)).reason())
                .isEqualTo("engine jdk cannot honour t as client: T/3");
        assertThat(Prediction.of(end(BOTH, JDK, KeyKind.RSA), end(ccm, BC, KeyKind.RSA)).established()).isTrue();
    }

    @Test
    void nothingInCommonGivesTheMismatchAsReason() {
        Profile tls13 = Ruleset.profile(versions(TlsVersion.TLS_1_3), SUITES13, groups(NamedGroup.X25519), SCHEMES);
        assertThat(Prediction.of(end(TLS12, JDK, KeyKind.RSA), end(tls13, JDK, KeyKind.RSA)).reason())
                .isEqualTo("no common TLS version: offered TLSv1.2; wanted TLSv1.3 (T/0, T 1)");
    }
}
