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
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/** RFC 7525, Recommendations for Secure Use of TLS (May 2015), obsoleted by RFC 9325. */
final class Rfc7525 {

    static final Rule SSL_FORBIDDEN = rule("ssl-forbidden", "§3.1.1")
            .shall(forbids(Dimension.VERSION, Algorithms.SSL))
            .states("SSL 2 and SSL 3 are not negotiated.")
            .because("Both are broken.")
            .sources("BCP-01")
            .tests("S01", "S02", "C01", "C17")
            .build();

    /** Only in RFC 7525 as first published: RFC 8996 turned it into MUST NOT. */
    static final Rule TLS10_TLS11_DISCOURAGED = rule("tls10-tls11-discouraged", "§3.1.1")
            .should(forbids(Dimension.VERSION, Algorithms.TLS10_TLS11))
            .states("TLS 1.0 and 1.1 are not negotiated unless the peer has nothing better.")
            .because("They lack authenticated encryption; whether the peer had better cannot be seen, so this is"
                    + " reported and not failed.")
            .sources("7525-3.1.1-c", "7525-3.1.1-d", "BCP-02")
            .tests("S03", "S04")
            .build();

    static final Rule TLS12_SUPPORTED = rule("tls12-supported", "§3.1.1")
            .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
            .states("TLS 1.2 is supported and preferred to earlier versions.")
            .because("It was the newest version when the text was written; the preference is empty since RFC 8996"
                    + " forbids the earlier ones.")
            .sources("7525-3.1.1-e", "BCP-06")
            .tests("S06", "C01")
            .build();

    static final Rule NO_VERSION_FALLBACK = rule("no-version-fallback", "§3.1.3")
            .shall(holds(Property.NO_VERSION_FALLBACK))
            .subject(Subject.CLIENT)
            .states("A client does not answer a failed handshake by trying SSL 3 or another lower version.")
            .because("Whoever can make a handshake fail could otherwise choose the version.")
            .sources("7525-3.1.3-a", "BCP-08")
            .tests("C16")
            .build();

    static final Rule STRICT_TLS = rule("strict-tls", "§3.2")
            .should(holds(Property.STRICT_TLS))
            .states("TLS from the first octet is preferred to an upgrade of a plain connection, and a client tries TLS"
                    + " whether or not the server advertises it.")
            .because("An advertisement in the clear can be stripped; for DIMSE it comes down to no plain DICOM on the"
                    + " TLS port (A-23).")
            .sources("7525-3.2-a", "7525-3.2-b", "BCP-09")
            .tests("S63", "C35")
            .build();

    static final Rule NO_COMPRESSION = rule("no-compression", "§3.3")
            .should(holds(Property.NO_COMPRESSION))
            .when(Condition.TLS_1_2)
            .states("TLS compression is disabled.")
            .because("The length of compressed text gives secrets away (CRIME).")
            .sources("7525-3.3-a", "BCP-10")
            .tests("S29", "C09", "C22")
            .build();

    static final Rule TICKETS_PROTECTED = rule("tickets-protected", "§3.4")
            .shall(holds(Property.TICKETS_PROTECTED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("Resumption data is authenticated and encrypted at least as strongly as the connection.")
            .because("A ticket carries the keys of the session.")
            .sources("7525-3.4-a", "BCP-11")
            .tests("S66")
            .build();

    static final Rule TICKET_KEYS_ROTATED = rule("ticket-keys-rotated", "§3.4")
            .shall(holds(Property.TICKET_KEYS_ROTATED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("Ticket keys are changed regularly.")
            .because("A ticket key that lives on takes forward secrecy away from all sessions that it protected.")
            .sources("7525-3.4-b", "BCP-11")
            .tests("S54b")
            .build();

    static final Rule TICKET_LIFETIME = rule("ticket-lifetime-limited", "§3.4")
            .should(holds(Property.TICKET_LIFETIME_LIMITED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("The validity of tickets is limited.")
            .because("Resumption passes over the validation of certificates.")
            .sources("7525-3.4-c", "BCP-12")
            .tests("S54")
            .build();

    static final Rule RENEGOTIATION_INFO = rule("renegotiation-info", "§3.5")
            .shall(holds(Property.RENEGOTIATION_INFO))
            .when(Condition.TLS_1_2)
            .states("renegotiation_info is implemented wherever renegotiation is.")
            .because("Without it a renegotiation is not bound to the connection; we ask for it also of ends that never"
                    + " renegotiate, since RFC 5746 does.")
            .sources("7525-3.5-a", "BCP-13", "5746-3.4-a", "5746-3.6-a", "5746-4.3")
            .tests("S31", "C04")
            .build();

    static final Rule SAME_CERTIFICATE = rule("same-certificate-on-renegotiation", "§3.5")
            .should(holds(Property.SAME_CERTIFICATE_ON_RENEGOTIATION))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client accepts no other certificate on renegotiation, or validates it as it did the first.")
            .because("To refuse the change is what the text calls most secure.")
            .sources("7525-3.5-b")
            .tests("C38")
            .build();

    static final Rule SERVER_NAME = rule("server-name-supported", "§3.6")
            .shall(holds(Property.SERVER_NAME_SUPPORTED))
            .states("server_name is supported where the protocol can make use of it.")
            .because("To use it is a matter of local policy.")
            .sources("BCP-15")
            .tests("C10", "S39")
            .build();

    static final Rule NULL_FORBIDDEN = rule("null-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.NULL_ENCRYPTION))
            .states("Suites without encryption are not negotiated.")
            .because("They offer no confidentiality.")
            .sources("BCP-18")
            .tests("S12", "C02", "C23")
            .build();

    static final Rule NULL_TLS13_FORBIDDEN = rule("tls13-null-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS13, Suites.NULL_ENCRYPTION_TLS13))
            .when(Condition.TLS_1_3)
            .states("The TLS 1.3 suites without encryption are not negotiated either.")
            .because("RFC 7525 says it of every suite; these two were registered later (RFC 9150).")
            .sources("BCP-18")
            .tests("S12", "C02")
            .build();

    static final Rule RC4_FORBIDDEN = rule("rc4-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.RC4))
            .states("RC4 suites are not negotiated.")
            .because("Its key stream is biased (RFC 7465).")
            .sources("BCP-18", "7465")
            .tests("S13", "C02", "C23")
            .build();

    static final Rule BELOW_112_FORBIDDEN = rule("below-112-bits-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.BELOW_112_BITS))
            .states("Suites with less than 112 bits of security, export suites among them, are not negotiated.")
            .because("They can be broken by trying all keys.")
            .sources("BCP-18")
            .tests("S14", "C02")
            .build();

    static final Rule BELOW_128_DISCOURAGED = rule("below-128-bits-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.BELOW_128_BITS))
            .states("Suites with less than 128 bits of security are not negotiated.")
            .because("That is Triple DES, whose small blocks also limit how much one key may protect.")
            .sources("BCP-19")
            .tests("S15", "C02")
            .build();

    static final Rule STATIC_RSA_DISCOURAGED = rule("static-rsa-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.STATIC_RSA))
            .states("Suites with RSA key transport are not negotiated.")
            .because("They have no forward secrecy. TLS_RSA_WITH_AES_128_CBC_SHA, which B.9's note has in mind and RFC"
                    + " 7525 tolerates for old peers, is a matter for a derived profile with a waiver (A-02).")
            .sources("7525-4.1-e", "BCP-20", "BCP-28")
            .tests("S17", "C02", "C37")
            .build();

    static final Rule FORWARD_SECRECY = rule("forward-secrecy-preferred", "§4.1")
            .shall(holds(Property.FORWARD_SECRECY_PREFERRED))
            .when(Condition.TLS_1_2)
            .states("Suites with forward secrecy, by DHE or ECDHE, are supported and preferred.")
            .because("What is recorded today stays unreadable when a key is stolen tomorrow.")
            .sources("7525-4.1-f", "BCP-22")
            .tests("S23", "S25", "C02")
            .build();

    static final Rule RECOMMENDED_SUITES = rule("recommended-suites", "§4.2")
            .should(requiresAll(Dimension.SUITE_TLS12, Suites.RFC7525_RECOMMENDED))
            .when(Condition.TLS_1_2)
            .states("The DHE-RSA and ECDHE-RSA suites with AES-GCM are supported.")
            .because("Forward secrecy and authenticated encryption. Two of the four are what RFC 9325 discourages and"
                    + " RFC 10015 forbids.")
            .sources("7525-4.2-a", "BCP-24", "BCP-23")
            .tests("S20", "S23", "C02")
            .build();

    static final Rule STRONG_SUITE_FIRST = rule("strong-suite-first", "§4.2.1")
            .should(holds(Property.STRONG_SUITE_FIRST))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client lists TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first, unless it puts a stronger suite"
                    + " there.")
            .because("Servers that follow the client's order then choose well.")
            .sources("7525-4.2.1-a", "BCP-26")
            .tests("C03")
            .build();

    static final Rule STRONG_SUITE_CHOSEN = rule("strong-suite-chosen", "§4.2.1")
            .shall(holds(Property.STRONG_SUITE_CHOSEN))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_2)
            .states("A server prefers TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 to weaker suites even where it is not"
                    + " listed first.")
            .because("The client's order may be a historical one.")
            .sources("7525-4.2.1-b", "BCP-27")
            .tests("S24", "S25")
            .build();

    static final Rule STRONGEST_SUITE_CHOSEN = rule("strongest-suite-chosen", "§4.2.1")
            .should(holds(Property.STRONGEST_SUITE_CHOSEN))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_2)
            .states("A server prefers a stronger suite, such as one with AES-256, where the client offers it.")
            .because("The text allows reasons of cost against it.")
            .sources("7525-4.2.1-c", "BCP-27")
            .tests("S27")
            .build();

    static final Rule SUPPORTED_GROUPS_SENT = rule("supported-groups-sent", "§4.2.1")
            .should(holds(Property.SUPPORTED_GROUPS_SENT))
            .subject(Subject.CLIENT)
            .states("The groups of ECDHE are announced.")
            .because("A server that is told nothing has to guess.")
            .sources("BCP-29")
            .tests("C06")
            .build();

    static final Rule P256 = rule("p256-supported", "§4.2.1")
            .should(requiresAll(Dimension.GROUP, List.of(NamedGroup.SECP256R1)))
            .states("The curve P-256 is supported.")
            .because("So that any two ends have a curve in common.")
            .sources("7525-4.2.1-d", "BCP-29")
            .tests("S43", "C06")
            .build();

    static final Rule POINT_FORMATS = rule("point-formats", "§4.2.1")
            .should(holds(Property.POINT_FORMATS_UNCOMPRESSED))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client announces the uncompressed point format and no other.")
            .because("Nobody supports the others alike.")
            .sources("7525-4.2.1-d", "BCP-30")
            .tests("C07")
            .build();

    static final Rule DHE_2048 = rule("dhe-2048", "§4.3")
            .should(atLeast(Metric.DHE_BITS, 2048))
            .when(Condition.DHE)
            .states("The prime of DHE has at least 2048 bits.")
            .because("1024 bits are within the reach of large organisations; §4.4's 1024 as the last resort is not"
                    + " used.")
            .sources("7525-4.3-a", "BCP-32")
            .tests("S45", "C24")
            .build();

    static final Rule ECDHE_192 = rule("ecdhe-192", "§4.3")
            .should(atLeast(Metric.ECDHE_BITS, 192))
            .states("Curves of less than 192 bits are not used for key exchange.")
            .because("They offer less than 96 bits of security.")
            .sources("7525-4.3-b", "BCP-33")
            .tests("S42", "C06")
            .build();

    static final Rule EC_CERTIFICATE_192 = rule("ec-certificate-192", "§4.3")
            .should(atLeast(Metric.EC_CERTIFICATE_BITS, 192))
            .subject(Subject.CERTIFICATE)
            .states("Curves of less than 192 bits are not used in certificates.")
            .because("The sentence speaks of curves, not of key exchange alone.")
            .sources("7525-4.3-b", "BCP-33")
            .tests("S60")
            .build();

    static final Rule RSA_CERTIFICATE_2048 = rule("server-rsa-certificate-2048", "§4.3")
            .should(atLeast(Metric.RSA_CERTIFICATE_BITS, 2048))
            .subject(Subject.SERVER)
            .states("A server that authenticates by RSA has a key of at least 2048 bits.")
            .because("The text speaks of servers only; for the other end see DT/rsa-certificate-2048.")
            .sources("7525-4.3-c", "BCP-34")
            .tests("S60")
            .build();

    static final Rule CERTIFICATE_SHA256 = rule("certificate-sha256", "§4.3")
            .should(permits(Dimension.CERTIFICATE_HASH, Algorithms.SHA256_OR_STRONGER))
            .subject(Subject.CERTIFICATE)
            .states("Certificates are signed with SHA-256 or a stronger hash.")
            .because("SHA-1 collides. The hashes inside Ed25519 and Ed448 are stronger and count.")
            .sources("7525-4.3-d", "BCP-35")
            .tests("S60", "C28")
            .build();

    static final Rule SHA256_ASKED_FOR = rule("signature-algorithms-sha256", "§4.3")
            .should(requiresAny(Dimension.SCHEME, Algorithms.SHA256_SCHEMES))
            .subject(Subject.CLIENT)
            .states("A client asks for SHA-256 in signature_algorithms.")
            .because("A server of TLS 1.2 that is not asked falls back to SHA-1.")
            .sources("7525-4.3-e", "BCP-36")
            .tests("C08")
            .build();

    static final Rule NO_TRUNCATED_HMAC = rule("no-truncated-hmac", "§4.5")
            .shall(holds(Property.NO_TRUNCATED_HMAC))
            .when(Condition.TLS_1_2)
            .states("truncated_hmac is not used.")
            .because("It weakens integrity for nothing.")
            .sources("7525-4.5-a", "BCP-37")
            .tests("S30", "C12")
            .build();

    static final Rule HOST_IDENTITY_CHECKABLE = rule("host-identity-checkable", "§6.1")
            .should(holds(Property.HOST_IDENTITY_CHECKABLE))
            .subject(Subject.CLIENT)
            .states("A client can check that the server's certificate names the host it meant to reach.")
            .because("A security consideration in RFC 7525, and no DICOM clause says more (A-20); whether it is"
                    + " switched on is left to the site, where nodes are often configured by address.")
            .sources("BCP-38")
            .tests("C29")
            .build();

    static final Rule OCSP_STAPLING = rule("ocsp-stapling", "§6.5")
            .should(holds(Property.OCSP_STAPLING))
            .subject(Subject.SERVER)
            .states("A server supports OCSP with status_request and status_request_v2.")
            .because("A client can then learn of a revocation without asking anyone; status_request_v2 has gone out of"
                    + " use and is not asked for.")
            .sources("7525-6.5-a", "BCP-39")
            .tests("S41")
            .build();

    /** As amended by RFC 8996. */
    static final List<Rule> AMENDED = List.of(
            SSL_FORBIDDEN,
            TLS12_SUPPORTED,
            NO_VERSION_FALLBACK,
            STRICT_TLS,
            NO_COMPRESSION,
            TICKETS_PROTECTED,
            TICKET_KEYS_ROTATED,
            TICKET_LIFETIME,
            RENEGOTIATION_INFO,
            SAME_CERTIFICATE,
            SERVER_NAME,
            NULL_FORBIDDEN,
            NULL_TLS13_FORBIDDEN,
            RC4_FORBIDDEN,
            BELOW_112_FORBIDDEN,
            BELOW_128_DISCOURAGED,
            STATIC_RSA_DISCOURAGED,
            FORWARD_SECRECY,
            RECOMMENDED_SUITES,
            STRONG_SUITE_FIRST,
            STRONG_SUITE_CHOSEN,
            STRONGEST_SUITE_CHOSEN,
            SUPPORTED_GROUPS_SENT,
            P256,
            POINT_FORMATS,
            DHE_2048,
            ECDHE_192,
            EC_CERTIFICATE_192,
            RSA_CERTIFICATE_2048,
            CERTIFICATE_SHA256,
            SHA256_ASKED_FOR,
            NO_TRUNCATED_HMAC,
            HOST_IDENTITY_CHECKABLE,
            OCSP_STAPLING);

    /** As first published. */
    static final List<Rule> ORIGINAL = RuleList.of(AMENDED, List.of(TLS10_TLS11_DISCOURAGED));

    private Rfc7525() {}

    private static Rule.Builder rule(String name, String section) {
        return Rule.named("RFC7525/" + name).cites(Citation.text("RFC 7525", section));
    }
}
