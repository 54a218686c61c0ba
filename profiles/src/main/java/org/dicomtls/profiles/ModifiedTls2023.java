package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.requiresAll;
import static org.dicomtls.rule.Constraint.requiresAny;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** PS3.15 B.13 up to 2024b, when servers had to have Camellia and DHE was called a fallback. */
final class ModifiedTls2023 {

    private static final Citation CLAUSE = new Citation("PS3.15", "2023b–2024b", "B.13", Citation.Evidence.TEXT);

    static final List<Rule> RULES = List.of(
            Rule.named("B13-2023/tls12-suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.MODIFIED_REQUIRED_2023))
                    .subject(Subject.SERVER)
                    .states("A server supports all fourteen required TLS 1.2 suites.")
                    .because("Four of them with Camellia-GCM. Negotiable only with an RSA and an ECDSA certificate;"
                            + " read as a capability of the product, which a site may configure with fewer (A-11).")
                    .cites(CLAUSE)
                    .sources("B13-12")
                    .tests("S23")
                    .build(),
            Rule.named("B13-2023/tls12-client-suite")
                    .shall(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_ALL))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_2)
                    .states("A client that supports TLS 1.2 supports at least one suite of the required or the fallback"
                            + " list.")
                    .because("The condition is in the text of these editions.")
                    .cites(CLAUSE)
                    .sources("B13-13")
                    .tests("C02")
                    .build(),
            Rule.named("B13-2023/tls12-fallback-suites")
                    .may(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_DHE))
                    .subject(Subject.SERVER)
                    .when(Condition.TLS_1_2)
                    .states("A server may support nine DHE suites as a fallback.")
                    .because("One of the nine is misprinted (A-15).")
                    .cites(CLAUSE)
                    .sources("B13-14")
                    .build(),
            Rule.named("B13-2023/ecdhe-before-dhe")
                    .should(holds(Property.ECDHE_BEFORE_DHE))
                    .when(Condition.DHE)
                    .states("The required suites are preferred to the DHE suites.")
                    .because("The words \"preferred\" and \"fallback\" of these editions say it without a \"shall\";"
                            + " 2024c dropped them.")
                    .cites(CLAUSE)
                    .sources("B13-14")
                    .tests("C02")
            .build());

    // RFC 7525 recommends two DHE suites that B.13 demotes to a fallback; B.13's own list stands in its place (D-15).
    private static final List<Rule> BCP195 =
            RuleList.without(Bcp195.RFC_7525_8996.rules(), Rfc7525.RECOMMENDED_SUITES);

    static final Profile PROFILE = Profile.of(
            "bcp195-mod-2023",
            "Modified BCP 195 RFC 8996 TLS Secure Transport Connection Profile",
            "PS3.15 B.13",
            Profile.State.SUPERSEDED,
            List.of("PS3.15 2023a–2024b", "RFC 7525", "RFC 8996"),
            "BCP 195 with closed lists of algorithms and suites, as first published: servers need Camellia-GCM too."
                    + " 2024b, which cites RFC 9325 with the same lists, is counted here; its DHE suites are off for"
                    + " that reason.",
            RuleList.of(
                    RULES,
                    ModifiedClause.ALL,
                    CommonClauses.ALL,
                    BCP195,
                    Decisions.ANY_BCP195,
                    Decisions.TLS13_BESIDE_RFC7525,
                    List.of(Decisions.DHE_OFF, Decisions.GROUPS)));

    private ModifiedTls2023() {}
}
