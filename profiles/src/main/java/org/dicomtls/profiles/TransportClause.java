package org.dicomtls.profiles;

import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/**
 * A clause of PS3.15 Annex B, with the sentences that every such clause repeats: ports, integrity failures and what
 * the Conformance Statement has to say. The questions are the same text throughout, so that one answer serves all.
 *
 * @param prefix what the ids of its rules begin with, e.g. {@code B10}
 * @param citation the clause
 */
record TransportClause(String prefix, Citation citation) {

    static final String PORTS_STATED =
            "Does the Conformance Statement name the TCP ports on which TLS is accepted, or how they are chosen?";
    static final String KEY_MANAGEMENT_STATED =
            "Does the Conformance Statement name the mechanisms of key management that are supported?";
    static final String ALGORITHMS_STATED =
            "Does the Conformance Statement list the key exchange algorithms, cipher suites and signature algorithms"
                    + " that are supported?";
    static final String PROVIDER_REASON_STATED =
            "Does the Conformance Statement give the provider reason of the A-P-ABORT that follows an integrity"
                    + " failure?";

    private static final String DOCUMENT = "A peer can only be configured by what its Conformance Statement says.";

    /** Starts a rule of this clause. */
    Rule.Builder rule(String name) {
        return Rule.named(prefix + "/" + name).cites(citation);
    }

    Rule portsStated(String... sources) {
        return attested("ports-stated", PORTS_STATED)
                .states("The Conformance Statement names the TCP ports on which TLS connections are accepted, or the"
                        + " mechanism by which they are chosen.")
                .sources(sources)
                .build();
    }

    Rule keyManagementStated(String... sources) {
        return attested("key-management-stated", KEY_MANAGEMENT_STATED)
                .states("The Conformance Statement names the mechanisms of key management.")
                .sources(sources)
                .build();
    }

    Rule algorithmsStated(String... sources) {
        return attested("algorithms-stated", ALGORITHMS_STATED)
                .states("The Conformance Statement lists the supported key exchange algorithms, cipher suites and"
                        + " signature algorithms.")
                .sources(sources)
                .build();
    }

    Rule providerReasonStated(String... sources) {
        return attested("provider-reason-stated", PROVIDER_REASON_STATED)
                .states("The Conformance Statement gives the provider reason that is issued after an integrity"
                        + " failure.")
                .because("The reason is local: PS3.8 sends none when the transport is lost, so only the document can"
                        + " tell (A-18).")
                .sources(sources)
                .build();
    }

    private Rule.Builder attested(String name, String question) {
        return rule(name).shall(Constraint.attested(question)).subject(Subject.OPERATOR).because(DOCUMENT);
    }

    Rule integrityFailure(String... sources) {
        return rule("integrity-failure-aborts")
                .shall(Constraint.holds(Property.INTEGRITY_FAILURE_ABORTS))
                .states("When an integrity check fails the connection is dropped as TLS provides, and each side"
                        + " indicates A-P-ABORT to its user with an implementation-specific provider reason.")
                .because("The channel may be compromised. On the wire only the fatal alert and the close can be seen;"
                        + " PS3.8 sends no A-ABORT on a lost transport (A-18).")
                .sources(sources)
                .build();
    }

    Rule dicomwebPortSeparate(String... sources) {
        return rule("dicomweb-port-separate")
                .shall(Constraint.holds(Property.DICOMWEB_PORT_SEPARATE))
                .subject(Subject.SERVER)
                .states("DICOMweb on TLS and the DICOM upper layer on TLS are served on different ports.")
                .because("The two protocols cannot be told apart before the handshake ends. That the DICOMweb port may"
                        + " be shared with other web traffic is a permission and binds nobody.")
                .sources(sources)
                .build();
    }

    Rule portSeparate(String... sources) {
        return rule("port-separate")
                .shall(Constraint.holds(Property.TLS_PORT_SEPARATE))
                .subject(Subject.SERVER)
                .states("The port of this profile is used for no other kind of transport connection, secure or not.")
                .because("Only B.1 and B.3 say it; from B.9 on no sentence keeps TLS and plain DIMSE on different ports"
                        + " (A-19).")
                .tests("S63")
                .sources(sources)
                .build();
    }

    Rule recommendedPort(String... sources) {
        return rule("port-2762")
                .should(Constraint.holds(Property.RECOMMENDED_PORT))
                .subject(Subject.SERVER)
                .states("The DICOM upper layer on TLS is served on port 2762, dicom-tls.")
                .because("Registered for it; recommended in a note, so a firewall can be opened without asking.")
                .sources(sources)
                .build();
    }

    /** B.10 to B.13: strict TLS, from the server's side. */
    Rule strictTls(String... sources) {
        return rule("strict-tls")
                .shall(Constraint.holds(Property.STRICT_TLS))
                .subject(Subject.SERVER)
                .states("Where there is a choice, TLS from the first octet is preferred to an upgrade of a plain"
                        + " connection.")
                .because("DIMSE has no upgrade of its own, so what can be seen is that plain DICOM is not accepted on"
                        + " the TLS port (A-23).")
                .tests("S63")
                .sources(sources)
                .build();
    }

    /** B.10 to B.13: strict TLS, from the client's side. */
    Rule tlsWithoutIndication(String... sources) {
        return rule("tls-without-indication")
                .shall(Constraint.holds(Property.STRICT_TLS))
                .subject(Subject.CLIENT)
                .states("A client starts TLS even when nothing has told it that the server speaks TLS.")
                .because("An indication sent in the clear can be taken away by whoever sits between the two; what can"
                        + " be seen is that the first octets are a ClientHello and nothing plain follows (A-23).")
                .tests("C35")
                .sources(sources)
                .build();
    }
}
