package org.dicomtls.interop.audit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code docs/witnesses.md}: for every rule a server that breaks it and one that keeps it. */
final class WitnessPage {

    private static final String INTRODUCTION = """
            # Witnesses

            An auditor that never found fault would pass every server. So there is, for each rule that questions to a
            server can decide, a server that breaks it and one that keeps it, and a test (`RuleWitnessTest`) that audits
            them all. The servers run in the test itself. Each odd server differs from an honest one in a single fact;
            the audit has to report exactly those rules broken that this fact contradicts: no other, and none too few.
            Which rules a fact contradicts is computed from the rules and not by the auditor.

            This page is written by that test; do not edit it. To write it anew:
            `mvn -pl interop-tests -am test -Dtest=RuleWitnessTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true`

            """;

    private final Map<String, Set<String>> kept = new TreeMap<>();
    private final Map<String, String> broken = new TreeMap<>();
    private final Map<String, Set<String>> fellows = new TreeMap<>();

    void kept(String rule, Base base) {
        kept.computeIfAbsent(rule, r -> new TreeSet<>()).add(base.name());
    }

    /** Of several violators the one that breaks the fewest rules is shown. */
    void broken(Set<String> together, Mutation mutation) {
        for (String rule : together) {
            Set<String> others = new TreeSet<>(together);
            others.remove(rule);
            if (!fellows.containsKey(rule) || others.size() < fellows.get(rule).size()) {
                fellows.put(rule, others);
                broken.put(rule, mutation.name());
            }
        }
    }

    Set<String> witnessed() {
        Set<String> both = new TreeSet<>(kept.keySet());
        both.retainAll(broken.keySet());
        return both;
    }

    String text(Set<String> rules, List<Base> bases) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## The honest servers\n\n| server | what it is |\n| --- | --- |\n");
        bases.forEach(base -> page.append("| ").append(base.name()).append(" | ").append(base.words()).append(" |\n"));
        page.append("\n## The rules\n\n| rule | broken by | also broken by the same fact | kept by |\n");
        page.append("| --- | --- | --- | --- |\n");
        for (String rule : rules) {
            page.append("| ").append(rule)
                    .append(" | ").append(broken.get(rule))
                    .append(" | ").append(String.join(", ", fellows.getOrDefault(rule, Set.of())))
                    .append(" | ").append(String.join("; ", kept.getOrDefault(rule, Set.of())))
                    .append(" |\n");
        }
        return page.toString();
    }
}
