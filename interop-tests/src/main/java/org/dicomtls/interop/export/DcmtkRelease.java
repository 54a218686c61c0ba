package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/** What the versions of DCMTK do, whatever they are told. Measured with storescp and echoscu. */
enum DcmtkRelease {
    /** With OpenSSL 3.0.22. */
    V3_6_7(
            Release.of("DCMTK 3.6.7", Release.Range.of("3.6.7", "3.6.8")),
            EnumSet.of(DcmtkOption.BCP195, DcmtkOption.NON_DOWNGRADING, DcmtkOption.EXTENDED),
            "009F CCAA C030 C02C CCA8 CCA9 009E C02F C02B 002F"),
    /** With OpenSSL 3.5.9. */
    V3_6_9(
            Release.of("DCMTK 3.6.8 and later", Release.Range.from("3.6.8")),
            EnumSet.allOf(DcmtkOption.class),
            "C030 C02C C0AF C0AD CCA8 CCA9 009F CCAA C02F C02B C0AE C0AC 009E 002F");

    /** OpenSSL's own order of TLS 1.3. */
    static final List<CipherSuite> DEFAULT_TLS13 = List.of(
            CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_AES_128_GCM_SHA256);

    private static final Set<NamedGroup> GROUPS = Set.copyOf(NamedGroup.matching(g -> g.ellipticCurve()
            && g.bits() >= 256
            && g.kind() != NamedGroup.Kind.MONTGOMERY
            && g.code() <= 28));

    private final Release release;
    private final Set<DcmtkOption> options;
    private final List<CipherSuite> order;

    /** @param codes the suites that a server of this release knows and profiles ask for, the one it prefers first */
    DcmtkRelease(Release release, Set<DcmtkOption> options, String codes) {
        this.release = release;
        this.options = options;
        this.order = Stream.of(codes.split(" ")).map(code -> CipherSuite.of(Integer.parseInt(code, 16))).toList();
    }

    Release release() {
        return release;
    }

    Set<DcmtkOption> options() {
        return options;
    }

    /** Whether {@code +cs} takes that suite. */
    boolean knows(CipherSuite suite) {
        return order.contains(suite);
    }

    /**
     * An end under that option, with those suites added to it.
     *
     * @param fixed why it is no other than what the option switches on
     * @param unset why what no option sets is as it is
     */
    void apply(ProgramEnd end, Role role, DcmtkOption option, List<CipherSuite> added, String fixed, String unset) {
        List<CipherSuite> suites = new ArrayList<>(option.suites());
        added.stream().filter(s -> !suites.contains(s)).forEach(suites::add);
        if (role == Role.SERVER) {
            suites.sort(Comparator.comparingInt(order::indexOf));
        }
        if (option.tls13()) {
            suites.addAll(0, DEFAULT_TLS13);
            if (option == DcmtkOption.MODIFIED) {
                suites.addAll(
                        DEFAULT_TLS13.size(),
                        List.of(CipherSuite.TLS_AES_128_CCM_SHA256, CipherSuite.TLS_AES_128_CCM_8_SHA256));
            }
        }
        end.versions(option.versions(role == Role.CLIENT), fixed)
                .suites(suites, fixed)
                .ordered("DCMTK has an order of its own");
        habits(end, role, unset);
        certificates(end, role, option);
        if (option.older() && role == Role.SERVER) {
            end.refuses(
                    Property.PROTOCOL_VERSION_ALERT,
                    option.olderUsable()
                            ? "TLS 1.0 and 1.1 are switched on"
                            : "TLS 1.0 and 1.1 are switched on and have no suite, so the alert is another one");
        } else if (option.older()) {
            end.unknown(Property.PROTOCOL_VERSION_ALERT);
        }
    }

    /** What it does under every option. */
    void habits(ProgramEnd end, Role role, String unset) {
        boolean server = role == Role.SERVER;
        boolean dhe = end.usable().stream().anyMatch(s -> s.name().contains("_DHE_"));
        Set<NamedGroup> groups = new HashSet<>(GROUPS);
        if (server && dhe) {
            groups.add(NamedGroup.FFDHE2048);
        }
        if (server && end.ellipticOnly()) {
            // TLS 1.2 demands the curve of the certificate among the client's, and a server prefers P-256 to all others.
            groups.retainAll(Set.of(NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1));
        }
        end.groups(groups, unset).schemes(schemes(role), unset);
        if (this == V3_6_9) {
            end.speaksDicomByName();
            if (server) {
                end.answersServerNames();
            }
        }
        if (server) {
            end.refuses(
                    Property.TICKET_KEYS_ROTATED, "the keys of tickets are as old as the process; " + unset);
        } else {
            if (dhe) {
                end.dhe(1024, "no option sets the least length of DHE");
            }
            end.refuses(Property.RENEGOTIATION_REFUSED, "no option switches it off")
                    .refuses(Property.HOST_IDENTITY_CHECKABLE, "no option compares the host with the certificate")
                    .refuses(Property.HOST_IDENTITY_CHECKED, "no option compares the host with the certificate")
                    .unknown(Property.SAME_CERTIFICATE_ON_RENEGOTIATION);
        }
    }

    private Set<SignatureScheme> schemes(Role role) {
        if (this == V3_6_9 && role == Role.CLIENT) {
            return Set.copyOf(SignatureScheme.matching(s -> s.code() <= 0x0806
                    && switch (s.hash()) {
                        case SHA256, SHA384, SHA512 -> true;
                        default -> false;
                    }));
        }
        Set<SignatureScheme> schemes = new HashSet<>(OpenSslEnd.DEFAULT_SCHEMES);
        schemes.addAll(SignatureScheme.matching(s -> s.hash() == HashAlgorithm.SHA1));
        return schemes;
    }

    /** For B.13 it looks at the keys and hashes of the other end's certificates, for B.12 at the keys of servers. */
    private void certificates(ProgramEnd end, Role role, DcmtkOption option) {
        if (option == DcmtkOption.MODIFIED) {
            return;
        }
        boolean keys = option == DcmtkOption.RFC8996 && role == Role.CLIENT;
        end.takesWeakCertificates(
                keys ? 2048 : 1024,
                this == V3_6_7 ? List.of(HashAlgorithm.MD5, HashAlgorithm.SHA1) : List.of(HashAlgorithm.SHA1),
                "of weak certificates DCMTK only warns");
    }
}
