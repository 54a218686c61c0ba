package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.forbids;
import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.permits;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.TlsVersion;

/**
 * Rules that no text contains: where the texts leave something open, what this library takes. All are of strength
 * SHOULD, so that none makes a peer non-conformant, and are named {@code DT/…}, so that none is taken for DICOM's.
 */
final class Decisions {

    // B.1 and B.3

    static final Rule TLS10_ONLY = decided("tls10-only", "D-01")
            .should(permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))
            .states("No other version than TLS 1.0 is used.")
            .because("The clause names no other; a node that wants a newer one wants a newer profile.")
            .build();

    static final Rule BASIC_SUITES_ONLY = decided("basic-suites-only", "D-01")
            .should(permits(Dimension.SUITE_TLS12, Suites.BASIC))
            .states("No other suite than the one that Table B.1-1 amounts to is used.")
            .because("B.1 permits to negotiate others and names none, so the minimum is what two ends can count on.")
            .build();

    static final Rule AES_SUITES_ONLY = decided("aes-suites-only", "D-01")
            .should(permits(Dimension.SUITE_TLS12, Suites.AES))
            .states("No other suites than the two that B.3 names are used.")
            .because("B.3 permits to negotiate others and names none, so the minimum is what two ends can count on.")
            .build();

    // TLS 1.2 suites

    static final Rule FORWARD_SECRET_AEAD = decided("forward-secret-aead-suites", "D-02")
            .should(permits(Dimension.SUITE_TLS12, Suites.FORWARD_SECRET_AEAD))
            .states("Where the edition leaves the suites of TLS 1.2 open, only forward-secret suites with a certificate"
                    + " and AES-GCM or ChaCha20-Poly1305 are used.")
            .because("They are the recommended suites of both editions and what is equal to them on both engines; CBC"
                    + " and static RSA stay off. An old modality that has nothing else gets a derived profile with a"
                    + " waiver (A-02).")
            .tests("S20", "S21", "S23", "C02")
            .build();

    static final Rule NON_DOWNGRADING_TLS12 = decided("non-downgrading-tls12-suites", "A-06")
            .should(permits(Dimension.SUITE_TLS12, Suites.NON_DOWNGRADING))
            .states("Of TLS 1.2 suites only the four of B.10 and the ECDSA forms of them are used.")
            .because("\"Similar or greater strength\" is not defined; the ECDSA forms differ in the certificate alone,"
                    + " and nothing weaker is taken in.")
            .sources("B10-07")
            .tests("S12", "S15", "S17", "S21", "C02")
            .build();

    static final Rule NON_DOWNGRADING_TLS13 = decided("non-downgrading-tls13-suites", "A-06")
            .should(permits(Dimension.SUITE_TLS13, Suites.TLS13_FULL_TAG))
            .when(Condition.TLS_1_3)
            .states("Of TLS 1.3 suites only those at least as strong as AES-128-GCM are used.")
            .because("TLS_AES_128_CCM_8_SHA256 authenticates by a tag of 8 octets, half of GCM's, and so is not of"
                    + " similar strength.")
            .sources("B10-07")
            .tests("S28", "C02")
            .build();

    static final Rule CBC_OFF = decided("cbc-off", "D-09")
            .should(forbids(Dimension.SUITE_TLS12, Suites.CBC))
            .states("CBC suites are not negotiated.")
            .because("RFC 9325 tolerates them with encrypt_then_mac, which SunJSSE does not implement and BCJSSE has"
                    + " only where the peer has it too.")
            .sources("9325-4.2-b", "BCP-25")
            .tests("S21", "S22", "C02")
            .build();

    static final Rule ANONYMOUS_OFF = decided("anonymous-off", "D-10")
            .should(forbids(Dimension.SUITE_TLS12, Suites.ANONYMOUS))
            .states("Suites in which nobody proves an identity are not negotiated.")
            .because("Neither edition names them, yet both take authentication for granted in §5.1.")
            .sources("9325-5.1-a")
            .tests("S16", "C02", "C23")
            .build();

    static final Rule DHE_OFF = decided("dhe-off", "A-12")
            .should(forbids(Dimension.SUITE_TLS12, Suites.DHE))
            .states("The DHE suites, optional in B.13, are off.")
            .because("RFC 9325, which B.13 cites from 2024b on, says SHOULD NOT, and a SunJSSE client by itself takes"
                    + " 1024 bits; who needs them derives a profile.")
            .sources("HS-TLS12-03")
            .tests("S20", "C02")
            .build();

    // TLS 1.3

    static final Rule TLS13_SUITES = decided("tls13-suites", "D-03")
            .should(permits(Dimension.SUITE_TLS13, Suites.TLS13_USUAL))
            .when(Condition.TLS_1_3)
            .states("Of TLS 1.3 suites only the three that TLS 1.3 itself demands or recommends are used.")
            .because("Neither the clause nor the BCP edition names any; RFC 8446 §9.1 does.")
            .tests("S28", "C02")
            .build();

    static final Rule DOWNGRADE_SENTINEL = decided("downgrade-sentinel", "D-12")
            .should(holds(Property.DOWNGRADE_SENTINEL))
            .when(Condition.TLS_1_3)
            .states("A server marks, and a client checks, a negotiation below TLS 1.3 by the downgrade sentinel.")
            .because("TLS 1.3 itself demands it; it took the place of the signalling suite of RFC 7507.")
            .sources("9846-SH-a", "9846-SH-c", "8996-1.1-a")
            .tests("S37", "C18")
            .build();

    static final Rule NO_EARLY_DATA = decided("no-early-data", "D-13")
            .should(holds(Property.NO_EARLY_DATA))
            .when(Condition.TLS_1_3)
            .states("Early data is not used.")
            .because("RFC 7525 is older than TLS 1.3, whose own text wants a specification by the application protocol"
                    + " that DICOM does not have.")
            .sources("9846-0RTT-a")
            .tests("S56", "C14")
            .build();

    // groups and signatures

    static final Rule GROUPS = decided("groups", "D-04")
            .should(permits(Dimension.GROUP, Algorithms.CURVES))
            .states("Key exchange uses secp256r1, secp384r1, secp521r1, x25519 and x448.")
            .because("No clause has a list of groups. These are TLS 1.3's, x25519 read as 256 bits (A-08); finite"
                    + " fields are off where no DHE suite is on.")
            .sources("HS-KEX-04", "B13-11")
            .tests("S42", "S43", "C06")
            .build();

    static final Rule GROUPS_WITH_FFDHE = decided("groups-with-ffdhe", "D-04")
            .should(permits(Dimension.GROUP, Algorithms.CURVES_AND_FFDHE))
            .states("Key exchange uses secp256r1, secp384r1, secp521r1, x25519, x448 and ffdhe2048 to ffdhe8192.")
            .because("No clause has a list of groups. These are TLS 1.3's, x25519 read as 256 bits (A-08); the finite"
                    + " fields are there for the DHE suites.")
            .tests("S42", "S43", "C06")
            .build();

    static final Rule SCHEMES = decided("signature-schemes", "D-05")
            .should(permits(Dimension.SCHEME, Algorithms.SHA2_SCHEMES))
            .states("Handshakes are signed by ECDSA, RSASSA-PSS, RSASSA-PKCS1-v1_5 with SHA-256, SHA-384 or SHA-512, or"
                    + " by EdDSA.")
            .because("No list in the text; SHA-1, SHA-224, MD5 and DSA are what every newer text leaves out. TLS 1.0"
                    + " names no schemes, so the rule says nothing there.")
            .tests("S48", "C08")
            .build();

    static final Rule RSA_CERTIFICATE_2048 = decided("rsa-certificate-2048", "D-06")
            .should(atLeast(Metric.RSA_CERTIFICATE_BITS, 2048))
            .subject(Subject.CERTIFICATE)
            .states("RSA keys of all certificates, one's own and the peer's, have at least 2048 bits.")
            .because("BCP 195 binds servers alone; a client that accepts less would undo it, and client certificates"
                    + " are no less worth forging.")
            .tests("S60", "S62", "C28")
            .build();

    // handshake

    static final Rule RENEGOTIATION_REFUSED = decided("renegotiation-refused", "D-07")
            .should(holds(Property.RENEGOTIATION_REFUSED))
            .when(Condition.TLS_1_2)
            .states("Renegotiation is refused.")
            .because("No DICOM application needs it, and what never happens cannot be attacked.")
            .sources("5746-4.2", "5746-4.4")
            .tests("S38", "C31")
            .build();

    static final Rule EXTENDED_MASTER_SECRET_DEMANDED = decided("extended-master-secret-demanded", "D-08")
            .should(holds(Property.EXTENDED_MASTER_SECRET_DEMANDED))
            .when(Condition.TLS_1_2)
            .states("A TLS 1.2 peer without extended_master_secret is refused.")
            .because("RFC 7627 §5.2 says SHOULD where old peers need not be served; a conformant peer has it.")
            .sources("7627-5.2-b")
            .tests("S35", "C21")
            .build();

    static final Rule RENEGOTIATION_INFO_DEMANDED = decided("renegotiation-info-demanded-of-clients", "D-08")
            .should(holds(Property.RENEGOTIATION_INFO_DEMANDED))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_2)
            .states("A server refuses a TLS 1.2 client that does not signal renegotiation_info.")
            .because("RFC 9325 asks the same of clients, and a conformant client signals it.")
            .tests("S32")
            .build();

    /** For every profile that stands on BCP 195. */
    static final List<Rule> ANY_BCP195 =
            List.of(ANONYMOUS_OFF, RENEGOTIATION_REFUSED, RSA_CERTIFICATE_2048);

    /** For those of them that leave the suites of TLS 1.2 and TLS 1.3 open. */
    static final List<Rule> OPEN_SUITES = List.of(FORWARD_SECRET_AEAD, TLS13_SUITES);

    /** For those that cite RFC 7525, which knows no TLS 1.3, and yet allow it. */
    static final List<Rule> TLS13_BESIDE_RFC7525 = List.of(DOWNGRADE_SENTINEL, NO_EARLY_DATA);

    /** For those that cite RFC 9325. */
    static final List<Rule> WITH_RFC9325 =
            List.of(CBC_OFF, EXTENDED_MASTER_SECRET_DEMANDED, RENEGOTIATION_INFO_DEMANDED, DOWNGRADE_SENTINEL);

    private Decisions() {}

    private static Rule.Builder decided(String name, String reasons) {
        return Rule.named("DT/" + name).cites(Citation.decision(reasons));
    }
}
