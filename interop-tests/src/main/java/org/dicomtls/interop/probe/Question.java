package org.dicomtls.interop.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** A ClientHello of any shape, and what it is sent for. Immutable. */
final class Question {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Groups in the order of today's clients, and then all others that are registered. */
    static final List<NamedGroup> ALL_GROUPS = allGroups();
    /** Schemes in the order of today's clients, and then all others that are registered. */
    static final List<SignatureScheme> ALL_SCHEMES = allSchemes();

    private final String label;
    private final int recordVersion;
    private final TlsVersion legacyVersion;
    private final byte[] sessionId;
    private final List<CipherSuite> suites;
    private final byte[] compression;
    private final Map<Integer, byte[]> extensions;
    private final Optional<KeyShare> share;

    private Question(
            String label,
            int recordVersion,
            TlsVersion legacyVersion,
            byte[] sessionId,
            List<CipherSuite> suites,
            byte[] compression,
            Map<Integer, byte[]> extensions,
            Optional<KeyShare> share) {
        this.label = label;
        this.recordVersion = recordVersion;
        this.legacyVersion = legacyVersion;
        this.sessionId = sessionId;
        this.suites = List.copyOf(suites);
        this.compression = compression;
        this.extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
        this.share = share;
    }

    /** A hello of TLS 1.2 with all groups and schemes, extended_master_secret, renegotiation_info and encrypt_then_mac. */
    static Question tls12(List<CipherSuite> suites) {
        Question bare = new Question(
                "", 0x0301, TlsVersion.TLS_1_2, new byte[0], suites, new byte[] {0}, Map.of(), Optional.empty());
        return bare.groups(ALL_GROUPS)
                .extension(Extensions.EC_POINT_FORMATS, 1, 0)
                .schemes(ALL_SCHEMES)
                .extension(Extensions.ENCRYPT_THEN_MAC)
                .extension(Extensions.EXTENDED_MASTER_SECRET)
                .extension(Extensions.RENEGOTIATION_INFO, 0);
    }

    /** A hello of SSL 3.0, TLS 1.0 or TLS 1.1: no signature_algorithms, and for SSL 3.0 no extensions at all. */
    static Question old(TlsVersion version, List<CipherSuite> suites) {
        Question hello = tls12(suites).legacyVersion(version).without(Extensions.SIGNATURE_ALGORITHMS);
        if (!version.equals(TlsVersion.SSL_3)) {
            return hello;
        }
        return new Question(
                "", 0x0300, version, new byte[0], suites, new byte[] {0}, Map.of(), Optional.empty());
    }

    /** A hello of TLS 1.3 alone with an empty key_share, so that a server names its group in a HelloRetryRequest. */
    static Question tls13(List<CipherSuite> suites) {
        Question bare = new Question(
                "",
                0x0301,
                TlsVersion.TLS_1_2,
                random(32),
                suites,
                new byte[] {0},
                Map.of(),
                Optional.empty());
        return bare.versions(List.of(TlsVersion.TLS_1_3))
                .groups(ALL_GROUPS)
                .schemes(ALL_SCHEMES)
                .extension(Extensions.PSK_KEY_EXCHANGE_MODES, 1, 1)
                .extension(Extensions.KEY_SHARE, 0, 0);
    }

    private Question copy(
            String newLabel,
            int newRecordVersion,
            TlsVersion newLegacyVersion,
            byte[] newSessionId,
            List<CipherSuite> newSuites,
            byte[] newCompression,
            Map<Integer, byte[]> newExtensions,
            Optional<KeyShare> newShare) {
        return new Question(
                newLabel, newRecordVersion, newLegacyVersion, newSessionId, newSuites, newCompression, newExtensions, newShare);
    }

    /** The same hello, said to be asked for that. */
    Question named(String what) {
        return copy(what, recordVersion, legacyVersion, sessionId, suites, compression, extensions, share);
    }

    Question recordVersion(int version) {
        return copy(label, version, legacyVersion, sessionId, suites, compression, extensions, share);
    }

    Question legacyVersion(TlsVersion version) {
        return copy(label, recordVersion, version, sessionId, suites, compression, extensions, share);
    }

    Question sessionId(byte[] id) {
        return copy(label, recordVersion, legacyVersion, id.clone(), suites, compression, extensions, share);
    }

    Question suites(List<CipherSuite> offered) {
        return copy(label, recordVersion, legacyVersion, sessionId, offered, compression, extensions, share);
    }

    Question compression(int... methods) {
        return copy(label, recordVersion, legacyVersion, sessionId, suites, octets(methods), extensions, share);
    }

    Question versions(List<TlsVersion> versions) {
        byte[] list = codes(versions.stream().map(TlsVersion::code).toList());
        return extension(Extensions.SUPPORTED_VERSIONS, vector8(list));
    }

    Question groups(Collection<NamedGroup> groups) {
        return extension(
                Extensions.SUPPORTED_GROUPS,
                vector16(codes(groups.stream().map(NamedGroup::code).toList())));
    }

    Question schemes(Collection<SignatureScheme> schemes) {
        return extension(
                Extensions.SIGNATURE_ALGORITHMS,
                vector16(codes(schemes.stream().map(SignatureScheme::code).toList())));
    }

    Question certificateSchemes(Collection<SignatureScheme> schemes) {
        return extension(
                Extensions.SIGNATURE_ALGORITHMS_CERT,
                vector16(codes(schemes.stream().map(SignatureScheme::code).toList())));
    }

    Question serverName(String name) {
        byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
        return extension(Extensions.SERVER_NAME, vector16(concat(new byte[] {0}, vector16(octets))));
    }

    /** With two host names in one list, which RFC 6066 §3 forbids. */
    Question twoServerNames(String first, String second) {
        byte[] one = concat(new byte[] {0}, vector16(first.getBytes(StandardCharsets.US_ASCII)));
        byte[] other = concat(new byte[] {0}, vector16(second.getBytes(StandardCharsets.US_ASCII)));
        return extension(Extensions.SERVER_NAME, vector16(concat(one, other)));
    }

    Question applicationProtocols(String... ids) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String id : ids) {
            list.writeBytes(vector8(id.getBytes(StandardCharsets.US_ASCII)));
        }
        return extension(Extensions.ALPN, vector16(list.toByteArray()));
    }

    /** With that key share and no other; a usable one lets the server's flight be read. */
    Question share(KeyShare with) {
        Question hello = shown(with);
        return hello.copy(
                label, recordVersion, legacyVersion, sessionId, suites, compression, hello.extensions, Optional.of(with));
    }

    /** With that key share and no other; of the answer nothing is read behind the ServerHello. */
    Question shown(KeyShare share) {
        return extension(Extensions.KEY_SHARE, vector16(entry(share)));
    }

    private static byte[] entry(KeyShare share) {
        return concat(codes(List.of(share.group().code())), vector16(share.octets()));
    }

    /** With these key shares; the first is the one by which the server's flight could be read. */
    Question shares(KeyShare first, KeyShare second) {
        return share(first).extension(Extensions.KEY_SHARE, vector16(concat(entry(first), entry(second))));
    }

    Question extension(int type, int... content) {
        return extension(type, octets(content));
    }

    Question extension(int type, byte[] content) {
        Map<Integer, byte[]> changed = new LinkedHashMap<>(extensions);
        changed.put(type, content.clone());
        return copy(label, recordVersion, legacyVersion, sessionId, suites, compression, changed, share);
    }

    Question without(int type) {
        Map<Integer, byte[]> changed = new LinkedHashMap<>(extensions);
        changed.remove(type);
        return copy(label, recordVersion, legacyVersion, sessionId, suites, compression, changed, share);
    }

    List<CipherSuite> suites() {
        return suites;
    }

    Optional<KeyShare> share() {
        return share;
    }

    /** What it is sent for, and the suites if they are few. */
    String words() {
        String few = suites.size() > 4
                ? suites.size() + " suites"
                : suites.stream().map(CipherSuite::name).collect(Collectors.joining(", "));
        return (label.isEmpty() ? "ClientHello" : label) + " (" + legacyVersion + " hello, " + few + ")";
    }

    /** The ClientHello message with its handshake header, with a random of its own at each call. */
    byte[] message() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(codes(List.of(legacyVersion.code())));
        body.writeBytes(random(32));
        body.writeBytes(vector8(sessionId));
        body.writeBytes(vector16(codes(suites.stream().map(CipherSuite::code).toList())));
        body.writeBytes(vector8(compression));
        if (!extensions.isEmpty()) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            extensions.forEach((type, content) -> {
                block.writeBytes(codes(List.of(type)));
                block.writeBytes(vector16(content));
            });
            body.writeBytes(vector16(block.toByteArray()));
        }
        int length = body.size();
        return concat(new byte[] {1, (byte) (length >>> 16), (byte) (length >>> 8), (byte) length}, body.toByteArray());
    }

    /** That message in one record. */
    byte[] record(byte[] message) {
        return concat(
                new byte[] {22, (byte) (recordVersion >>> 8), (byte) recordVersion}, vector16(message));
    }

    /**
     * What a client of TLS 1.2 sends after ServerHelloDone, with that public value and with a Finished that nobody can
     * decrypt: three records.
     */
    static byte[] finishing12(byte[] publicValue) {
        byte[] value = vector8(publicValue);
        byte[] exchange = concat(new byte[] {22, 3, 3}, vector16(concat(new byte[] {16, 0, 0, (byte) value.length}, value)));
        byte[] change = {20, 3, 3, 0, 1, 1};
        return concat(concat(exchange, change), concat(new byte[] {22, 3, 3}, vector16(random(40))));
    }

    /** SSL 2.0's CLIENT-HELLO, which has a form of its own. */
    static byte[] sslv2() {
        return versionTwoForm(2, new int[] {0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700C0});
    }

    /** A hello of TLS 1.2 in the form of SSL 2.0 (RFC 5246 Appendix E.2). */
    static byte[] sslv2FormOfTls12(List<CipherSuite> suites) {
        return versionTwoForm(0x0303, suites.stream().mapToInt(CipherSuite::code).toArray());
    }

    private static byte[] versionTwoForm(int version, int[] kinds) {
        byte[] challenge = random(16);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = 9 + 3 * kinds.length + challenge.length;
        out.writeBytes(octets(
                0x80 | length >>> 8, length & 0xFF, 1, version >>> 8, version & 0xFF,
                3 * kinds.length >>> 8, 3 * kinds.length & 0xFF, 0, 0, 0, challenge.length));
        for (int kind : kinds) {
            out.writeBytes(octets(kind >>> 16, kind >>> 8 & 0xFF, kind & 0xFF));
        }
        out.writeBytes(challenge);
        return out.toByteArray();
    }

    static byte[] random(int length) {
        byte[] octets = new byte[length];
        RANDOM.nextBytes(octets);
        return octets;
    }

    private static byte[] octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return octets;
    }

    private static byte[] codes(List<Integer> values) {
        byte[] octets = new byte[2 * values.size()];
        for (int i = 0; i < values.size(); i++) {
            octets[2 * i] = (byte) (values.get(i) >>> 8);
            octets[2 * i + 1] = (byte) (int) values.get(i);
        }
        return octets;
    }

    private static byte[] vector8(byte[] content) {
        return concat(new byte[] {(byte) content.length}, content);
    }

    private static byte[] vector16(byte[] content) {
        return concat(new byte[] {(byte) (content.length >>> 8), (byte) content.length}, content);
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static List<NamedGroup> allGroups() {
        List<NamedGroup> groups = new ArrayList<>(KeyShare.GROUPS);
        for (NamedGroup group : NamedGroup.matching(g -> true)) {
            if (!groups.contains(group)) {
                groups.add(group);
            }
        }
        return List.copyOf(groups);
    }

    private static List<SignatureScheme> allSchemes() {
        List<SignatureScheme> schemes = new ArrayList<>();
        for (int code : new int[] {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0807, 0x0808}) {
            schemes.add(SignatureScheme.of(code));
        }
        for (SignatureScheme scheme : SignatureScheme.matching(s -> true)) {
            if (!schemes.contains(scheme)) {
                schemes.add(scheme);
            }
        }
        return List.copyOf(schemes);
    }
}
