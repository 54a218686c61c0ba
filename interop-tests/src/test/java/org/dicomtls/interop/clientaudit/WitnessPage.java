package org.dicomtls.interop.clientaudit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code docs/witnesses-clients.md}: for every rule a client that breaks it and one that keeps it. */
final class WitnessPage {

    private static final String INTRODUCTION = """
            # Witnesses of client rules

            An auditor that never found fault would pass every client. So there is, for each rule of which the audit of a
            client can decide, a client that breaks it and one that keeps it, and a test (`ClientRuleWitnessTest`) that
            audits them all. The clients run in the test itself. Each odd client differs from a sound one in a single
            thing; the audit has to report exactly those rules broken that this contradicts: no other, and none too few.
            Which rules that are is computed from the rules and not by the auditor.

            This page is written by that test; do not edit it. To write it anew:
            `mvn -pl interop-tests -am test -Dtest=ClientRuleWitnessTest -Dsurefire.failIfNoSpecifiedTests=false \
            -Ddocs.write=true`

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

    String text(Set<String> rules, Map<String, String> without, List<Base> bases) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## The sound clients\n\n| client | what it is |\n| --- | --- |\n");
        bases.forEach(base -> page.append("| ").append(base.name()).append(" | ").append(base.words()).append(" |\n"));
        page.append("\n## The rules\n\n| rule | broken by | also broken by the same fact | kept by |\n");
        page.append("| --- | --- | --- | --- |\n");
        for (String rule : rules) {
            if (!without.containsKey(rule)) {
                page.append("| ").append(rule)
                        .append(" | ").append(broken.get(rule))
                        .append(" | ").append(String.join(", ", fellows.getOrDefault(rule, Set.of())))
                        .append(" | ").append(String.join("; ", kept.getOrDefault(rule, Set.of())))
                        .append(" |\n");
            }
        }
        page.append("\n## Rules without witnesses\n\n| rule | why |\n| --- | --- |\n");
        new TreeMap<>(without).forEach((rule, why) ->
                page.append("| ").append(rule).append(" | ").append(why).append(" |\n"));
        return page.toString();
    }
}
