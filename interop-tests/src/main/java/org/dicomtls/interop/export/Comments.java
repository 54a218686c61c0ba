package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;

/** The comments of an export: what it is, and which rules the system does not keep. */
final class Comments {

    private final String mark;
    private final List<String> lines = new ArrayList<>();

    /** @param mark what begins a comment in the notation of the system, e.g. {@code #} */
    Comments(String mark) {
        this.mark = mark;
    }

    /** The profile, the system and the role, and the rules that are not kept or stay open, for each release. */
    static Comments of(String mark, Policy policy, Role role, String what, List<Outlook> outlooks) {
        Comments comments = new Comments(mark);
        Profile profile = policy.profile();
        comments.line("Profile " + profile.id() + ": " + profile.title() + " (" + profile.clause() + ", "
                + profile.state().title() + "),");
        comments.line("for " + what + ", as a TLS " + role.title() + ".");
        Map<List<String>, List<String>> releases = new LinkedHashMap<>();
        outlooks.forEach(outlook -> releases
                .computeIfAbsent(lines(outlook), key -> new ArrayList<>())
                .add(outlook.release().title()));
        releases.forEach((lines, titles) -> comments.notKept(String.join("; ", titles), lines));
        comments.line("");
        comments.line("No configuration decides these; they are for those who run it:");
        outlooks.stream()
                .flatMap(o -> o.open().stream())
                .map(Finding::rule)
                .distinct()
                .forEach(rule -> comments.line(
                        "  " + rule.strength() + " " + rule.id() + " (" + rule.clause() + "): " + rule.statement()));
        return comments;
    }

    /** A line for each rule that is not kept. */
    private static List<String> lines(Outlook outlook) {
        return outlook.notKept().stream()
                .map(f -> "  " + f.rule().strength() + " " + f.rule().id() + " (" + f.rule().clause() + "): "
                        + outlook.why(f))
                .toList();
    }

    private void notKept(String releases, List<String> lines) {
        line("");
        line("Not kept by " + releases + ":");
        lines.forEach(this::line);
        if (lines.isEmpty()) {
            line("  nothing that a configuration can keep");
        }
    }

    Comments line(String text) {
        lines.add(text.isEmpty() ? mark : mark + " " + text);
        return this;
    }

    /** Each ends with a line feed. */
    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
