package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Rule;

/** What BCP 195 consisted of at a time. A claim to conform to "BCP 195" means nothing without one of these. */
public enum Bcp195 {
    /** May 2015 to March 2021. */
    RFC_7525(List.of("RFC 7525"), Rfc7525.ORIGINAL),
    /** March 2021 to November 2022. */
    RFC_7525_8996(List.of("RFC 7525", "RFC 8996"), RuleList.of(Rfc7525.AMENDED, Rfc8996.ALL)),
    /** From November 2022 on. */
    RFC_9325(List.of("RFC 8996", "RFC 9325"), RuleList.of(Rfc9325.ALL, Rfc8996.ALL)),
    /** The same with RFC 10015, which updates RFC 9325 without being part of BCP 195. */
    RFC_9325_10015(List.of("RFC 8996", "RFC 9325", "RFC 10015"), RuleList.of(Rfc9325.ALL, Rfc8996.ALL, Rfc10015.ALL));

    private final List<String> documents;
    private final List<Rule> rules;

    Bcp195(List<String> documents, List<Rule> rules) {
        this.documents = documents;
        this.rules = rules;
    }

    /** The documents, e.g. {@code RFC 8996}, {@code RFC 9325}. */
    public List<String> documents() {
        return documents;
    }

    /** Their rules, for a derived profile to take or a test to compare. */
    public List<Rule> rules() {
        return rules;
    }
}
