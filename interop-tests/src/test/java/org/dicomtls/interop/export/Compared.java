package org.dicomtls.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;

/**
 * What an export says of a system, and what an audit of the system found.
 *
 * @param said the SHALLs and SHOULDs that are said not to be kept, and that the audit decided
 * @param found the SHALLs and SHOULDs that the audit found violated
 * @param open what the audit could have decided and did not, where the export has decided
 */
record Compared(Set<String> said, Set<String> found, Set<String> open, String words) {

    static Compared of(Outlook outlook, Audit audit) {
        Map<String, Finding> findings = audit.findings().stream()
                .collect(Collectors.toMap(f -> f.rule().id(), Function.identity()));
        Set<String> said = ids(outlook.notKept().stream()
                .filter(f -> findings.get(f.rule().id()).verdict() != Verdict.INCONCLUSIVE)
                .toList());
        Set<String> stillOpen = ids(outlook.findings().stream()
                .filter(f -> f.verdict() == Verdict.INCONCLUSIVE || f.verdict() == Verdict.NOT_APPLICABLE)
                .toList());
        List<Finding> undecided = audit.findings().stream()
                .filter(f -> f.rule().strength() != Strength.MAY && f.verdict() == Verdict.INCONCLUSIVE)
                .filter(f -> Audit.decidedOnTheWire(f.rule(), audit.role()) && !stillOpen.contains(f.rule().id()))
                .filter(f -> !f.actual().contains("which the server does not negotiate"))
                .toList();
        List<Finding> violated = audit.findings().stream()
                .filter(f -> f.rule().strength() != Strength.MAY && f.verdict() == Verdict.VIOLATED)
                .toList();
        String words = audit.words() + "\nviolated:\n" + lines(violated) + "\nsaid:\n"
                + outlook.notKept().stream()
                        .map(f -> f.rule().strength() + " " + f.rule().id() + ": " + outlook.why(f))
                        .collect(Collectors.joining("\n"))
                + "\nundecided:\n" + lines(undecided);
        return new Compared(said, ids(violated), ids(undecided), words);
    }

    private static Set<String> ids(List<Finding> findings) {
        return findings.stream().map(f -> f.rule().id()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String lines(List<Finding> findings) {
        return findings.stream()
                .map(f -> f.rule().strength() + " " + f.rule().id() + ": " + f.actual() + " " + f.evidence())
                .collect(Collectors.joining("\n"));
    }

    /** Both are the same, and the audit has left nothing open but what it cannot ask of that system. */
    void assertEqual(String... unasked) {
        assertThat(found).as(words).isEqualTo(said);
        assertThat(open).as(words).isSubsetOf(unasked);
    }
}
