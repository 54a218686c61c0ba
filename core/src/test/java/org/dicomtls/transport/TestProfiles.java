package org.dicomtls.transport;

import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.rule.Citation;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** Profiles for the tests of core, which knows none of the catalogue. */
public final class TestProfiles {

    static final List<CipherSuite> SUITES = Stream.of(
                    0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009E, 0x009F)
            .map(CipherSuite::of)
            .toList();
    static final List<NamedGroup> GROUPS = List.of(
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1,
            NamedGroup.X448,
            NamedGroup.FFDHE2048,
            NamedGroup.FFDHE3072);
    static final List<SignatureScheme> SCHEMES = Stream.of(
                    0x0403, 0x0503, 0x0804, 0x0805, 0x0809, 0x080A, 0x0401, 0x0501)
            .map(SignatureScheme::of)
            .toList();

    /** TLS 1.2 and 1.3, AEAD with forward secrecy; everything that a modern profile demands of the handshake. */
    public static final Profile WIDE = Profile.of(
            "test-wide",
            "for tests",
            "none",
            Profile.State.DERIVED,
            List.of(),
            "for tests",
            List.of(
                    rule("versions", Constraint.permits(Dimension.VERSION, List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2))),
                    rule("suites13", Constraint.permits(
                            Dimension.SUITE_TLS13, SUITES.stream().filter(CipherSuite::tls13).toList())),
                    rule("suites12", Constraint.permits(
                            Dimension.SUITE_TLS12, SUITES.stream().filter(s -> !s.tls13()).toList())),
                    rule("groups", Constraint.permits(Dimension.GROUP, GROUPS)),
                    rule("schemes", Constraint.permits(Dimension.SCHEME, SCHEMES)),
                    rule("hashes", Constraint.permits(
                            Dimension.CERTIFICATE_HASH,
                            List.of(HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512))),
                    rule("rsa", Constraint.atLeast(Metric.RSA_CERTIFICATE_BITS, 2048)),
                    rule("ec", Constraint.atLeast(Metric.EC_CERTIFICATE_BITS, 256)),
                    rule("dhe", Constraint.atLeast(Metric.DHE_BITS, 2048)),
                    rule("ecdhe", Constraint.atLeast(Metric.ECDHE_BITS, 256)),
                    rule("ems", Constraint.holds(Property.EXTENDED_MASTER_SECRET_DEMANDED)),
                    rule("ri", Constraint.holds(Property.RENEGOTIATION_INFO_DEMANDED)),
                    rule("prefer13", Constraint.holds(Property.PREFERS_TLS_1_3))));

    /** As wide as {@link #WIDE} and without a word on certificates: the end that presents what the other refuses. */
    static final Profile CARELESS = Profile.of(
            "test-careless",
            "for tests",
            "none",
            Profile.State.DERIVED,
            List.of(),
            "for tests",
            WIDE.rules().stream()
                    .filter(r -> !List.of("TEST/hashes", "TEST/rsa", "TEST/ec").contains(r.id()))
                    .toList());

    /** Every suite, group and scheme that is registered, and TLS 1.2 and 1.3. */
    static final Profile EVERYTHING = Profile.of(
            "test-everything",
            "for tests",
            "none",
            Profile.State.DERIVED,
            List.of(),
            "for tests",
            List.of(
                    rule("versions", Constraint.permits(Dimension.VERSION, TlsVersion.known())),
                    rule("suites13", Constraint.permits(Dimension.SUITE_TLS13, CipherSuite.matching(CipherSuite::tls13))),
                    rule("suites12", Constraint.permits(Dimension.SUITE_TLS12, CipherSuite.matching(s -> !s.tls13()))),
                    rule("groups", Constraint.permits(Dimension.GROUP, NamedGroup.matching(g -> true))),
                    rule("schemes", Constraint.permits(Dimension.SCHEME, SignatureScheme.matching(s -> true)))));

    private TestProfiles() {}

    static Rule rule(String name, Constraint constraint) {
        return Rule.named("TEST/" + name)
                .shall(constraint)
                .states("For tests.")
                .because("For tests.")
                .cites(Citation.decision("test"))
                .build();
    }
}
