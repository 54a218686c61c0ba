package org.dicomtls.interop.clientaudit;

import static org.dicomtls.interop.clientaudit.Bases.schemes;
import static org.dicomtls.interop.clientaudit.Bases.suites;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.witness.Change.Whose;
import org.dicomtls.interop.witness.Change;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/** The odd clients: each differs from a sound one in a single thing. */
final class Mutations {

    /** The shortest case there is: for those whose hello says it all. */
    private static final List<String> HELLO = List.of("C45");

    private final Bases bases;
    private final OwnCertificates certificates;
    private final List<Mutation> all = new ArrayList<>();

    Mutations(Bases bases, TestPki pki) {
        this.bases = bases;
        this.certificates = new OwnCertificates(pki);
        versions();
        suites12();
        suites13();
        groupsAndSchemes();
        hellos();
        behaviours();
        serverCertificates();
        ownCertificates();
        lately();
    }

    List<Mutation> all() {
        return all;
    }

    private static Mutation mutation(Base base, String words, Habits habits, List<String> cases, Change... more) {
        List<Change> changes = new ArrayList<>(Difference.between(base.habits(), habits));
        changes.addAll(List.of(more));
        return new Mutation(base, words, habits, changes, cases);
    }

    private void add(Base base, String words, Habits habits, List<String> cases, Change... more) {
        all.add(mutation(base, words, habits, cases, more));
    }

    private void odd(String words, Oddity oddity, String... cases) {
        add(bases.forwardSecret, words, bases.forwardSecret.habits().with(oddity), List.of(cases));
    }

    private static Change[] lost(Property... properties) {
        return Arrays.stream(properties).map(Change.Lost::new).toArray(Change[]::new);
    }

    private void versions() {
        Habits habits = bases.forwardSecret.habits();
        for (TlsVersion old : List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0, TlsVersion.SSL_3)) {
            add(bases.forwardSecret, "it offers " + old + ", too",
                    habits.versions(Habits.plus(habits.versions(), List.of(old))), HELLO);
            add(bases.forwardSecret, "it takes a ServerHello of " + old, habits.with(Oddity.OLD_VERSION_TAKEN),
                    List.of(String.format("C17-%04x", old.code())), taken(old));
        }
        add(bases.forwardSecret, "it begins with a hello of SSL 2.0", habits.with(Oddity.SSL_2_HELLO_FIRST), HELLO,
                new Change.Added(Dimension.VERSION, TlsVersion.SSL_2, Whose.OWN));
        for (Base base : List.of(bases.forwardSecret, bases.finiteField)) {
            add(base, "it has no TLS 1.2", base.habits().versions(List.of(TlsVersion.TLS_1_3)), HELLO);
            add(base, "it has no TLS 1.3", base.habits().versions(List.of(TlsVersion.TLS_1_2)), HELLO);
        }
        Habits ofNone = bases.modified.habits()
                .versions(List.of(TlsVersion.TLS_1_1))
                .suites12(suites("RSA_WITH_AES_128_CBC_SHA"));
        add(bases.modified, "it has TLS 1.1 and nothing newer", ofNone, HELLO);
        add(bases.tls12Alone, "it has TLS 1.3, too",
                bases.tls12Alone.habits().versions(List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)), HELLO);
        for (Base base : List.of(bases.basic, bases.aes)) {
            // Its hello does not say what it has below.
            add(base, "it has TLS 1.2 and no older version", base.habits().versions(List.of(TlsVersion.TLS_1_2)),
                    List.of("C17"));
        }
    }

    /** It sends no protocol_version then, of course; of SSL 3.0 nobody expects it. */
    private static Change[] taken(TlsVersion old) {
        Change version = new Change.Added(Dimension.VERSION, old, Whose.OWN);
        return old.equals(TlsVersion.SSL_3)
                ? new Change[] {version}
                : new Change[] {version, new Change.Lost(Property.PROTOCOL_VERSION_ALERT)};
    }

    private void suites12() {
        for (String name : List.of(
                "RSA_WITH_NULL_SHA256", "RSA_WITH_RC4_128_SHA", "RSA_EXPORT_WITH_DES40_CBC_SHA", "RSA_WITH_DES_CBC_SHA",
                "RSA_WITH_3DES_EDE_CBC_SHA", "DH_anon_WITH_AES_128_GCM_SHA256", "RSA_WITH_AES_128_GCM_SHA256",
                "DH_RSA_WITH_AES_128_GCM_SHA256", "ECDH_RSA_WITH_AES_128_GCM_SHA256", "DHE_RSA_WITH_AES_128_GCM_SHA256",
                "ECDHE_RSA_WITH_AES_128_CBC_SHA256", "PSK_WITH_AES_128_GCM_SHA256")) {
            CipherSuite suite = suites(name).get(0);
            for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.tls12Alone, bases.modified)) {
                if (!base.habits().suites12().contains(suite)) {
                    add(base, "it offers " + suite + ", too",
                            base.habits().suites12(Habits.plus(base.habits().suites12(), List.of(suite))), HELLO);
                }
            }
        }
        for (Base base : List.of(bases.basic, bases.aes)) {
            add(base, "it offers TLS_RSA_WITH_AES_256_CBC_SHA, too",
                    base.habits().suites12(Habits.plus(suites("RSA_WITH_AES_256_CBC_SHA"), base.habits().suites12())),
                    HELLO);
        }
        add(bases.aes, "it does not offer the AES suite",
                bases.aes.habits().suites12(suites("RSA_WITH_3DES_EDE_CBC_SHA")), HELLO);
        add(bases.basic, "it offers the AES suite only",
                bases.basic.habits().suites12(suites("RSA_WITH_AES_128_CBC_SHA")), HELLO);
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.tls12Alone, bases.modified)) {
            add(base, "it offers one suite of TLS 1.2 only",
                    base.habits().suites12(suites("ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")), HELLO);
        }
        add(bases.modified, "it offers no suite of TLS 1.2 that is listed",
                bases.modified.habits().suites12(suites("ECDHE_RSA_WITH_AES_128_CBC_SHA256")), HELLO,
                lost(Property.STRONG_SUITE_FIRST));
        order();
        preferences();
        for (int code : new int[] {0xC010, 0xC011, 0xC012, 0xC019, 0xC031}) {
            CipherSuite suite = CipherSuite.of(code);
            add(bases.forwardSecret, "it takes " + suite + " without having offered it",
                    bases.forwardSecret.habits().with(Oddity.SUITE_NOT_OFFERED_TAKEN),
                    List.of(String.format("C23-%04x", code)), new Change.Added(Dimension.SUITE_TLS12, suite, Whose.OWN));
        }
    }

    private void order() {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField)) {
            add(base, "its first suite is one with static RSA",
                    base.habits().suites12(Habits.plus(suites("RSA_WITH_AES_256_GCM_SHA384"), base.habits().suites12())),
                    HELLO, lost(Property.STRONG_SUITE_FIRST, Property.FORWARD_SECRECY_PREFERRED));
            add(base, "its first suite is one with CBC",
                    base.habits().suites12(
                            Habits.plus(suites("ECDHE_RSA_WITH_AES_256_CBC_SHA384"), base.habits().suites12())),
                    HELLO, lost(Property.STRONG_SUITE_FIRST));
        }
    }

    /** The same suites in another order. */
    private void preferences() {
        Habits habits = bases.modifiedFiniteField.habits();
        List<CipherSuite> dhe = suites("DHE_RSA_WITH_AES_128_GCM_SHA256");
        add(bases.modifiedFiniteField, "its DHE suite comes first",
                habits.suites12(Habits.plus(dhe, Habits.minus(habits.suites12(), dhe))),
                HELLO, lost(Property.ECDHE_BEFORE_DHE, Property.SUITES_256_BIT_FIRST));
        List<CipherSuite> strong = bases.modified.habits().suites12().stream().filter(s -> s.bits() == 256).toList();
        add(bases.modified, "its suites of 128 bits come first",
                bases.modified.habits().suites12(
                        Habits.plus(Habits.minus(bases.modified.habits().suites12(), strong), strong)),
                HELLO, lost(Property.SUITES_256_BIT_FIRST));
    }

    private void suites13() {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.modified)) {
            Habits habits = base.habits();
            for (String name : List.of("SHA256_SHA256", "AES_128_CCM_8_SHA256")) {
                CipherSuite suite = suites(name).get(0);
                add(base, "it offers " + suite + ", too", habits.suites13(Habits.plus(habits.suites13(), List.of(suite))),
                        HELLO);
            }
        }
        Habits habits = bases.forwardSecret.habits();
        add(bases.forwardSecret, "it does not offer TLS_AES_128_GCM_SHA256",
                habits.suites13(habits.suites13().subList(0, 2)), HELLO);
        add(bases.forwardSecret, "it offers TLS_AES_128_GCM_SHA256 alone", habits.suites13(habits.suites13().subList(2, 3)),
                HELLO);
        add(bases.modified, "it offers no suite of TLS 1.3 that is listed",
                bases.modified.habits().suites13(suites("SHA256_SHA256")), HELLO);
    }

    private void groupsAndSchemes() {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.tls12Alone, bases.modified, bases.basic)) {
            Habits habits = base.habits();
            for (String name : List.of(
                    "secp160r1", "secp192r1", "secp224r1", "brainpoolP256r1", "ffdhe2048", "SecP384r1MLKEM1024")) {
                NamedGroup group = NamedGroup.named(name).orElseThrow();
                if (!habits.groups().contains(group)) {
                    add(base, "it offers the group " + name + ", too",
                            habits.groups(Habits.plus(habits.groups(), List.of(group))), HELLO);
                }
            }
            for (int code : new int[] {0x0101, 0x0201, 0x0303, 0x0807}) {
                add(base, "it offers " + schemes(code).get(0) + ", too",
                        habits.schemes(Habits.plus(habits.schemes(), schemes(code))), HELLO);
            }
        }
        for (Base base : List.of(bases.forwardSecret, bases.finiteField)) {
            Habits habits = base.habits();
            add(base, "it does not offer P-256",
                    habits.groups(Habits.minus(habits.groups(), List.of(NamedGroup.SECP256R1))), HELLO);
            add(base, "it offers schemes with SHA-384 only", habits.schemes(schemes(0x0805, 0x0503, 0x0501)), HELLO);
        }
        add(bases.forwardSecret, "it does not offer X25519", bases.forwardSecret.habits()
                .groups(Habits.minus(bases.forwardSecret.habits().groups(), List.of(NamedGroup.X25519))), HELLO);
    }

    private void hellos() {
        String hello = HELLO.get(0);
        odd("it does not signal renegotiation_info", Oddity.RENEGOTIATION_INFO_NOT_SENT, hello);
        odd("it does not offer extended_master_secret", Oddity.EXTENDED_MASTER_SECRET_NOT_SENT, hello);
        odd("it offers compressed points", Oddity.POINT_FORMATS_COMPRESSED, hello);
        odd("it offers compression", Oddity.COMPRESSION_OFFERED, hello);
        odd("it offers truncated_hmac", Oddity.TRUNCATED_HMAC_OFFERED, hello);
        odd("it offers early data", Oddity.EARLY_DATA_OFFERED, hello);
        add(bases.tls12Alone, "it sends no supported_groups", bases.tls12Alone.habits().with(Oddity.GROUPS_NOT_SENT), HELLO);
        odd("it uses one key share for all connections", Oddity.SHARE_REUSED, hello);
        odd("it sends plain DICOM first", Oddity.PLAIN_DICOM_FIRST, hello);
        odd("its nonces are random", Oddity.RANDOM_NONCES, hello);
    }

    private void behaviours() {
        odd("it takes TLS 1.2 without renegotiation_info", Oddity.RENEGOTIATION_INFO_NOT_DEMANDED, "C19");
        odd("it takes TLS 1.2 without extended_master_secret", Oddity.EXTENDED_MASTER_SECRET_NOT_DEMANDED, "C21");
        odd("it takes compression that it did not offer", Oddity.COMPRESSION_TAKEN, "C22");
        odd("it ignores the mark of a server that has TLS 1.3", Oddity.SENTINEL_OF_TLS_1_3_IGNORED, "C18-01");
        odd("it ignores the mark of TLS 1.1", Oddity.SENTINEL_OF_TLS_1_1_IGNORED, "C18-00");
        add(bases.forwardSecret, "it takes a key share of zeros",
                bases.forwardSecret.habits().with(Oddity.ZERO_SHARE_TAKEN).with(Oddity.ALERT_IN_THE_CLEAR),
                List.of("C25-zero"));
        odd("it takes an application protocol that it did not offer", Oddity.PROTOCOL_NOT_OFFERED_TAKEN, "C26");
        odd("it follows a HelloRequest", Oddity.HELLO_REQUEST_FOLLOWED, "C31");
        odd("it speaks DICOM in the clear with one who begins so", Oddity.PLAIN_ANSWER_TAKEN, "C35");
        odd("it tries again with a lower version", Oddity.FALLS_BACK, "C16");
        odd("it has handshake_failure for a version that it did not offer", Oddity.ANOTHER_ALERT, "C17");
        for (Base base : List.of(bases.finiteField, bases.tls12Alone, bases.modifiedFiniteField)) {
            add(base, "it takes primes of 1024 bits", base.habits().dheBits(1024), List.of("C24"));
        }
        add(bases.finiteField, "it takes primes of 512 bits", bases.finiteField.habits().dheBits(512), List.of("C24"));
    }

    private void serverCertificates() {
        for (Flaw flaw : Flaw.values()) {
            String number = switch (flaw) {
                case WRONG_HOST, COMMON_NAME_ONLY, WILDCARD_PARTIAL, WILDCARD_DOUBLE, WILDCARD_INNER -> "C29-";
                default -> "C28-";
            };
            if (flaw.isAcceptable() || flaw == Flaw.EKU_SERVER_ONLY || flaw == Flaw.REVOKED) {
                continue;
            }
            add(bases.forwardSecret, "it takes a certificate: " + flaw.description(),
                    bases.forwardSecret.habits().taking(flaw), List.of(number + flaw.id()));
        }
    }

    private void ownCertificates() {
        Habits habits = bases.forwardSecret.habits();
        for (Base base : List.of(bases.forwardSecret, bases.modified, bases.tls12Alone)) {
            add(base, "it has no certificate", base.habits().credential(Optional.empty()), HELLO);
        }
        add(bases.forwardSecret, "its certificate has an RSA key of 768 bits",
                habits.credential(Optional.of(certificates.rsa(768))), HELLO);
        for (String curve : List.of("secp160r1", "secp192r1")) {
            Habits tls12 = bases.tls12Alone.habits().credential(Optional.of(certificates.ec(curve)));
            add(bases.tls12Alone, "its certificate has a key on " + curve, tls12, HELLO);
        }
    }

    /** What the auditor did not see at first. */
    private void lately() {
        Base base = bases.tls12Alone;
        Habits habits = bases.forwardSecret.habits();
        add(bases.forwardSecret, "it offers TLS 1.3 now and then",
                habits.with(Oddity.TLS_1_3_NOW_AND_THEN), HELLO);
        add(bases.forwardSecret, "it offers to resume without a key exchange",
                habits.with(Oddity.PSK_WITHOUT_KEY_EXCHANGE_OFFERED), HELLO);
        add(bases.forwardSecret, "it takes a key share of zeros and says so under the keys from it",
                habits.with(Oddity.ZERO_SHARE_TAKEN), List.of("C25-zero"));
        add(base, "it has TLS 1.0 and 1.1, too, with a suite for them",
                base.habits()
                        .versions(List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0))
                        .suites12(Habits.plus(base.habits().suites12(), suites("ECDHE_RSA_WITH_AES_128_CBC_SHA"))),
                List.of("C17"), lost(Property.PROTOCOL_VERSION_ALERT));
        add(bases.forwardSecret, "it checks certificates after the handshake and before DICOM",
                habits.with(Oddity.CHECKS_AFTERWARDS), List.of("C28-expired", "C29-wrong-host"));
        add(bases.forwardSecret, "it reuses the second of two key shares",
                habits.with(Oddity.SECOND_SHARE_REUSED), HELLO);
        for (Base old : List.of(bases.basic, bases.aes)) {
            add(old, "it has TLS 1.2, too",
                    old.habits().versions(List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_0)), List.of("C17"),
                    lost(Property.PROTOCOL_VERSION_ALERT));
        }
        add(bases.aes, "it lists the Triple DES suite first",
                bases.aes.habits().suites12(suites("RSA_WITH_3DES_EDE_CBC_SHA", "RSA_WITH_AES_128_CBC_SHA")), HELLO,
                lost(Property.AES_BEFORE_3DES));
        add(bases.aes, "it sends no signature_algorithms",
                bases.aes.habits().with(Oddity.SCHEMES_NOT_SENT), HELLO);
    }
}
