package org.dicomtls.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

    private static Rule.Builder named(String id) {
        return Rule.named(id)
                .shall(Constraint.holds(Property.STRICT_TLS))
                .states("s")
                .because("b")
                .cites(Citation.text("RFC 9325", "§3.2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "B13", "B13/", "/x", "B13/Upper", "B13/with space", "B 13/x", "B13/x/y"})
    void anIdHasASourceAndAShortName(String id) {
        assertThatThrownBy(() -> named(id).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rule id '" + id + "' is not of the form SOURCE/short-name");
    }

    @Test
    void aRuleStatesItselfAndGivesItsReason() {
        assertThatThrownBy(() -> named("T/x").states(" ").build())
                .hasMessage("rule T/x has no statement or no rationale");
        assertThatThrownBy(() -> named("T/x").because("").build())
                .hasMessage("rule T/x has no statement or no rationale");
    }

    @Test
    void aRuleDemandsOneThing() {
        assertThatThrownBy(() -> named("T/x").should(Constraint.holds(Property.NO_COMPRESSION)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rule T/x has a demand already");
    }

    @Test
    void aRuleIsNothingWithoutADemandOrACitation() {
        assertThatThrownBy(() -> Rule.named("T/x").states("s").because("b").cites(Citation.text("T", "1")).build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("strength");
        assertThatThrownBy(() -> named("T/x").cites(null).build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("citation");
    }

    @Test
    void aRuleBindsBothEndsAlwaysUnlessItSaysOtherwise() {
        Rule rule = named("T/x").build();
        assertThat(rule.subject()).isEqualTo(Subject.BOTH);
        assertThat(rule.condition()).isEqualTo(Condition.ALWAYS);
        assertThat(rule.tests()).isEmpty();
        assertThat(rule).hasToString("T/x");
        assertThat(rule.clause()).isEqualTo("RFC 9325 §3.2");
    }

    @Test
    void aCitationNamesItsEditionWhereThereIsOne() {
        assertThat(new Citation("PS3.15", "2024c", "B.13", Citation.Evidence.TEXT)).hasToString("PS3.15 2024c B.13");
        assertThat(Citation.decision("A-08")).hasToString("dicom-tls A-08");
    }

    @Test
    void aConstraintSaysWhatItExpects() {
        List<TlsVersion> both = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        assertThat(Constraint.permits(Dimension.VERSION, both).expected()).isEqualTo("only TLSv1.3, TLSv1.2");
        assertThat(Constraint.forbids(Dimension.VERSION, both).expected()).isEqualTo("none of TLSv1.3, TLSv1.2");
        assertThat(Constraint.requiresAll(Dimension.VERSION, both).expected()).isEqualTo("all of TLSv1.3, TLSv1.2");
        assertThat(Constraint.requiresAny(Dimension.VERSION, both).expected())
                .isEqualTo("at least one of TLSv1.3, TLSv1.2");
        assertThat(Constraint.requiresAll(Dimension.VERSION, both.subList(0, 1)).expected()).isEqualTo("TLSv1.3");
        assertThat(Constraint.atLeast(Metric.DHE_BITS, 2048).expected()).isEqualTo("DHE prime of at least 2048 bits");
        assertThat(Constraint.holds(Property.NO_COMPRESSION).expected()).isEqualTo("the end does not compress");
        assertThat(Constraint.attested("Is it so?").expected()).isEqualTo("yes to: Is it so?");
    }

    @Test
    void aConstraintThatSaysNothingIsRefused() {
        assertThatThrownBy(() -> Constraint.permits(Dimension.VERSION, List.of()))
                .hasMessage("a closed list of no version leaves nothing to use");
        assertThatThrownBy(() -> Constraint.forbids(Dimension.GROUP, List.of()))
                .hasMessage("a rule that forbids no group says nothing");
        assertThatThrownBy(() -> Constraint.requiresAny(Dimension.SCHEME, List.of()))
                .hasMessage("a rule that requires no signature scheme says nothing");
        assertThatThrownBy(() -> Constraint.atLeast(Metric.DHE_BITS, 0))
                .hasMessage("a least DHE prime of 0 bits says nothing");
        assertThatThrownBy(() -> Constraint.attested("It is so.")).hasMessage("not a question: It is so.");
    }
}
