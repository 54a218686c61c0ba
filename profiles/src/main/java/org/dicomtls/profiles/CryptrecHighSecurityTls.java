package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.attested;
import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.permits;
import static org.dicomtls.rule.Constraint.requiresAll;
import static org.dicomtls.rule.Constraint.requiresAny;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.TlsVersion;

/**
 * The high security type of CRYPTREC's TLS guideline 3.0.1 as a DICOM profile, proposed and never adopted under that
 * name. The guideline's tables could not be read: a citation of evidence "inference" stands on B.13, which is held to
 * be its transposition.
 */
final class CryptrecHighSecurityTls {

    private static final String GUIDELINE = "CRYPTREC GL-3001-3.0.1";

    private static final Citation BY_B13 =
            new Citation(GUIDELINE, "", "high security type, by way of PS3.15 2024c B.13", Citation.Evidence.INFERENCE);
    private static final Citation ANNOUNCEMENT =
            new Citation(GUIDELINE, "", "high security type, as announced by IPA", Citation.Evidence.PARTIAL);
    private static final Citation REPORTED =
            new Citation(GUIDELINE, "", "high security type, as reported", Citation.Evidence.SECONDARY);
    private static final Citation MINISTRY =
            new Citation("MHLW guideline", "6.0", "system operation, ch. 13", Citation.Evidence.PARTIAL);

    private static final String FROM_B13 = "The guideline's own table could not be read; taken from B.13.";

    static final List<Rule> RULES = List.of(
            rule("tls13-required", ANNOUNCEMENT)
                    .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)))
                    .states("TLS 1.3 is supported, by clients as well as servers.")
                    .because("IPA's announcement calls it mandatory for the type; B.13 demands it of servers alone, so"
                            + " this is stricter.")
                    .sources("HS-PV-01", "HS-AUTH-02")
                    .tests("S07", "C01")
                    .build(),
            rule("tls12-allowed", REPORTED)
                    .may(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
                    .states("TLS 1.2 may be supported beside it.")
                    .because("The ministry reads the type as TLS 1.3, or no less than 1.2 where that is difficult. B.13"
                            + " and RFC 9325 demand TLS 1.2, so a node of TLS 1.3 alone has this profile and neither of"
                            + " those (D-14).")
                    .sources("HS-PV-02")
                    .tests("S06", "C01")
                    .build(),
            rule("versions", REPORTED)
                    .shall(permits(Dimension.VERSION, Algorithms.TLS12_TLS13))
                    .states("No version below TLS 1.2 is negotiated.")
                    .because("SSL is forbidden in all types, TLS 1.0 and 1.1 are left to the exception type.")
                    .sources("HS-PV-03")
                    .tests("S01", "S02", "S03", "S04", "S05", "C01", "C17")
                    .build(),
            rule("tls13-only-where-possible", MINISTRY)
                    .should(attested("Is TLS 1.2 switched on only where a peer cannot do TLS 1.3, and is the exception"
                            + " documented?"))
                    .subject(Subject.OPERATOR)
                    .states("TLS 1.2 is an exception that is documented.")
                    .because("Binding on open networks only, and read with its end cut off, so a SHOULD here.")
                    .sources("HS-AUTH-02")
                    .build(),
            rule("tls13-preferred", BY_B13)
                    .shall(holds(Property.PREFERS_TLS_1_3))
                    .subject(Subject.SERVER)
                    .states("A server prefers TLS 1.3 when the client offers it.")
                    .because(FROM_B13)
                    .sources("HS-PV-04")
                    .tests("S08", "S37")
                    .build(),
            rule("tls13-attempted", BY_B13)
                    .shall(holds(Property.ATTEMPTS_TLS_1_3))
                    .subject(Subject.CLIENT)
                    .states("A client offers TLS 1.3.")
                    .because(FROM_B13)
                    .sources("HS-PV-04")
                    .tests("C01")
                    .build(),
            rule("prohibited-algorithms", BY_B13)
                    .shall(ModifiedClause.PROHIBITED)
                    .states("No suite is used that is made with static or RSA key exchange, CBC, RC4, Triple DES, DES,"
                            + " RC2, IDEA, ARIA, SEED, GOST, MD5 or SHA-1.")
                    .because("That the guideline has such a list is known, its content is not; taken from B.13.")
                    .sources("HS-BAN-01")
                    .tests("S12", "S13", "S14", "S15", "S17", "S18", "S19", "S21", "C02")
                    .build(),
            rule("tls13-suites-required", REPORTED)
                    .shall(requiresAll(Dimension.SUITE_TLS13, Suites.MODIFIED_TLS13))
                    .subject(Subject.SERVER)
                    .states("A server supports the five TLS 1.3 suites.")
                    .because("The list is reported from the guideline's example settings, CCM_8 among them; that"
                            + " servers need all of it is B.13's.")
                    .sources("HS-TLS13-01")
                    .tests("S28")
                    .build(),
            rule("tls13-client-suite", REPORTED)
                    .shall(requiresAny(Dimension.SUITE_TLS13, Suites.MODIFIED_TLS13))
                    .subject(Subject.CLIENT)
                    .states("A client supports at least one of the five TLS 1.3 suites.")
                    .because("The list is reported from the guideline's example settings; that one suffices is B.13's.")
                    .sources("HS-TLS13-01")
                    .tests("C02")
                    .build(),
            rule("tls13-suites-only", BY_B13)
                    .shall(ModifiedClause.TLS13_ONLY)
                    .when(Condition.TLS_1_3)
                    .states("No other TLS 1.3 suite is used.")
                    .because("Follows from B.13's list of permitted algorithms (A-16); the guideline is said to not"
                            + " recommend what it does not list, without preventing it.")
                    .sources("HS-TLS13-02")
                    .tests("S28", "C02")
                    .build(),
            rule("tls12-suites-required", BY_B13)
                    .shall(requiresAll(Dimension.SUITE_TLS12, Suites.MODIFIED_REQUIRED))
                    .subject(Subject.SERVER)
                    .when(Condition.TLS_1_2)
                    .states("A server that supports TLS 1.2 supports the ten suites that B.13 requires.")
                    .because(FROM_B13 + " Capability, not configuration (A-11).")
                    .sources("HS-TLS12-01")
                    .tests("S23")
                    .build(),
            rule("tls12-client-suite", BY_B13)
                    .shall(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_ALL))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_2)
                    .states("A client that supports TLS 1.2 supports at least one suite of B.13's lists.")
                    .because(FROM_B13)
                    .sources("HS-TLS12-01")
                    .tests("C02")
                    .build(),
            rule("tls12-camellia-suites", BY_B13)
                    .may(requiresAny(Dimension.SUITE_TLS12, Suites.MODIFIED_CAMELLIA))
                    .when(Condition.TLS_1_2)
                    .states("The four ECDHE suites with Camellia-GCM may be used.")
                    .because("Required by B.13 up to 2024b, optional since.")
                    .sources("HS-TLS12-02")
                    .build(),
            rule("tls12-suites-only", BY_B13)
                    .shall(ModifiedClause.TLS12_ONLY)
                    .when(Condition.TLS_1_2)
                    .states("No other TLS 1.2 suite than the 23 of B.13 is used.")
                    .because(FROM_B13 + " The guideline may well be laxer: it is said not to prevent what it does not"
                            + " list.")
                    .sources("HS-TLS12-04")
                    .tests("S12", "S15", "S17", "S21", "C02")
                    .build(),
            rule("256-bit-first", REPORTED)
                    .should(holds(Property.SUITES_256_BIT_FIRST))
                    .states("Suites with 256-bit keys are preferred to those with 128-bit keys.")
                    .because("The order of the reported example, by which the high type differs from the recommended"
                            + " one; with what strength is not known.")
                    .sources("HS-ORD-01")
                    .tests("S27", "C02")
                    .build(),
            rule("ecdhe-before-dhe", BY_B13)
                    .should(holds(Property.ECDHE_BEFORE_DHE))
                    .when(Condition.DHE)
                    .states("ECDHE suites are preferred to DHE suites, where a node has any.")
                    .because("The words of B.13 up to 2024b; this profile itself has DHE off.")
                    .sources("HS-ORD-02")
                    .tests("S26", "C02")
                    .build(),
            rule("key-exchange-permitted", BY_B13)
                    .shall(ModifiedClause.GROUPS)
                    .states("Key exchange is by ECDHE or DHE and nothing else.")
                    .because(FROM_B13 + " Which groups we use is DT/groups.")
                    .sources("HS-BAN-01", "HS-KEX-04")
                    .tests("S43", "S64", "C06")
                    .build(),
            rule("ecdhe-256", BY_B13)
                    .shall(atLeast(Metric.ECDHE_BITS, 256))
                    .states("The key length of ECDHE is at least 256 bits.")
                    .because("Reported of the guideline's version 2.0, and B.13's; X25519 is counted as 256 bits"
                            + " (A-08).")
                    .sources("HS-KEX-01")
                    .tests("S42", "C06")
                    .build(),
            rule("dhe-2048", BY_B13)
                    .shall(atLeast(Metric.DHE_BITS, 2048))
                    .when(Condition.DHE)
                    .states("The key length of DHE is at least 2048 bits, where a node has any.")
                    .because("Reported of the guideline's version 2.0, and B.13's.")
                    .sources("HS-KEX-02")
                    .tests("S45", "C24")
                    .build(),
            rule("dhe-size-explicit", BY_B13)
                    .shall(holds(Property.DHE_SIZE_SET_EXPLICITLY))
                    .when(Condition.DHE)
                    .states("An implementation that cannot set the key length of DHE explicitly selects no DHE suite.")
                    .because(FROM_B13)
                    .sources("HS-KEX-03")
                    .tests("S45")
                    .build(),
            rule("signatures-permitted", BY_B13)
                    .shall(ModifiedClause.SCHEMES)
                    .states("Handshakes are signed by ECDSA, RSASSA-PKCS1-v1_5 or RSASSA-PSS with SHA-256 or SHA-384.")
                    .because(FROM_B13 + " The code points are our reading of its words (A-13).")
                    .sources("HS-SIG-01")
                    .tests("S48", "C08")
                    .build(),
            rule("rsa-certificate-2048", BY_B13)
                    .shall(atLeast(Metric.RSA_CERTIFICATE_BITS, 2048))
                    .subject(Subject.CERTIFICATE)
                    .states("RSA keys in certificates, and those that signed them, have at least 2048 bits.")
                    .because("The values of version 3 of the guideline are not known, those of 2.0 are the same as"
                            + " B.13's.")
                    .sources("HS-CERT-01", "HS-CERT-04")
                    .tests("S60", "S62", "C28")
                    .build(),
            rule("ec-certificate-256", BY_B13)
                    .shall(atLeast(Metric.EC_CERTIFICATE_BITS, 256))
                    .subject(Subject.CERTIFICATE)
                    .states("Elliptic-curve keys in certificates, and those that signed them, have at least 256 bits.")
                    .because("The values of version 3 of the guideline are not known, those of 2.0 are the same as"
                            + " B.13's.")
                    .sources("HS-CERT-02", "HS-CERT-04")
                    .tests("S60", "S62", "C28")
                    .build(),
            rule("certificate-hash", REPORTED)
                    .shall(ModifiedClause.CERTIFICATE_HASHES)
                    .subject(Subject.CERTIFICATE)
                    .states("Certificates are signed with SHA-256 or a greater hash.")
                    .because("That SHA-1 is forbidden is reported of the guideline; the lower bound is B.13's (A-13).")
                    .sources("HS-CERT-03")
                    .tests("S60", "S62", "C28")
                    .build(),
            rule("client-authentication-required", MINISTRY)
                    .shall(holds(Property.CLIENT_AUTHENTICATION_REQUIRED))
                    .subject(Subject.SERVER)
                    .states("A server asks for a client certificate and refuses a client without a valid one.")
                    .because("Not in the guideline as far as it is known; the ministry couples the type with it on open"
                            + " networks.")
                    .sources("HS-AUTH-01")
                    .tests("S61", "S62")
                    .build(),
            rule("client-certificate-presented", MINISTRY)
                    .shall(holds(Property.CLIENT_CERTIFICATE_PRESENTED))
                    .subject(Subject.CLIENT)
                    .states("A client presents its certificate when it is asked for it.")
                    .because("Not in the guideline as far as it is known; the ministry couples the type with it on open"
                            + " networks.")
                    .sources("HS-AUTH-01")
                    .tests("C45")
                    .build());

    static final Profile PROFILE = Profile.of(
            "cryptrec-hs",
            "CRYPTREC High Security Type TLS Profile (proposed)",
            "CRYPTREC GL-3001-3.0.1 high security type",
            Profile.State.PROPOSED,
            List.of("CRYPTREC GL-3001-3.0.1", "PS3.15 2024c", "RFC 8996", "RFC 9325"),
            "TLS 1.3 required and preferred, TLS 1.2 allowed with B.13's suites, 256-bit suites first, client"
                    + " certificate required, no DHE. What JIRA proposed in 2021 after CRYPTREC's guideline; its own"
                    + " tables could not be read, so much of it stands on B.13, and every such rule says so in its"
                    + " citation.",
            RuleList.of(
                    RULES,
                    // What is required above cannot be merely encouraged here.
                    RuleList.without(ModifiedClause.SURROUNDINGS, ModifiedClause.CLIENT_CERTIFICATE_ENCOURAGED),
                    CommonClauses.ALL,
                    RuleList.without(Bcp195.RFC_9325.rules(), Rfc9325.TLS12_SUPPORTED),
                    Decisions.ANY_BCP195,
                    Decisions.WITH_RFC9325,
                    List.of(Decisions.DHE_OFF, Decisions.GROUPS)));

    private CryptrecHighSecurityTls() {}

    private static Rule.Builder rule(String name, Citation citation) {
        return Rule.named("CRYPTREC/" + name).cites(citation);
    }
}
