package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.forbids;
import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.permits;
import static org.dicomtls.rule.Constraint.requiresAll;
import static org.dicomtls.rule.Constraint.requiresAny;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/** PS3.15 B.13, as far as it is the same in all editions. */
final class ModifiedClause {

    static final TransportClause B13 =
            new TransportClause("B13", new Citation("PS3.15", "2023b–2024c", "B.13", Citation.Evidence.TEXT));

    // The constraints that the CRYPTREC profile takes over have names, so that they exist once.

    static final Constraint PROHIBITED = forbids(Dimension.SUITE_TLS12, Suites.MODIFIED_PROHIBITED);
    static final Constraint GROUPS = permits(Dimension.GROUP, Algorithms.ECDHE_AND_DHE);
    static final Constraint SCHEMES = permits(Dimension.SCHEME, Algorithms.SHA256_SHA384_SCHEMES);
    static final Constraint TLS13_ONLY = permits(Dimension.SUITE_TLS13, Suites.MODIFIED_TLS13);
    static final Constraint TLS12_ONLY = permits(Dimension.SUITE_TLS12, Suites.MODIFIED_ALL);
    static final Constraint CERTIFICATE_HASHES = permits(Dimension.CERTIFICATE_HASH, Algorithms.SHA256_OR_GREATER);

    static final List<Rule> ALGORITHMS = List.of(
            B13.rule("prohibited-algorithms")
                    .shall(PROHIBITED)
                    .states("No suite is used that is made with static or RSA key exchange, CBC, RC4, Triple DES, DES,"
                            + " RC2, IDEA, ARIA, SEED, GOST, MD5 or SHA-1.")
                    .because("The list of what shall not be used. The closed lists exclude the same suites and more,"
                            + " but a finding here names the algorithm.")
                    .sources("B13-04")
                    .tests("S12", "S13", "S14", "S15", "S17", "S18", "S19", "S21", "C02")
                    .build(),
            B13.rule("key-exchange-permitted")
                    .shall(GROUPS)
                    .states("Key exchange is by ECDHE or DHE and nothing else.")
                    .because("Only these two are permitted, so no hybrid and no ML-KEM group (A-14). No group is named;"
                            + " which of them we use is DT/groups.")
                    .sources("B13-05", "B13-11")
                    .tests("S43", "S64", "C06")
                    .build(),
            B13.rule("signatures-permitted")
                    .shall(SCHEMES)
                    .states("Handshakes are signed by ECDSA, RSASSA-PKCS1-v1_5 or RSASSA-PSS with SHA-256 or SHA-384.")
                    .because("Only these are permitted; the text names algorithms and hashes, not code points, and"
                            + " SHA-512 and EdDSA are not among them (A-13, A-14).")
                    .sources("B13-05", "B13-11")
                    .tests("S48", "C08")
                    .build(),
            B13.rule("tls13-suites-only")
                    .shall(TLS13_ONLY)
                    .when(Condition.TLS_1_3)
                    .states("No other TLS 1.3 suite than the five is used.")
                    .because("The list itself is not closed, but the only other registered suites are made with"
                            + " algorithms that are not permitted (A-16).")
                    .sources("B13-05")
                    .tests("S28", "C02")
                    .build(),
            B13.rule("tls12-suites-only")
                    .shall(TLS12_ONLY)
                    .when(Condition.TLS_1_2)
                    .states("No other TLS 1.2 suite than the 23 of the two lists is used.")
                    .because("Closed in so many words. One name is misprinted and read as"
                            + " TLS_DHE_RSA_WITH_AES_256_CCM_8 (A-15); signalling values are not suites.")
                    .sources("B13-15")
                    .tests("S12", "S15", "S17", "S21", "C02")
                    .build(),
            B13.rule("dhe-2048")
                    .shall(atLeast(Metric.DHE_BITS, 2048))
                    .when(Condition.DHE)
                    .states("The key length of DHE is at least 2048 bits.")
                    .because("In TLS 1.3 every finite field has at least that, so the rule is one for TLS 1.2.")
                    .sources("B13-06")
                    .tests("S45", "C24")
                    .build(),
            B13.rule("dhe-size-explicit")
                    .shall(holds(Property.DHE_SIZE_SET_EXPLICITLY))
                    .when(Condition.DHE)
                    .states("An implementation that cannot set the key length of DHE explicitly selects no DHE suite.")
                    .because("Empty for the finite fields of TLS 1.3, whose size is their name (A-12).")
                    .sources("B13-07")
                    .tests("S45")
                    .build(),
            B13.rule("ecdhe-256")
                    .shall(atLeast(Metric.ECDHE_BITS, 256))
                    .states("The key length of ECDHE is at least 256 bits.")
                    .because("No curve is named; X25519 is counted as 256 bits (A-08).")
                    .sources("B13-08")
                    .tests("S42", "C06")
                    .build(),
            B13.rule("tls13-suites-required")
                    .shall(requiresAll(Dimension.SUITE_TLS13, Suites.MODIFIED_TLS13))
                    .subject(Subject.SERVER)
                    .states("A server supports all five TLS 1.3 suites.")
                    .because("CCM and CCM_8 among them, which SunJSSE does not have.")
                    .sources("B13-09")
                    .tests("S28")
                    .build(),
            B13.rule("tls13-client-suite")
                    .shall(requiresAny(Dimension.SUITE_TLS13, Suites.MODIFIED_TLS13))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_3)
                    .states("A client that supports TLS 1.3 supports at least one of the five suites.")
                    .because("A server of this profile has them all.")
                    .sources("B13-10")
                    .tests("C02")
                    .build());

    static final List<Rule> CERTIFICATES = List.of(
            B13.rule("rsa-certificate-2048")
                    .shall(atLeast(Metric.RSA_CERTIFICATE_BITS, 2048))
                    .subject(Subject.CERTIFICATE)
                    .states("RSA keys in certificates, and those that signed them, have at least 2048 bits.")
                    .because("Both ends, and the issuers: the text has a line for the subject key and one for the"
                            + " signature key.")
                    .sources("B13-16")
                    .tests("S60", "S62", "C28")
                    .build(),
            B13.rule("ec-certificate-256")
                    .shall(atLeast(Metric.EC_CERTIFICATE_BITS, 256))
                    .subject(Subject.CERTIFICATE)
                    .states("Elliptic-curve keys in certificates, and those that signed them, have at least 256 bits.")
                    .because("Both ends, and the issuers: the text has a line for the subject key and one for the"
                            + " signature key.")
                    .sources("B13-16")
                    .tests("S60", "S62", "C28")
                    .build(),
            B13.rule("certificate-hash")
                    .shall(CERTIFICATE_HASHES)
                    .subject(Subject.CERTIFICATE)
                    .states("Certificates are signed with SHA-256 or a greater hash.")
                    .because("\"Or greater\" is wider than the two hashes of the handshake, so SHA-512 is fine here"
                            + " (A-13). EdDSA is out, being neither RSA nor ECDSA, which the lines on keys take for"
                            + " granted.")
                    .sources("B13-16")
                    .tests("S60", "S62", "C28")
                    .build());

    static final List<Rule> VERSIONS = List.of(
            B13.rule("server-versions")
                    .shall(requiresAll(Dimension.VERSION, Algorithms.TLS12_TLS13))
                    .subject(Subject.SERVER)
                    .states("A server supports TLS 1.2 and TLS 1.3.")
                    .because("So that it meets every client of this profile.")
                    .sources("B13-17")
                    .tests("S06", "S07")
                    .build(),
            B13.rule("client-version")
                    .shall(requiresAny(Dimension.VERSION, Algorithms.TLS12_TLS13))
                    .subject(Subject.CLIENT)
                    .states("A client supports TLS 1.2 or TLS 1.3.")
                    .because("By itself this admits a client of TLS 1.3 alone; RFC 9325 does not (A-10).")
                    .sources("B13-18")
                    .tests("C01")
                    .build());

    static final List<Rule> TLS13_FIRST = List.of(
            B13.rule("tls13-attempted")
                    .shall(holds(Property.ATTEMPTS_TLS_1_3))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_3)
                    .states("A client that supports TLS 1.3 attempts to negotiate it.")
                    .because("Client means the initiator of TLS, whatever the DICOM role.")
                    .sources("B13-19")
                    .tests("C01")
                    .build(),
            B13.rule("tls13-preferred")
                    .shall(holds(Property.PREFERS_TLS_1_3))
                    .subject(Subject.SERVER)
                    .states("A server prefers TLS 1.3 when the client offers it.")
                    .because("Whatever the order of the client's list; BCJSSE by itself follows that order.")
                    .sources("B13-20")
                    .tests("S07", "S08")
                    .build());

    static final Rule CLIENT_CERTIFICATE_ENCOURAGED = B13.rule("client-certificate-encouraged")
            .may(holds(Property.CLIENT_CERTIFICATE_PRESENTED))
            .subject(Subject.CLIENT)
            .when(Condition.CLIENT_AUTHENTICATION)
            .states("A client is encouraged to support and use mutual authentication.")
            .because("\"Not required\" stands beside \"encouraged\", so this is less than a SHOULD (D-16).")
            .sources("B13-23")
            .tests("C45")
            .build();

    /** What concerns DICOM and not the choice of algorithms. */
    static final List<Rule> SURROUNDINGS = List.of(
            B13.strictTls("B13-22"),
            // the paragraph points at indications that are described only further down.
            B13.tlsWithoutIndication("B13-03"),
            B13.rule("mutual-authentication-supported")
                    .shall(holds(Property.CLIENT_AUTHENTICATION_SUPPORTED))
                    .subject(Subject.SERVER)
                    .states("A server supports mutual authentication.")
                    .because("It may be configured not to use it, and no default is given (A-20).")
                    .sources("B13-23")
                    .tests("S61", "S62")
                    .build(),
            CLIENT_CERTIFICATE_ENCOURAGED,
            B13.dicomwebPortSeparate("B13-24", "PORT-03"),
            B13.recommendedPort("B13-24", "PORT-05"),
            B13.integrityFailure("B13-26"),
            B13.portsStated("B13-25", "PORT-01", "CS-04"),
            B13.keyManagementStated("B13-25", "CS-04"),
            B13.algorithmsStated("B13-25", "CS-04"),
            B13.providerReasonStated("B13-25", "B13-26", "CS-04"));

    static final List<Rule> ALL = RuleList.of(VERSIONS, TLS13_FIRST, ALGORITHMS, CERTIFICATES, SURROUNDINGS);

    private ModifiedClause() {}
}
