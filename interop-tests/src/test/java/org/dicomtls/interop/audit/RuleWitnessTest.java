package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dicomtls.interop.witness.Change;
import org.dicomtls.interop.witness.WitnessPage;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.Verdict;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** For every rule that questions decide, a server that breaks it alone and one that keeps it: the audit tells them apart. */
@Timeout(170)
class RuleWitnessTest {

    private static final Path PAGE = Path.of("..", "docs", "witnesses.md");

    private static final String INTRODUCTION = """
            # Witnesses

            An auditor that never found fault would pass every server. So there is, for each rule that questions to a
            server can decide, a server that breaks it and one that keeps it, and a test (`RuleWitnessTest`) that audits
            them all. The servers run in the test itself. Each odd server differs from an honest one in a single fact;
            the audit has to report exactly those rules broken that this fact contradicts: no other, and none too few.
            Which rules a fact contradicts is computed from the rules and not by the auditor.

            This page is written by that test; do not edit it. To write it anew:
            `mvn -pl interop-tests -am test -Dtest=RuleWitnessTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true`

            ## The honest servers

            | server | what it is |
            | --- | --- |
            """;

    private static Witnesses witnesses;

    @BeforeAll
    static void start() {
        witnesses = new Witnesses();
    }

    @AfterAll
    static void stop() {
        witnesses.close();
    }

    private static boolean inQuestion(Rule rule) {
        return Audit.decidedOnTheWire(rule, Role.SERVER) && rule.subject() != Subject.CLIENT;
    }

    /** The ids of all rules that need witnesses. */
    private static Set<String> rules() {
        Set<String> ids = new TreeSet<>();
        for (Profile profile : DicomProfiles.all()) {
            profile.effectiveRules().stream().filter(RuleWitnessTest::inQuestion).forEach(rule -> ids.add(rule.id()));
        }
        return ids;
    }

    private static Object about(Rule rule) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Permits<?> permits) {
            return permits.dimension();
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            return forbids.dimension();
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            return requires.dimension();
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return atLeast.metric();
        } else if (constraint instanceof Constraint.Holds holds) {
            return holds.property();
        }
        return rule;
    }

    @TestFactory
    Stream<DynamicTest> anHonestServerKeepsItsProfiles() {
        return witnesses.bases().stream().map(base -> DynamicTest.dynamicTest(base.name(), () -> honest(base)));
    }

    private static void honest(Base base) {
        Set<String> notFollowed = new TreeSet<>();
        for (Profile profile : base.profiles()) {
            for (Finding finding : witnesses.findings(profile, base.habits()).values()) {
                Rule rule = finding.rule();
                String shown = profile.id() + " " + rule.id() + ": " + finding.actual() + " " + finding.evidence();
                if (finding.verdict() == Verdict.VIOLATED) {
                    assertThat(rule.strength()).as(shown).isNotEqualTo(Strength.SHALL);
                    notFollowed.add(rule.id());
                } else if (finding.verdict() == Verdict.INCONCLUSIVE
                        && inQuestion(rule)) {
                    assertThat(base.unknown()).as(shown).containsKey(about(rule));
                }
            }
        }
        assertThat(notFollowed).as("recommendations not followed").isEqualTo(new TreeSet<>(base.notFollowed()));
    }

    @TestFactory
    Stream<DynamicTest> anOddServerBreaksWhatItsOddityContradicts() {
        return witnesses.mutations().stream().map(odd -> DynamicTest.dynamicTest(odd.name(), () -> odd(odd)));
    }

    private static void odd(Mutation odd) {
        for (Profile profile : odd.base().profiles()) {
            Map<String, Finding> before = witnesses.findings(profile, odd.base().habits());
            Map<String, Finding> now = witnesses.findings(profile, odd.habits());
            Set<String> expected = new TreeSet<>();
            Map<String, String> found = new TreeMap<>();
            for (Finding finding : now.values()) {
                Rule rule = finding.rule();
                Verdict was = before.get(rule.id()).verdict();
                if (was == Verdict.VIOLATED) {
                    continue;
                }
                if (odd.breaks(rule)) {
                    expected.add(rule.id());
                }
                if (finding.verdict() == Verdict.VIOLATED) {
                    found.put(rule.id(), finding.actual() + " " + finding.evidence());
                    assertThat(finding.evidence()).as(rule.id()).isNotEmpty();
                    shown(odd, finding);
                    assertThat(Audit.remedy(finding)).as(rule.id()).isNotEmpty();
                } else if (was == Verdict.SATISFIED && finding.verdict() == Verdict.INCONCLUSIVE) {
                    assertThat(odd.unknown())
                            .as("%s of %s became unknown: %s", rule.id(), profile.id(), finding.actual())
                            .containsKey(about(rule));
                }
            }
            Map<String, String> missed = new HashMap<>();
            expected.forEach(id -> missed.put(id, now.get(id).verdict() + " " + now.get(id).actual()));
            assertThat(found.keySet()).as("%s%nfound %s%nexpected %s", profile.id(), found, missed).isEqualTo(expected);
        }
    }

    /** Where a value is too many, the evidence has to show that very value; a finite field is shown with its size. */
    private static void shown(Mutation odd, Finding finding) {
        for (Change change : odd.changes()) {
            if (change instanceof Change.Added added
                    && added.contradicts(finding.rule())
                    && added.dimension() != Dimension.CERTIFICATE_HASH
                    && !added.value().equals(TlsVersion.SSL_2)) {
                assertThat(finding.evidence())
                        .as(finding.rule().id())
                        .anyMatch(evidence -> evidence.contains(added.value().toString()));
            }
        }
    }

    @Test
    void everyRuleHasItsWitnesses() {
        WitnessPage page = page();
        Set<String> rules = rules();
        Set<String> without = new TreeSet<>(rules);
        without.removeAll(page.witnessed());
        assertThat(without).as("rules without a violator or without a satisfier").isEmpty();
    }

    @Test
    void noReasonForWhatIsUnknownHasOutlivedItself() {
        Set<Map.Entry<Object, String>> said = new HashSet<>();
        Set<Object> found = new HashSet<>();
        for (Base base : witnesses.bases()) {
            said.addAll(base.unknown().entrySet());
            base.profiles().forEach(profile -> found.addAll(unknown(profile, base.habits(), base.unknown())));
        }
        for (Mutation odd : witnesses.mutations()) {
            said.addAll(odd.unknown().entrySet());
            odd.base().profiles().forEach(profile -> found.addAll(unknown(profile, odd.habits(), odd.unknown())));
        }
        assertThat(said).allMatch(found::contains);
    }

    private static Set<Map.Entry<Object, String>> unknown(Profile profile, Habits habits, Map<Object, String> said) {
        Set<Map.Entry<Object, String>> found = new HashSet<>(said.entrySet());
        Set<Object> open = new HashSet<>();
        witnesses.findings(profile, habits).values().stream()
                .filter(f -> f.verdict() == Verdict.INCONCLUSIVE)
                .forEach(f -> open.add(about(f.rule())));
        found.removeIf(entry -> !open.contains(entry.getKey()));
        return found;
    }

    @Test
    void everyMutationIsOfUse() {
        for (Mutation odd : witnesses.mutations()) {
            assertThat(odd.base().profiles().stream().flatMap(p -> p.effectiveRules().stream()))
                    .as(odd.name())
                    .anyMatch(odd::breaks);
        }
    }

    @Test
    void thePageInDocsIsTheOneThatTheServersWrite() throws IOException {
        String wanted = page().text(rules(), rows());
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/witnesses.md; write it anew with -Ddocs.write=true")
                .isEqualTo(wanted);
    }

    /** The honest ends and what they are, as the page lists them. */
    private static Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        witnesses.bases().forEach(base -> rows.put(base.name(), base.words()));
        return rows;
    }

    private static WitnessPage page() {
        WitnessPage page = new WitnessPage(INTRODUCTION);
        for (Base base : witnesses.bases()) {
            for (Profile profile : base.profiles()) {
                witnesses.findings(profile, base.habits()).values().stream()
                        .filter(f -> f.verdict() == Verdict.SATISFIED)
                        .forEach(f -> page.kept(f.rule().id(), base.name()));
            }
        }
        for (Mutation odd : witnesses.mutations()) {
            for (Profile profile : odd.base().profiles()) {
                Set<String> together = new TreeSet<>(witnesses.violated(profile, odd.habits()).keySet());
                together.removeAll(witnesses.violated(profile, odd.base().habits()).keySet());
                page.broken(together, odd.name());
            }
        }
        return page;
    }
}
