package org.dicomtls.interop.audit;

import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;

/**
 * What a server of certain habits makes of a ClientHello: an alert, or the parameters of the connection. A pure function,
 * so that what is odd about a server is decided in one place, whoever carries it out.
 *
 * @param alert the description of the alert, if it refuses
 * @param compression the compression method
 */
record Choice(
        Optional<Integer> alert,
        TlsVersion version,
        CipherSuite suite,
        Optional<NamedGroup> group,
        Optional<SignatureScheme> scheme,
        Optional<Credential> credential,
        int compression) {

    static final String SERVER_NAME = "localhost";
    static final String PROTOCOL = "dicom";

    private static final int HANDSHAKE_FAILURE = 40;
    private static final int PROTOCOL_VERSION = 70;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int NO_APPLICATION_PROTOCOL = 120;
    private static final int DEFLATE = 1;

    private static Choice refusal(int alert) {
        return new Choice(
                Optional.of(alert), TlsVersion.TLS_1_2, CipherSuite.of(0), Optional.empty(), Optional.empty(),
                Optional.empty(), 0);
    }

    static Choice of(ClientHello hello, int recordVersion, Habits habits) {
        if (habits.odd(Oddity.RECORD_VERSION_CHECKED) && (recordVersion < 0x0301 || recordVersion > 0x0303)) {
            return refusal(PROTOCOL_VERSION);
        }
        Optional<TlsVersion> version = version(hello, habits);
        if (version.isEmpty()) {
            return refusal(habits.odd(Oddity.WRONG_ALERT_FOR_OLD_VERSIONS) ? HANDSHAKE_FAILURE : PROTOCOL_VERSION);
        }
        boolean strangerName = hello.serverNames().stream().anyMatch(name -> !name.equals(SERVER_NAME));
        if (strangerName && !habits.odd(Oddity.UNKNOWN_NAME_TAKEN)) {
            return refusal(UNRECOGNIZED_NAME);
        }
        boolean strangerProtocol =
                !hello.applicationProtocols().isEmpty() && !hello.applicationProtocols().contains(PROTOCOL);
        if (strangerProtocol && !habits.odd(Oddity.UNKNOWN_PROTOCOL_TAKEN)) {
            return refusal(NO_APPLICATION_PROTOCOL);
        }
        boolean tls13 = version.get().equals(TlsVersion.TLS_1_3);
        if (!tls13 && !version.get().equals(TlsVersion.SSL_3) && lacksDemanded(hello, habits)) {
            return refusal(HANDSHAKE_FAILURE);
        }
        List<CipherSuite> own = tls13 ? habits.suites13() : habits.suites12();
        boolean clients = habits.odd(Oddity.CLIENT_ORDER_OF_SUITES);
        List<CipherSuite> common = new ArrayList<>(clients ? hello.suites() : own);
        common.retainAll(clients ? own : hello.suites());
        for (CipherSuite suite : common) {
            Optional<Choice> choice = with(suite, version.get(), hello, habits);
            if (choice.isPresent()) {
                return choice.get();
            }
        }
        return refusal(HANDSHAKE_FAILURE);
    }

    private static Optional<TlsVersion> version(ClientHello hello, Habits habits) {
        // Without supported_versions a client speaks every version up to the one it names, but never TLS 1.3.
        List<TlsVersion> offered = hello.versions().orElseGet(() -> List.of(
                        TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0, TlsVersion.SSL_3).stream()
                .filter(v -> v.compareTo(hello.legacyVersion()) <= 0)
                .toList());
        boolean clients = habits.odd(Oddity.CLIENT_ORDER_OF_VERSIONS);
        List<TlsVersion> order = clients ? offered : habits.versions();
        List<TlsVersion> other = clients ? habits.versions() : offered;
        return order.stream().filter(other::contains).findFirst();
    }

    private static boolean lacksDemanded(ClientHello hello, Habits habits) {
        boolean unbound = !hello.extensions().has(Extensions.EXTENDED_MASTER_SECRET)
                && !habits.odd(Oddity.EXTENDED_MASTER_SECRET_NOT_DEMANDED);
        boolean unsignalled = !hello.extensions().has(Extensions.RENEGOTIATION_INFO)
                && !hello.suites().contains(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV)
                && !habits.odd(Oddity.RENEGOTIATION_INFO_NOT_DEMANDED);
        return unbound || unsignalled;
    }

    private static Optional<Choice> with(CipherSuite suite, TlsVersion version, ClientHello hello, Habits habits) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        if (suite.mode() == CipherMode.CBC
                && version.equals(TlsVersion.TLS_1_2)
                && !hello.extensions().has(Extensions.ENCRYPT_THEN_MAC)
                && !habits.odd(Oddity.CBC_WITHOUT_ENCRYPT_THEN_MAC)) {
            return Optional.empty();
        }
        Optional<NamedGroup> group = Optional.empty();
        if (tls13 || suite.keyExchange() == KeyExchange.ECDHE) {
            group = group(tls13, hello, habits);
            if (group.isEmpty()) {
                return Optional.empty();
            }
        }
        Optional<SignatureScheme> scheme = Optional.empty();
        boolean signs = tls13
                || (suite.keyExchange() == KeyExchange.ECDHE || suite.keyExchange() == KeyExchange.DHE)
                        && !suite.anonymous() && version.equals(TlsVersion.TLS_1_2);
        if (signs) {
            scheme = scheme(tls13, suite, hello, habits);
            if (scheme.isEmpty()) {
                return Optional.empty();
            }
        }
        boolean ec = scheme.map(s -> s.algorithm() == SignatureScheme.Algorithm.ECDSA)
                .orElse(suite.authentication() == Authentication.ECDSA);
        Optional<Credential> credential = suite.anonymous() ? Optional.empty() : credential(habits, ec);
        int compression = habits.odd(Oddity.COMPRESSION) && hello.compression().contains(DEFLATE) ? DEFLATE : 0;
        return Optional.of(new Choice(Optional.empty(), version, suite, group, scheme, credential, compression));
    }

    private static Optional<NamedGroup> group(boolean tls13, ClientHello hello, Habits habits) {
        List<NamedGroup> common = habits.groups().stream()
                .filter(g -> tls13 || g.ellipticCurve())
                .filter(g -> hello.groups().map(offered -> offered.contains(g)).orElse(!tls13))
                .toList();
        List<NamedGroup> shared = hello.keyShares().orElse(List.of());
        return common.stream().filter(shared::contains).findFirst().or(() -> common.stream().findFirst());
    }

    private static Optional<SignatureScheme> scheme(
            boolean tls13, CipherSuite suite, ClientHello hello, Habits habits) {
        for (SignatureScheme scheme : habits.schemes()) {
            boolean ec = scheme.algorithm() == SignatureScheme.Algorithm.ECDSA;
            boolean fits = tls13
                    ? scheme.tls13Handshake()
                    : suite.authentication() == (ec ? Authentication.ECDSA : Authentication.RSA);
            if (!fits || !hello.schemes().orElse(List.of()).contains(scheme)) {
                continue;
            }
            Optional<Credential> credential = credential(habits, ec);
            if (credential.isEmpty() || ec && !curveFits(tls13, scheme, credential.get(), hello)) {
                continue;
            }
            return Optional.of(scheme);
        }
        return Optional.empty();
    }

    /** TLS 1.3 ties a scheme to a curve; TLS 1.2 wants the certificate's curve among the client's groups (RFC 8422). */
    private static boolean curveFits(boolean tls13, SignatureScheme scheme, Credential credential, ClientHello hello) {
        int bits = ((ECPublicKey) credential.certificate().getPublicKey()).getParams().getCurve().getField().getFieldSize();
        if (tls13) {
            return scheme.curve().map(curve -> curve.bits() == bits).orElse(false);
        }
        return hello.groups()
                .map(offered -> offered.stream().anyMatch(g -> g.kind() == NamedGroup.Kind.PRIME_CURVE && g.bits() == bits))
                .orElse(true);
    }

    private static Optional<Credential> credential(Habits habits, boolean ec) {
        return habits.credentials().stream()
                .filter(c -> c.certificate().getPublicKey().getAlgorithm().startsWith("EC") == ec)
                .findFirst();
    }

    /** Whether the whole handshake can be carried out, and not only its first flight. */
    boolean completable() {
        boolean suiteKnown = suite.certificateAuthenticated()
                && !suite.export()
                && (suite.keyExchange() == KeyExchange.TLS13
                        || suite.keyExchange() == KeyExchange.ECDHE
                        || suite.keyExchange() == KeyExchange.DHE
                        || suite.keyExchange() == KeyExchange.RSA)
                && (suite.cipher() == BulkCipher.AES
                        || suite.cipher() == BulkCipher.CHACHA20
                        || suite.cipher() == BulkCipher.CAMELLIA
                        || suite.cipher() == BulkCipher.TRIPLE_DES)
                && suite.authentication() != Authentication.DSS;
        boolean groupKnown = group.map(g -> List.of(
                                NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1)
                        .contains(g))
                .orElse(true);
        boolean schemeKnown = scheme.map(s -> s.hash().strength() >= 128).orElse(true);
        return version.compareTo(TlsVersion.TLS_1_2) >= 0
                && suiteKnown && groupKnown && schemeKnown && compression == 0;
    }
}
