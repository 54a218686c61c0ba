package org.dicomtls.interop.export;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** What OpenSSL has of IANA's registries, and what it calls it. */
final class OpenSslNames {

    private OpenSslNames() {}

    /** Whether OpenSSL 3 has that suite among those that profiles ask for: it has Camellia in CBC mode only. */
    static boolean has(CipherSuite suite) {
        if (suite.tls13()) {
            return suite.cipher() == BulkCipher.AES || suite.cipher() == BulkCipher.CHACHA20;
        }
        return suite.forwardSecret()
                && suite.certificateAuthenticated()
                && (suite.cipher() == BulkCipher.AES && suite.aead() || suite.mode() == CipherMode.POLY1305);
    }

    static boolean has(NamedGroup group) {
        return group.kind() == NamedGroup.Kind.MONTGOMERY
                || group.finiteField()
                || group.equals(NamedGroup.SECP256R1)
                || group.equals(NamedGroup.SECP384R1)
                || group.equals(NamedGroup.SECP521R1);
    }

    /** Why a suite is not there. */
    static String lacks(CipherSuite suite) {
        return suite.cipher() == BulkCipher.CAMELLIA
                ? "OpenSSL has no Camellia-GCM"
                : "OpenSSL does not have " + suite;
    }

    /** For example {@code ECDHE-RSA-AES256-GCM-SHA384}; the suites of TLS 1.3 have IANA's names. */
    static String name(CipherSuite suite) {
        if (suite.tls13()) {
            return suite.name();
        }
        String exchange = suite.keyExchange() == KeyExchange.ECDHE
                ? "ECDHE-" + suite.authentication()
                : suite.keyExchange() + "-" + suite.authentication();
        return exchange + "-" + switch (suite.mode()) {
            case GCM -> "AES" + suite.bits() + "-GCM-" + (suite.bits() == 256 ? "SHA384" : "SHA256");
            case CCM -> "AES" + suite.bits() + "-CCM";
            case CCM_8 -> "AES" + suite.bits() + "-CCM8";
            case POLY1305 -> "CHACHA20-POLY1305";
            default -> throw new IllegalArgumentException("no name of OpenSSL is known for " + suite);
        };
    }

    /** {@code P-256}, {@code X25519}, {@code ffdhe2048} … */
    static String name(NamedGroup group) {
        return switch (group.name()) {
            case "secp256r1" -> "P-256";
            case "secp384r1" -> "P-384";
            case "secp521r1" -> "P-521";
            case "x25519" -> "X25519";
            case "x448" -> "X448";
            default -> group.name();
        };
    }

    /**
     * {@code TLSv1.2} and so on, with {@code TLSv1} for TLS 1.0; so do stunnel and HAProxy ({@code TLSv1.0} there, which no
     * profile that can be enforced needs).
     */
    static String name(TlsVersion version) {
        return version.jsseName();
    }

    /** In the notation of lists, with a colon between. */
    static String suites(Collection<CipherSuite> suites) {
        return suites.stream().map(OpenSslNames::name).collect(Collectors.joining(":"));
    }

    static String groups(Collection<NamedGroup> groups) {
        return groups.stream().map(OpenSslNames::name).collect(Collectors.joining(":"));
    }

    /** OpenSSL knows signature schemes by their IANA names. */
    static String schemes(Collection<SignatureScheme> schemes) {
        return schemes.stream().map(SignatureScheme::name).collect(Collectors.joining(":"));
    }

    /** What is left of a list; never empty. */
    static <T> List<T> some(List<T> list, String what) {
        if (list.isEmpty()) {
            throw new CannotExpressException("of the " + what + " of the profile the system has none");
        }
        return list;
    }
}
