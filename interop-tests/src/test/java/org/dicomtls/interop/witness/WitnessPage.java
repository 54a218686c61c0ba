package org.dicomtls.interop.witness;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A page of witnesses: for every rule an end that breaks it and one that keeps it. */
public final class WitnessPage {

    private final String introduction;
    private final Map<String, Set<String>> kept = new TreeMap<>();
    private final Map<String, String> broken = new TreeMap<>();
    private final Map<String, Set<String>> fellows = new TreeMap<>();

    /**
     * @param introduction the page up to the rows of the sound ends
     */
    public WitnessPage(String introduction) {
        this.introduction = introduction;
    }

    /** A sound end keeps that rule. */
    public void kept(String rule, String base) {
        kept.computeIfAbsent(rule, r -> new TreeSet<>()).add(base);
    }

    /** Of several violators the one that breaks the fewest rules is shown. */
    public void broken(Set<String> together, String mutation) {
        for (String rule : together) {
            Set<String> others = new TreeSet<>(together);
            others.remove(rule);
            if (!fellows.containsKey(rule) || others.size() < fellows.get(rule).size()) {
                fellows.put(rule, others);
                broken.put(rule, mutation);
            }
        }
    }

    /** The rules that have both. */
    public Set<String> witnessed() {
        Set<String> both = new TreeSet<>(kept.keySet());
        both.retainAll(broken.keySet());
        return both;
    }

    /**
     * The page.
     *
     * @param bases the sound ends by name, and what they are, in their order
     */
    public String text(Set<String> rules, Map<String, String> bases) {
        StringBuilder page = new StringBuilder(introduction);
        bases.forEach((name, words) -> page.append("| ").append(name).append(" | ").append(words).append(" |\n"));
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
