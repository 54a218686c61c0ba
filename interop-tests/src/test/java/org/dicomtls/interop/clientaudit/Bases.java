package org.dicomtls.interop.clientaudit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** The sound clients: few, and every rule is kept by one of them at least. */
final class Bases {

    final Base forwardSecret;
    final Base finiteField;
    final Base tls12Alone;
    final Base modified;
    final Base modifiedFiniteField;
    final Base resuming;
    final Base aes;
    final Base basic;

    Bases(TestPki pki) {
        List<CipherSuite> ecdhe = suites(
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        List<CipherSuite> withDhe = suites(
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "DHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "ECDHE_RSA_WITH_AES_128_GCM_SHA256", "DHE_RSA_WITH_AES_128_GCM_SHA256");
        Habits habits = new Habits(
                List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2),
                ecdhe,
                List.of(CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_AES_128_GCM_SHA256),
                List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1),
                schemes(0x0403, 0x0804, 0x0401, 0x0805, 0x0501),
                Optional.of(pki.good(Role.CLIENT, KeyKind.ECDSA)),
                2048, Set.of(), Set.of());
        forwardSecret = new Base("ECDHE", "TLS 1.3 and 1.2 with ECDHE and AES-GCM alone", habits, profiles("bcp195-rfc9325"),
                Set.of());
        // The engine takes a group of RFC 7919 only where it offered it.
        Habits withGroup = habits.groups(Habits.plus(habits.groups(), List.of(NamedGroup.FFDHE2048)));
        finiteField = new Base("ECDHE and DHE", "the same with the two DHE suites of RFC 7525", withGroup.suites12(withDhe),
                profiles("bcp195", "bcp195-nd", "bcp195-rfc8996"), Set.of());
        tls12Alone = new Base("TLS 1.2 alone", "the same without TLS 1.3, and with an RSA certificate",
                withGroup.suites12(withDhe)
                        .versions(List.of(TlsVersion.TLS_1_2))
                        .credential(Optional.of(pki.good(Role.CLIENT, KeyKind.RSA))),
                profiles("bcp195-ex", "ihe-tls12-floor"), Set.of());
        List<CipherSuite> listed = suites(
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", "ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        modified = new Base("lists of B.13", "suites that PS3.15 B.13 lists, Camellia among them",
                habits.suites12(listed), profiles("bcp195-mod", "bcp195-mod-2023", "cryptrec-hs"), Set.of());
        modifiedFiniteField = new Base("lists of B.13 and DHE", "the same with a DHE suite",
                withGroup.suites12(Habits.plus(listed, suites("DHE_RSA_WITH_AES_128_GCM_SHA256"))),
                profiles("bcp195-mod", "bcp195-mod-2023", "cryptrec-hs"),
                Set.of("RFC9325/dhe-discouraged", "DT/dhe-off", "DT/groups"));
        resuming = new Base("ECDHE and sessions", "ECDHE, ready to take up a session with a key exchange",
                habits.with(Oddity.PSK_WITH_KEY_EXCHANGE_OFFERED), profiles("bcp195-rfc9325"), Set.of());
        Habits old = habits.versions(List.of(TlsVersion.TLS_1_0))
                .credential(Optional.of(pki.good(Role.CLIENT, KeyKind.RSA)));
        aes = new Base("AES of B.3", "TLS 1.0 with the AES and the Triple DES suite",
                old.suites12(suites("RSA_WITH_AES_128_CBC_SHA", "RSA_WITH_3DES_EDE_CBC_SHA")), profiles("aes"), Set.of());
        basic = new Base("Triple DES of B.1", "TLS 1.0 with the Triple DES suite",
                old.suites12(suites("RSA_WITH_3DES_EDE_CBC_SHA")), profiles("basic"), Set.of());
    }

    List<Base> all() {
        return List.of(forwardSecret, finiteField, tls12Alone, modified, modifiedFiniteField, resuming, aes, basic);
    }

    private static List<Profile> profiles(String... ids) {
        return DicomProfiles.all().stream().filter(p -> List.of(ids).contains(p.id())).toList();
    }

    static List<CipherSuite> suites(String... names) {
        return Arrays.stream(names).map(name -> CipherSuite.require("TLS_" + name)).toList();
    }

    static List<SignatureScheme> schemes(int... codes) {
        return Arrays.stream(codes).mapToObj(SignatureScheme::of).toList();
    }
}
