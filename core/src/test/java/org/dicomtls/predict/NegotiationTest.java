package org.dicomtls.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Ruleset;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;

/** How a server under a policy answers an offer: what is left, in whose order, and each way of having nothing in common. */
class NegotiationTest {

    private static final List<TlsVersion> BOTH = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
    private static final List<NamedGroup> CURVES = List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1);
    private static final KeyKind P384 = new KeyKind("EC", Optional.of(NamedGroup.SECP384R1));

    private static List<CipherSuite> suites(int... codes) {
        return Arrays.stream(codes).mapToObj(CipherSuite::of).toList();
    }

    private static List<SignatureScheme> schemes(int... codes) {
        return Arrays.stream(codes).mapToObj(SignatureScheme::of).toList();
    }

    /** T/0 versions, T/1 suites of TLS 1.3, T/2 suites of TLS 1.2, T/3 groups, T/4 schemes. */
    private static final Policy POLICY = policy();

    private static Policy policy(Property... demanded) {
        List<Constraint> shalls = new java.util.ArrayList<>(List.of(
                Constraint.permits(Dimension.VERSION, BOTH),
                Constraint.permits(Dimension.SUITE_TLS13, suites(0x1301, 0x1302)),
                Constraint.permits(Dimension.SUITE_TLS12, suites(0xC02F, 0xC030, 0xC02B, 0x009E)),
                Constraint.permits(Dimension.GROUP, CURVES),
                Constraint.permits(Dimension.SCHEME, schemes(0x0403, 0x0503, 0x0804, 0x0401))));
        Arrays.stream(demanded).map(Constraint::holds).forEach(shalls::add);
        return Policy.of(Ruleset.profile(shalls.toArray(Constraint[]::new)));
    }

    /** A server of all that; its groups include ffdhe3072, its order of suites is given. */
    private static final EngineModel.Usable SERVER = new EngineModel.Usable(
            BOTH,
            suites(0x1302, 0x1301, 0xC030, 0xC02F, 0xC02B, 0x009E),
            List.of(NamedGroup.SECP384R1, NamedGroup.X25519, NamedGroup.FFDHE3072),
            schemes(0x0403, 0x0503, 0x0804, 0x0401));

    private static Offer offer(List<TlsVersion> versions, List<CipherSuite> suites) {
        return new Offer(
                versions,
                suites,
                Optional.of(CURVES),
                Optional.of(schemes(0x0403, 0x0503, 0x0804, 0x0401)),
                List.of(NamedGroup.X25519),
                true,
                true);
    }

    private static Offer groups(Offer o, Optional<List<NamedGroup>> groups) {
        return new Offer(
                o.versions(), o.suites(), groups, o.schemes(), o.keyShares(), o.extendedMasterSecret(), o.renegotiationInfo());
    }

    private static Offer schemes(Offer o, Optional<List<SignatureScheme>> schemes) {
        return new Offer(
                o.versions(), o.suites(), o.groups(), schemes, o.keyShares(), o.extendedMasterSecret(), o.renegotiationInfo());
    }

    private static Negotiation answer(Offer offer, KeyKind... keys) {
        return Negotiation.of(offer, POLICY, SERVER, List.of(keys));
    }

    private static void refused(
            Negotiation answer, String what, String offered, String wanted, String rule, int alert, String remedy) {
        assertThat(answer.version()).isEmpty();
        assertThat(answer.suites()).isEmpty();
        assertThat(answer.groups()).isEmpty();
        assertThat(answer.keys()).isEmpty();
        Mismatch mismatch = answer.mismatch().orElseThrow();
        assertThat(mismatch.what()).isEqualTo(what);
        assertThat(mismatch.offered()).isEqualTo(offered);
        assertThat(mismatch.wanted()).isEqualTo(wanted);
        assertThat(mismatch.rule().map(Rule::id)).isEqualTo(Optional.ofNullable(rule));
        assertThat(mismatch.alert()).isEqualTo(new AlertDescription(alert));
        assertThat(mismatch.remedy()).isEqualTo(remedy);
    }

    private static final Offer MODERN = offer(BOTH, suites(0x1301, 0x1302, 0xC02F, 0xC030));
    private static final Offer OLDER = offer(List.of(TlsVersion.TLS_1_2), suites(0xC02F, 0xC030, 0xC02B));

    @Test
    void theHighestCommonVersionIsTakenInTheServersOrderOfSuitesAndGroups() {
        Negotiation answer = answer(MODERN, KeyKind.RSA, P384);
        assertThat(answer.version()).contains(TlsVersion.TLS_1_3);
        assertThat(answer.suites()).containsExactlyElementsOf(suites(0x1302, 0x1301));
        assertThat(answer.groups()).containsExactly(NamedGroup.SECP384R1, NamedGroup.X25519);
        assertThat(answer.keys()).containsExactlyInAnyOrder(KeyKind.RSA, P384);
        assertThat(answer.mismatch()).isEmpty();
    }

    @Test
    void inTls12ASuiteNeedsAKeyOfItsKind() {
        Negotiation answer = answer(OLDER, KeyKind.RSA);
        assertThat(answer.version()).contains(TlsVersion.TLS_1_2);
        assertThat(answer.suites()).containsExactlyElementsOf(suites(0xC030, 0xC02F));
        assertThat(answer.groups()).containsExactly(NamedGroup.SECP384R1, NamedGroup.X25519);
        assertThat(answer.keys()).containsExactly(KeyKind.RSA);
    }

    @Test
    void aKeyThatNoOfferedSchemeFitsIsNoneOfThoseThatFit() {
        Offer onlyRsa = schemes(MODERN, Optional.of(schemes(0x0804)));
        assertThat(answer(onlyRsa, KeyKind.RSA, P384).keys()).containsExactly(KeyKind.RSA);
    }

    @Test
    void aSchemeThatTheServerDoesNotUseIsOfNoHelp() {
        Offer foreign = schemes(MODERN, Optional.of(schemes(0x0804, 0x0807)));
        assertThat(answer(foreign, KeyKind.RSA, new KeyKind("Ed25519", Optional.empty())).keys())
                .containsExactly(KeyKind.RSA);
    }

    @Test
    void noCommonVersion() {
        refused(
                answer(offer(List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0), suites(0xC02F)), KeyKind.RSA),
                "no common TLS version",
                "TLSv1.1, TLSv1.0",
                "TLSv1.3, TLSv1.2",
                "T/0",
                70,
                "enable TLSv1.3, TLSv1.2 at the client");
    }

    @Test
    void noCommonSuiteOfTls13() {
        refused(
                answer(offer(BOTH, suites(0x1303, 0x1305, 0xC02F, 0x00FF, 0x0A0A)), KeyKind.RSA),
                "no common cipher suite for TLSv1.3",
                "TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_CCM_8_SHA256",
                "TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256",
                "T/1",
                40,
                "enable one of TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256 at the client");
    }

    @Test
    void noCommonSuiteOfTls12() {
        refused(
                answer(offer(List.of(TlsVersion.TLS_1_2), suites(0x002F, 0x00FF, 0x1301)), KeyKind.RSA),
                "no common cipher suite for TLSv1.2",
                "TLS_RSA_WITH_AES_128_CBC_SHA",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
                        + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
                "T/2",
                40,
                "enable one of TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
                        + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 at the client");
    }

    @Test
    void whereTheProfileAllowsTheSuiteAndTheEngineHasItNotTheRuleThatGovernsIsNamed() {
        EngineModel.Usable poorer =
                new EngineModel.Usable(BOTH, suites(0x1302, 0xC030), SERVER.groups(), SERVER.schemes());
        Negotiation answer =
                Negotiation.of(offer(BOTH, suites(0x1301)), POLICY, poorer, List.of(KeyKind.RSA));
        assertThat(answer.mismatch().orElseThrow().rule().map(Rule::id)).contains("T/1");
        assertThat(answer.mismatch().orElseThrow().offered()).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    @Test
    void noCommonGroupOfTls13() {
        refused(
                answer(groups(MODERN, Optional.of(List.of(NamedGroup.X448))), KeyKind.RSA),
                "no common group for the key exchange",
                "x448",
                "secp384r1, x25519, ffdhe3072",
                "T/3",
                40,
                "enable one of secp384r1, x25519, ffdhe3072 at the client");
    }

    @Test
    void inTls13AnOfferWithoutGroupsHasNone() {
        refused(
                answer(groups(MODERN, Optional.empty()), KeyKind.RSA),
                "no common group for the key exchange",
                "none",
                "secp384r1, x25519, ffdhe3072",
                "T/3",
                40,
                "enable one of secp384r1, x25519, ffdhe3072 at the client");
    }

    @Test
    void inTls12AnOfferWithoutGroupsLeavesTheChoiceToTheServer() {
        Negotiation answer = answer(groups(OLDER, Optional.empty()), P384);
        assertThat(answer.suites()).containsExactlyElementsOf(suites(0xC02B));
        assertThat(answer.groups()).containsExactly(NamedGroup.SECP384R1, NamedGroup.X25519);
    }

    @Test
    void noCommonGroupOfTls12() {
        Offer x448 = groups(offer(List.of(TlsVersion.TLS_1_2), suites(0xC02F)), Optional.of(List.of(NamedGroup.X448)));
        refused(
                answer(x448, KeyKind.RSA),
                "no common group for the key exchange",
                "x448",
                "secp384r1, x25519, ffdhe3072",
                "T/3",
                40,
                "enable one of secp384r1, x25519, ffdhe3072 at the client");
    }

    @Test
    void withoutACommonCurveDheIsLeft() {
        Offer x448 = groups(
                offer(List.of(TlsVersion.TLS_1_2), suites(0xC02F, 0x009E)), Optional.of(List.of(NamedGroup.X448)));
        Negotiation answer = answer(x448, KeyKind.RSA);
        assertThat(answer.suites()).containsExactlyElementsOf(suites(0x009E));
        assertThat(answer.groups()).isEmpty();
    }

    @Test
    void aClientThatNamesFiniteFieldsGetsOneOfThemOrNoDhe() {
        Offer dhe = offer(List.of(TlsVersion.TLS_1_2), suites(0x009E));
        assertThat(answer(groups(dhe, Optional.of(List.of(NamedGroup.FFDHE2048, NamedGroup.FFDHE3072))), KeyKind.RSA)
                        .suites())
                .containsExactlyElementsOf(suites(0x009E));
        assertThat(answer(groups(dhe, Optional.of(List.of(NamedGroup.FFDHE2048))), KeyKind.RSA)
                        .mismatch()
                        .orElseThrow()
                        .what())
                .isEqualTo("no common group for the key exchange");
    }

    @Test
    void noCertificateForACommonSuite() {
        refused(
                answer(OLDER_RSA_ONLY, P384),
                "no certificate of the server fits a common cipher suite",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "suites for a certificate of EC secp384r1",
                null,
                40,
                "give the server a certificate of the other kind as well, or let the client offer suites for EC secp384r1");
    }

    private static final Offer OLDER_RSA_ONLY = offer(List.of(TlsVersion.TLS_1_2), suites(0xC02F));

    @Test
    void noCommonSchemeInEitherVersion() {
        for (Offer offer : List.of(MODERN, OLDER)) {
            refused(
                    answer(schemes(offer, Optional.of(schemes(0x0201, 0x0807))), KeyKind.RSA),
                    "no common signature scheme",
                    "rsa_pkcs1_sha1, ed25519",
                    "ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_sha256, rsa_pkcs1_sha256",
                    "T/4",
                    40,
                    "enable ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, rsa_pss_rsae_sha256, rsa_pkcs1_sha256 at"
                            + " the client");
        }
    }

    @Test
    void noSchemesAtAllMeansSha1() {
        Mismatch mismatch =
                answer(schemes(OLDER, Optional.empty()), KeyKind.RSA).mismatch().orElseThrow();
        assertThat(mismatch.offered()).isEqualTo("no signature_algorithms, which means SHA-1");
        assertThat(mismatch.rule().map(Rule::id)).contains("T/4");
    }

    @Test
    void aCommonSchemeThatNoKeyOfTheServerCanMake() {
        refused(
                answer(schemes(MODERN, Optional.of(schemes(0x0403))), P384),
                "no certificate of the server fits a common signature scheme",
                "ecdsa_secp256r1_sha256",
                "schemes for a certificate of EC secp384r1",
                null,
                40,
                "give the server a certificate of another kind as well, or let the client accept schemes for"
                        + " EC secp384r1");
    }

    @Test
    void inTls12TheCurveOfTheCertificateIsToBeAmongTheGroups() {
        Offer withoutP384 = groups(OLDER, Optional.of(List.of(NamedGroup.X25519)));
        refused(
                answer(withoutP384, P384),
                "the client does not accept the curve of the server's certificate",
                "x25519",
                "EC secp384r1",
                null,
                40,
                "let the client offer the certificate's curve in supported_groups");
    }

    @Test
    void inTls13TheCurveOfTheCertificateNeedNotBeAmongTheGroups() {
        assertThat(answer(groups(MODERN, Optional.of(List.of(NamedGroup.X25519))), P384).version())
                .contains(TlsVersion.TLS_1_3);
    }

    @Test
    void extendedMasterSecretIsDemandedWhereTheProfileDemandsIt() {
        Policy strict = policy(Property.EXTENDED_MASTER_SECRET_DEMANDED);
        Offer without = new Offer(
                OLDER.versions(), OLDER.suites(), OLDER.groups(), OLDER.schemes(), List.of(), false, true);
        refused(
                Negotiation.of(without, strict, SERVER, List.of(KeyKind.RSA)),
                "the client does not offer extended_master_secret",
                "TLSv1.2 without it",
                "extended_master_secret (RFC 7627)",
                "T/5",
                40,
                "enable extended_master_secret at the client, or TLS 1.3");
        assertThat(Negotiation.of(OLDER, strict, SERVER, List.of(KeyKind.RSA)).mismatch()).isEmpty();
        assertThat(answer(without, KeyKind.RSA).mismatch()).isEmpty();
    }

    @Test
    void renegotiationInfoIsDemandedWhereTheProfileDemandsIt() {
        Policy strict = policy(Property.RENEGOTIATION_INFO_DEMANDED);
        Offer without = new Offer(
                OLDER.versions(), OLDER.suites(), OLDER.groups(), OLDER.schemes(), List.of(), true, false);
        refused(
                Negotiation.of(without, strict, SERVER, List.of(KeyKind.RSA)),
                "the client does not signal renegotiation_info",
                "TLSv1.2 without it",
                "renegotiation_info or TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746)",
                "T/5",
                40,
                "enable secure renegotiation signalling at the client, or TLS 1.3");
        assertThat(Negotiation.of(OLDER, strict, SERVER, List.of(KeyKind.RSA)).mismatch()).isEmpty();
        assertThat(answer(without, KeyKind.RSA).mismatch()).isEmpty();
    }

    @Test
    void aLongListIsCutAfterTwelve() {
        assertThat(Negotiation.list(IntStream.rangeClosed(1, 12).boxed().toList()))
                .isEqualTo("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12");
        assertThat(Negotiation.list(IntStream.rangeClosed(1, 15).boxed().toList()))
                .isEqualTo("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 3 more");
        assertThat(Negotiation.list(Set.of())).isEqualTo("none");
    }

    @Test
    void aMismatchIsPrintedWithItsRule() {
        assertThat(answer(offer(List.of(TlsVersion.TLS_1_1), suites(0xC02F)), KeyKind.RSA)
                        .mismatch()
                        .orElseThrow())
                .hasToString("no common TLS version: offered TLSv1.1; wanted TLSv1.3, TLSv1.2 (T/0, T 1)");
    }
}
