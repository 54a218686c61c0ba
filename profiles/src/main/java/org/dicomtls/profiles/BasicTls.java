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

/** PS3.15 B.1 as of 2018a, the last edition with its text. */
final class BasicTls {

    static final TransportClause B1 =
            new TransportClause("B1", new Citation("PS3.15", "2018a", "B.1", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B1.rule("tls10-supported")
                    .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))
                    .states("The framework and negotiation of TLS 1.0 are used.")
                    .because("The clause refers to RFC 2246 and to nothing newer.")
                    .sources("B1-01")
                    .build(),
            B1.rule("rsa-certificate")
                    .shall(holds(Property.RSA_CERTIFICATE_SUPPORTED))
                    .states("Entities that are authenticated can be so by RSA certificates.")
                    .because("The minimum mechanism of Table B.1-1. The table binds whoever supports the feature; every"
                            + " TLS server that presents a certificate does.")
                    .sources("B1-02", "B1-03")
                    .build(),
            B1.rule("suite-supported")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.BASIC))
                    .states("RSA key exchange, SHA-1 integrity and Triple DES EDE CBC are supported, which together are"
                            + " TLS_RSA_WITH_3DES_EDE_CBC_SHA.")
                    .because("Table B.1-1 gives the mechanisms one by one; the only suite made of them is this one.")
                    .sources("B1-02", "B1-04", "B1-05", "B1-06")
                    .tests("S15")
                    .build(),
            B1.portSeparate("B1-09", "PORT-02"),
            B1.recommendedPort("B1-10", "PORT-05"),
            B1.integrityFailure("B1-13"),
            B1.portsStated("B1-08", "PORT-01", "CS-04"),
            B1.keyManagementStated("B1-11", "CS-04"),
            B1.providerReasonStated("B1-14", "CS-04"));

    static final Profile PROFILE = Profile.of(
            "basic",
            "Basic TLS Secure Transport Connection Profile",
            "PS3.15 B.1",
            Profile.State.RETIRED,
            List.of("PS3.15 up to 2018a"),
            "The first TLS profile of DICOM: TLS 1.0 with Triple DES. Kept to recognise and compare old equipment;"
                    + " current TLS engines refuse both, and BCP 195 has forbidden the version since 2021.",
            RuleList.of(
                    RULES,
                    CommonClauses.ALL,
                    List.of(Decisions.TLS10_ONLY, Decisions.BASIC_SUITES_ONLY, Decisions.GROUPS, Decisions.SCHEMES)));

    private BasicTls() {}
}
