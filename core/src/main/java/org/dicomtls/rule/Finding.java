package org.dicomtls.rule;

import java.util.List;

/**
 * A rule and its verdict.
 *
 * @param expected what the rule demands
 * @param actual what was found, or why nothing was
 * @param evidence references to what shows it, as the facts carried them
 */
public record Finding(Rule rule, Verdict verdict, String expected, String actual, List<String> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }

    /** Whether this finding alone makes the end non-conformant. */
    public boolean breaksConformance() {
        return verdict == Verdict.VIOLATED && rule.strength() == Strength.SHALL;
    }
}
