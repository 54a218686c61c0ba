package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** PS3.15 B.9, with BCP 195 as it stood from March 2021 to the clause's retirement. */
final class Bcp195Tls {

    static final TransportClause B9 =
            new TransportClause("B9", new Citation("PS3.15", "2021b", "B.9", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B9.dicomwebPortSeparate("B9-06", "PORT-03"),
            B9.recommendedPort("B9-07", "PORT-05"),
            B9.integrityFailure("B9-09"),
            B9.portsStated("B9-05", "PORT-01", "CS-04"),
            B9.keyManagementStated("B9-08", "CS-04"),
            B9.providerReasonStated("B9-09", "CS-04"),
            B9.rule("downgrade-risk-managed")
                    .should(Constraint.attested(
                            "Is the risk managed that a peer is led to an obsolete protocol or to plain DICOM?"))
                    .subject(Subject.OPERATOR)
                    .states("The risk of a downgrade to obsolete protocols or clear text is managed.")
                    .because("The last note of the clause, after BCP 195 §5.2 on opportunistic security; B.10 was made"
                            + " for those who want it excluded.")
                    .sources("B9-10")
                    .build());

    static final Profile PROFILE = Profile.of(
            "bcp195",
            "BCP 195 TLS Secure Transport Connection Profile",
            "PS3.15 B.9",
            Profile.State.RETIRED,
            List.of("PS3.15 2018b–2022d", "RFC 7525", "RFC 8996"),
            "TLS as BCP 195 recommends it, with nothing added. The clause cites BCP 195 undated; RFC 7525 as amended by"
                    + " RFC 8996 is what it meant when the clause was retired (A-03), so TLS 1.0 and 1.1 are off, and"
                    + " the old AES-profile peers that its note has in mind need a derived profile (A-02).",
            RuleList.of(
                    RULES,
                    CommonClauses.ALL,
                    Bcp195.RFC_7525_8996.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.OPEN_SUITES,
                    Decisions.TLS13_BESIDE_RFC7525,
                    List.of(Decisions.GROUPS_WITH_FFDHE, Decisions.SCHEMES)));

    private Bcp195Tls() {}
}
