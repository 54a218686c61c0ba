package org.dicomtls.rule;

import java.util.ArrayList;
import java.util.List;

/** Profiles of a few SHALLs, for tests of what reads rules. Their ids are {@code T/0}, {@code T/1} … in order. */
public final class Ruleset {

    private Ruleset() {}

    public static Profile profile(Constraint... shalls) {
        List<Rule> rules = new ArrayList<>();
        for (Constraint constraint : shalls) {
            rules.add(rule("T/" + rules.size(), constraint));
        }
        return Profile.of("t", "t", "none", Profile.State.CURRENT, List.of(), "t", rules);
    }

    public static Rule rule(String id, Constraint constraint) {
        return Rule.named(id)
                .shall(constraint)
                .states("s")
                .because("b")
                .cites(Citation.text("T", "1"))
                .build();
    }
}
