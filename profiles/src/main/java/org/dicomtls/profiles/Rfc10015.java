package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Subject;

/**
 * RFC 10015, Deprecating Obsolete Key Exchange Methods in TLS 1.2 (July 2026), which updates RFC 9325. No edition of
 * PS3.15 that was read cites it, so no profile has its rules; a derived profile can take them from {@link Bcp195}.
 */
final class Rfc10015 {

    static final Rule STATIC_DH_FORBIDDEN = rule("static-dh-forbidden", "§2")
            .shall(Constraint.forbids(Dimension.SUITE_TLS12, Suites.STATIC_DH))
            .states("Suites with static finite-field Diffie-Hellman are neither offered nor chosen in TLS 1.2.")
            .because("RFC 9325's SHOULD NOT becomes MUST NOT.")
            .sources("10015-2-a")
            .tests("S18", "C02")
            .build();

    static final Rule STATIC_ECDH_DISCOURAGED = rule("static-ecdh-discouraged", "§2")
            .should(Constraint.forbids(Dimension.SUITE_TLS12, Suites.STATIC_ECDH))
            .states("Suites with static elliptic-curve Diffie-Hellman are neither offered nor chosen in TLS 1.2.")
            .because("As in RFC 9325.")
            .sources("10015-2-b")
            .tests("S19", "C02")
            .build();

    static final Rule FIXED_DH_CERTIFICATES = rule("fixed-dh-certificate-types", "§2")
            .should(Constraint.holds(Property.NO_FIXED_DH_CERTIFICATE_TYPES))
            .subject(Subject.SERVER)
            .when(Condition.CLIENT_AUTHENTICATION)
            .states("Client certificates with fixed Diffie-Hellman keys are not asked for.")
            .because("They bring the static key exchange back by the other side.")
            .sources("10015-2-c")
            .tests("S68")
            .build();

    static final Rule DHE_FORBIDDEN = rule("dhe-forbidden", "§3")
            .shall(Constraint.forbids(Dimension.SUITE_TLS12, Suites.DHE))
            .states("Suites with finite-field ephemeral Diffie-Hellman are neither offered nor chosen in TLS 1.2.")
            .because("RFC 9325's SHOULD NOT becomes MUST NOT; a node of ITI-19 cannot keep it (A-12).")
            .sources("10015-3-a")
            .tests("S20", "C02")
            .build();

    static final Rule STATIC_RSA_FORBIDDEN = rule("static-rsa-forbidden", "§4")
            .shall(Constraint.forbids(Dimension.SUITE_TLS12, Suites.STATIC_RSA))
            .states("Suites with RSA key transport are neither offered nor chosen in TLS 1.2.")
            .because("RFC 9325's SHOULD NOT becomes MUST NOT.")
            .sources("10015-4-a")
            .tests("S17", "C02")
            .build();

    static final List<Rule> ALL = List.of(
            STATIC_DH_FORBIDDEN, STATIC_ECDH_DISCOURAGED, FIXED_DH_CERTIFICATES, DHE_FORBIDDEN, STATIC_RSA_FORBIDDEN);

    private Rfc10015() {}

    private static Rule.Builder rule(String name, String section) {
        return Rule.named("RFC10015/" + name)
                .cites(new Citation("RFC 10015", "", section, Citation.Evidence.DRAFT));
    }
}
