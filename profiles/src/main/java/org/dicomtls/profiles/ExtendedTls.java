package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.forbids;
import static org.dicomtls.rule.Constraint.permits;
import static org.dicomtls.rule.Constraint.requiresAll;
import static org.dicomtls.rule.Constraint.requiresAny;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.TlsVersion;

/** PS3.15 B.11, with BCP 195 as it stood from March 2021 to the clause's retirement. */
final class ExtendedTls {

    static final TransportClause B11 =
            new TransportClause("B11", new Citation("PS3.15", "2021b", "B.11", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B11.rule("tls10-tls11-forbidden")
                    .shall(forbids(Dimension.VERSION, Algorithms.TLS10_TLS11))
                    .states("TLS 1.0 and TLS 1.1 are not negotiated.")
                    .because("B.11 made this a requirement before RFC 8996 did.")
                    .sources("B11-02")
                    .tests("S03", "S04", "S05", "C17")
                    .build(),
            B11.rule("tls12-only")
                    .shall(permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
                    .states("No other version than TLS 1.2 is negotiated.")
                    .because("No version is forbidden by name, but the list of suites is closed and holds none of TLS"
                            + " 1.3, so TLS 1.3 could only be negotiated in breach of it (A-05).")
                    .sources("B11-08")
                    .tests("S07", "C01")
                    .build(),
            B11.rule("suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.RFC7525_RECOMMENDED))
                    .states("The four DHE-RSA and ECDHE-RSA suites with AES-GCM are all supported.")
                    .because("As in B.10, and read as binding clients and servers alike (A-04).")
                    .sources("B11-06")
                    .tests("S20", "S23", "C02")
                    .build(),
            B11.rule("additional-suites")
                    .should(requiresAny(Dimension.SUITE_TLS12, Suites.EXTENDED_ADDITIONAL))
                    .states("One or more of eight further suites with AES-GCM or Camellia-GCM is supported.")
                    .because("This is what CRYPTREC's guideline of 2018 added. SunJSSE has two of the eight, BCJSSE"
                            + " all.")
                    .sources("B11-07")
                    .tests("S23", "C02")
                    .build(),
            B11.rule("no-other-suites")
                    .shall(permits(Dimension.SUITE_TLS12, Suites.EXTENDED))
                    .states("No other suite than these twelve is used.")
                    .because("The list is closed in so many words; signalling values are not suites.")
                    .sources("B11-08")
                    .tests("S12", "S15", "S17", "S21", "C02")
                    .build(),
            B11.rule("dhe-2048")
                    .shall(atLeast(Metric.DHE_BITS, 2048))
                    .when(Condition.DHE)
                    .states("The key length of DHE is at least 2048 bits.")
                    .because("RFC 7525 only recommends it.")
                    .sources("B11-09")
                    .tests("S45", "C24")
                    .build(),
            B11.rule("ecdhe-256")
                    .shall(atLeast(Metric.ECDHE_BITS, 256))
                    .states("The key length of ECDHE is at least 256 bits.")
                    .because("No curve is named; X25519 is counted as 256 bits (A-08).")
                    .sources("B11-10")
                    .tests("S42", "C06")
                    .build(),
            B11.strictTls("B11-04"),
            B11.tlsWithoutIndication("B11-05"),
            B11.dicomwebPortSeparate("B11-11", "PORT-03"),
            B11.recommendedPort("B11-12", "PORT-05"),
            B11.integrityFailure("B11-14"),
            B11.portsStated("B11-11", "PORT-01", "CS-04"),
            B11.keyManagementStated("B11-13", "CS-04"),
            B11.providerReasonStated("B11-14", "CS-04"));

    static final Profile PROFILE = Profile.of(
            "bcp195-ex",
            "Extended BCP 195 TLS Profile Secure Transport Connection Profile",
            "PS3.15 B.11",
            Profile.State.RETIRED,
            List.of("PS3.15 2018e–2022d", "RFC 7525", "RFC 8996"),
            "BCP 195 with a closed list of twelve suites, Camellia-GCM among them, made after CRYPTREC's guideline of"
                    + " 2018. TLS 1.2 only (A-05).",
            RuleList.of(
                    RULES,
                    CommonClauses.ALL,
                    Bcp195.RFC_7525_8996.rules(),
                    Decisions.ANY_BCP195,
                    List.of(Decisions.GROUPS_WITH_FFDHE, Decisions.SCHEMES)));

    private ExtendedTls() {}
}
