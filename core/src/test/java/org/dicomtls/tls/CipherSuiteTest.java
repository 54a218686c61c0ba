package org.dicomtls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CipherSuiteTest {

    record Row(int code, String name, String kind) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                CipherSuiteTest.class.getResourceAsStream("/bcp195-suites.csv"), StandardCharsets.US_ASCII))) {
            return in.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(cells -> new Row(Integer.decode(cells[0]), cells[1], cells[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Row> rowsWithASuite() {
        return rows().stream()
                .filter(r -> !r.name().endsWith("_SCSV"))
                // RFC 6655 calls DHE_PSK with CCM_8 PSK_DHE, and the list takes the name for PSK alone.
                .map(r -> r.name().startsWith("TLS_PSK_DHE_") ? new Row(r.code(), r.name(), "DHE-AEAD") : r);
    }

    /** The class of a suite in the words of the list, made from nothing but its properties. */
    private static Set<String> classOf(CipherSuite suite) {
        Set<String> found = new TreeSet<>();
        if (suite.mode() == CipherMode.NULL) {
            found.add("NULL");
        } else {
            if (suite.cipher() == BulkCipher.RC4) {
                found.add("RC4");
            }
            if (suite.bits() < 112) {
                found.add("<112");
            }
            if (suite.cipher() == BulkCipher.TRIPLE_DES) {
                found.add("3DES");
            }
            if (found.isEmpty()) {
                found.add(exchange(suite) + (suite.tls13() ? "" : suite.aead() ? "-AEAD" : "-CBC"));
            }
        }
        // The list counts the suite of nothing at all among NULL only.
        if (suite.anonymous() && suite.keyExchange() != KeyExchange.NULL) {
            found.add("anon");
        }
        return found;
    }

    private static String exchange(CipherSuite suite) {
        return switch (suite.keyExchange()) {
            case TLS13 -> "TLS13";
            case ECDHE, ECDHE_PSK -> "ECDHE";
            case DHE, DHE_PSK -> "DHE";
            case ECDH -> "staticECDH";
            case DH -> "staticDH";
            case RSA, RSA_PSK -> "staticRSA";
            case PSK -> "PSK";
            case SRP -> "SRP";
            case NULL -> "NULL";
            case UNKNOWN -> "unknown";
        };
    }

    @ParameterizedTest
    @MethodSource("rowsWithASuite")
    void hasItsNameAndTheClassOfTheList(Row row) {
        CipherSuite suite = CipherSuite.of(row.code());
        assertThat(suite.name()).isEqualTo(row.name());
        assertThat(CipherSuite.named(row.name())).containsSame(suite);
        assertThat(classOf(suite)).isEqualTo(new TreeSet<>(Arrays.asList(row.kind().split("\\+"))));
    }

    @Test
    void theRegistryHoldsTheSuitesOfTheListAndNoOthers() {
        assertThat(CipherSuite.registered())
                .extracting(CipherSuite::code)
                .containsExactlyElementsOf(rowsWithASuite().map(Row::code).sorted().toList());
    }

    @Test
    void signallingValuesAreKnownButAreNoSuites() {
        assertThat(Stream.of(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV, CipherSuite.TLS_FALLBACK_SCSV))
                .allMatch(CipherSuite::signalling)
                .allMatch(CipherSuite::known)
                .noneMatch(s -> CipherSuite.registered().contains(s))
                .extracting(CipherSuite::name)
                .containsExactly("TLS_EMPTY_RENEGOTIATION_INFO_SCSV", "TLS_FALLBACK_SCSV");
    }

    @Test
    void anUnknownCodePointIsNamedByItsNumberAndClaimsNothing() {
        CipherSuite unknown = CipherSuite.of(0xFEDC);
        assertThat(unknown.name()).isEqualTo("0xFEDC");
        assertThat(unknown.known()).isFalse();
        assertThat(unknown.keyExchange()).isEqualTo(KeyExchange.UNKNOWN);
        assertThat(unknown.forwardSecret()).isFalse();
        assertThat(unknown.aead()).isFalse();
        assertThat(unknown.certificateAuthenticated()).isFalse();
        assertThat(unknown).isEqualTo(CipherSuite.of(0xFEDC)).hasSameHashCodeAs(CipherSuite.of(0xFEDC));
    }

    @Test
    void aCodePointHasSixteenBits() {
        assertThatThrownBy(() -> CipherSuite.of(0x10000)).hasMessage("code point 65536 is outside 0…65535");
        assertThatThrownBy(() -> CipherSuite.of(-1)).hasMessage("code point -1 is outside 0…65535");
    }

    @Test
    void theOldNamesOfJsseAreUnderstood() {
        assertThat(CipherSuite.named("SSL_RSA_WITH_3DES_EDE_CBC_SHA")).contains(CipherSuite.of(0x000A));
        assertThat(CipherSuite.named("SSL_NOTHING")).isEmpty();
    }

    @Test
    void aNameThatIsNotRegisteredIsRefused() {
        assertThatThrownBy(() -> CipherSuite.require("TLS_FOO"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'TLS_FOO' is not a cipher suite that IANA registers");
    }

    @ParameterizedTest
    @CsvSource({
        "0x1301, TLS13, TLS13, AES, GCM, 128, SHA256",
        "0x1303, TLS13, TLS13, CHACHA20, POLY1305, 256, SHA256",
        "0x1305, TLS13, TLS13, AES, CCM_8, 128, SHA256",
        "0xC030, ECDHE, RSA, AES, GCM, 256, SHA384",
        "0xC0AC, ECDHE, ECDSA, AES, CCM, 128, SHA256",
        "0xC08A, ECDHE, RSA, CAMELLIA, GCM, 128, SHA256",
        "0x009F, DHE, RSA, AES, GCM, 256, SHA384",
        "0x002F, RSA, RSA, AES, CBC, 128, SHA1",
        "0x000A, RSA, RSA, TRIPLE_DES, CBC, 112, SHA1",
        "0x0003, RSA, RSA, RC4, STREAM, 40, MD5",
        "0x0034, DH, ANONYMOUS, AES, CBC, 128, SHA1",
        "0xC031, ECDH, RSA, AES, GCM, 128, SHA256",
        "0xCCAC, ECDHE_PSK, PSK, CHACHA20, POLY1305, 256, SHA256",
        "0xC0B4, TLS13, TLS13, NULL, NULL, 0, SHA256",
    })
    void propertiesFollowFromTheName(
            int code, KeyExchange exchange, Authentication proof, BulkCipher cipher, CipherMode mode, int bits, HashAlgorithm hash) {
        CipherSuite suite = CipherSuite.of(code);
        assertThat(suite.keyExchange()).isEqualTo(exchange);
        assertThat(suite.authentication()).isEqualTo(proof);
        assertThat(suite.cipher()).isEqualTo(cipher);
        assertThat(suite.mode()).isEqualTo(mode);
        assertThat(suite.bits()).isEqualTo(bits);
        assertThat(suite.hash()).isEqualTo(hash);
    }
}
