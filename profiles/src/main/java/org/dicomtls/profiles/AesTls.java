package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.requiresAll;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.TlsVersion;

/** PS3.15 B.3 as of 2018a, the last edition with its text. */
final class AesTls {

    static final TransportClause B3 =
            new TransportClause("B3", new Citation("PS3.15", "2018a", "B.3", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B3.rule("tls10-supported")
                    .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))
                    .states("The framework and negotiation of TLS 1.0 are used.")
                    .because("The clause refers to RFC 2246 and to nothing newer.")
                    .sources("B3-01")
                    .build(),
            B3.rule("rsa-certificate")
                    .shall(holds(Property.RSA_CERTIFICATE_SUPPORTED))
                    .states("Entities that are authenticated can be so by RSA certificates.")
                    .because("The only row of Table B.3-1. The table binds whoever supports the feature; every TLS"
                            + " server that presents a certificate does.")
                    .sources("B3-02")
                    .build(),
            B3.rule("suites-offered")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.AES))
                    .states("TLS_RSA_WITH_AES_128_CBC_SHA and TLS_RSA_WITH_3DES_EDE_CBC_SHA are both offered.")
                    .because("The second keeps peers of the Basic profile in reach, so a server has to accept it as"
                            + " well as a client to offer it.")
                    .sources("B3-03")
                    .tests("S15", "S17")
                    .build(),
            B3.rule("aes-before-3des")
                    .shall(holds(Property.AES_BEFORE_3DES))
                    .states("The AES suite is preferred to the Triple DES suite.")
                    .because("Triple DES is the fallback for peers that have only the Basic profile.")
                    .sources("B3-04")
                    .tests("C02")
            .build(),
            B3.portSeparate("B3-07", "PORT-02"),
            B3.recommendedPort("B3-08", "PORT-05"),
            B3.integrityFailure("B3-11"),
            B3.portsStated("B3-06", "PORT-01", "CS-04"),
            B3.keyManagementStated("B3-09", "CS-04"),
            B3.providerReasonStated("B3-12", "CS-04"));

    static final Profile PROFILE = Profile.of(
            "aes",
            "AES TLS Secure Transport Connection Profile",
            "PS3.15 B.3",
            Profile.State.RETIRED,
            List.of("PS3.15 up to 2018a"),
            "TLS 1.0 with AES-128 in CBC mode, Triple DES as fallback. Kept to recognise and compare old equipment;"
                    + " current TLS engines refuse the version, and BCP 195 has forbidden it since 2021.",
            RuleList.of(
                    RULES,
                    CommonClauses.ALL,
                    List.of(Decisions.TLS10_ONLY, Decisions.AES_SUITES_ONLY, Decisions.GROUPS, Decisions.SCHEMES)));

    private AesTls() {}
}
