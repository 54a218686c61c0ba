package org.dicomtls.profiles;

import java.util.ArrayList;
import java.util.List;
import org.dicomtls.rule.Rule;

/** Puts the rules of a profile together out of texts that several profiles share. */
final class RuleList {

    private RuleList() {}

    /** All of these, in their order. */
    @SafeVarargs
    static List<Rule> of(List<Rule>... parts) {
        List<Rule> all = new ArrayList<>();
        for (List<Rule> part : parts) {
            all.addAll(part);
        }
        return List.copyOf(all);
    }

    /**
     * These rules except one that a profile replaces by its own.
     *
     * @throws IllegalArgumentException when it is not among them, since then nothing would be replaced
     */
    static List<Rule> without(List<Rule> rules, Rule replaced) {
        if (!rules.contains(replaced)) {
            throw new IllegalArgumentException("no rule " + replaced + " to replace");
        }
        return rules.stream().filter(rule -> !rule.equals(replaced)).toList();
    }
}
