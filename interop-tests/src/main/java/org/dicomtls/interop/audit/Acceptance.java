package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.rule.Waiver;

/**
 * An audit beside what is on record: which violations are waived, which are known from the baseline, and whether the
 * audit is accepted for that. The audit itself stays as it is: a waived violation is a violation.
 *
 * @param audit what was found
 * @param record what was on record
 */
public record Acceptance(Audit audit, OnRecord record) {

    /** The audit with nothing on record. */
    public static Acceptance of(Audit audit) {
        return new Acceptance(audit, OnRecord.nothing());
    }

    /** The live waiver of a violation. */
    public Optional<Waiver> waiver(Finding finding) {
        return violation(finding)
                ? record.waivers().stream()
                        .filter(w -> w.rule().equals(finding.rule().id()) && w.holdsOn(record.day()))
                        .findFirst()
                : Optional.empty();
    }

    /** Whether it is a violation that counts: an option that is not taken is none. */
    static boolean violation(Finding finding) {
        return finding.verdict() == Verdict.VIOLATED && finding.rule().strength() != Strength.MAY;
    }

    /** Whether it is a violation that the baseline has, too. */
    public boolean known(Finding finding) {
        return violation(finding)
                && record.baseline().map(b -> b.violated().contains(finding.rule().id())).orElse(false);
    }

    /** Whether it is a violation that nobody answers for. */
    public boolean unanswered(Finding finding) {
        return violation(finding) && waiver(finding).isEmpty() && !known(finding);
    }

    /** The broken SHALLs that are neither waived nor known. */
    public List<Finding> broken() {
        return audit.broken().stream().filter(this::unanswered).toList();
    }

    /** The SHOULDs that are not followed and neither waived nor known. */
    public List<Finding> notFollowed() {
        return audit.findings().stream()
                .filter(f -> f.rule().strength() == Strength.SHOULD && unanswered(f))
                .toList();
    }

    /** The violations with a live waiver. */
    public List<Finding> waived() {
        return audit.findings().stream().filter(f -> waiver(f).isPresent()).toList();
    }

    /** The violations that are known from the baseline and have no waiver. */
    public List<Finding> known() {
        return audit.findings().stream().filter(f -> known(f) && waiver(f).isEmpty()).toList();
    }

    /** Waivers that have ended and do not count. */
    public List<Waiver> expired() {
        return record.waivers().stream().filter(w -> !w.holdsOn(record.day())).toList();
    }

    /** Live waivers of rules that are not violated, with the verdict in words. */
    public Map<Waiver, String> notNeeded() {
        Map<Waiver, String> notNeeded = new LinkedHashMap<>();
        for (Waiver waiver : record.waivers()) {
            Optional<Finding> finding = finding(waiver.rule());
            if (waiver.holdsOn(record.day()) && !finding.map(Acceptance::violation).orElse(false)) {
                notNeeded.put(waiver, finding.map(f -> words(f.verdict())).orElse("not audited"));
            }
        }
        return notNeeded;
    }

    private Optional<Finding> finding(String rule) {
        return audit.findings().stream().filter(f -> f.rule().id().equals(rule)).findFirst();
    }

    /** Rules that the baseline has as violated and that were seen not to be violated now. */
    public List<String> mended() {
        return since(true);
    }

    /** Rules that the baseline has as violated and of which nothing is known now: that is not to be mended. */
    public List<String> undecidedSince() {
        return since(false);
    }

    private List<String> since(boolean decided) {
        List<String> rules = new ArrayList<>();
        for (String rule : record.baseline().map(Baseline::violated).orElse(Set.of())) {
            Verdict now = finding(rule).map(Finding::verdict).orElse(Verdict.INCONCLUSIVE);
            if (now != Verdict.VIOLATED && decided != (now == Verdict.INCONCLUSIVE)) {
                rules.add(rule);
            }
        }
        return rules;
    }

    /**
     * Whether the server can be let pass: nothing is broken but what a live waiver or the baseline names, and no SHALL
     * that questions can decide stayed open. Without the latter a server that stops answering half way would pass for
     * having been bad before.
     */
    public boolean accepted() {
        return broken().isEmpty() && audit.open().isEmpty();
    }

    /** In one or two sentences. */
    public String words() {
        if (audit.conclusion() != Conclusion.NON_CONFORMANT || record.isNothing()) {
            return audit.words();
        }
        String server = audit.target() + " against " + audit.profile().id() + " (" + audit.profile().clause()
                + "): non-conformant; ";
        int all = audit.broken().size();
        int left = broken().size();
        if (left == 0) {
            int open = audit.open().size();
            return server + "every broken SHALL is waived or known from the baseline"
                    + (open == 0
                            ? ": accepted."
                            : ", but " + Audit.count(
                                            open,
                                            "SHALL that questions can decide stays",
                                            "SHALLs that questions can decide stay")
                                    + " open: not accepted.");
        }
        long waived = audit.broken().stream().filter(f -> waiver(f).isPresent()).count();
        String answered = (waived > 0 ? ", " + waived + " waived" : "")
                + (all - left - waived > 0 ? ", " + (all - left - waived) + " known from the baseline" : "");
        return server + Audit.count(all, "SHALL is", "SHALLs are") + " broken"
                + (answered.isEmpty() ? "" : answered + ", " + left + " unanswered") + ": not accepted.";
    }

    static String words(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** For example {@code waived until 2027-03-31 by radiology IT: the modality is replaced in spring}. */
    public static String words(Waiver waiver) {
        return "waived" + waiver.until().map(last -> " until " + last).orElse("") + " by " + waiver.owner() + ": "
                + waiver.reason();
    }

    static String ended(Waiver waiver) {
        return waiver.rule() + ": ended on " + waiver.until().map(Object::toString).orElse("") + " (" + waiver.owner() + ": "
                + waiver.reason() + ")";
    }
}
