package org.dicomtls.profiles;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ambiguities, contradictions and errors of the texts, and how each was decided. {@code docs/ambiguities.md} is
 * {@link #document()}, word for word.
 */
public enum Ambiguity {
    A_01(
            "The retired clauses B.1, B.3 and B.9 to B.11 send the reader to \"PS3.3-2018a\" and \"PS3.3-2022d\".",
            "Read as PS3.15.",
            "PS3.3 has no such clauses, and the editions 2018b to 2021b had it right."),
    A_02(
            "B.9's note promises interoperability with AES-profile peers (TLS 1.0, CBC), which BCP 195 forbids since"
                    + " RFC 8996.",
            "The normative reference wins: `bcp195` has no TLS 1.0, no static RSA and no CBC.",
            "A note cannot lift a requirement. An old modality is served by a derived profile with the waiver on"
                    + " record, per connection and never as a global switch."),
    A_03(
            "B.9 to B.11 cite BCP 195 undated, so what they demand changed when BCP 195 did.",
            "They are taken with RFC 7525 as amended by RFC 8996.",
            "That is BCP 195 as it stood in the clauses' last years, and RFC 9325 would discourage what B.10 and B.11"
                    + " demand. Every report names the edition."),
    A_04(
            "B.10 and B.11: \"shall all be supported\" names no role.",
            "It binds clients and servers alike.",
            "Where a clause means one role it says so. A server with an EC certificate only can serve none of the"
                    + " four."),
    A_05(
            "B.11 closes its list of suites without TLS 1.3's, and does not forbid TLS 1.3 as a version.",
            "TLS 1.3 is excluded: `bcp195-ex` is TLS 1.2 only.",
            "\"No other cipher suites shall be used\" has no exception, and TLS 1.3 cannot be used without one of its"
                    + " suites. DCMTK reads it the same way."),
    A_06(
            "B.10 allows further suites \"of similar or greater cryptographic strength\" and does not say what that is,"
                    + " nor whether weaker ones are forbidden.",
            "Enforced: the four, their ECDSA forms, and the TLS 1.3 suites 0x1301 to 0x1304; nothing weaker. Audited as"
                    + " a SHOULD.",
            "The permission would be empty if it forbade nothing. The closing rule is ours, so that a peer with more is"
                    + " reported and not failed. CCM_8's short tag is weaker."),
    A_07(
            "B.13's second paragraph refers to \"the above indications\", which are described further down.",
            "Read as in B.12, from which the paragraph was moved.",
            "The sentence is the same there and makes sense."),
    A_08(
            "B.11 and B.13: \"ECDHE key length of 256 bits or more\" names no curve; X25519 has a field of 255 bits and"
                    + " values of 256.",
            "X25519 counts as 256 bits and X448 as 448; other curves count by their field.",
            "RFC 9325, which B.13 cites, asks for X25519, and its strength is that of P-256. secp256r1 is there for"
                    + " whoever reads it otherwise."),
    A_09(
            "B.13 from 2024c on: \"clients shall support at least one of the cipher suites defined below\" has lost the"
                    + " condition on TLS 1.2, and \"below\" may mean one list or two.",
            "It applies to clients that support TLS 1.2, and both lists count.",
            "Otherwise the clients of TLS 1.3 alone, which the same clause allows, would break it; and both lists stand"
                    + " below."),
    A_10(
            "B.13 lets a client support TLS 1.2 or TLS 1.3, RFC 9325 demands TLS 1.2 of all.",
            "Both rules stand: a client of TLS 1.3 alone keeps B13/client-version and breaks RFC9325/tls12-supported.",
            "B.13 demands BCP 195 \"with additional restrictions\", and a restriction takes nothing away. The finding"
                    + " names the RFC, so that a reader can see whose rule it is."),
    A_11(
            "A server of B.13 \"shall support\" ECDSA and RSA suites alike, which it can negotiate only with both kinds"
                    + " of certificate.",
            "A capability of the product, not a demand on each configuration.",
            "The notes of B.9 and B.12 say that profiles describe what a product can do. An audit still asks every"
                    + " suite and says which kind of certificate it met."),
    A_12(
            "B.13 permits DHE suites, and ITI-19 demands two, which RFC 9325 says SHOULD NOT be negotiated; and B.13"
                    + " wants none selected where the size cannot be set, which is empty for TLS 1.3.",
            "DHE is off by default under B.13 and on under ITI-19, B.10 and B.11, which demand it. Where it is on, 2048"
                    + " bits are the least.",
            "Optional and discouraged is off; demanded is on. The conflict of ITI-19 with RFC 9325 and RFC 10015 stands"
                    + " in the rule and is not smoothed over."),
    A_13(
            "B.13 permits SHA-256 and SHA-384, and for certificates \"SHA-256 or greater\"; it permits"
                    + " RSASSA-PKCS1-v1_5, which TLS 1.3 cannot use in a handshake, and lists no code points.",
            "SHA-512 is fine under certificates and not in the handshake. Schemes: ECDSA, RSASSA-PSS and"
                    + " RSASSA-PKCS1-v1_5 with SHA-256 and SHA-384, eight code points, PKCS#1 in TLS 1.2 and"
                    + " certificates only.",
            "The line on certificates is the more special one. TLS itself keeps PKCS#1 out of TLS 1.3's handshake."),
    A_14(
            "B.13's list of permitted algorithms says nothing of resumption by pre-shared keys, EdDSA or hybrid"
                    + " groups.",
            "Closed by the letter: EdDSA and hybrid groups are out. Resumption with a fresh (EC)DHE exchange is in.",
            "\"Only\" is said of the list. A resumed session with psk_dhe_ke has a permitted key exchange of its own;"
                    + " psk_ke has none."),
    A_15(
            "B.13 prints TLS_DHE_RSA_WITH_AES_256_GCM_CCM_8, which no registry has.",
            "Read as TLS_DHE_RSA_WITH_AES_256_CCM_8, 0xC0A3.",
            "It is the missing one of a regular list, and the same misprint stands in all editions read."),
    A_16(
            "B.13 closes its TLS 1.2 list in words and its TLS 1.3 list not.",
            "The TLS 1.3 list is closed as well.",
            "The other registered suites of TLS 1.3 are made with algorithms that are not permitted."),
    A_17(
            "B.12: TLS 1.3 \"may\" be supported, RFC 9325: SHOULD. B.13 lacks B.12's sentence on NULL.",
            "From 2024b on the RFC's SHOULD counts. Under B.13 NULL falls to the closed lists.",
            "The cited text is stronger and does not contradict; B.13's lists hold no NULL."),
    A_18(
            "After an integrity failure \"both sender and receiver\" issue A-P-ABORT with an implementation-specific"
                    + " reason, while PS3.8 fixes the reasons and sends no PDU when the transport is lost; a failure in"
                    + " the handshake is not mentioned.",
            "A local indication with a reason of our own, documented; on the wire a fatal alert and a close, no"
                    + " A-ABORT. A failed handshake is reported as a refusal, since no association exists yet.",
            "PS3.8 allows locally defined reasons for errors from below."),
    A_19(
            "From B.9 on no sentence keeps TLS and plain DIMSE on different ports, as B.1 and B.3 do.",
            "Not demanded by a rule of its own; strict TLS covers the case of plain DICOM on the TLS port.",
            "A port that serves both is exactly what strict TLS is preferred to. Which ports the node has otherwise is"
                    + " its own affair."),
    A_20(
            "Servers \"may be configured\" without mutual authentication and no default is given; host names,"
                    + " revocation, trust and purposes of certificates are left open.",
            "Client authentication is a capability under B.12 and B.13 and required under CRYPTREC and ITI-19. Host"
                    + " identity and revocation follow the RFC that the profile cites.",
            "PS3.8 leaves the meaning of certificates to the site. What an RFC says beneath the profile still holds."),
    A_21(
            "The template of PS3.2 2024c prints suites twice, omits others and keeps Camellia required; H.2.3 ties"
                    + " dicom-tls to the Basic profile; other annexes give retired profiles and RC4 as examples.",
            "B.13's own lists count. The form of the template is asked for, its content is not.",
            "A template illustrates a clause and cannot change it."),
    A_22(
            "The audit schema wants a name or a query where the tables mark both optional, and the words for outcome 12"
                    + " differ from place to place.",
            "A name is always sent, and outcome 12 is used where mitigation may have failed.",
            "Both readings are then kept."),
    A_23(
            "The sentences on upgrading plain connections have no counterpart in DIMSE.",
            "Read as: TLS from the first octet, plain DICOM refused on the TLS port, nothing plain sent by a client.",
            "It is what is left of the sentences for a protocol without an upgrade, and it can be tested.");

    private final String question;
    private final String decision;
    private final String reason;

    Ambiguity(String question, String decision, String reason) {
        this.question = question;
        this.decision = decision;
        this.reason = reason;
    }

    /** The name under which rules refer to it, e.g. {@code A-08}. */
    public String id() {
        return name().replace('_', '-');
    }

    /** What is unclear or contradictory. */
    public String question() {
        return question;
    }

    /** How this library reads it. */
    public String decision() {
        return decision;
    }

    /** Why. */
    public String reason() {
        return reason;
    }

    /** The ambiguity of that id. */
    public static Optional<Ambiguity> named(String id) {
        return Stream.of(values()).filter(a -> a.id().equals(id)).findFirst();
    }

    /** All of them as a page in Markdown. */
    public static String document() {
        StringBuilder page = new StringBuilder("# Ambiguities of the texts, and how they were decided\n\nRules refer to"
                + " these as A-01, A-02 and so on. The page is the enum `Ambiguity` in words; a test keeps the two"
                + " equal.\nDecisions that no text occasioned are in [decisions.md](decisions.md).\n");
        for (Ambiguity a : values()) {
            page.append("\n## ").append(a.id()).append('\n');
            page.append("\n**Question.** ").append(a.question).append('\n');
            page.append("\n**Decision.** ").append(a.decision).append('\n');
            page.append("\n**Reason.** ").append(a.reason).append('\n');
        }
        return page.toString();
    }
}
