package org.dicomtls.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.ProfileProvider;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.UnknownProfileException;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue as a whole: names, shapes, references, documents. */
class CatalogueTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern REFERENCE = Pattern.compile("\\b([AD]-\\d\\d)\\b");

    static Stream<Rule> rules() {
        return NormativeSentences.rules().values().stream();
    }

    @Test
    void profilesInOrder() {
        assertThat(DicomProfiles.all())
                .extracting(Profile::id)
                .containsExactly(
                        "basic",
                        "aes",
                        "bcp195",
                        "bcp195-nd",
                        "bcp195-ex",
                        "bcp195-rfc8996",
                        "bcp195-rfc9325",
                        "bcp195-mod-2023",
                        "bcp195-mod",
                        "cryptrec-hs",
                        "ihe-tls12-floor");
    }

    @Test
    void states() {
        assertThat(DicomProfiles.all())
                .extracting(Profile::state)
                .containsExactly(
                        Profile.State.RETIRED,
                        Profile.State.RETIRED,
                        Profile.State.RETIRED,
                        Profile.State.RETIRED,
                        Profile.State.RETIRED,
                        Profile.State.SUPERSEDED,
                        Profile.State.CURRENT,
                        Profile.State.SUPERSEDED,
                        Profile.State.CURRENT,
                        Profile.State.PROPOSED,
                        Profile.State.EXTERNAL);
    }

    @Test
    void everyProfileIsFoundByName() {
        for (Profile profile : DicomProfiles.all()) {
            assertThat(Profiles.named(profile.id())).isSameAs(profile);
        }
        assertThat(ServiceLoader.load(ProfileProvider.class))
                .hasAtLeastOneElementOfType(DicomProfileProvider.class);
    }

    @Test
    void unknownProfileNamesTheKnownOnes() {
        assertThatThrownBy(() -> Profiles.named("bcp-195"))
                .isInstanceOf(UnknownProfileException.class)
                .hasMessageContaining("'bcp-195'")
                .hasMessageContainingAll(
                        DicomProfiles.all().stream().map(Profile::id).toArray(String[]::new));
    }

    /** One id, one object: a requirement of RFC 9325 exists once. */
    @Test
    void sameIdSameRule() {
        Map<String, Rule> byId = new HashMap<>();
        Stream.concat(
                        DicomProfiles.all().stream().map(Profile::rules),
                        Stream.of(Bcp195.values()).map(Bcp195::rules))
                .flatMap(List::stream)
                .forEach(rule -> {
                    Rule before = byId.putIfAbsent(rule.id(), rule);
                    assertThat(before == null || before == rule).as(rule.id()).isTrue();
                });
    }

    @ParameterizedTest
    @MethodSource("rules")
    void wellFormed(Rule rule) {
        assertThat(rule.id())
                .matches("(B1|B3|B9|B1[0-3]|B13-2023|RFC(7525|8996|9325|10015)|CRYPTREC|ITI19|DT|PS3\\.(2|8|15))"
                        + "/[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(rule.statement()).endsWith(".").doesNotContainPattern("[.?!] [A-Z]");
        assertThat(rule.rationale()).matches("(?s).*[.)]");
        boolean decision = rule.citation().evidence() == Citation.Evidence.DECISION;
        assertThat(rule.id().startsWith("DT/")).isEqualTo(decision);
        if (decision) {
            assertThat(rule.strength()).isNotEqualTo(Strength.SHALL);
        } else {
            assertThat(rule.sources()).isNotEmpty();
        }
        assertThat(rule.tests()).allMatch(t -> t.matches("[SC]\\d\\d[a-z]?")).doesNotHaveDuplicates();
        if (rule.constraint() instanceof Constraint.Attested) {
            assertThat(rule.subject()).isIn(Subject.OPERATOR, Subject.CLIENT);
        }
    }

    @Test
    void statementsAndRationalesReferToWhatExists() throws IOException {
        String decisions = Files.readString(DOCS.resolve("decisions.md"));
        Set<String> used = new HashSet<>();
        List<String> texts = Stream.concat(
                        rules().flatMap(r -> Stream.of(r.statement(), r.rationale(), r.clause())),
                        Stream.concat(
                                DicomProfiles.all().stream().map(Profile::intent),
                                NormativeSentences.outOfScope().values().stream()
                                        .map(NormativeSentences.OutOfScope::reason)))
                .toList();
        for (String text : texts) {
            Matcher matcher = REFERENCE.matcher(text);
            while (matcher.find()) {
                used.add(matcher.group(1));
            }
        }
        for (String reference : used) {
            if (reference.startsWith("A-")) {
                assertThat(Ambiguity.named(reference)).as(reference).isPresent();
            } else {
                assertThat(decisions).contains("## " + reference + " ");
            }
        }
        assertThat(Ambiguity.values()).hasSize(23);
    }

    /** Rule ids in texts are not decoration. */
    @Test
    void textsNameExistingRules() {
        Pattern id = Pattern.compile("\\b((?:B1|B3|B9|B1[0-3]|RFC\\d+|DT|CRYPTREC|ITI19)/[a-z0-9-]+)");
        Stream<String> texts = Stream.of(
                        rules().map(Rule::rationale),
                        NormativeSentences.outOfScope().values().stream().map(NormativeSentences.OutOfScope::reason),
                        Stream.of(Ambiguity.document()))
                .flatMap(s -> s);
        texts.forEach(text -> {
            Matcher matcher = id.matcher(text);
            while (matcher.find()) {
                assertThat(NormativeSentences.rules()).containsKey(matcher.group(1));
            }
        });
    }

    @Test
    void ambiguitiesAreDocumentedWordForWord() throws IOException {
        assertThat(Files.readString(DOCS.resolve("ambiguities.md"))).isEqualTo(Ambiguity.document());
    }

    /** A property that no rule asks for would be measured for nothing. */
    @Test
    void everyPropertyIsAskedFor() {
        Set<Property> unasked = EnumSet.allOf(Property.class);
        rules().map(Rule::constraint)
                .filter(Constraint.Holds.class::isInstance)
                .forEach(constraint -> unasked.remove(((Constraint.Holds) constraint).property()));
        assertThat(unasked).isEmpty();
    }

    @Test
    void cryptrecSaysWhatItStandsOn() {
        assertThat(DicomProfiles.CRYPTREC_HIGH_SECURITY.rules())
                .filteredOn(rule -> rule.id().startsWith("CRYPTREC/"))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.citation().evidence())
                        .isIn(Citation.Evidence.INFERENCE, Citation.Evidence.PARTIAL, Citation.Evidence.SECONDARY));
    }

    @Test
    void iheShowsItsConflict() {
        assertThat(DicomProfiles.IHE_TLS12_FLOOR.rule("ITI19/suites-required").orElseThrow().rationale())
                .contains("RFC 9325", "RFC 10015", "SHOULD NOT", "MUST NOT");
    }

    @Test
    void editionsNameTheirBcp() {
        for (Profile profile : DicomProfiles.all()) {
            boolean on7525 = profile.rule("RFC7525/ssl-forbidden").isPresent();
            boolean on9325 = profile.rule("RFC9325/ssl-forbidden").isPresent();
            assertThat(on7525 && on9325).as(profile.id()).isFalse();
            assertThat(profile.editions().contains("RFC 7525")).as(profile.id()).isEqualTo(on7525);
            assertThat(profile.editions().contains("RFC 9325")).as(profile.id()).isEqualTo(on9325);
            assertThat(profile.editions().contains("RFC 8996"))
                    .as(profile.id())
                    .isEqualTo(profile.rule("RFC8996/tls10-forbidden").isPresent());
        }
    }

    @Test
    void tighteningKeepsTheClaim() {
        Profile base = DicomProfiles.BCP195_RFC9325;
        Profile tighter = base.derive("our-hospital")
                .versions(TlsVersion.TLS_1_3)
                .suites(CipherSuite.TLS_AES_256_GCM_SHA384)
                .clientCertificateRequired()
                .build();
        assertThat(tighter.claims(base)).isTrue();
        assertThat(tighter.claims(tighter)).isTrue();
        assertThat(base.claims(tighter)).isFalse();
        assertThat(tighter.claims(DicomProfiles.BCP195)).isFalse();
        assertThat(tighter.effectiveRules()).containsAll(base.rules());
        assertThat(tighter.state()).isEqualTo(Profile.State.DERIVED);
        EnforcedSets sets = EnforcedSets.of(tighter);
        assertThat(sets.versions()).containsExactly(TlsVersion.TLS_1_3);
        assertThat(sets.tls13()).containsExactly(CipherSuite.TLS_AES_256_GCM_SHA384);
    }

    @Test
    void waivingDropsTheClaimAndStaysVisible() {
        Profile base = DicomProfiles.BCP195_NON_DOWNGRADING;
        Profile waived = base.derive("loose")
                .waive("B10/strict-tls", "one port for both until the move", "Radiology IT")
                .build();
        assertThat(waived.claims(base)).isFalse();
        assertThat(waived.rules()).containsAll(base.rules());
        assertThat(waived.effectiveRules()).extracting(Rule::id).doesNotContain("B10/strict-tls");
        assertThat(waived.waivers()).extracting(Waiver::rule).containsExactly("B10/strict-tls");
        Profile child = waived.derive("looser").versions(TlsVersion.TLS_1_3).build();
        assertThat(child.waivers()).hasSize(1);
        assertThat(child.claims(base)).isFalse();
    }

    @Test
    void aWaiverEnds() {
        LocalDate last = LocalDate.of(2026, 12, 31);
        Profile waived = DicomProfiles.BCP195
                .derive("until-new-year")
                .waive(new Waiver("RFC7525/strict-tls", "migration", "IT", Optional.of(last)))
                .build();
        assertThat(waived.effectiveRules(last)).extracting(Rule::id).doesNotContain("RFC7525/strict-tls");
        assertThat(waived.effectiveRules(last.plusDays(1))).extracting(Rule::id).contains("RFC7525/strict-tls");
    }

    @Test
    void onlyWhatExistsCanBeWaived() {
        assertThatThrownBy(() -> DicomProfiles.BCP195.derive("x").waive("B13/ecdhe-256", "because", "me"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("B13/ecdhe-256");
    }

    /** RFC 10015 as an overlay for who wants it today. */
    @Test
    void rfc10015CanBeAdded() {
        Profile.Derivation derivation = DicomProfiles.BCP195_RFC9325.derive("with-10015");
        Bcp195.RFC_9325_10015.rules().stream()
                .filter(rule -> rule.id().startsWith("RFC10015/"))
                .forEach(derivation::tighten);
        Profile derived = derivation.build();
        assertThat(derived.claims(DicomProfiles.BCP195_RFC9325)).isTrue();
        assertThat(derived.rule("RFC10015/dhe-forbidden")).isPresent();
    }
}
