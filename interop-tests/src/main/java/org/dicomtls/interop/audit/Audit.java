package org.dicomtls.interop.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.interop.report.Json;
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
 * A server held against a profile: a finding for every rule of it.
 *
 * @param findings in the order of the profile
 */
public record Audit(String target, Profile profile, List<Finding> findings, Survey survey) {

    /** The wire test of what a server accepts of its clients' certificates. */
    private static final String CLIENT_CERTIFICATES = "S62";

    /**
     * Properties of which the wire shows a breach at best: what a server does with its keys, its list of revoked
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

    /** Judges what is known of a server already. */
    public static Audit of(String target, Profile profile, Survey survey) {
        return new Audit(
                target,
                profile,
                profile.effectiveRules().stream().map(rule -> finding(rule, survey)).toList(),
                survey);
    }

    private static Finding finding(Rule rule, Survey survey) {
        // Only rules that name that test are about the certificates of clients, too.
        Facts facts = rule.tests().contains(CLIENT_CERTIFICATES) ? survey.accepting() : survey.own();
        Finding finding = Evaluation.of(rule, facts);
        if (finding.verdict() != Verdict.INCONCLUSIVE) {
            return finding;
        }
        Object about = about(rule.constraint());
        boolean unmeasured = !(rule.constraint() instanceof Constraint.AtLeast atLeast)
                || facts.measured(atLeast.metric()).isEmpty();
        if (unmeasured && survey.absent().containsKey(about)) {
            return new Finding(
                    rule, Verdict.NOT_APPLICABLE, finding.expected(), survey.absent().get(about), facts.evidence(about));
        }
        String actual = finding.actual();
        if (survey.open().containsKey(about)) {
            actual += "; " + survey.open().get(about);
        } else if (survey.silent()) {
            actual += "; the server stopped answering";
        } else if (!attested(rule) && actual.equals("not observed")) {
            actual += rule.tests().isEmpty() ? "; no test on the wire shows it" : "; none of the questions asked shows it";
        }
        return new Finding(rule, Verdict.INCONCLUSIVE, finding.expected(), actual, facts.evidence(about));
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
     * Whether questions to a server can decide the rule. Where they cannot, a person has to: if such rules made an audit
     * undetermined, every audit would be, and the word would say nothing. They are listed apart instead.
     */
    public static boolean decidedOnTheWire(Rule rule) {
        boolean dimension = !(rule.constraint() instanceof Constraint.Holds);
        boolean asked = rule.tests().stream().anyMatch(test -> test.startsWith("S"));
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
                        && decidedOnTheWire(f.rule()))
                .toList();
    }

    /** The SHALLs that a person has to answer for. */
    public List<Finding> forPeople() {
        return findings.stream()
                .filter(f -> f.verdict() == Verdict.INCONCLUSIVE
                        && f.rule().strength() == Strength.SHALL
                        && !decidedOnTheWire(f.rule()))
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

    private static String count(int n, String one, String more) {
        return n + " " + (n == 1 ? one : more);
    }

    /** What to change so that the rule holds; empty where it is not broken. */
    public static String remedy(Finding finding) {
        return finding.verdict() == Verdict.VIOLATED ? Remedy.of(finding.rule()) : "";
    }

    /** The report as {@code audit-1.json} describes it. */
    public JsonNode json() {
        ObjectNode report = Json.object();
        report.put("schema", "dicom-tls/audit/1");
        report.put("profile", profile.id());
        report.put("role", Role.SERVER.title());
        report.put("target", target);
        report.put("conclusion", conclusion().title());
        ArrayNode list = report.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode one = list.addObject();
            one.put("rule", finding.rule().id());
            one.put("strength", finding.rule().strength().name());
            one.put("clause", finding.rule().clause());
            one.put("verdict", finding.verdict().name());
            one.put("statement", finding.rule().statement());
            one.put("expected", finding.expected());
            one.put("actual", finding.actual());
            one.set("evidence", Json.names(new ArrayList<>(finding.evidence())));
            one.put("remedy", remedy(finding));
        }
        return report;
    }
}
