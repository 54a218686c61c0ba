package org.dicomtls.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {

    private static final LocalDate LAST = LocalDate.of(2030, 6, 30);

    private static Rule rule(String id) {
        return Rule.named(id)
                .shall(Constraint.holds(Property.STRICT_TLS))
                .states("s")
                .because("b")
                .cites(Citation.text("T", "1"))
                .build();
    }

    private static Profile profile(String id, Rule... rules) {
        return Profile.of(id, "Title", "T 1", Profile.State.CURRENT, List.of("1"), "intent", List.of(rules));
    }

    private final Profile base = profile("base", rule("T/a"), rule("T/b"));

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "under_score", "-first", "with space", "a/b"})
    void anIdIsLowerCase(String id) {
        assertThatThrownBy(() -> profile(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile id '" + id + "' is not lower-case letters, digits, dots and hyphens");
    }

    @Test
    void aRuleStandsInAProfileOnce() {
        assertThatThrownBy(() -> profile("p", rule("T/a"), rule("T/a"))).hasMessage("profile p has rule T/a twice");
    }

    @Test
    void aDerivedProfileKeepsTheRulesOfItsBaseBeforeItsOwn() {
        Profile derived = base.derive("site").tighten(rule("SITE/c")).build();
        assertThat(derived.rules()).extracting(Rule::id).containsExactly("T/a", "T/b", "SITE/c");
        assertThat(derived.state()).isEqualTo(Profile.State.DERIVED);
        assertThat(derived.base()).contains(base);
        assertThat(derived.title()).isEqualTo("Title, derived: site");
    }

    @Test
    void tighteningKeepsTheClaimAndAWaiverDropsIt() {
        assertThat(base.derive("site").tighten(rule("SITE/c")).build().claims(base)).isTrue();
        Profile waived = base.derive("old").waive("T/a", "old modality", "IT").build();
        assertThat(waived.claims(base)).isFalse();
        assertThat(waived.derive("older").build().claims(base)).isFalse();
        assertThat(waived.derive("older").build().claims(waived)).isFalse();
        assertThat(base.claims(waived)).isFalse();
        assertThat(base.claims(base)).isTrue();
    }

    @Test
    void aWaiverTakesItsRuleOutOfWhatIsEffectiveAndLeavesItVisible() {
        Profile waived = base.derive("old").waive("T/a", "old modality", "IT").build();
        assertThat(waived.effectiveRules()).extracting(Rule::id).containsExactly("T/b");
        assertThat(waived.rules()).extracting(Rule::id).containsExactly("T/a", "T/b");
        assertThat(waived.waivers()).containsExactly(new Waiver("T/a", "old modality", "IT", Optional.empty()));
    }

    @Test
    void aWaiverHoldsUntilItsLastDayAndNoLonger() {
        Profile waived = base.derive("old").waive(new Waiver("T/a", "r", "o", Optional.of(LAST))).build();
        assertThat(waived.effectiveRules(LAST)).extracting(Rule::id).containsExactly("T/b");
        assertThat(waived.effectiveRules(LAST.plusDays(1))).extracting(Rule::id).containsExactly("T/a", "T/b");
    }

    @Test
    void onlyARuleOfTheBaseCanBeWaived() {
        assertThatThrownBy(() -> base.derive("old").waive("T/z", "r", "o"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile base has no rule T/z to waive");
    }

    @Test
    void aWaiverHasAReasonAndAnOwner() {
        assertThatThrownBy(() -> new Waiver("T/a", " ", "o", Optional.empty()))
                .hasMessage("a waiver names its rule, its reason and its owner");
    }

    @Test
    void aShorterListOfSuitesIsARuleForEachVersionThatItNames() {
        Profile derived = base.derive("site")
                .suites(CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.of(0xC030))
                .versions(TlsVersion.TLS_1_3)
                .clientCertificateRequired()
                .build();
        assertThat(derived.rules())
                .extracting(Rule::id)
                .containsExactly(
                        "T/a", "T/b", "site/tls13-suites", "site/tls12-suites", "site/versions",
                        "site/client-certificate-required");
    }

    @Test
    void profilesAreEqualByIdRulesAndWaivers() {
        assertThat(profile("p", rule("T/a"))).isEqualTo(profile("p", rule("T/a"))).isNotEqualTo(profile("p", rule("T/b")));
        assertThat(base.derive("x").waive("T/a", "r", "o").build())
                .isNotEqualTo(base.derive("x").waive("T/b", "r", "o").build());
    }
}
