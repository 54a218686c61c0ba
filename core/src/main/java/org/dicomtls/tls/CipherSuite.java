package org.dicomtls.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A cipher suite, identified by its IANA code point. All other properties follow from the registered name;
 * a code point that our copy of the registry does not hold has the name {@code 0xNNNN} and unknown properties.
 */
public final class CipherSuite implements Comparable<CipherSuite> {

    private static final Map<Integer, CipherSuite> BY_CODE = new TreeMap<>();
    private static final Map<String, CipherSuite> BY_NAME = new HashMap<>();

    static {
        load();
    }

    public static final CipherSuite TLS_AES_128_GCM_SHA256 = of(0x1301);
    public static final CipherSuite TLS_AES_256_GCM_SHA384 = of(0x1302);
    public static final CipherSuite TLS_CHACHA20_POLY1305_SHA256 = of(0x1303);
    public static final CipherSuite TLS_AES_128_CCM_SHA256 = of(0x1304);
    public static final CipherSuite TLS_AES_128_CCM_8_SHA256 = of(0x1305);
    /** Not a suite: the signal that a client knows RFC 5746. */
    public static final CipherSuite TLS_EMPTY_RENEGOTIATION_INFO_SCSV = of(0x00FF);
    /** Not a suite: the signal that a client retries at a lower version (RFC 7507, obsolete). */
    public static final CipherSuite TLS_FALLBACK_SCSV = of(0x5600);

    private final int code;
    private final String name;
    private final KeyExchange keyExchange;
    private final Authentication authentication;
    private final BulkCipher cipher;
    private final CipherMode mode;
    private final int bits;
    private final HashAlgorithm hash;
    private final boolean export;
    private final boolean tls13;

    private CipherSuite(int code, String name) {
        this.code = code;
        this.name = name;
        Parts parts = new Parts(code, name);
        this.keyExchange = parts.keyExchange;
        this.authentication = parts.authentication;
        this.cipher = parts.cipher;
        this.mode = parts.mode;
        this.bits = parts.bits;
        this.hash = parts.hash;
        this.export = name.contains("_EXPORT_");
        this.tls13 = parts.keyExchange == KeyExchange.TLS13;
    }

    private static void load() {
        try (InputStream in = CipherSuite.class.getResourceAsStream("cipher-suites.csv")) {
            if (in == null) {
                throw new IllegalStateException("resource cipher-suites.csv is missing beside " + CipherSuite.class);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            lines.readLine(); // heading
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int comma = line.indexOf(',');
                CipherSuite suite = new CipherSuite(Integer.decode(line.substring(0, comma)), line.substring(comma + 1));
                BY_CODE.put(suite.code, suite);
                BY_NAME.put(suite.name, suite);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The suite with that code point (0…65535), known or not. */
    public static CipherSuite of(int code) {
        CipherSuite known = BY_CODE.get(CodePoint.requireUnsigned16(code));
        return known != null ? known : new CipherSuite(code, CodePoint.hex(code));
    }

    /** The registered suite of that IANA name, or of the older {@code SSL_…} name that JSSE still uses for some. */
    public static Optional<CipherSuite> named(String name) {
        CipherSuite suite = BY_NAME.get(name);
        if (suite == null && name.startsWith("SSL_")) {
            suite = BY_NAME.get("TLS_" + name.substring(4));
        }
        return Optional.ofNullable(suite);
    }

    /**
     * The registered suite of that IANA name.
     *
     * @throws IllegalArgumentException when IANA has no suite of that name
     */
    public static CipherSuite require(String name) {
        return named(name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not a cipher suite that IANA registers"));
    }

    /** All registered suites in the order of their code points, signalling values not among them. */
    public static List<CipherSuite> registered() {
        return matching(s -> true);
    }

    /** The registered suites with that property, in the order of their code points. */
    public static List<CipherSuite> matching(Predicate<CipherSuite> property) {
        return BY_CODE.values().stream()
                .filter(s -> !s.signalling())
                .filter(property)
                .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList));
    }

    public int code() {
        return code;
    }

    /** The IANA name, or the code point as {@code 0xNNNN} when it has none. */
    public String name() {
        return name;
    }

    public KeyExchange keyExchange() {
        return keyExchange;
    }

    public Authentication authentication() {
        return authentication;
    }

    public BulkCipher cipher() {
        return cipher;
    }

    public CipherMode mode() {
        return mode;
    }

    /**
     * Length in bits of the symmetric key; 112 for three-key Triple DES, its effective strength; 40 for export
     * suites; 0 without encryption.
     */
    public int bits() {
        return bits;
    }

    /** The hash of the key derivation (or of the MAC, in suites that name only that). */
    public HashAlgorithm hash() {
        return hash;
    }

    /** Whether a later theft of long-term keys leaves recorded traffic unreadable. */
    public boolean forwardSecret() {
        return keyExchange.forwardSecret();
    }

    public boolean aead() {
        return mode.aead();
    }

    /** Whether the suite belongs to TLS 1.3 (and so cannot be used with an earlier version). */
    public boolean tls13() {
        return tls13;
    }

    public boolean export() {
        return export;
    }

    public boolean anonymous() {
        return authentication == Authentication.ANONYMOUS;
    }

    /** Whether the server proves its identity by a certificate when this suite is used. */
    public boolean certificateAuthenticated() {
        return tls13
                || authentication == Authentication.RSA
                || authentication == Authentication.ECDSA
                || authentication == Authentication.DSS;
    }

    /** Whether this is one of the two signalling values that stand among suites but are none. */
    public boolean signalling() {
        return code == 0x00FF || code == 0x5600;
    }

    /** Whether this is one of the values that clients sprinkle to keep servers tolerant (RFC 8701). */
    public boolean grease() {
        return CodePoint.isGrease(code);
    }

    /** Whether our copy of IANA's registry holds this code point. */
    public boolean known() {
        return BY_CODE.containsKey(code);
    }

    @Override
    public int compareTo(CipherSuite other) {
        return Integer.compare(code, other.code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CipherSuite suite && suite.code == code;
    }

    @Override
    public int hashCode() {
        return code;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Reads the properties out of a registered name. */
    private static final class Parts {
        KeyExchange keyExchange = KeyExchange.UNKNOWN;
        Authentication authentication = Authentication.UNKNOWN;
        BulkCipher cipher = BulkCipher.UNKNOWN;
        CipherMode mode = CipherMode.UNKNOWN;
        int bits;
        HashAlgorithm hash = HashAlgorithm.UNKNOWN;

        Parts(int code, String name) {
            if (!name.startsWith("TLS_") || name.endsWith("_SCSV")) {
                return;
            }
            String[] halves = name.substring(4).split("_WITH_", 2);
            if (halves.length == 1) {
                keyExchange = KeyExchange.TLS13;
                authentication = Authentication.TLS13;
                protection(halves[0]);
            } else {
                exchange(halves[0].replace("_EXPORT", ""));
                protection(halves[1]);
            }
        }

        private void exchange(String text) {
            switch (text) {
                case "NULL" -> set(KeyExchange.NULL, Authentication.ANONYMOUS);
                case "RSA" -> set(KeyExchange.RSA, Authentication.RSA);
                case "DH_RSA" -> set(KeyExchange.DH, Authentication.RSA);
                case "DH_DSS" -> set(KeyExchange.DH, Authentication.DSS);
                case "DH_anon" -> set(KeyExchange.DH, Authentication.ANONYMOUS);
                case "DHE_RSA" -> set(KeyExchange.DHE, Authentication.RSA);
                case "DHE_DSS" -> set(KeyExchange.DHE, Authentication.DSS);
                case "ECDH_RSA" -> set(KeyExchange.ECDH, Authentication.RSA);
                case "ECDH_ECDSA" -> set(KeyExchange.ECDH, Authentication.ECDSA);
                case "ECDH_anon" -> set(KeyExchange.ECDH, Authentication.ANONYMOUS);
                case "ECDHE_RSA" -> set(KeyExchange.ECDHE, Authentication.RSA);
                case "ECDHE_ECDSA" -> set(KeyExchange.ECDHE, Authentication.ECDSA);
                case "PSK" -> set(KeyExchange.PSK, Authentication.PSK);
                case "DHE_PSK", "PSK_DHE" -> set(KeyExchange.DHE_PSK, Authentication.PSK);
                case "ECDHE_PSK" -> set(KeyExchange.ECDHE_PSK, Authentication.PSK);
                case "RSA_PSK" -> set(KeyExchange.RSA_PSK, Authentication.RSA);
                case "SRP_SHA" -> set(KeyExchange.SRP, Authentication.SRP);
                case "SRP_SHA_RSA" -> set(KeyExchange.SRP, Authentication.RSA);
                case "SRP_SHA_DSS" -> set(KeyExchange.SRP, Authentication.DSS);
                default -> { }
            }
        }

        private void set(KeyExchange exchange, Authentication proof) {
            keyExchange = exchange;
            authentication = proof;
        }

        private void protection(String text) {
            String rest = text;
            int last = rest.lastIndexOf('_');
            String tail = rest.substring(last + 1);
            hash = switch (tail) {
                case "MD5" -> HashAlgorithm.MD5;
                case "SHA" -> HashAlgorithm.SHA1;
                case "SHA384" -> HashAlgorithm.SHA384;
                case "SM3" -> HashAlgorithm.SM3;
                case "NULL" -> HashAlgorithm.UNKNOWN;
                default -> HashAlgorithm.SHA256; // SHA256, and the CCM suites that leave the hash to TLS 1.2's default
            };
            if (rest.startsWith("NULL") || rest.equals("SHA256_SHA256") || rest.equals("SHA384_SHA384")) {
                cipher = BulkCipher.NULL;
                mode = CipherMode.NULL;
            } else if (rest.startsWith("3DES_EDE")) {
                block(BulkCipher.TRIPLE_DES, 112, rest);
            } else if (rest.startsWith("DES40")) {
                block(BulkCipher.DES40, 40, rest);
            } else if (rest.startsWith("DES_CBC")) {
                block(BulkCipher.DES, 56, rest);
            } else if (rest.startsWith("IDEA")) {
                block(BulkCipher.IDEA, 128, rest);
            } else if (rest.startsWith("SEED")) {
                block(BulkCipher.SEED, 128, rest);
            } else if (rest.startsWith("SM4")) {
                block(BulkCipher.SM4, 128, rest);
            } else if (rest.startsWith("RC2")) {
                block(BulkCipher.RC2, 40, rest);
            } else if (rest.startsWith("RC4")) {
                cipher = BulkCipher.RC4;
                mode = CipherMode.STREAM;
                bits = rest.startsWith("RC4_40") ? 40 : 128;
            } else if (rest.startsWith("CHACHA20")) {
                cipher = BulkCipher.CHACHA20;
                mode = CipherMode.POLY1305;
                bits = 256;
            } else if (rest.startsWith("AES_")) {
                block(BulkCipher.AES, keyLength(rest, "AES_"), rest);
            } else if (rest.startsWith("CAMELLIA_")) {
                block(BulkCipher.CAMELLIA, keyLength(rest, "CAMELLIA_"), rest);
            } else if (rest.startsWith("ARIA_")) {
                block(BulkCipher.ARIA, keyLength(rest, "ARIA_"), rest);
            }
        }

        private static int keyLength(String text, String prefix) {
            return Integer.parseInt(text.substring(prefix.length(), prefix.length() + 3));
        }

        private void block(BulkCipher with, int keyBits, String text) {
            cipher = with;
            bits = keyBits;
            if (text.contains("_GCM")) {
                mode = CipherMode.GCM;
            } else if (text.contains("_CCM_8")) {
                mode = CipherMode.CCM_8;
            } else if (text.contains("_CCM")) {
                mode = CipherMode.CCM;
            } else {
                mode = CipherMode.CBC;
            }
        }
    }
}
