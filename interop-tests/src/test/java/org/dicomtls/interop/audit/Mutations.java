package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.witness.Change.Whose;
import org.dicomtls.interop.witness.Change;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** The odd servers: each departs from an honest one in one fact. */
final class Mutations {

    private final OddCertificates certificates;
    private final List<Mutation> all = new ArrayList<>();

    Mutations(Bases bases, OddCertificates certificates) {
        this.certificates = certificates;
        versions(bases);
        suites(bases);
        preferences(bases);
        groupsAndSchemes(bases);
        servers(bases);
        clients(bases);
        oddities(bases);
    }

    List<Mutation> all() {
        return List.copyOf(all);
    }

    private void add(Base base, String words, Habits habits, List<Change> changes, Map<Object, String> unknown) {
        all.add(new Mutation(base, words, habits, changes, unknown));
    }

    private void add(Base base, String words, Habits habits, Change... changes) {
        add(base, words, habits, List.of(changes), Map.of());
    }

    // ---- versions

    private void versions(Bases bases) {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField)) {
            speaksToo(base, TlsVersion.SSL_3);
            speaksToo(base, TlsVersion.TLS_1_1);
            add(base, "it speaks SSLv2, too", base.habits().with(Oddity.SSL_2),
                    Change.added(Dimension.VERSION, TlsVersion.SSL_2));
        }
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.tls12Alone, bases.modified)) {
            speaksToo(base, TlsVersion.TLS_1_0);
        }
        Base alone = bases.tls12Alone;
        add(alone, "it speaks TLSv1.3, too", alone.habits().versions(bases.finiteField.habits().versions()),
                Change.added(Dimension.VERSION, TlsVersion.TLS_1_3));
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.modified)) {
            withoutTls12(base);
            withoutTls13(base);
        }
        for (Base base : List.of(bases.aes, bases.basic)) {
            add(base, "it speaks TLSv1.1 instead", base.habits().versions(List.of(TlsVersion.TLS_1_1)),
                    Change.left(Dimension.VERSION, List.of(TlsVersion.TLS_1_1)),
                    Change.added(Dimension.VERSION, TlsVersion.TLS_1_1));
        }
    }

    private void speaksToo(Base base, TlsVersion version) {
        List<Change> changes = new ArrayList<>(List.of(Change.added(Dimension.VERSION, version)));
        // A hello of TLS 1.0 or 1.1 is then answered by a ServerHello, if need be with an older version, and by no alert.
        changes.addAll(Change.lost(Property.PROTOCOL_VERSION_ALERT));
        add(base, "it speaks " + version + ", too",
                base.habits().versions(Habits.plus(base.habits().versions(), List.of(version))), changes, Map.of());
    }

    private void withoutTls12(Base base) {
        add(base, "it does not speak TLSv1.2", base.habits().versions(List.of(TlsVersion.TLS_1_3)),
                List.of(Change.left(Dimension.VERSION, List.of(TlsVersion.TLS_1_3)),
                        Change.left(Dimension.SUITE_TLS12, List.of())),
                Map.of(Property.DOWNGRADE_SENTINEL, "there is no downgrade to mark"));
    }

    private void withoutTls13(Base base) {
        add(base, "it does not speak TLSv1.3", base.habits().versions(List.of(TlsVersion.TLS_1_2)),
                List.of(Change.left(Dimension.VERSION, List.of(TlsVersion.TLS_1_2)),
                        Change.left(Dimension.SUITE_TLS13, List.of())),
                Map.of(Property.INVALID_KEY_SHARES_REFUSED, "in TLS 1.2 not asked of servers that want certificates",
                        Property.PREFERS_TLS_1_3, "nothing to prefer: the server does not speak it"));
    }

    // ---- suites

    private void suites(Bases bases) {
        suitesToo(bases.forwardSecret,
                "ECDHE_RSA_WITH_NULL_SHA", "ECDHE_RSA_WITH_RC4_128_SHA", "RSA_WITH_DES_CBC_SHA",
                "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "RSA_WITH_AES_128_GCM_SHA256", "DH_RSA_WITH_AES_128_GCM_SHA256",
                "ECDH_RSA_WITH_AES_128_GCM_SHA256", "DH_anon_WITH_AES_128_GCM_SHA256",
                "DHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE_RSA_WITH_AES_128_CBC_SHA256");
        suitesToo(bases.finiteField,
                "ECDHE_RSA_WITH_NULL_SHA", "ECDHE_RSA_WITH_RC4_128_SHA", "RSA_EXPORT_WITH_DES40_CBC_SHA",
                "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "RSA_WITH_AES_128_GCM_SHA256",
                "ECDHE_RSA_WITH_AES_128_CBC_SHA256");
        suitesToo(bases.tls12Alone, "ECDHE_RSA_WITH_AES_128_CBC_SHA256");
        suitesToo(bases.modified,
                "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "ECDHE_RSA_WITH_ARIA_128_GCM_SHA256",
                "DHE_RSA_WITH_AES_128_GCM_SHA256");
        suitesToo(bases.aesLater, "RSA_WITH_AES_256_CBC_SHA");
        suitesToo(bases.basicLater, "RSA_WITH_AES_256_CBC_SHA");
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.modified)) {
            suites13Too(base, "TLS_SHA256_SHA256");
            suites13Too(base, "TLS_SM4_GCM_SM3");
        }
        withoutSuites(bases.forwardSecret, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        withoutSuites(bases.finiteField, "DHE_RSA_WITH_AES_128_GCM_SHA256");
        withoutSuites(bases.tls12Alone, "DHE_RSA_WITH_AES_128_GCM_SHA256");
        withoutSuites(bases.tls12Alone,
                "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        withoutSuites(bases.modified, "ECDHE_ECDSA_WITH_AES_128_CCM");
        withoutSuites(bases.modified,
                "ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", "ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
                "ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", "ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256");
        withoutSuites(bases.modifiedFiniteField,
                "DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE_RSA_WITH_AES_128_GCM_SHA256");
        withoutSuites(bases.aesLater, "RSA_WITH_3DES_EDE_CBC_SHA");
        Base basic = bases.basicLater;
        List<CipherSuite> aes = Bases.suites("RSA_WITH_AES_128_CBC_SHA");
        add(basic, "it has TLS_RSA_WITH_AES_128_CBC_SHA instead", basic.habits().suites12(aes),
                Change.left(Dimension.SUITE_TLS12, aes), Change.added(Dimension.SUITE_TLS12, aes.get(0)));
        without13(bases.forwardSecret, CipherSuite.TLS_AES_128_GCM_SHA256);
        without13(bases.forwardSecret, CipherSuite.TLS_CHACHA20_POLY1305_SHA256);
        without13(bases.modified, CipherSuite.TLS_AES_128_CCM_8_SHA256);
    }

    private void suitesToo(Base base, String... names) {
        for (CipherSuite suite : Bases.suites(names)) {
            List<Change> changes = new ArrayList<>(List.of(Change.added(Dimension.SUITE_TLS12, suite)));
            if (suite.keyExchange() == KeyExchange.DHE) {
                changes.add(Change.added(Dimension.GROUP, NamedGroup.named("ffdhe2048").orElseThrow()));
            }
            add(base, "it has " + suite + ", too",
                    base.habits().suites12(Habits.plus(base.habits().suites12(), List.of(suite))), changes, Map.of());
        }
    }

    private void suites13Too(Base base, String name) {
        CipherSuite suite = CipherSuite.require(name);
        add(base, "it has " + suite + ", too",
                base.habits().suites13(Habits.plus(base.habits().suites13(), List.of(suite))),
                Change.added(Dimension.SUITE_TLS13, suite));
    }

    private void withoutSuites(Base base, String... names) {
        List<CipherSuite> gone = Bases.suites(names);
        List<CipherSuite> left = Habits.minus(base.habits().suites12(), gone);
        add(base, "it is without " + words(gone), base.habits().suites12(left), Change.left(Dimension.SUITE_TLS12, left));
    }

    private void without13(Base base, CipherSuite gone) {
        List<CipherSuite> left = Habits.minus(base.habits().suites13(), List.of(gone));
        add(base, "it is without " + gone, base.habits().suites13(left), Change.left(Dimension.SUITE_TLS13, left));
    }

    private static String words(Collection<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    // ---- preference

    private void preferences(Bases bases) {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField)) {
            first(base, "RSA_WITH_AES_256_GCM_SHA384", Property.FORWARD_SECRECY_PREFERRED, Property.STRONG_SUITE_CHOSEN);
            first(base, "ECDHE_RSA_WITH_AES_256_CBC_SHA384", Property.STRONG_SUITE_CHOSEN);
            add(base, "the client's order of suites decides", base.habits().with(Oddity.CLIENT_ORDER_OF_SUITES),
                    Change.lost(Property.STRONGEST_SUITE_CHOSEN, Property.SUITES_256_BIT_FIRST), Map.of());
        }
        Base modified = bases.modified;
        List<CipherSuite> weakFirst = new ArrayList<>(Bases.suites("ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256"));
        weakFirst.addAll(Habits.minus(modified.habits().suites12(), weakFirst));
        add(modified, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256 is its first choice",
                modified.habits().suites12(weakFirst), Change.lost(Property.SUITES_256_BIT_FIRST), Map.of());
        List<CipherSuite> weakFirst13 = new ArrayList<>(List.of(CipherSuite.TLS_AES_128_GCM_SHA256));
        weakFirst13.addAll(Habits.minus(modified.habits().suites13(), weakFirst13));
        add(modified, "TLS_AES_128_GCM_SHA256 is its first choice",
                modified.habits().suites13(weakFirst13), Change.lost(Property.SUITES_256_BIT_FIRST), Map.of());
        Base field = bases.modifiedFiniteField;
        List<CipherSuite> dheFirst = new ArrayList<>(Bases.suites("DHE_RSA_WITH_AES_256_GCM_SHA384"));
        dheFirst.addAll(Habits.minus(field.habits().suites12(), dheFirst));
        add(field, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 is its first choice", field.habits().suites12(dheFirst),
                Change.lost(Property.ECDHE_BEFORE_DHE), Map.of());
    }

    private void first(Base base, String name, Property... lost) {
        List<CipherSuite> suites = new ArrayList<>(Bases.suites(name));
        List<Change> changes = new ArrayList<>(Change.lost(lost));
        changes.add(Change.added(Dimension.SUITE_TLS12, suites.get(0)));
        suites.addAll(base.habits().suites12());
        add(base, suites.get(0) + " is its first choice", base.habits().suites12(suites), changes,
                Map.of());
    }

    // ---- key exchange and signatures

    private void groupsAndSchemes(Bases bases) {
        groupToo(bases.forwardSecret, "secp192r1");
        groupToo(bases.forwardSecret, "brainpoolP256r1");
        groupToo(bases.finiteField, "sect163k1");
        groupToo(bases.finiteField, "brainpoolP256r1");
        groupToo(bases.tls12Alone, "secp224r1");
        groupToo(bases.modified, "secp224r1");
        groupToo(bases.modified, "X25519MLKEM768");
        withoutGroup(bases.forwardSecret, NamedGroup.X25519);
        withoutGroup(bases.finiteField, NamedGroup.SECP256R1);
        schemeToo(bases.forwardSecret, 0x0201);
        schemeToo(bases.forwardSecret, 0x0301);
        schemeToo(bases.modified, 0x0601);
        for (Base base : List.of(bases.finiteField, bases.tls12Alone, bases.modifiedFiniteField)) {
            add(base, "the prime of its DHE suites has 1024 bits", base.habits().dheBits(1024),
                    new Change.Smaller(Metric.DHE_BITS, 1024, Whose.OWN));
        }
    }

    private void groupToo(Base base, String name) {
        NamedGroup group = NamedGroup.named(name).orElseThrow();
        List<Change> changes = new ArrayList<>(List.of(Change.added(Dimension.GROUP, group)));
        if (group.ellipticCurve()) {
            changes.add(new Change.Smaller(Metric.ECDHE_BITS, group.bits(), Whose.OWN));
        }
        add(base, "it has the group " + group + ", too",
                base.habits().groups(Habits.plus(base.habits().groups(), List.of(group))), changes, Map.of());
    }

    private void withoutGroup(Base base, NamedGroup group) {
        List<NamedGroup> left = Habits.minus(base.habits().groups(), List.of(group));
        add(base, "it is without the group " + group, base.habits().groups(left), Change.left(Dimension.GROUP, left));
    }

    private void schemeToo(Base base, int code) {
        SignatureScheme scheme = SignatureScheme.of(code);
        add(base, "it signs with " + scheme + ", too",
                base.habits().schemes(Habits.plus(base.habits().schemes(), List.of(scheme))),
                Change.added(Dimension.SCHEME, scheme));
    }

    // ---- certificates

    private void servers(Bases bases) {
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.modified)) {
            int bits = base == bases.finiteField ? 768 : 1024;
            presents(base, "an RSA key of " + bits + " bits", certificates.rsa(bits, "SHA256"),
                    new Change.Smaller(Metric.RSA_CERTIFICATE_BITS, bits, Whose.OWN));
            presents(base, "a certificate signed with SHA-224", certificates.rsa(2048, "SHA224"),
                    Change.added(Dimension.CERTIFICATE_HASH, HashAlgorithm.SHA224));
        }
        presents(bases.forwardSecret, "a certificate signed with SHA-1", certificates.rsa(2048, "SHA1"),
                Change.added(Dimension.CERTIFICATE_HASH, HashAlgorithm.SHA1));
        curve(bases.forwardSecret, "secp384r1", 384);
        curve(bases.forwardSecret, "brainpoolP256r1", 256);
        curve(bases.forwardSecret, "secp256k1", 256);
        curve(bases.forwardSecret, "secp192r1", 192);
        curve(bases.finiteField, "secp160r1", 160);
        curve(bases.modified, "secp224r1", 224);
    }

    private void curve(Base base, String name, int bits) {
        presents(base, "an ECDSA key on " + name, certificates.ec(name, "SHA256"),
                new Change.Smaller(Metric.EC_CERTIFICATE_BITS, bits, Whose.OWN), new Change.Lost(Property.P_256_FOR_ECDSA));
    }

    private void presents(Base base, String words, Credential credential, Change... changes) {
        String kind = credential.certificate().getPublicKey().getAlgorithm().substring(0, 2);
        List<Credential> kept = new ArrayList<>(base.habits().credentials());
        kept.removeIf(c -> c.certificate().getPublicKey().getAlgorithm().startsWith(kind));
        kept.add(credential);
        add(base, "it has " + words, base.habits().credentials(kept), changes);
    }

    private void clients(Bases bases) {
        for (Base base : List.of(bases.forwardSecret, bases.modified)) {
            takes(base, Flaw.RSA_1024, new Change.Smaller(Metric.RSA_CERTIFICATE_BITS, 1024, Whose.OF_CLIENTS));
        }
        takes(bases.modified, Flaw.P_224, new Change.Smaller(Metric.EC_CERTIFICATE_BITS, 224, Whose.OF_CLIENTS));
        takes(bases.modified, Flaw.SHA1_LEAF, new Change.Added(Dimension.CERTIFICATE_HASH, HashAlgorithm.SHA1, Whose.OF_CLIENTS));
        takes(bases.modified, Flaw.MD5_LEAF, new Change.Added(Dimension.CERTIFICATE_HASH, HashAlgorithm.MD5, Whose.OF_CLIENTS));
        takes(bases.finiteField, Flaw.EXPIRED, new Change.Lost(Property.CERTIFICATE_PATH_VALIDATED));
        Base field = bases.finiteField;
        add(field, "it takes this of clients in TLS 1.3: " + Flaw.EXPIRED.description(),
                field.habits().taking(Flaw.EXPIRED).with(Oddity.FLAWS_TAKEN_IN_TLS_1_3_ONLY),
                new Change.Lost(Property.CERTIFICATE_PATH_VALIDATED));
        takes(field, Flaw.EKU_SERVER_ONLY, new Change.Lost(Property.CERTIFICATE_PATH_VALIDATED));
        for (Base base : List.of(bases.forwardSecret, bases.finiteField, bases.modified)) {
            unchecked(base, Oddity.UNKNOWN_AUTHORITY_TAKEN, "");
        }
        unchecked(field, Oddity.UNKNOWN_AUTHORITY_TAKEN_IN_TLS_1_3, " in TLS 1.3");
        for (Base base : List.of(bases.finiteField, bases.modified)) {
            notInsisting(base);
        }
    }

    private void takes(Base base, Flaw flaw, Change change) {
        add(base, "it takes this of clients: " + flaw.description(), base.habits().taking(flaw), change);
    }

    private void unchecked(Base base, Oddity oddity, String where) {
        add(base, "it takes client certificates of any authority" + where, base.habits().with(oddity),
                Change.lost(
                        Property.CLIENT_AUTHENTICATION_SUPPORTED, Property.CLIENT_AUTHENTICATION_REQUIRED,
                        Property.CERTIFICATE_PATH_VALIDATED),
                Map.of());
    }

    private void notInsisting(Base base) {
        for (Oddity oddity :
                List.of(Oddity.CLIENT_CERTIFICATE_NOT_NEEDED, Oddity.CLIENT_CERTIFICATE_NOT_NEEDED_IN_TLS_1_3)) {
            boolean everywhere = oddity == Oddity.CLIENT_CERTIFICATE_NOT_NEEDED;
            add(base, "it takes clients without a certificate" + (everywhere ? "" : " in TLS 1.3"),
                    base.habits().with(oddity),
                    Change.lost(Property.CLIENT_AUTHENTICATION_REQUIRED),
                    Map.of(Property.CLIENT_AUTHENTICATION_SUPPORTED, "whether it can insist is not visible",
                            Property.CERTIFICATE_PATH_VALIDATED, "nobody was refused for want of a valid path"));
        }
        add(base, "it asks for no client certificate", base.habits().with(Oddity.CLIENT_CERTIFICATE_NOT_ASKED),
                Change.lost(Property.CLIENT_AUTHENTICATION_REQUIRED),
                Map.of(Property.CLIENT_AUTHENTICATION_SUPPORTED, "whether it can ask is not visible",
                        Property.CERTIFICATE_PATH_VALIDATED, "it sees no certificate",
                        Property.REVOCATION_STRATEGY, "it sees no certificate",
                        Property.CERTIFICATE_ATTRIBUTES_TOLERATED, "it sees no certificate"));
    }

    // ---- all else

    private void oddities(Bases bases) {
        Base strict = bases.forwardSecret;
        for (Base base : List.of(strict, bases.finiteField)) {
            odd(base, Oddity.NO_SENTINEL, "it leaves out the downgrade sentinel", Property.DOWNGRADE_SENTINEL);
            odd(base, Oddity.NO_RENEGOTIATION_INFO, "it leaves out renegotiation_info", Property.RENEGOTIATION_INFO);
            odd(base, Oddity.RENEGOTIATES, "it renegotiates", Property.RENEGOTIATION_REFUSED);
            odd(base, Oddity.COMPRESSION, "it compresses", Property.NO_COMPRESSION);
            odd(base, Oddity.TRUNCATED_HMAC, "it negotiates truncated_hmac", Property.NO_TRUNCATED_HMAC);
            odd(base, Oddity.NO_STAPLING, "it staples nothing", Property.OCSP_STAPLING);
            odd(base, Oddity.EARLY_DATA, "its tickets allow early data", Property.NO_EARLY_DATA);
            add(base, "its tickets are valid for 30 days", base.habits().ticketSeconds(30 * 86_400),
                    Change.lost(Property.TICKET_LIFETIME_LIMITED), Map.of());
            odd(base, Oddity.WRONG_ALERT_FOR_OLD_VERSIONS, "it answers old versions with handshake_failure",
                    Property.PROTOCOL_VERSION_ALERT);
            odd(base, Oddity.RECORD_VERSION_CHECKED, "it turns down unusual record versions", Property.ANY_RECORD_VERSION);
        }
        for (Base base : List.of(strict, bases.finiteField, bases.modified)) {
            odd(base, Oddity.CLIENT_ORDER_OF_VERSIONS, "the client's order of versions decides", Property.PREFERS_TLS_1_3);
        }
        for (Base base : List.of(strict, bases.finiteField, bases.tls12Alone, bases.modified, bases.aes, bases.basic)) {
            odd(base, Oddity.PLAIN_DICOM, "it takes plain DICOM on its TLS port",
                    Property.STRICT_TLS, Property.TLS_PORT_SEPARATE);
        }
        odd(strict, Oddity.NO_EXTENDED_MASTER_SECRET, "it is without extended_master_secret",
                Property.EXTENDED_MASTER_SECRET);
        odd(strict, Oddity.EXTENDED_MASTER_SECRET_NOT_DEMANDED, "it takes clients without extended_master_secret",
                Property.EXTENDED_MASTER_SECRET_DEMANDED);
        odd(strict, Oddity.RENEGOTIATION_INFO_NOT_DEMANDED, "it takes clients without renegotiation_info",
                Property.RENEGOTIATION_INFO_DEMANDED);
        odd(strict, Oddity.SHARE_REUSED, "it uses its key share again", Property.NO_KEY_SHARE_REUSE);
        odd(strict, Oddity.SHARE_OF_P_256_REUSED, "it uses its key share on P-256 again", Property.NO_KEY_SHARE_REUSE);
        odd(bases.modifiedFiniteField, Oddity.SHARE_OF_DHE_REUSED, "it uses its public value of DHE again",
                Property.NO_KEY_SHARE_REUSE);
        odd(strict, Oddity.INVALID_SHARE_TAKEN, "it takes a key share of all zeros", Property.INVALID_KEY_SHARES_REFUSED);
        odd(bases.anybody, Oddity.INVALID_POINT_TAKEN_IN_TLS_1_2, "it takes a point off the curve in TLS 1.2",
                Property.INVALID_KEY_SHARES_REFUSED);
        odd(strict, Oddity.STAPLES_IN_TLS_1_2_ONLY, "it staples nothing in TLS 1.3", Property.OCSP_STAPLING);
        odd(strict, Oddity.STAPLES_AN_EXCUSE, "it staples the word tryLater", Property.OCSP_STAPLING);
        odd(strict, Oddity.RANDOM_NONCES, "its explicit nonces are random", Property.COUNTER_NONCES);
        odd(strict, Oddity.RENEGOTIATES_IN_VAIN, "it renegotiates, and the second handshake fails at its end",
                Property.RENEGOTIATION_REFUSED);
        odd(strict, Oddity.SECOND_TICKET_FOR_30_DAYS, "its second ticket is valid for 30 days",
                Property.TICKET_LIFETIME_LIMITED);
        odd(strict, Oddity.POST_HANDSHAKE_AUTHENTICATION, "it asks for a certificate after the handshake",
                Property.NO_POST_HANDSHAKE_AUTHENTICATION);
        odd(strict, Oddity.PSK_WITHOUT_KEY_EXCHANGE, "it resumes sessions of TLS 1.3 without a key exchange",
                Property.RESUMPTION_WITH_KEY_EXCHANGE);
        odd(strict, Oddity.UNKNOWN_NAME_TAKEN, "it takes clients that ask for an unknown name",
                Property.UNKNOWN_SERVER_NAME_REFUSED);
        odd(strict, Oddity.UNKNOWN_PROTOCOL_TAKEN, "it takes clients of an unknown application protocol",
                Property.ALPN_MISMATCH_REFUSED);
        odd(bases.bound, Oddity.CBC_WITHOUT_ENCRYPT_THEN_MAC, "it does without encrypt_then_mac",
                Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC);
    }

    private void odd(Base base, Oddity oddity, String words, Property... lost) {
        add(base, words, base.habits().with(oddity), Change.lost(lost), Map.of());
    }
}
