package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Profile;

/** PS3.15 B.12 up to 2024a, which cites RFC 7525 as modified by RFC 8996. */
final class Bcp195Rfc8996Tls {

    static final Profile PROFILE = Profile.of(
            "bcp195-rfc8996",
            "BCP 195 RFC 8996 TLS Secure Transport Connection Profile",
            "PS3.15 B.12",
            Profile.State.SUPERSEDED,
            List.of("PS3.15 2023a–2024a", "RFC 7525", "RFC 8996"),
            "TLS as BCP 195 recommended it between RFC 8996 and RFC 9325: TLS 1.2 or 1.3, suites left to the RFC,"
                    + " servers able to authenticate clients.",
            RuleList.of(
                    RfcEditionsClause.RULES,
                    CommonClauses.ALL,
                    Bcp195.RFC_7525_8996.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.OPEN_SUITES,
                    Decisions.TLS13_BESIDE_RFC7525,
                    List.of(Decisions.GROUPS_WITH_FFDHE, Decisions.SCHEMES)));

    private Bcp195Rfc8996Tls() {}
}
