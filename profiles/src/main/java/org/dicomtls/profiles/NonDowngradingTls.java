package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.attested;
import static org.dicomtls.rule.Constraint.forbids;
import static org.dicomtls.rule.Constraint.requiresAll;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** PS3.15 B.10, with BCP 195 as it stood from March 2021 to the clause's retirement. */
final class NonDowngradingTls {

    static final TransportClause B10 =
            new TransportClause("B10", new Citation("PS3.15", "2021b", "B.10", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B10.rule("tls10-tls11-forbidden")
                    .shall(forbids(Dimension.VERSION, Algorithms.TLS10_TLS11))
                    .states("TLS 1.0 and TLS 1.1 are not negotiated.")
                    .because("B.10 made this a requirement before RFC 8996 did.")
                    .sources("B10-02")
                    .tests("S03", "S04", "S05", "C17")
                    .build(),
            B10.rule("suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.RFC7525_RECOMMENDED))
                    .states("The four DHE-RSA and ECDHE-RSA suites with AES-GCM are all supported.")
                    .because("The sentence names no role; it is read as binding clients and servers alike (A-04). An EC"
                            + " certificate can serve none of the four.")
                    .sources("B10-06")
                    .tests("S20", "S23", "C02")
                    .build(),
            B10.strictTls("B10-04"),
            B10.tlsWithoutIndication("B10-05"),
            B10.dicomwebPortSeparate("B10-08", "PORT-03"),
            B10.recommendedPort("B10-09", "PORT-05"),
            B10.rule("separate-addresses")
                    .should(attested(
                            "If B.9 and B.10 are both offered: are they on the same well-known port of different IP"
                                    + " addresses?"))
                    .subject(Subject.OPERATOR)
                    .states("Where B.9 is offered as well, both use the well-known port on different IP addresses.")
                    .because("On one address and port the weaker profile would speak for both.")
                    .sources("B10-09", "PORT-06")
                    .build(),
            B10.integrityFailure("B10-11"),
            B10.portsStated("B10-08", "PORT-01", "CS-04"),
            B10.keyManagementStated("B10-10", "CS-04"),
            B10.providerReasonStated("B10-11", "CS-04"));

    static final Profile PROFILE = Profile.of(
            "bcp195-nd",
            "Non-Downgrading BCP 195 TLS Secure Transport Connection Profile",
            "PS3.15 B.10",
            Profile.State.RETIRED,
            List.of("PS3.15 2018b–2022d", "RFC 7525", "RFC 8996"),
            "BCP 195 with its recommendations on versions and suites made requirements: four forward-secret AES-GCM"
                    + " suites, and nothing weaker beside them (A-06).",
            RuleList.of(
                    RULES,
                    CommonClauses.ALL,
                    Bcp195.RFC_7525_8996.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.TLS13_BESIDE_RFC7525,
                    List.of(
                            Decisions.NON_DOWNGRADING_TLS12,
                            Decisions.NON_DOWNGRADING_TLS13,
                            Decisions.GROUPS_WITH_FFDHE,
                            Decisions.SCHEMES)));

    private NonDowngradingTls() {}
}
