package org.dicomtls.interop.clientaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.clientaudit.Witnesses.Met;
import org.dicomtls.interop.clientaudit.Witnesses.Seen;
import org.dicomtls.interop.witness.WitnessPage;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** For every rule that the audit of a client decides, one that breaks it alone and one that keeps it are told apart. */
@Timeout(170)
class ClientRuleWitnessTest {

    private static final Path PAGE = Path.of("..", "docs", "witnesses-clients.md");

    private static final String INTRODUCTION = """
            # Witnesses of client rules

            An auditor that never found fault would pass every client. So there is, for each rule of which the audit of a
            client can decide, a client that breaks it and one that keeps it, and a test (`ClientRuleWitnessTest`) that
            audits them all. The clients run in the test itself. Each odd client differs from a sound one in a single
            thing; the audit has to report exactly those rules broken that this contradicts: no other, and none too few.
            Which rules that are is computed from the rules and not by the auditor.

            This page is written by that test; do not edit it. To write it anew:
            `mvn -pl interop-tests -am test -Dtest=ClientRuleWitnessTest -Dsurefire.failIfNoSpecifiedTests=false \
            -Ddocs.write=true`

            ## The sound clients

            | client | what it is |
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

    /** The ids of all rules that need witnesses. */
    private static Set<String> rules() {
        Set<String> ids = new TreeSet<>();
        for (Profile profile : DicomProfiles.all()) {
            profile.effectiveRules().stream()
                    .filter(rule -> Audit.decidedOnTheWire(rule, Role.CLIENT) && rule.subject() != Subject.SERVER)
                    .forEach(rule -> ids.add(rule.id()));
        }
        return ids;
    }

    @TestFactory
    Stream<DynamicTest> aSoundClientKeepsItsProfiles() {
        return witnesses.bases().stream().map(base -> DynamicTest.dynamicTest(base.name(), () -> sound(base)));
    }

    private static void sound(Base base) {
        Seen seen = finished(Witnesses.met(base));
        Set<String> notFollowed = new TreeSet<>();
        Set<String> broken = new TreeSet<>();
        for (Profile profile : base.profiles()) {
            for (Finding finding : witnesses.audit(profile, Witnesses.met(base)).findings()) {
                Rule rule = finding.rule();
                if (finding.verdict() == Verdict.VIOLATED) {
                    (rule.strength() == Strength.SHALL ? broken : notFollowed).add(rule.id());
                }
            }
        }
        String course = String.join("\n", seen.course());
        assertThat(broken).as(course).isEmpty();
        assertThat(seen.course()).as("what a sound client does otherwise").noneMatch(line -> line.startsWith("NOTE"));
        assertThat(notFollowed).as("recommendations not followed").isEqualTo(new TreeSet<>(base.notFollowed()));
    }

    private static Seen finished(Met met) {
        Seen seen = witnesses.seen(met);
        assertThat(seen.complete()).as("%s", seen.course()).isTrue();
        assertThat(seen.controlled()).as("%s", seen.course()).isTrue();
        return seen;
    }

    @TestFactory
    Stream<DynamicTest> anOddClientBreaksWhatItsOddityContradicts() {
        return witnesses.mutations().stream().map(odd -> DynamicTest.dynamicTest(odd.name(), () -> odd(odd)));
    }

    private static void odd(Mutation odd) {
        Seen seen = finished(Witnesses.met(odd));
        Set<String> all = new TreeSet<>();
        for (Profile profile : DicomProfiles.all()) {
            Set<String> expected = expected(odd, profile);
            Audit audit = witnesses.audit(profile, Witnesses.met(odd));
            Map<String, String> found = new TreeMap<>();
            for (Finding finding : found(odd, profile)) {
                String rule = finding.rule().id();
                found.put(rule, finding.actual() + " " + finding.evidence());
                assertThat(finding.evidence()).as(rule).isNotEmpty();
                assertThat(audit.advice(finding)).as(rule).isPresent();
                assertThat(audit.advice(finding).orElseThrow().toString()).as(rule).isNotBlank();
            }
            assertThat(found.keySet())
                    .as("%s%nfound %s%ncourse %s", profile.id(), found, seen.course())
                    .isEqualTo(expected);
            all.addAll(expected);
        }
        if (!odd.changes().isEmpty()) {
            assertThat(all).as("what it breaks").isNotEmpty();
        }
    }

    /** The rules that the changed fact contradicts, without those that the base breaks already. */
    private static Set<String> expected(Mutation odd, Profile profile) {
        Set<String> expected = new TreeSet<>();
        profile.effectiveRules().stream().filter(odd::breaks).forEach(rule -> expected.add(rule.id()));
        expected.removeAll(witnesses.violated(profile, Witnesses.met(odd.base())).keySet());
        return expected;
    }

    /** The breaches that the audit reports of the odd client and not of its base. */
    private static List<Finding> found(Mutation odd, Profile profile) {
        Set<String> before = witnesses.violated(profile, Witnesses.met(odd.base())).keySet();
        return witnesses.audit(profile, Witnesses.met(odd)).findings().stream()
                .filter(finding -> finding.verdict() == Verdict.VIOLATED && !before.contains(finding.rule().id()))
                .filter(finding -> odd.breaks(finding.rule()) || !odd.anew(finding.rule()))
                .toList();
    }

    @Test
    void everyRuleHasItsWitnesses() {
        Set<String> without = rules();
        without.removeAll(page().witnessed());
        assertThat(without)
                .as("rules without a violator or without a satisfier")
                .isEmpty();
    }

    @Test
    void thePageInDocsIsTheOneThatTheClientsWrite() throws IOException {
        String wanted = page().text(rules(), rows());
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/witnesses-clients.md; write it anew with -Ddocs.write=true")
                .isEqualTo(wanted);
    }

    /** The sound ends and what they are, as the page lists them. */
    private static Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        witnesses.bases().forEach(base -> rows.put(base.name(), base.words()));
        return rows;
    }

    private static WitnessPage page() {
        WitnessPage page = new WitnessPage(INTRODUCTION);
        for (Base base : witnesses.bases()) {
            for (Profile profile : base.profiles()) {
                witnesses.verdicts(profile, Witnesses.met(base)).forEach((rule, verdict) -> {
                    if (verdict == Verdict.SATISFIED) {
                        page.kept(rule, base.name());
                    }
                });
            }
        }
        for (Mutation odd : witnesses.mutations()) {
            for (Profile profile : DicomProfiles.all()) {
                Set<String> together = new TreeSet<>();
                found(odd, profile).forEach(finding -> together.add(finding.rule().id()));
                page.broken(together, odd.name());
            }
        }
        return page;
    }
}
