package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;
import org.dicomtls.tls.TlsVersion;

/** RFC 8996, Deprecating TLS 1.0 and TLS 1.1 (March 2021). Read as the draft that the IESG approved. */
final class Rfc8996 {

    static final Rule TLS10_FORBIDDEN = Rule.named("RFC8996/tls10-forbidden")
            .shall(Constraint.forbids(Dimension.VERSION, List.of(TlsVersion.TLS_1_0)))
            .states("TLS 1.0 is neither used nor its negotiation permitted.")
            .because("It replaces RFC 7525's SHOULD NOT, and covers the version fields of both hellos.")
            .cites(section("§4"))
            .sources("8996-4-a", "8996-4-b", "8996-4-c", "8996-6-a", "BCP-02", "BCP-03")
            .tests("S03", "S05", "C01", "C17")
            .build();

    static final Rule TLS11_FORBIDDEN = Rule.named("RFC8996/tls11-forbidden")
            .shall(Constraint.forbids(Dimension.VERSION, List.of(TlsVersion.TLS_1_1)))
            .states("TLS 1.1 is neither used nor its negotiation permitted.")
            .because("It replaces RFC 7525's SHOULD NOT, and covers the version fields of both hellos.")
            .cites(section("§5"))
            .sources("8996-5-a", "8996-5-b", "8996-5-c", "8996-6-a", "BCP-02", "BCP-03")
            .tests("S04", "S05", "C01", "C17")
            .build();

    static final Rule PROTOCOL_VERSION_ALERT = Rule.named("RFC8996/protocol-version-alert")
            .shall(Constraint.holds(Property.PROTOCOL_VERSION_ALERT))
            .states("A hello of TLS 1.0 or 1.1 is answered with the alert protocol_version, and the connection is"
                    + " closed.")
            .because("The peer learns why, and cannot take the failure for one of the network.")
            .cites(section("§4, §5"))
            .sources("8996-4-d", "8996-5-d", "BCP-04")
            .tests("S03", "S04", "C17")
            .build();

    static final Rule ANY_RECORD_VERSION = Rule.named("RFC8996/any-record-version")
            .shall(Constraint.holds(Property.ANY_RECORD_VERSION))
            .subject(Subject.SERVER)
            .states("A server accepts a ClientHello in a record of any version {3,x}.")
            .because("Clients of TLS 1.2 and 1.3 write old versions there; the field says nothing of what they speak.")
            .cites(section("§4, §5"))
            .sources("8996-4-e", "8996-5-e", "BCP-05")
            .tests("S11")
            .build();

    static final List<Rule> ALL = List.of(TLS10_FORBIDDEN, TLS11_FORBIDDEN, PROTOCOL_VERSION_ALERT, ANY_RECORD_VERSION);

    private Rfc8996() {}

    private static Citation section(String clause) {
        return new Citation("RFC 8996", "", clause, Citation.Evidence.DRAFT);
    }
}
