package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Profile;

/** PS3.15 B.12 from 2024b on, which cites RFC 8996 and RFC 9325. */
final class Bcp195Rfc9325Tls {

    static final Profile PROFILE = Profile.of(
            "bcp195-rfc9325",
            "BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile",
            "PS3.15 B.12",
            Profile.State.CURRENT,
            List.of("PS3.15 2024b on", "RFC 8996", "RFC 9325"),
            "TLS as BCP 195 recommends it today: TLS 1.3 preferred, TLS 1.2 with ECDHE and authenticated encryption,"
                    + " servers able to authenticate clients.",
            RuleList.of(
                    RfcEditionsClause.RULES,
                    CommonClauses.ALL,
                    List.of(CommonClauses.TEMPLATE_FOLLOWED),
                    Bcp195.RFC_9325.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.OPEN_SUITES,
                    Decisions.WITH_RFC9325,
                    List.of(Decisions.GROUPS, Decisions.SCHEMES)));

    private Bcp195Rfc9325Tls() {}
}
