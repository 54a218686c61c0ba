package org.dicomtls.interop.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Evaluation;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Subject;
import org.dicomtls.rule.Verdict;

/**
 * An end held against a profile: a finding for every rule of it.
 *
 * @param findings in the order of the profile
 */
public record Audit(String target, Profile profile, List<Finding> findings, Survey survey) {

    /** The wire tests of what an end accepts of the other's certificates. */
    private static final Map<Role, String> CERTIFICATES_OF_OTHERS = Map.of(Role.SERVER, "S62", Role.CLIENT, "C28");

    /** Where the catalogue has the tests of an end. */
    private static final Map<Role, String> CATALOGUE = Map.of(Role.SERVER, "S", Role.CLIENT, "C");

    /** No more evidence than a person reads; that of a violation names what violates. */
    private static final int MOST_EVIDENCE = 12;

    /**
     * Properties of which the wire shows a breach at best: what an end does with its keys, its list of revoked
     * certificates or its other ports, and features that it may have without being configured for them.
     */
    private static final Set<Property> BEHIND_THE_WIRE = EnumSet.of(
            Property.TICKETS_PROTECTED,
            Property.TICKET_KEYS_ROTATED,
            Property.OLD_SESSIONS_NOT_RESUMED,
            Property.REVOCATION_STRATEGY,
            Property.DHE_SIZE_SET_EXPLICITLY,
            Property.KEY_LIMITS_HONOURED,
            Property.SERVER_NAME_SUPPORTED,
            Property.ALPN_SUPPORTED,
            Property.DIRECT_TRUST_SUPPORTED,
            Property.HOST_IDENTITY_CHECKABLE,
            Property.SAME_CERTIFICATE_ON_RENEGOTIATION,
            Property.CERTIFICATE_ATTRIBUTES_TOLERATED);

    public Audit {
        findings = List.copyOf(findings);
    }

    /**
     * Asks the server and judges what it answers.
     *
     * @throws UnreachableException when no connection can be opened
     */
    public static Audit of(Target target, Profile profile, Presented presented, Manner manner)
            throws UnreachableException, InterruptedException {
        return of(target.toString(), profile, Surveyor.of(target, presented, manner));
    }

    /** Which end was audited. */
    public Role role() {
        return survey.own().role();
    }

    /** Judges what is known of an end already. */
    public static Audit of(String target, Profile profile, Survey survey) {
        return new Audit(
                target,
                profile,
                profile.effectiveRules().stream().map(rule -> finding(rule, survey)).toList(),
                survey);
    }

    private static Finding finding(Rule rule, Survey survey) {
        // Only rules that name that test are about the certificates of clients, too.
        Role role = survey.own().role();
        Facts facts = rule.tests().contains(CERTIFICATES_OF_OTHERS.get(role)) ? survey.accepting() : survey.own();
        Finding finding = brief(Evaluation.of(rule, facts));
        if (finding.verdict() != Verdict.INCONCLUSIVE) {
            return finding;
        }
        Object about = about(rule.constraint());
        boolean unmeasured = !(rule.constraint() instanceof Constraint.AtLeast atLeast)
                || facts.measured(atLeast.metric()).isEmpty();
        if (unmeasured && survey.absent().containsKey(about)) {
            return new Finding(
                    rule, Verdict.NOT_APPLICABLE, finding.expected(), survey.absent().get(about), finding.evidence());
        }
        String actual = finding.actual();
        if (survey.open().containsKey(about)) {
            actual += "; " + survey.open().get(about);
        } else if (survey.silent()) {
            actual += "; it stopped answering";
        } else if (!attested(rule) && actual.equals("not observed")) {
            actual += rule.tests().isEmpty() ? "; no test on the wire shows it" : "; none of the questions asked shows it";
        }
        return brief(new Finding(rule, Verdict.INCONCLUSIVE, finding.expected(), actual, facts.evidence(about)));
    }

    /** With the evidence that names what was found, and of the rest as much as a person reads. */
    private static Finding brief(Finding finding) {
        List<String> evidence = finding.evidence();
        if (evidence.size() <= MOST_EVIDENCE) {
            return finding;
        }
        // What was found stands in the words of the finding: "also TLS_RSA_WITH_RC4_128_SHA, …".
        List<String> found = List.of(finding.actual().split("[ ,;]+")).stream()
                .filter(word -> word.length() > 3)
                .toList();
        List<String> kept = new ArrayList<>();
        for (String line : evidence) {
            String answer = line.substring(line.indexOf('→') + 1);
            if (kept.size() < MOST_EVIDENCE && found.stream().anyMatch(answer::contains)) {
                kept.add(line);
            }
        }
        for (String line : evidence) {
            if (kept.size() < MOST_EVIDENCE && !kept.contains(line)) {
                kept.add(line);
            }
        }
        return new Finding(finding.rule(), finding.verdict(), finding.expected(), finding.actual(), kept);
    }

    private static Object about(Constraint constraint) {
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
        return ((Constraint.Attested) constraint).question();
    }

    private static boolean attested(Rule rule) {
        return rule.constraint() instanceof Constraint.Attested || rule.subject() == Subject.OPERATOR;
    }

    /**
     * Whether questions to an end in that role can decide the rule. Where they cannot, a person has to: if such rules made
     * an audit undetermined, every audit would be, and the word would say nothing. They are listed apart instead.
     */
    public static boolean decidedOnTheWire(Rule rule, Role role) {
        boolean dimension = !(rule.constraint() instanceof Constraint.Holds);
        boolean asked = rule.tests().stream().anyMatch(test -> test.startsWith(CATALOGUE.get(role)));
        return !attested(rule)
                && (dimension || asked)
                && !(rule.constraint() instanceof Constraint.Holds holds && BEHIND_THE_WIRE.contains(holds.property()));
    }

    public Conclusion conclusion() {
        if (findings.stream().anyMatch(Finding::breaksConformance)) {
            return Conclusion.NON_CONFORMANT;
        }
        return open().isEmpty() ? Conclusion.CONFORMANT : Conclusion.UNDETERMINED;
    }

    /** The broken SHALLs. */
    public List<Finding> broken() {
        return findings.stream().filter(Finding::breaksConformance).toList();
    }

    /** The SHALLs that the wire can decide and that stayed open. */
    public List<Finding> open() {
        return findings.stream()
                .filter(f -> f.verdict() == Verdict.INCONCLUSIVE
                        && f.rule().strength() == Strength.SHALL
                        && decidedOnTheWire(f.rule(), role()))
                .toList();
    }

    /** The SHALLs that a person has to answer for. */
    public List<Finding> forPeople() {
        return findings.stream()
                .filter(f -> f.verdict() == Verdict.INCONCLUSIVE
                        && f.rule().strength() == Strength.SHALL
                        && !decidedOnTheWire(f.rule(), role()))
                .toList();
    }

    public Map<Verdict, Integer> counts() {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, 0);
        }
        findings.forEach(f -> counts.merge(f.verdict(), 1, Integer::sum));
        return counts;
    }

    /** In one or two sentences. */
    public String words() {
        String server = target + " against " + profile.id() + " (" + profile.clause() + "): ";
        return switch (conclusion()) {
            case NON_CONFORMANT -> server + "non-conformant; " + count(broken().size(), "SHALL is", "SHALLs are") + " broken.";
            case UNDETERMINED -> server + "undetermined; no SHALL was seen broken, but "
                    + count(open().size(), "SHALL that questions can decide stays", "SHALLs that questions can decide stay")
                    + " open.";
            case CONFORMANT -> server + "conformant in all that questions can decide; "
                    + count(forPeople().size(), "SHALL is", "SHALLs are") + " for a person to confirm.";
        };
    }

    static String count(int n, String one, String more) {
        return n + " " + (n == 1 ? one : more);
    }

    /** What to change so that the rule holds; empty where it is not broken. */
    public static String remedy(Finding finding) {
        return remedies(finding).map(Remedy::toString).orElse("");
    }

    /** How a rule that a server breaks can be made to hold, software by software; empty where it is not broken. */
    public static Optional<Remedy> remedies(Finding finding) {
        return remedies(finding, Role.SERVER);
    }

    private static Optional<Remedy> remedies(Finding finding, Role role) {
        return finding.verdict() == Verdict.VIOLATED ? Optional.of(Remedy.of(finding.rule(), role)) : Optional.empty();
    }

    /** How a broken rule can be made to hold by the end that was audited; empty where it is not broken. */
    public Optional<Remedy> advice(Finding finding) {
        return remedies(finding, role());
    }

    /** The report as {@code audit-1.json} describes it, with nothing on record. */
    public JsonNode json() {
        return AuditJson.of(Acceptance.of(this));
    }
}
