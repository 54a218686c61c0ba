package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.atLeast;
import static org.dicomtls.rule.Constraint.attested;
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

/** RFC 9325, Recommendations for Secure Use of TLS (November 2022). §7 was read in the last draft. */
final class Rfc9325 {

    // §3.1 versions

    static final Rule SSL_FORBIDDEN = rule("ssl-forbidden", "§3.1.1")
            .shall(forbids(Dimension.VERSION, Algorithms.SSL))
            .states("SSL 2 and SSL 3 are not negotiated.")
            .because("Both are broken (RFC 6176, RFC 7568).")
            .sources("9325-3.1.1-a", "9325-3.1.1-b", "BCP-01", "6176", "7568")
            .tests("S01", "S02", "C01", "C17")
            .build();

    static final Rule TLS10_FORBIDDEN = rule("tls10-forbidden", "§3.1.1")
            .shall(forbids(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))
            .states("TLS 1.0 is not negotiated.")
            .because("RFC 8996 deprecated it; it rests on SHA-1 and knows no authenticated encryption.")
            .sources("9325-3.1.1-c", "BCP-02")
            .tests("S03", "S05", "C17")
            .build();

    static final Rule TLS11_FORBIDDEN = rule("tls11-forbidden", "§3.1.1")
            .shall(forbids(Dimension.VERSION, List.of(TlsVersion.TLS_1_1)))
            .states("TLS 1.1 is not negotiated.")
            .because("RFC 8996 deprecated it together with TLS 1.0.")
            .sources("9325-3.1.1-d", "BCP-02")
            .tests("S04", "S05", "C17")
            .build();

    static final Rule TLS12_SUPPORTED = rule("tls12-supported", "§3.1.1")
            .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
            .states("TLS 1.2 is supported.")
            .because("The version that every peer still has. B.13 lets a client do TLS 1.3 alone and yet demands BCP"
                    + " 195, so such a client keeps B.13's own sentence and breaks this one (A-10).")
            .sources("9325-3.1.1-e", "BCP-06")
            .tests("S06", "C01")
            .build();

    static final Rule TLS13_SUPPORTED = rule("tls13-supported", "§3.1.1")
            .should(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)))
            .states("TLS 1.3 is supported.")
            .because("B.12 says \"may\" and RFC 9325 SHOULD; the stronger word of the cited text counts (A-17).")
            .sources("9325-3.1.1-f", "BCP-07")
            .tests("S07", "C01")
            .build();

    static final Rule TLS13_PREFERRED = rule("tls13-preferred", "§3.1.1")
            .shall(holds(Property.PREFERS_TLS_1_3))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_3)
            .states("A server that supports TLS 1.3 prefers it to earlier versions.")
            .because("Whatever the order in which the client lists its versions.")
            .sources("9325-3.1.1-g", "BCP-07")
            .tests("S08")
            .build();

    static final Rule TLS13_ATTEMPTED = rule("tls13-attempted", "§3.1.1")
            .shall(holds(Property.ATTEMPTS_TLS_1_3))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_3)
            .states("A client that supports TLS 1.3 prefers it to earlier versions, which is to offer it.")
            .because("A client has no other way to prefer a version.")
            .sources("9325-3.1.1-g", "BCP-07")
            .tests("C01")
            .build();

    static final Rule NO_VERSION_FALLBACK = rule("no-version-fallback", "§3.1.3")
            .shall(holds(Property.NO_VERSION_FALLBACK))
            .subject(Subject.CLIENT)
            .states("A client does not answer a failed handshake by trying an earlier version.")
            .because("Whoever can make a handshake fail could otherwise choose the version.")
            .sources("9325-3.1.3-a", "BCP-08")
            .tests("C16")
            .build();

    // §3.2 to §3.6

    static final Rule STRICT_TLS = rule("strict-tls", "§3.2")
            .shall(holds(Property.STRICT_TLS))
            .states("Where a port for TLS exists, TLS on it starts with the first octet and nothing plain is served"
                    + " there.")
            .because("DICOM has such a port and no upgrade, so the sentences on upgrade-only protocols come down to the"
                    + " same (A-23).")
            .sources("9325-3.2-a", "9325-3.2-b", "BCP-09")
            .tests("S63", "C35")
            .build();

    static final Rule NO_COMPRESSION = rule("no-compression", "§3.3")
            .should(holds(Property.NO_COMPRESSION))
            .when(Condition.TLS_1_2)
            .states("TLS 1.2 compression is not supported.")
            .because("The length of compressed text gives secrets away (CRIME).")
            .sources("9325-3.3-a", "BCP-10", "HS-OTH-01")
            .tests("S29", "C09", "C22")
            .build();

    static final Rule TICKETS_PROTECTED = rule("tickets-protected", "§3.4")
            .shall(holds(Property.TICKETS_PROTECTED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("Resumption data is authenticated and encrypted with a cipher at least as strong as the"
                    + " connection's.")
            .because("A ticket carries the keys of the session.")
            .sources("9325-3.4-a", "9325-3.4-b", "BCP-11", "HS-OTH-02")
            .tests("S66")
            .build();

    static final Rule TICKET_KEYS_ROTATED = rule("ticket-keys-rotated", "§3.4")
            .shall(holds(Property.TICKET_KEYS_ROTATED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("Ticket keys are changed regularly, and old ones destroyed.")
            .because("A ticket key that lives on takes forward secrecy away from all sessions that it protected.")
            .sources("9325-3.4-c", "BCP-11", "HS-OTH-02")
            .tests("S54b")
            .build();

    static final Rule TICKET_LIFETIME = rule("ticket-lifetime-limited", "§3.4")
            .shall(holds(Property.TICKET_LIFETIME_LIMITED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("The validity of tickets is limited.")
            .because("Resumption passes over the validation of certificates.")
            .sources("9325-3.4-d", "BCP-12", "HS-OTH-02", "9846-NST-a")
            .tests("S54")
            .build();

    static final Rule OLD_SESSIONS = rule("old-sessions-not-resumed", "§3.4")
            .should(holds(Property.OLD_SESSIONS_NOT_RESUMED))
            .subject(Subject.SERVER)
            .when(Condition.RESUMPTION)
            .states("TLS 1.2 sessions older than about two periods of the ticket key are not resumed.")
            .because("In TLS 1.2 a chain of resumptions would live on the first key exchange for ever.")
            .sources("9325-3.4-e", "BCP-12")
            .tests("S54b")
            .build();

    static final Rule RESUMPTION_WITH_KEY_EXCHANGE = rule("resumption-with-key-exchange", "§3.4")
            .should(holds(Property.RESUMPTION_WITH_KEY_EXCHANGE))
            .when(Condition.RESUMPTION)
            .states("TLS 1.3 sessions are resumed in the mode psk_dhe_ke, with a key share from the client.")
            .because("So that resumed sessions keep forward secrecy.")
            .sources("9325-3.4-f", "9325-3.4-g", "BCP-12", "HS-OTH-02")
            .tests("S55", "C34")
            .build();

    static final Rule RENEGOTIATION_INFO = rule("renegotiation-info", "§3.5")
            .shall(holds(Property.RENEGOTIATION_INFO))
            .when(Condition.TLS_1_2)
            .states("renegotiation_info is implemented, and a client sends it, or the signalling suite, in every"
                    + " hello.")
            .because("Without it a handshake can be spliced into another's connection.")
            .sources("9325-3.5-a", "9325-3.5-b", "BCP-13", "HS-EXT-01", "5746-3.4-a", "5746-3.6-a", "5746-4.3")
            .tests("S31", "C04")
            .build();

    static final Rule RENEGOTIATION_INFO_DEMANDED = rule("renegotiation-info-demanded", "§3.5")
            .shall(holds(Property.RENEGOTIATION_INFO_DEMANDED))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client ends the handshake with handshake_failure when the server does not acknowledge"
                    + " renegotiation_info.")
            .because("The client cannot see whether an attacker renegotiates with that server.")
            .sources("9325-3.5-c", "BCP-13", "5746-4.1")
            .tests("C19")
            .build();

    static final Rule EXTENDED_MASTER_SECRET = rule("extended-master-secret", "§3.5")
            .shall(holds(Property.EXTENDED_MASTER_SECRET))
            .when(Condition.TLS_1_2)
            .states("extended_master_secret is supported.")
            .because("It ties the keys to the whole handshake and ends the triple-handshake attack.")
            .sources("9325-3.5-d", "BCP-14", "HS-EXT-01", "7627-5.2-a")
            .tests("S34", "C05")
            .build();

    static final Rule NO_POST_HANDSHAKE_AUTHENTICATION = rule("no-post-handshake-authentication", "§3.6")
            .should(holds(Property.NO_POST_HANDSHAKE_AUTHENTICATION))
            .when(Condition.TLS_1_3)
            .states("Clients are not authenticated after the handshake.")
            .because("Said of protocols that multiplex; a DICOM association has nowhere to put it either.")
            .sources("9325-3.6-a")
            .tests("S67")
            .build();

    // §3.7 to §3.10

    static final Rule SERVER_NAME = rule("server-name-supported", "§3.7")
            .shall(holds(Property.SERVER_NAME_SUPPORTED))
            .states("server_name is supported where the protocol can make use of it.")
            .because("To use it is a matter of local policy.")
            .sources("9325-3.7-a", "BCP-15")
            .tests("C10", "S39")
            .build();

    static final Rule UNKNOWN_SERVER_NAME = rule("unknown-server-name-refused", "§3.7")
            .should(holds(Property.UNKNOWN_SERVER_NAME_REFUSED))
            .subject(Subject.SERVER)
            .when(Condition.SERVER_NAMES)
            .states("A server that does not know the name it is asked for ends the handshake with unrecognized_name.")
            .because("To go on with another certificate helps attacks across protocols.")
            .sources("9325-3.7-b", "BCP-15")
            .tests("S39")
            .build();

    static final Rule HOST_IDENTITY = rule("host-identity-checked", "§3.7, §7.1")
            .should(holds(Property.HOST_IDENTITY_CHECKED))
            .subject(Subject.CLIENT)
            .states("A client ends the connection when the server's certificate does not name the host it meant to"
                    + " reach.")
            .because("Called critical to security in §7.1, whose rules RFC 9525 replaces: no Common Name, wildcards as"
                    + " a whole left-most label only, addresses by octets. DICOM leaves it to the site (A-20).")
            .sources(
                    "9325-3.7-c", "9325-7.1-a", "BCP-38", "9525-2", "9525-6.1", "9525-6.3", "9525-6.4", "9525-6.6")
            .tests("C29")
            .build();

    static final Rule ALPN = rule("alpn-supported", "§3.8")
            .shall(holds(Property.ALPN_SUPPORTED))
            .states("Application-layer protocol negotiation is supported.")
            .because("Said of implementations; DICOM demands no identifier, so none is offered unless configured.")
            .sources("9325-3.8-a", "BCP-16")
            .tests("S40", "C11")
            .build();

    static final Rule ALPN_MISMATCH_SERVER = rule("alpn-mismatch-refused", "§3.8")
            .shall(holds(Property.ALPN_MISMATCH_REFUSED))
            .subject(Subject.SERVER)
            .when(Condition.ALPN)
            .states("A server with no application protocol in common ends the handshake with no_application_protocol.")
            .because("RFC 7301 §3.2 says SHALL; it stops attacks across protocols.")
            .sources("9325-3.8-b", "BCP-16")
            .tests("S40")
            .build();

    static final Rule ALPN_MISMATCH_CLIENT = rule("alpn-unlisted-refused", "§3.8")
            .should(holds(Property.ALPN_MISMATCH_REFUSED))
            .subject(Subject.CLIENT)
            .when(Condition.ALPN)
            .states("A client ends the handshake when the server names an application protocol that it did not list.")
            .because("It is not talking to the service it meant.")
            .sources("9325-3.8-c", "BCP-16")
            .tests("C26")
            .build();

    static final Rule EQUAL_SECURITY = rule("equal-security", "§3.9")
            .should(attested("Where several services share a name: do they use ALPN, and have all servers of one"
                    + " service the same level of security?"))
            .subject(Subject.OPERATOR)
            .when(Condition.ALPN)
            .states("Services that share a name use ALPN, and all servers of a service are equally secure.")
            .because("An attacker leads a client to the weakest of them.")
            .sources("9325-3.9-a")
            .build();

    static final Rule NO_EARLY_DATA = rule("no-early-data", "§3.10")
            .shall(holds(Property.NO_EARLY_DATA))
            .when(Condition.TLS_1_3)
            .states("Early data is not used unless the application protocol specifies how.")
            .because("It can be replayed, and no DICOM text specifies its use.")
            .sources("9325-3.10-a", "BCP-17", "HS-OTH-03", "9846-0RTT-a")
            .tests("S56", "C14")
            .build();

    // §4.1 suites

    static final Rule NULL_FORBIDDEN = rule("null-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.NULL_ENCRYPTION))
            .states("Suites without encryption are not negotiated.")
            .because("They offer no confidentiality.")
            .sources("9325-4.1-a", "BCP-18")
            .tests("S12", "C02", "C23")
            .build();

    static final Rule NULL_TLS13_FORBIDDEN = rule("tls13-null-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS13, Suites.NULL_ENCRYPTION_TLS13))
            .when(Condition.TLS_1_3)
            .states("The TLS 1.3 suites without encryption are not negotiated either.")
            .because("TLS_SHA256_SHA256 and TLS_SHA384_SHA384 (RFC 9150) protect integrity only.")
            .sources("9325-4.1-a", "BCP-18")
            .tests("S12", "C02")
            .build();

    static final Rule RC4_FORBIDDEN = rule("rc4-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.RC4))
            .states("RC4 suites are not negotiated.")
            .because("Its key stream is biased (RFC 7465).")
            .sources("9325-4.1-b", "BCP-18", "7465")
            .tests("S13", "C02", "C23")
            .build();

    static final Rule BELOW_112_FORBIDDEN = rule("below-112-bits-forbidden", "§4.1")
            .shall(forbids(Dimension.SUITE_TLS12, Suites.BELOW_112_BITS))
            .states("Suites with less than 112 bits of security, export suites among them, are not negotiated.")
            .because("They can be broken by trying all keys.")
            .sources("9325-4.1-c", "BCP-18")
            .tests("S14", "C02")
            .build();

    static final Rule BELOW_128_DISCOURAGED = rule("below-128-bits-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.BELOW_128_BITS))
            .states("Suites with less than 128 bits of security are not negotiated.")
            .because("That is Triple DES, whose small blocks also limit how much one key may protect.")
            .sources("9325-4.1-d", "BCP-19")
            .tests("S15", "C02")
            .build();

    static final Rule STATIC_RSA_DISCOURAGED = rule("static-rsa-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.STATIC_RSA))
            .states("Suites with RSA key transport are not negotiated, TLS_RSA_WITH_AES_128_CBC_SHA among them.")
            .because("They have no forward secrecy, and invite padding oracles; TLS 1.2's own mandatory suite is one"
                    + " (§4.2.1).")
            .sources("9325-4.1-e", "9325-4.2.1-d", "BCP-20", "BCP-28")
            .tests("S17", "C02", "C37")
            .build();

    static final Rule STATIC_DH_DISCOURAGED = rule("static-dh-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.STATIC_DH))
            .states("Suites with static finite-field Diffie-Hellman are not negotiated.")
            .because("They have no forward secrecy; the anonymous suites bear the same prefix.")
            .sources("9325-4.1-f", "9325-7.4-a", "BCP-21", "BCP-40")
            .tests("S18", "C02")
            .build();

    static final Rule STATIC_ECDH_DISCOURAGED = rule("static-ecdh-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.STATIC_ECDH))
            .states("Suites with static elliptic-curve Diffie-Hellman are not negotiated.")
            .because("They have no forward secrecy; the anonymous suites bear the same prefix.")
            .sources("9325-4.1-g", "BCP-21")
            .tests("S19", "C02")
            .build();

    static final Rule FORWARD_SECRECY = rule("forward-secrecy-preferred", "§4.1")
            .shall(holds(Property.FORWARD_SECRECY_PREFERRED))
            .when(Condition.TLS_1_2)
            .states("Suites with forward secrecy are supported and preferred.")
            .because("What is recorded today stays unreadable when a key is stolen tomorrow.")
            .sources("9325-4.1-h", "BCP-22")
            .tests("S23", "S25", "C02")
            .build();

    static final Rule DHE_DISCOURAGED = rule("dhe-discouraged", "§4.1")
            .should(forbids(Dimension.SUITE_TLS12, Suites.DHE))
            .states("TLS 1.2 suites with finite-field ephemeral Diffie-Hellman are not negotiated.")
            .because("A client cannot ask for a size and many servers use weak or shared primes. B.13 lists nine such"
                    + " suites as optional, ITI-19 demands two (A-12).")
            .sources("9325-4.1-i", "BCP-23", "HS-TLS12-03")
            .tests("S20", "C02")
            .build();

    // §4.2 recommended suites

    static final Rule RECOMMENDED_SUITES = rule("recommended-suites", "§4.2")
            .should(requiresAll(Dimension.SUITE_TLS12, Suites.RFC9325_RECOMMENDED))
            .when(Condition.TLS_1_2)
            .states("The ECDHE suites with AES-GCM, RSA and ECDSA, are supported.")
            .because("Forward secrecy, authenticated encryption, and hardware for both.")
            .sources("9325-4.2-a", "BCP-24")
            .tests("S23", "C02")
            .build();

    static final Rule CBC_WITH_ENCRYPT_THEN_MAC = rule("cbc-only-with-encrypt-then-mac", "§4.2")
            .should(holds(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC))
            .when(Condition.CBC)
            .states("CBC suites are negotiated only together with encrypt_then_mac.")
            .because("MAC-then-encrypt has been a source of padding oracles since 2002.")
            .sources("9325-4.2-b", "BCP-25")
            .tests("S21", "S22")
            .build();

    static final Rule P256_CERTIFICATES = rule("p256-for-ecdsa", "§4.2")
            .should(holds(Property.P_256_FOR_ECDSA))
            .subject(Subject.CERTIFICATE)
            .states("ECDSA certificates use the curve P-256.")
            .because("The one that every peer has.")
            .sources("9325-4.2-c", "BCP-31")
            .tests("S60", "C45")
            .build();

    static final Rule DETERMINISTIC_ECDSA = rule("deterministic-ecdsa", "§4.2")
            .should(holds(Property.DETERMINISTIC_ECDSA))
            .states("ECDSA signatures are made deterministically (RFC 6979) or hedged.")
            .because("One repeated random number gives the private key away; the wire does not show it.")
            .sources("9325-4.2-d", "BCP-31")
            .build();

    static final Rule STRONG_SUITE_FIRST = rule("strong-suite-first", "§4.2.1")
            .should(holds(Property.STRONG_SUITE_FIRST))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client lists TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first, unless it puts a stronger suite"
                    + " there.")
            .because("Servers that follow the client's order then choose well.")
            .sources("9325-4.2.1-a", "BCP-26")
            .tests("C03")
            .build();

    static final Rule STRONG_SUITE_CHOSEN = rule("strong-suite-chosen", "§4.2.1")
            .shall(holds(Property.STRONG_SUITE_CHOSEN))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_2)
            .states("A server prefers TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 to weaker suites even where it is not"
                    + " listed first.")
            .because("The client's order may be a historical one.")
            .sources("9325-4.2.1-b", "BCP-27")
            .tests("S24", "S25", "S26")
            .build();

    static final Rule STRONGEST_SUITE_CHOSEN = rule("strongest-suite-chosen", "§4.2.1")
            .should(holds(Property.STRONGEST_SUITE_CHOSEN))
            .subject(Subject.SERVER)
            .when(Condition.TLS_1_2)
            .states("A server prefers a stronger suite, such as one with AES-256, where the client offers it.")
            .because("The text allows reasons of cost against it.")
            .sources("9325-4.2.1-c", "BCP-27")
            .tests("S27")
            .build();

    static final Rule SUPPORTED_GROUPS_SENT = rule("supported-groups-sent", "§4.2.1")
            .should(holds(Property.SUPPORTED_GROUPS_SENT))
            .subject(Subject.CLIENT)
            .states("The groups of ECDHE are announced.")
            .because("A server that is told nothing has to guess.")
            .sources("9325-4.2.1-e", "BCP-29")
            .tests("C06")
            .build();

    static final Rule P256_X25519 = rule("p256-and-x25519-supported", "§4.2.1")
            .should(requiresAll(Dimension.GROUP, List.of(NamedGroup.SECP256R1, NamedGroup.X25519)))
            .states("The curves P-256 and X25519 are supported.")
            .because("So that any two ends have a curve in common.")
            .sources("9325-4.2.1-f", "BCP-29")
            .tests("S43", "C06")
            .build();

    static final Rule POINT_FORMATS = rule("point-formats", "§4.2.1")
            .shall(holds(Property.POINT_FORMATS_UNCOMPRESSED))
            .subject(Subject.CLIENT)
            .when(Condition.TLS_1_2)
            .states("A client that sends ec_point_formats sends the uncompressed format and no other.")
            .because("RFC 8422 deprecates the others.")
            .sources("9325-4.2.1-g", "BCP-30")
            .tests("C07")
            .build();

    // §4.3 to §4.6

    static final Rule TLS13_MANDATORY = rule("tls13-suite-mandatory", "§4.3")
            .shall(requiresAll(Dimension.SUITE_TLS13, Suites.TLS13_MANDATORY))
            .when(Condition.TLS_1_3)
            .states("TLS_AES_128_GCM_SHA256 is supported in TLS 1.3.")
            .because("RFC 9325 refers to TLS 1.3 itself, whose §9.1 demands it.")
            .sources("9325-4.3-a")
            .tests("S28", "C02")
            .build();

    static final Rule TLS13_RECOMMENDED = rule("tls13-suites-recommended", "§4.3")
            .should(requiresAll(Dimension.SUITE_TLS13, Suites.TLS13_RECOMMENDED))
            .when(Condition.TLS_1_3)
            .states("TLS_AES_256_GCM_SHA384 and TLS_CHACHA20_POLY1305_SHA256 are supported in TLS 1.3.")
            .because("RFC 9325 refers to TLS 1.3 itself, whose §9.1 recommends them.")
            .sources("9325-4.3-a")
            .tests("S28", "C02")
            .build();

    static final Rule KEY_LIMITS = rule("key-limits-honoured", "§4.4")
            .should(holds(Property.KEY_LIMITS_HONOURED))
            .states("Keys are changed, or the connection given up, before the limits of the AEAD are reached: 2^24.5"
                    + " full records of AES-GCM.")
            .because("TLS 1.3 has KeyUpdate; TLS 1.2 has nothing but a new connection, so an association has to be"
                    + " counted.")
            .sources("9325-4.4-a", "9325-4.4-b", "9846-KU-b")
            .tests("S58")
            .build();

    static final Rule DHE_2048 = rule("dhe-2048", "§4.5")
            .shall(atLeast(Metric.DHE_BITS, 2048))
            .when(Condition.DHE)
            .states("The prime of DHE, where DHE is used at all, has at least 2048 bits.")
            .because("1024 bits are within the reach of large organisations.")
            .sources("9325-4.5-a", "BCP-32", "HS-KEX-02")
            .tests("S45", "C24")
            .build();

    static final Rule ECDHE_224 = rule("ecdhe-224", "§4.5")
            .shall(atLeast(Metric.ECDHE_BITS, 224))
            .states("Curves of less than 224 bits are not used for key exchange.")
            .because("They offer less than 112 bits of security.")
            .sources("9325-4.5-b", "BCP-33")
            .tests("S42", "C06")
            .build();

    static final Rule EC_CERTIFICATE_224 = rule("ec-certificate-224", "§4.5")
            .shall(atLeast(Metric.EC_CERTIFICATE_BITS, 224))
            .subject(Subject.CERTIFICATE)
            .states("Curves of less than 224 bits are not used in certificates.")
            .because("The sentence speaks of curves, not of key exchange alone.")
            .sources("9325-4.5-b", "BCP-33")
            .tests("S60")
            .build();

    static final Rule RSA_CERTIFICATE_2048 = rule("server-rsa-certificate-2048", "§4.5")
            .shall(atLeast(Metric.RSA_CERTIFICATE_BITS, 2048))
            .subject(Subject.SERVER)
            .states("A server that authenticates by RSA has a key of at least 2048 bits.")
            .because("The text speaks of servers only; for the other end see DT/rsa-certificate-2048.")
            .sources("9325-4.5-c", "BCP-34")
            .tests("S60")
            .build();

    static final Rule CERTIFICATE_HASH_FORBIDDEN = rule("certificate-sha1-md5-forbidden", "§4.5")
            .shall(forbids(Dimension.CERTIFICATE_HASH, Algorithms.BROKEN_HASHES))
            .subject(Subject.CERTIFICATE)
            .states("Certificates are not signed with SHA-1, MD5 or older.")
            .because("Both collide; MD2, older than either, is named nowhere because nobody thinks of it any more.")
            .sources("9325-4.5-d", "BCP-35", "9846-CRT-a")
            .tests("S60", "S62", "C28")
            .build();

    static final Rule SCHEMES_FORBIDDEN = rule("sha1-md5-signatures-forbidden", "§4.5")
            .shall(forbids(Dimension.SCHEME, Algorithms.SHA1_MD5_SCHEMES))
            .states("Handshakes are not signed with SHA-1 or MD5, and neither is offered.")
            .because("RFC 9155 forbids both in TLS 1.2, TLS 1.3 never had them.")
            .sources("9325-4.5-d", "BCP-35", "9155-2", "9155-server", "HS-SIG-01")
            .tests("S48", "C08")
            .build();

    static final Rule CERTIFICATE_SHA256 = rule("certificate-sha256", "§4.5")
            .should(permits(Dimension.CERTIFICATE_HASH, Algorithms.SHA256_OR_STRONGER))
            .subject(Subject.CERTIFICATE)
            .states("Certificates are signed with SHA-256 or a stronger hash.")
            .because("The hashes inside Ed25519 and Ed448 are stronger and count.")
            .sources("BCP-35")
            .tests("S60", "C28")
            .build();

    static final Rule SHA256_ASKED_FOR = rule("signature-algorithms-sha256", "§4.5")
            .shall(requiresAny(Dimension.SCHEME, Algorithms.SHA256_SCHEMES))
            .subject(Subject.CLIENT)
            .states("A client asks for SHA-256 in signature_algorithms.")
            .because("A server of TLS 1.2 that is not asked falls back to SHA-1.")
            .sources("9325-4.5-e", "BCP-36", "9155-2")
            .tests("C08")
            .build();

    static final Rule NO_TRUNCATED_HMAC = rule("no-truncated-hmac", "§4.6")
            .shall(holds(Property.NO_TRUNCATED_HMAC))
            .when(Condition.TLS_1_2)
            .states("truncated_hmac is not used.")
            .because("It weakens integrity for nothing.")
            .sources("9325-4.6-a", "BCP-37", "HS-EXT-02")
            .tests("S30", "C12")
            .build();

    // §7

    static final Rule REFERENCE_IDENTIFIERS = draft("reference-identifiers", "§7.1")
            .should(attested("Are the names against which server certificates are checked taken from configuration or"
                    + " another source that an attacker cannot change?"))
            .subject(Subject.CLIENT)
            .states("Names that were found insecurely, such as by DNS service discovery, are not what certificates are"
                    + " checked against.")
            .because("Whoever forges the lookup would otherwise choose the name.")
            .sources("9325-7.1-b", "9525-6.1")
            .build();

    static final Rule COUNTER_NONCES = draft("counter-nonces", "§7.2.1")
            .should(holds(Property.COUNTER_NONCES))
            .when(Condition.TLS_1_2)
            .states("In TLS 1.2 the explicit nonce of AES-GCM is the record sequence number.")
            .because("A repeated nonce gives the authentication key away.")
            .sources("9325-7.2.1-a", "5288-3")
            .tests("S59", "C33")
            .build();

    static final Rule NO_KEY_SHARE_REUSE = draft("no-key-share-reuse", "§7.4")
            .should(holds(Property.NO_KEY_SHARE_REUSE))
            .states("Key pairs of the ephemeral key exchange are not used for a second connection.")
            .because("Reuse weakens forward secrecy and has leaked keys; RFC 9846 forbids it.")
            .sources("9325-7.4-a", "BCP-40", "9846-KS-a")
            .tests("S52", "C01")
            .build();

    static final Rule INVALID_KEY_SHARES = draft("invalid-key-shares-refused", "§7.4")
            .should(holds(Property.INVALID_KEY_SHARES_REFUSED))
            .states("Public values of the key exchange that are no valid points are refused.")
            .because("RFC 9325 asks it of whoever uses a key twice, RFC 8446 of all.")
            .sources("9325-7.4-b", "9846-KS-c", "8422-5.11")
            .tests("S51", "C25")
            .build();

    static final Rule REVOCATION = draft("revocation-strategy", "§7.5")
            .shall(holds(Property.REVOCATION_STRATEGY))
            .states("There is a strategy to distrust certificates that were revoked.")
            .because("CRL, OCSP or short-lived certificates; DICOM names none (A-20).")
            .sources("9325-7.5-a", "BCP-39")
            .tests("C30", "S62")
            .build();

    static final Rule OCSP_STAPLING = draft("ocsp-stapling", "§7.5")
            .should(holds(Property.OCSP_STAPLING))
            .subject(Subject.SERVER)
            .states("A server supports OCSP and stapling by status_request.")
            .because("A client can then learn of a revocation without asking anyone.")
            .sources("9325-7.5-b", "BCP-39")
            .tests("S41")
            .build();

    static final List<Rule> ALL = List.of(
            SSL_FORBIDDEN,
            TLS10_FORBIDDEN,
            TLS11_FORBIDDEN,
            TLS12_SUPPORTED,
            TLS13_SUPPORTED,
            TLS13_PREFERRED,
            TLS13_ATTEMPTED,
            NO_VERSION_FALLBACK,
            STRICT_TLS,
            NO_COMPRESSION,
            TICKETS_PROTECTED,
            TICKET_KEYS_ROTATED,
            TICKET_LIFETIME,
            OLD_SESSIONS,
            RESUMPTION_WITH_KEY_EXCHANGE,
            RENEGOTIATION_INFO,
            RENEGOTIATION_INFO_DEMANDED,
            EXTENDED_MASTER_SECRET,
            NO_POST_HANDSHAKE_AUTHENTICATION,
            SERVER_NAME,
            UNKNOWN_SERVER_NAME,
            HOST_IDENTITY,
            ALPN,
            ALPN_MISMATCH_SERVER,
            ALPN_MISMATCH_CLIENT,
            EQUAL_SECURITY,
            NO_EARLY_DATA,
            NULL_FORBIDDEN,
            NULL_TLS13_FORBIDDEN,
            RC4_FORBIDDEN,
            BELOW_112_FORBIDDEN,
            BELOW_128_DISCOURAGED,
            STATIC_RSA_DISCOURAGED,
            STATIC_DH_DISCOURAGED,
            STATIC_ECDH_DISCOURAGED,
            FORWARD_SECRECY,
            DHE_DISCOURAGED,
            RECOMMENDED_SUITES,
            CBC_WITH_ENCRYPT_THEN_MAC,
            P256_CERTIFICATES,
            DETERMINISTIC_ECDSA,
            STRONG_SUITE_FIRST,
            STRONG_SUITE_CHOSEN,
            STRONGEST_SUITE_CHOSEN,
            SUPPORTED_GROUPS_SENT,
            P256_X25519,
            POINT_FORMATS,
            TLS13_MANDATORY,
            TLS13_RECOMMENDED,
            KEY_LIMITS,
            DHE_2048,
            ECDHE_224,
            EC_CERTIFICATE_224,
            RSA_CERTIFICATE_2048,
            CERTIFICATE_HASH_FORBIDDEN,
            SCHEMES_FORBIDDEN,
            CERTIFICATE_SHA256,
            SHA256_ASKED_FOR,
            NO_TRUNCATED_HMAC,
            REFERENCE_IDENTIFIERS,
            COUNTER_NONCES,
            NO_KEY_SHARE_REUSE,
            INVALID_KEY_SHARES,
            REVOCATION,
            OCSP_STAPLING);

    private Rfc9325() {}

    private static Rule.Builder rule(String name, String section) {
        return Rule.named("RFC9325/" + name).cites(Citation.text("RFC 9325", section));
    }

    private static Rule.Builder draft(String name, String section) {
        return Rule.named("RFC9325/" + name)
                .cites(new Citation("RFC 9325", "", section, Citation.Evidence.DRAFT));
    }
}
