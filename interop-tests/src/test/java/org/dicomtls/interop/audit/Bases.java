package org.dicomtls.interop.audit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** The honest servers: few, and every rule is kept by one of them at least. */
final class Bases {

    private static final long ONE_DAY = 86_400;

    private static final Map<Object, String> OLD_ALONE = Map.of(
            Dimension.GROUP, "asked in TLS 1.2 and 1.3 only",
            Dimension.SCHEME, "asked in TLS 1.2 and 1.3 only");

    final Base forwardSecret;
    final Base finiteField;
    final Base tls12Alone;
    final Base modified;
    final Base modifiedFiniteField;
    final Base bound;
    final Base anybody;
    final Base aes;
    final Base basic;
    final Base aesLater;
    final Base basicLater;

    Bases(TestPki pki, OddCertificates certificates) {
        List<CipherSuite> ecdhe = suites(
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        List<CipherSuite> dhe = suites("DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE_RSA_WITH_AES_128_GCM_SHA256");
        Habits habits = new Habits(
                List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2),
                ecdhe,
                List.of(CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_AES_128_GCM_SHA256),
                List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1),
                schemes(0x0403, 0x0804, 0x0401, 0x0805, 0x0501),
                List.of(pki.good(Role.SERVER, KeyKind.ECDSA), certificates.rsa(2048, "SHA256")),
                2048, ONE_DAY, Set.of(), Set.of());
        forwardSecret = new Base("ECDHE", "TLS 1.3 and 1.2 with ECDHE and AES-GCM alone",
                habits, List.of(DicomProfiles.BCP195_RFC9325), Set.of("B12/port-2762"), Map.of());
        Habits both = habits.suites12(order(ecdhe, dhe));
        finiteField = new Base("ECDHE and DHE", "the same with the two DHE suites of RFC 7525",
                both,
                List.of(profile("bcp195"), profile("bcp195-nd"), profile("bcp195-rfc8996"), profile("ihe-tls12-floor")),
                Set.of("B9/port-2762", "B10/port-2762", "B12/port-2762"), Map.of());
        tls12Alone = new Base("TLS 1.2 alone", "the same without TLS 1.3",
                both.versions(List.of(TlsVersion.TLS_1_2)), List.of(profile("bcp195-ex")),
                Set.of("B11/port-2762"), Map.of());
        List<CipherSuite> listed = suites(
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_AES_256_CCM", "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384",
                "ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE_ECDSA_WITH_AES_128_CCM",
                "ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", "ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256",
                "ECDHE_ECDSA_WITH_AES_256_CCM_8", "ECDHE_ECDSA_WITH_AES_128_CCM_8");
        List<Profile> lists = List.of(profile("bcp195-mod"), profile("bcp195-mod-2023"), profile("cryptrec-hs"));
        Habits long13 = habits.suites13(List.of(
                CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_AES_128_CCM_SHA256,
                CipherSuite.TLS_AES_128_CCM_8_SHA256));
        modified = new Base("lists of B.13", "all suites that PS3.15 B.13 lists with ECDHE",
                long13.suites12(listed), lists, Set.of("B13/port-2762", "B13-2023/tls12-fallback-suites"), Map.of());
        modifiedFiniteField = new Base("lists of B.13 and DHE", "the same with two DHE suites",
                long13.suites12(order(listed, dhe)), lists,
                Set.of("B13/port-2762", "RFC9325/dhe-discouraged", "DT/dhe-off", "DT/groups"), Map.of());
        bound = new Base("CBC with encrypt_then_mac", "ECDHE with a CBC suite, which needs encrypt_then_mac",
                habits.suites12(order(ecdhe, suites("ECDHE_RSA_WITH_AES_128_CBC_SHA256"))),
                List.of(DicomProfiles.BCP195_RFC9325),
                Set.of("B12/port-2762", "DT/forward-secret-aead-suites", "DT/cbc-off"), Map.of());
        anybody = new Base("ECDHE for anybody", "ECDHE, without client certificates and with P-256 first",
                habits.with(Oddity.CLIENT_CERTIFICATE_NOT_ASKED),
                List.of(DicomProfiles.BCP195_RFC9325), Set.of("B12/port-2762"),
                Map.of(Property.CLIENT_AUTHENTICATION_SUPPORTED, "whether it can ask is not visible"));
        Habits old = habits.versions(List.of(TlsVersion.TLS_1_0));
        Habits later = habits.versions(List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0));
        aes = new Base("AES of B.3", "TLS 1.0 with the AES and the Triple DES suite",
                old.suites12(suites("RSA_WITH_AES_128_CBC_SHA", "RSA_WITH_3DES_EDE_CBC_SHA")),
                List.of(profile("aes")), Set.of("B3/port-2762"), OLD_ALONE);
        aesLater = new Base("AES of B.3 up to TLS 1.2", "the same with TLS 1.1 and 1.2",
                later.suites12(suites("RSA_WITH_AES_128_CBC_SHA", "RSA_WITH_3DES_EDE_CBC_SHA")),
                List.of(profile("aes")), Set.of("B3/port-2762", "DT/tls10-only"), Map.of());
        basicLater = new Base("Triple DES of B.1 up to TLS 1.2", "the same with TLS 1.1 and 1.2",
                later.suites12(suites("RSA_WITH_3DES_EDE_CBC_SHA")),
                List.of(profile("basic")), Set.of("B1/port-2762", "DT/tls10-only"), Map.of());
        basic = new Base("Triple DES of B.1", "TLS 1.0 with the Triple DES suite",
                old.suites12(suites("RSA_WITH_3DES_EDE_CBC_SHA")), List.of(profile("basic")), Set.of("B1/port-2762"),
                OLD_ALONE);
    }

    List<Base> all() {
        return List.of(forwardSecret, finiteField, tls12Alone, modified, modifiedFiniteField, bound, anybody, aes, aesLater,
                basic, basicLater);
    }

    private static Profile profile(String id) {
        return DicomProfiles.all().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
    }

    static List<CipherSuite> suites(String... names) {
        return java.util.Arrays.stream(names).map(name -> CipherSuite.require("TLS_" + name)).toList();
    }

    static List<SignatureScheme> schemes(int... codes) {
        return java.util.Arrays.stream(codes).mapToObj(SignatureScheme::of).toList();
    }

    /** The suites with 256-bit keys first, each part in its order. */
    private static List<CipherSuite> order(List<CipherSuite> first, List<CipherSuite> second) {
        return Habits.plus(first, second).stream()
                .sorted(java.util.Comparator.comparing((CipherSuite s) -> s.bits() != 256))
                .toList();
    }
}
