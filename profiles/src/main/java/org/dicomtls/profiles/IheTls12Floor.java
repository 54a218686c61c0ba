package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.attested;
import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.requiresAll;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.TlsVersion;

/** IHE ITI TF-2 3.19, Authenticate Node, with the option STX: TLS 1.2 floor using BCP195. */
final class IheTls12Floor {

    static final List<Rule> RULES = List.of(
            rule("mutual-authentication")
                    .shall(holds(Property.CLIENT_AUTHENTICATION_REQUIRED))
                    .subject(Subject.SERVER)
                    .states("Every connection is one between authenticated nodes, so a server asks for a certificate"
                            + " and refuses a client without a valid one.")
                    .because("Applied to every DICOM connection of a Secure Node.")
                    .sources("ITI19-a")
                    .tests("S61")
                    .build(),
            rule("client-certificate-presented")
                    .shall(holds(Property.CLIENT_CERTIFICATE_PRESENTED))
                    .subject(Subject.CLIENT)
                    .states("A client presents its certificate.")
                    .because("Both sides exchange certificates.")
                    .sources("ITI19-a")
                    .tests("C45")
                    .build(),
            rule("tls12-supported")
                    .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
                    .states("TLS 1.2 or later is supported, and a node can be restricted to that.")
                    .because("The restriction itself is RFC 8996's: the option promises that the node can comply with"
                            + " BCP 195.")
                    .sources("ITI19-c")
                    .tests("S03", "S04", "S05", "S06")
                    .build(),
            rule("suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.RFC7525_RECOMMENDED))
                    .states("The four DHE-RSA and ECDHE-RSA suites with AES-GCM are all supported.")
                    .because("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 and TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 are among"
                            + " them, which RFC 9325 says SHOULD NOT and RFC 10015 MUST NOT be negotiated: no node"
                            + " keeps this rule and those on one port (A-12). ITI-19 cites BCP 195 of May 2015, so this"
                            + " profile stands on RFC 7525.")
                    .sources("ITI19-d")
                    .tests("S20", "S23")
                    .build(),
            rule("most-secure-suite")
                    .shall(attested("Does local policy make the node negotiate the most secure suite that both ends"
                            + " support?"))
                    .subject(Subject.OPERATOR)
                    .states("The suite in use is the most secure one by local policy, and the baseline prohibits no"
                            + " better one.")
                    .because("What counts as most secure is for the site to say, so a person answers.")
                    .sources("ITI19-e")
                    .tests("S27")
                    .build(),
            rule("path-validated")
                    .shall(holds(Property.CERTIFICATE_PATH_VALIDATED))
                    .states("Trust by a chain to a configured authority is supported.")
                    .because("One of two ways of trust that both have to be there; the list of authorities is"
                            + " configurable.")
                    .sources("ITI19-f")
                    .tests("S62", "C28")
                    .build(),
            rule("direct-trust")
                    .shall(holds(Property.DIRECT_TRUST_SUPPORTED))
                    .states("Direct trust in listed certificates, self-signed ones among them, is supported.")
                    .because("One of two ways of trust that both have to be there.")
                    .sources("ITI19-f")
                    .tests("S62", "C28")
                    .build(),
            rule("certificate-attributes-tolerated")
                    .shall(holds(Property.CERTIFICATE_ATTRIBUTES_TOLERATED))
                    .states("No specific attribute is required of a certificate, and an unknown one is no reason to"
                            + " refuse it.")
                    .because("Therefore no host name is looked for: this is the opposite of RFC 9325 §7.1, and the"
                            + " reason why host identity is a switch.")
                    .sources("ITI19-g")
                    .tests("C28")
                    .build(),
            rule("rsa-certificate-1024")
                    .shall(atLeast(Metric.RSA_CERTIFICATE_BITS, 1024))
                    .subject(Subject.CERTIFICATE)
                    .states("RSA keys of certificates have between 1024 and 4096 bits, or what BCP 195 recommends.")
                    .because("Of the two alternatives BCP 195's 2048 bits are what we enforce, by"
                            + " DT/rsa-certificate-2048; 1024 is the bound below which neither is met.")
                    .sources("ITI19-h")
                    .tests("S60")
                    .build(),
            rule("certificate-validity")
                    .should(attested("Are the certificates of the node valid for two years at most?"))
                    .subject(Subject.OPERATOR)
                    .states("Certificates are valid for two years at most.")
                    .because("A recommendation of IHE.")
                    .sources("ITI19-h")
                    .tests("S60")
                    .build(),
            rule("host-identity-option")
                    .may(holds(Property.HOST_IDENTITY_CHECKED))
                    .subject(Subject.CLIENT)
                    .states("A client that claims the option FQDN Validation checks the server's name against its"
                            + " certificate.")
                    .because("Binding only where the option is claimed, which a derived profile can say.")
                    .sources("ITI19-i")
                    .tests("C29")
                    .build());

    static final Profile PROFILE = Profile.of(
            "ihe-tls12-floor",
            "IHE ITI-19 STX: TLS 1.2 floor using BCP195",
            "IHE ITI TF-2 3.19",
            Profile.State.EXTERNAL,
            List.of("IHE ITI TF-2 Rev. 20.0", "RFC 7525", "RFC 8996"),
            "What IHE's Authenticate Node asks of a Secure Node: mutual authentication on every connection, and four"
                    + " AES-GCM suites. It keeps two DHE suites that RFC 9325 and RFC 10015 discourage and forbid, so"
                    + " it excludes the current DICOM profiles on the same port.",
            RuleList.of(
                    RULES,
                    Bcp195.RFC_7525_8996.rules(),
                    Decisions.ANY_BCP195,
                    Decisions.OPEN_SUITES,
                    Decisions.TLS13_BESIDE_RFC7525,
                    List.of(Decisions.GROUPS_WITH_FFDHE, Decisions.SCHEMES)));

    private IheTls12Floor() {}

    private static Rule.Builder rule(String name) {
        return Rule.named("ITI19/" + name)
                .cites(Citation.text("IHE ITI TF-2", "3.19.6"));
    }
}
