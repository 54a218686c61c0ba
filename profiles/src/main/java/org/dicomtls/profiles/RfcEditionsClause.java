package org.dicomtls.profiles;

import static org.dicomtls.rule.Constraint.forbids;
import static org.dicomtls.rule.Constraint.holds;
import static org.dicomtls.rule.Constraint.requiresAll;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.TlsVersion;

/** PS3.15 B.12, the same in all editions but for the RFCs that it cites. */
final class RfcEditionsClause {

    static final TransportClause B12 =
            new TransportClause("B12", new Citation("PS3.15", "2023b–2024c", "B.12", Citation.Evidence.TEXT));

    static final List<Rule> RULES = List.of(
            B12.rule("tls12-supported")
                    .shall(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)))
                    .states("TLS 1.2 is supported.")
                    .because("Binds both roles.")
                    .sources("B12-03")
                    .tests("S06", "C01")
                    .build(),
            B12.rule("tls13-allowed")
                    .may(requiresAll(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)))
                    .states("TLS 1.3 may be supported.")
                    .because("RFC 9325 makes it SHOULD where that edition is cited (A-17).")
                    .sources("B12-04")
                    .tests("S07", "C01")
                    .build(),
            B12.rule("tls13-attempted")
                    .shall(holds(Property.ATTEMPTS_TLS_1_3))
                    .subject(Subject.CLIENT)
                    .when(Condition.TLS_1_3)
                    .states("A client that supports TLS 1.3 attempts to negotiate it.")
                    .because("Client means the initiator of TLS, whatever the DICOM role.")
                    .sources("B12-05")
                    .tests("C01")
                    .build(),
            B12.rule("tls13-preferred")
                    .shall(holds(Property.PREFERS_TLS_1_3))
                    .subject(Subject.SERVER)
                    .when(Condition.TLS_1_3)
                    .states("A server that supports TLS 1.3 prefers it when the client offers it.")
                    .because("Whatever the order of the client's list; BCJSSE by itself follows that order.")
                    .sources("B12-06")
                    .tests("S07", "S08")
                    .build(),
            B12.strictTls("B12-07"),
            B12.tlsWithoutIndication("B12-08"),
            B12.rule("no-null")
                    .shall(forbids(Dimension.SUITE_TLS12, Suites.NULL_ANYWHERE))
                    .states("No suite without key exchange, encryption, signature or hash is used.")
                    .because("The anonymous suites have no signature at all, which is what a NULL signature amounts"
                            + " to.")
                    .sources("B12-09")
                    .tests("S12", "S16", "C02")
                    .build(),
            B12.rule("mutual-authentication-supported")
                    .shall(holds(Property.CLIENT_AUTHENTICATION_SUPPORTED))
                    .subject(Subject.SERVER)
                    .states("A server supports mutual authentication.")
                    .because("It may be configured not to use it, and no default is given (A-20).")
                    .sources("B12-10")
                    .tests("S61", "S62")
                    .build(),
            B12.rule("client-certificate-encouraged")
                    .may(holds(Property.CLIENT_CERTIFICATE_PRESENTED))
                    .subject(Subject.CLIENT)
                    .when(Condition.CLIENT_AUTHENTICATION)
                    .states("A client is encouraged to support and use mutual authentication.")
                    .because("\"Not required\" stands beside \"encouraged\", so this is less than a SHOULD (D-16).")
                    .sources("B12-11")
                    .tests("C45")
                    .build(),
            B12.dicomwebPortSeparate("B12-13", "PORT-03"),
            B12.recommendedPort("B12-14", "PORT-05"),
            B12.integrityFailure("B12-16"),
            B12.portsStated("B12-15", "PORT-01", "CS-04"),
            B12.keyManagementStated("B12-15", "CS-04"),
            B12.algorithmsStated("B12-15", "CS-04"),
            B12.providerReasonStated("B12-17", "CS-04"));

    private RfcEditionsClause() {}
}
