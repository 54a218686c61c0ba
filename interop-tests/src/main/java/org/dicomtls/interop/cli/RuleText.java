package org.dicomtls.interop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Means;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Evaluation;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Verdict;
import org.dicomtls.transport.EngineProbe;

/** How rules are written for people. */
final class RuleText {

    private RuleText() {}

    /** {@code SHALL}, {@code SHOULD} or {@code MAY}. */
    static String strength(Rule rule) {
        return rule.strength().name();
    }

    /** {@code client}, {@code server}, {@code both}, {@code certificate} or {@code operator}. */
    static String subject(Rule rule) {
        return rule.subject().name().toLowerCase(Locale.ROOT);
    }

    /** The statement, with its condition where it has one. */
    static String statement(Rule rule) {
        return rule.condition() == Condition.ALWAYS
                ? rule.statement()
                : rule.statement() + " (" + rule.condition().title() + ")";
    }

    /**
     * By what our own end keeps a rule under a profile, engine by engine where they differ: {@code hello gate}, {@code
     * bc: policy context; jdk: cannot}, {@code attested by the operator} …
     */
    static String enforced(Profile profile, Rule rule) {
        Policy policy = Policy.of(profile);
        List<String> parts = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            OwnEnd end = EngineProbe.of(policy, engine);
            List<String> roles = Stream.of(Role.values())
                    .filter(role -> rule.subject().binds(role))
                    .map(role -> enforced(end, rule, role))
                    .distinct()
                    .toList();
            String text = String.join(" / ", roles);
            parts.add(text);
        }
        if (parts.stream().distinct().count() == 1) {
            return parts.get(0);
        }
        List<String> named = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            named.add(Engine.values()[i].id() + ": " + parts.get(i));
        }
        return String.join("; ", named);
    }

    private static String enforced(OwnEnd end, Rule rule, Role role) {
        Finding finding = Evaluation.of(rule, end.facts(role));
        Means means = end.means(rule, role);
        if (finding.verdict() == Verdict.VIOLATED) {
            return "cannot (" + finding.actual() + ")";
        }
        if (finding.verdict() == Verdict.NOT_APPLICABLE) {
            return "not applicable (" + finding.actual() + ")";
        }
        return means.title();
    }
}
