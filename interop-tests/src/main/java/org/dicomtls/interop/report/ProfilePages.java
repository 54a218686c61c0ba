package org.dicomtls.interop.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Rule;

/** The pages under {@code docs/profiles}, written from the rules. */
public final class ProfilePages {

    private ProfilePages() {}

    /** Every page by its file name. */
    public static Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        StringBuilder index = new StringBuilder("# Profiles\n\nWritten from the rules; do not edit.\n\n"
                + "| id | clause | state | rules | title |\n|---|---|---|---|---|\n");
        for (Profile profile : Profiles.all()) {
            index.append("| [").append(profile.id()).append("](").append(profile.id()).append(".md) | ")
                    .append(profile.clause()).append(" | ").append(profile.state().title()).append(" | ")
                    .append(profile.rules().size()).append(" | ").append(profile.title()).append(" |\n");
            pages.put(profile.id() + ".md", page(profile));
        }
        pages.put("README.md", index.toString());
        return pages;
    }

    private static String page(Profile profile) {
        Policy policy = Policy.of(profile);
        StringBuilder page = new StringBuilder();
        page.append("# ").append(profile.id()).append(": ").append(profile.title()).append("\n\n")
                .append("Written from the rules; do not edit. ").append(profile.clause()).append(", ")
                .append(profile.state().title()).append(". Editions: ")
                .append(String.join("; ", profile.editions())).append(".\n\n")
                .append(profile.intent()).append("\n\n")
                .append("## What a policy uses\n\nThe strictest reading: every SHALL and every SHOULD kept.\n\n| | |\n|---|---|\n");
        line(page, "versions", policy.versions());
        line(page, "TLS 1.3 suites", policy.suites().stream().filter(s -> s.tls13()).toList());
        line(page, "TLS 1.2 suites", policy.suites().stream().filter(s -> !s.tls13()).toList());
        line(page, "groups", policy.groups());
        line(page, "signature schemes", policy.schemes());
        line(page, "certificate hashes", policy.certificateHashes().stream().sorted().toList());
        for (Metric metric : Metric.values()) {
            if (policy.least(metric) > 0) {
                line(page, metric.title(), List.of("at least " + policy.least(metric) + " bits"));
            }
        }
        page.append("\n## Rules\n\n| rule | strength | binds | clause | statement | why |\n|---|---|---|---|---|---|\n");
        for (Rule rule : profile.rules()) {
            page.append("| `").append(rule.id()).append("` | ").append(rule.strength()).append(" | ")
                    .append(rule.subject().name().toLowerCase(java.util.Locale.ROOT)).append(" | ")
                    .append(cell(rule.clause())).append(" | ").append(cell(rule.statement()))
                    .append(rule.condition() == Condition.ALWAYS ? "" : " (" + rule.condition().title() + ")")
                    .append(" | ").append(cell(rule.rationale())).append(" |\n");
        }
        return page.toString();
    }

    private static void line(StringBuilder page, String what, List<?> values) {
        page.append("| ").append(what).append(" | ")
                .append(values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(", ")))
                .append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " ");
    }
}
