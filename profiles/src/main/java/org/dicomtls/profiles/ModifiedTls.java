package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.requiresAll;
import static org.dicomtls.rule.Constraint.requiresAny;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** PS3.15 B.13 from 2024c on: Camellia became optional and the words on clients changed. */
final class ModifiedTls {

    private static final Citation CLAUSE = new Citation("PS3.15", "2024c", "B.13", Citation.Evidence.TEXT);

    static final List<Rule> RULES = List.of(
            Rule.named("B13/tls12-suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.MODIFIED_REQUIRED))
                    .subject(Subject.SERVER)
                    .states("A server supports all ten required TLS 1.2 suites.")
                    .because("Negotiable only with an RSA and an ECDSA certificate; read as a capability of the"
                            + " product, which a site may configure with fewer (A-11).")
                    .cites(CLAUSE)
                    .sources("B13-12")
                    .tests("S23")
                    .build(),
            Rule.named("B13/tls12-client-suite")
                    .shall(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_ALL))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_2)
                    .states("A client that supports TLS 1.2 supports at least one suite of the two lists.")
                    .because("The text has lost the condition that older editions had, and says \"below\"; both lists"
                            + " stand below (A-09).")
                    .cites(CLAUSE)
                    .sources("B13-13")
                    .tests("C02")
                    .build(),
            Rule.named("B13/tls12-optional-suites")
                    .may(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_OPTIONAL))
                    .when(Condition.TLS_1_2)
                    .states("Thirteen further TLS 1.2 suites may be used, four with Camellia-GCM and nine with DHE.")
                    .because("The DHE suites are what RFC 9325, cited by the same clause, discourages (A-12).")
                    .cites(CLAUSE)
                    .sources("B13-14")
                    .build());

    static final Profile PROFILE = Profile.of(
            "bcp195-mod",
            "Modified BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile",
            "PS3.15 B.13",
            Profile.State.CURRENT,
            List.of("PS3.15 2024c on", "RFC 8996", "RFC 9325"),
            "BCP 195 with closed lists of algorithms and suites, TLS 1.3 required of servers, and key lengths for every"
                    + " certificate.",
            RuleList.of(
                    RULES,
                    ModifiedClause.ALL,
                    CommonClauses.ALL,
                    List.of(CommonClauses.TEMPLATE_FOLLOWED),
                    Bcp195.RFC_9325.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.WITH_RFC9325,
                    List.of(Decisions.GROUPS)));

    private ModifiedTls() {}
}
