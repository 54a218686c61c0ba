package org.dicomtls.rule;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A rule that a derived profile sets aside, on record.
 *
 * @param rule the id of the rule
 * @param reason why, for those who read the report
 * @param owner who answers for it
 * @param until the last day on which it holds, if it ends
 */
public record Waiver(String rule, String reason, String owner, Optional<LocalDate> until) {
    public Waiver {
        if (rule.isBlank() || reason.isBlank() || owner.isBlank()) {
            throw new IllegalArgumentException("a waiver names its rule, its reason and its owner");
        }
    }

    /** Whether it holds on that day. */
    public boolean holdsOn(LocalDate day) {
        return until.map(last -> !day.isAfter(last)).orElse(true);
    }
}
