package org.dicomtls.interop.audit;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;

/**
 * What people put on record about a server before it is audited. It changes no verdict: it says which violations are
 * answered for.
 *
 * @param waivers at most one a rule
 * @param baseline an earlier audit, if there is one to compare with
 * @param day the day on which waivers have to hold
 */
public record OnRecord(List<Waiver> waivers, Optional<Baseline> baseline, LocalDate day) {

    /**
     * @throws IllegalArgumentException when a rule is waived twice
     */
    public OnRecord {
        waivers = List.copyOf(waivers);
        Set<String> rules = new HashSet<>();
        for (Waiver waiver : waivers) {
            if (!rules.add(waiver.rule())) {
                throw new IllegalArgumentException("rule " + waiver.rule() + " is waived twice");
            }
        }
    }

    /** Nothing is on record. */
    public static OnRecord nothing() {
        return today(List.of(), Optional.empty());
    }

    /** With waivers that have to hold today. */
    public static OnRecord today(List<Waiver> waivers, Optional<Baseline> baseline) {
        return new OnRecord(waivers, baseline, LocalDate.now());
    }

    /** The same, with the waivers for rules of that profile only. */
    public OnRecord of(Profile profile) {
        return new OnRecord(
                waivers.stream().filter(w -> profile.rule(w.rule()).isPresent()).toList(), baseline, day);
    }

    boolean isNothing() {
        return waivers.isEmpty() && baseline.isEmpty();
    }
}
