package org.dicomtls.interop.probe.client;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.crypto.DHGroup;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.probe.client.Behaviour.Afterwards;
import org.dicomtls.interop.probe.client.Behaviour.Instead;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;

/**
 * One thing that a server does to a client, and what a sound client does then.
 *
 * @param id stable, e.g. {@code C18-01}; the part before the hyphen is the number in the catalogue of wire tests
 * @param title what the server does, in words
 * @param expected what a sound client does, in words
 * @param needed why the case cannot be put to that client; empty if it can
 * @param behaviour what the server does, given the hello
 */
public record ClientCase(
        String id,
        String title,
        String expected,
        Function<ClientHello, Optional<String>> needed,
        Function<ClientHello, Behaviour> behaviour) {

    static final String CONTROL = "control";
    static final String CONTROL_12 = "control-tls12";
    static final String CONTROL_AFTER = "control-after";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ABORTS = "an alert, and no further message";
    private static final int SUITE_NULL = 0xC010;
    private static final int SUITE_RC4 = 0xC011;
    private static final int SUITE_3DES = 0xC012;
    private static final int SUITE_ANONYMOUS = 0xC019;
    private static final int SUITE_STATIC_ECDH = 0xC031;

    /** The number in the catalogue, e.g. {@code C18}. */
    public String test() {
        int hyphen = id.indexOf('-');
        return hyphen < 0 ? id : id.substring(0, hyphen);
    }

    /** Whether the case is an honest server, which every client should take. */
    public boolean control() {
        return id.startsWith(CONTROL);
    }

    @Override
    public String toString() {
        return id;
    }

    /** All of them in their order, a control first and last. */
    static List<ClientCase> catalogue(Identities identities) {
        List<ClientCase> all = new ArrayList<>();
        all.add(honest(CONTROL, "an honest server", h -> Optional.empty(), Behaviour.HONEST));
        all.add(honest(
                CONTROL_12, "an honest server of TLS 1.2", ClientCase::tls12, Behaviour.HONEST.in(TlsVersion.TLS_1_2)));
        versions(all);
        hellos12(all);
        suites(all);
        primes(all);
        hellos13(all);
        certificates(all, identities);
        all.add(new ClientCase(
                "C31", "HelloRequest after the handshake (TLS 1.2)", "no second handshake", ClientCase::tls12,
                h -> Behaviour.HONEST.in(TlsVersion.TLS_1_2).afterwards(Afterwards.HELLO_REQUEST)));
        all.add(new ClientCase(
                "C32", "KeyUpdate after the handshake (TLS 1.3)", "the association goes on", ClientCase::tls13,
                h -> Behaviour.HONEST.in(TlsVersion.TLS_1_3).afterwards(Afterwards.KEY_UPDATE)));
        all.add(new ClientCase(
                "C45-none", "the server asks for no client certificate", "the association goes on", h -> Optional.empty(),
                h -> Behaviour.HONEST.anonymousClients()));
        all.add(new ClientCase(
                "C35", "an A-ASSOCIATE-AC in the clear", "an alert or the end of the connection, and no DICOM",
                h -> Optional.empty(), h -> Behaviour.HONEST.instead(Instead.PLAIN_DICOM)));
        // What comes after these two is looked at in the next connection.
        all.add(new ClientCase(
                "C16-alert", "the alert protocol_version", "no retry with a lower version", h -> Optional.empty(),
                h -> Behaviour.HONEST.instead(Instead.PROTOCOL_VERSION_ALERT)));
        all.add(new ClientCase(
                "C16-reset", "the connection is reset", "no retry with a lower version", h -> Optional.empty(),
                h -> Behaviour.HONEST.instead(Instead.RESET)));
        all.add(honest(CONTROL_AFTER, "an honest server again", h -> Optional.empty(), Behaviour.HONEST));
        return List.copyOf(all);
    }

    private static ClientCase honest(
            String id, String title, Function<ClientHello, Optional<String>> needed, Behaviour behaviour) {
        return new ClientCase(id, title, "the handshake, and DICOM", needed, h -> behaviour);
    }

    // ---- what a client has to offer

    private static Optional<String> tls12(ClientHello hello) {
        return hello.offeredVersions().contains(TlsVersion.TLS_1_2)
                ? Optional.empty()
                : Optional.of("the client does not offer TLS 1.2");
    }

    private static Optional<String> tls13(ClientHello hello) {
        return hello.offeredVersions().contains(TlsVersion.TLS_1_3)
                ? Optional.empty()
                : Optional.of("the client does not offer TLS 1.3");
    }

    private static Optional<String> both(ClientHello hello) {
        return tls12(hello).or(() -> tls13(hello));
    }

    private static Function<ClientHello, Optional<String>> tls12And(Function<ClientHello, Optional<String>> more) {
        return hello -> tls12(hello).or(() -> more.apply(hello));
    }

    // ---- cases

    private static void versions(List<ClientCase> all) {
        for (TlsVersion version : List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0, TlsVersion.SSL_3)) {
            String id = "C17-" + String.format("%04x", version.code());
            all.add(new ClientCase(
                    id, "ServerHello of " + version, "the alert protocol_version",
                    tls12And(h -> h.offeredVersions().contains(version)
                            ? Optional.of("the client offers " + version)
                            : Optional.empty()),
                    h -> older(h, version)
                            ? Behaviour.HONEST.in(version)
                            : Behaviour.HONEST.in(TlsVersion.TLS_1_2).wire(record -> {
                                record[9] = (byte) (version.code() >>> 8);
                                record[10] = (byte) version.code();
                                return record;
                            })));
        }
        all.add(new ClientCase(
                "C18-01", "TLS 1.2 with the mark of a server that has TLS 1.3 (DOWNGRD 01)", "illegal_parameter",
                ClientCase::both, h -> Behaviour.HONEST.in(TlsVersion.TLS_1_2).marked()));
        all.add(new ClientCase(
                "C18-00", "TLS 1.2 with the mark of TLS 1.1 (DOWNGRD 00)", "illegal_parameter", ClientCase::both,
                h -> Behaviour.HONEST.in(TlsVersion.TLS_1_2).wire(record -> {
                    byte[] mark = {'D', 'O', 'W', 'N', 'G', 'R', 'D', 0};
                    System.arraycopy(mark, 0, record, 11 + 24, mark.length);
                    return record;
                })));
    }

    /** Whether that hello leaves it open if the client has that version, and the client could speak it. */
    private static boolean older(ClientHello hello, TlsVersion version) {
        return hello.versions().isEmpty()
                && !version.equals(TlsVersion.SSL_3)
                && hello.suites().stream().anyMatch(s -> s.certificateAuthenticated() && Behaviour.beforeTls12(s));
    }

    private static void hellos12(List<ClientCase> all) {
        Behaviour tls12 = Behaviour.HONEST.in(TlsVersion.TLS_1_2);
        all.add(new ClientCase(
                "C19", "TLS 1.2 without renegotiation_info", "handshake_failure", ClientCase::tls12,
                h -> tls12.hello(s -> changed(s, e -> e.remove(Extensions.RENEGOTIATION_INFO)))));
        all.add(new ClientCase(
                "C20", "TLS 1.2 with a renegotiation_info that is not empty", "handshake_failure", ClientCase::tls12,
                h -> tls12.hello(s -> changed(s, e -> e.put(Extensions.RENEGOTIATION_INFO, new byte[] {2, 1, 2})))));
        all.add(new ClientCase(
                "C21", "TLS 1.2 without extended_master_secret", "handshake_failure",
                tls12And(h -> h.extendedMasterSecret()
                        ? Optional.empty()
                        : Optional.of("the client does not offer extended_master_secret")),
                h -> tls12.withoutExtendedMasterSecret()));
        all.add(new ClientCase(
                "C22", "TLS 1.2 with compression DEFLATE", "illegal_parameter", ClientCase::tls12,
                h -> tls12.wire(record -> {
                    record[43 + 1 + (record[43] & 0xFF) + 2] = 1;
                    return record;
                })));
        all.add(new ClientCase(
                "C26-h2", "ALPN answered with h2, which the client did not offer", "an alert",
                tls12And(h -> h.applicationProtocols().isEmpty() || h.applicationProtocols().contains("h2")
                        ? Optional.of("the client does not offer ALPN, or h2")
                        : Optional.empty()),
                h -> tls12.hello(s -> changed(s, e -> e.put(Extensions.ALPN, new byte[] {0, 3, 2, 'h', '2'})))));
        all.add(new ClientCase(
                "C27-truncated-hmac", "truncated_hmac answered, which the client did not offer", "unsupported_extension",
                tls12And(h -> h.extensions().has(Extensions.TRUNCATED_HMAC)
                        ? Optional.of("the client offers truncated_hmac")
                        : Optional.empty()),
                h -> tls12.hello(s -> changed(s, e -> e.put(Extensions.TRUNCATED_HMAC, new byte[0])))));
        all.add(new ClientCase(
                "C27-alpn", "ALPN answered, which the client did not offer", "unsupported_extension",
                tls12And(h -> h.applicationProtocols().isEmpty()
                        ? Optional.empty()
                        : Optional.of("the client offers ALPN")),
                h -> tls12.hello(s -> changed(s, e -> e.put(Extensions.ALPN, new byte[] {0, 6, 5, 'd', 'i', 'c', 'o', 'm'})))));
    }

    private static ServerHello changed(ServerHello honest, java.util.function.Consumer<Map<Integer, byte[]>> change) {
        Hashtable<Integer, byte[]> extensions = new Hashtable<>();
        if (honest.getExtensions() != null) {
            for (Object entry : honest.getExtensions().entrySet()) {
                if (entry instanceof Map.Entry<?, ?> e
                        && e.getKey() instanceof Integer type
                        && e.getValue() instanceof byte[] content) {
                    extensions.put(type, content);
                }
            }
        }
        change.accept(extensions);
        return new ServerHello(
                honest.getVersion(), honest.getRandom(), honest.getSessionID(), honest.getCipherSuite(), extensions);
    }

    private static void suites(List<ClientCase> all) {
        for (int code : new int[] {SUITE_NULL, SUITE_RC4, SUITE_3DES, SUITE_ANONYMOUS, SUITE_STATIC_ECDH}) {
            CipherSuite suite = CipherSuite.of(code);
            all.add(new ClientCase(
                    "C23-" + String.format("%04x", code), suite + ", which the client did not offer", "illegal_parameter",
                    tls12And(h -> h.suites().contains(suite) ? Optional.of("the client offers it") : Optional.empty()),
                    h -> Behaviour.HONEST.in(TlsVersion.TLS_1_2).hello(s -> new ServerHello(
                            s.getVersion(), s.getRandom(), s.getSessionID(), code, s.getExtensions()))));
        }
    }

    private static void primes(List<ClientCase> all) {
        prime(all, "C24-512", "a DHE prime of 512 bits", ABORTS, () -> group(prime(512)));
        prime(all, "C24-1024", "a DHE prime of 1024 bits", ABORTS, () -> group(DHStandardGroups.rfc2409_1024));
        prime(all, "C24-2048", "a DHE prime of 2048 bits", "the handshake, and DICOM",
                () -> group(DHStandardGroups.rfc3526_2048));
        prime(all, "C24-composite", "a DHE modulus of 2048 bits that is not prime", "an alert, if the client checks",
                () -> group(composite()));
    }

    private static BigInteger prime(int bits) {
        return BigInteger.probablePrime(bits, RANDOM);
    }

    /** Two factors of 1024 bits may have 2047 together, which would be refused for that. */
    private static BigInteger composite() {
        BigInteger product;
        do {
            product = prime(1024).multiply(prime(1024));
        } while (product.bitLength() < 2048);
        return product;
    }

    private static DHGroup group(BigInteger modulus) {
        return new DHGroup(modulus, null, BigInteger.TWO, 0);
    }

    static DHGroup group(DHParameters parameters) {
        return new DHGroup(parameters.getP(), parameters.getQ(), parameters.getG(), parameters.getL());
    }

    private static void prime(
            List<ClientCase> all, String id, String title, String expected, java.util.function.Supplier<DHGroup> group) {
        all.add(new ClientCase(
                id, title, expected,
                tls12And(h -> h.suites().stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE && s.certificateAuthenticated())
                        ? Optional.empty()
                        : Optional.of("the client offers no DHE suite")),
                h -> Behaviour.HONEST.in(TlsVersion.TLS_1_2)
                        .with(s -> s.keyExchange() == KeyExchange.DHE)
                        .prime(group.get())));
    }

    private static void hellos13(List<ClientCase> all) {
        Behaviour tls13 = Behaviour.HONEST.in(TlsVersion.TLS_1_3);
        all.add(new ClientCase(
                "C25-zero", "a key share of TLS 1.3 that is all zeros (or off the curve)", ABORTS, ClientCase::tls13,
                h -> tls13.hello(s -> share(s, share -> {
                    // Of a Montgomery curve zeros are a point of small order; of others they are no point at all.
                    Arrays.fill(share, 4, share.length, (byte) 0);
                    if (share.length > 4 + 56) {
                        share[4] = 4;
                    }
                    return share;
                }))));
        all.add(new ClientCase(
                "C25-group", "a key share of TLS 1.3 in a group that the client did not offer", ABORTS, ClientCase::tls13,
                h -> tls13.hello(s -> share(s, share -> {
                    NamedGroup other = unoffered(h);
                    share[0] = (byte) (other.code() >>> 8);
                    share[1] = (byte) other.code();
                    return share;
                }))));
        all.add(new ClientCase(
                "C39", "TLS 1.3 with another session id than the client's", "illegal_parameter", ClientCase::tls13,
                h -> tls13.hello(s -> {
                    byte[] id = new byte[32];
                    RANDOM.nextBytes(id);
                    return new ServerHello(s.getVersion(), s.getRandom(), id, s.getCipherSuite(), s.getExtensions());
                })));
        all.add(new ClientCase(
                "C40", "TLS 1.3 whose supported_versions says TLS 1.2", "illegal_parameter", ClientCase::tls13,
                h -> tls13.hello(s -> changed(s, e -> e.put(Extensions.SUPPORTED_VERSIONS, new byte[] {3, 3})))));
    }

    private static ServerHello share(ServerHello honest, UnaryOperator<byte[]> change) {
        return changed(honest, e -> e.computeIfPresent(Extensions.KEY_SHARE, (type, content) -> change.apply(content.clone())));
    }

    private static NamedGroup unoffered(ClientHello hello) {
        List<NamedGroup> offered = hello.groups().orElse(List.of());
        return Stream.of(NamedGroup.SECP521R1, NamedGroup.X448, NamedGroup.FFDHE8192, NamedGroup.of(0x7777))
                .filter(g -> !offered.contains(g))
                .findFirst()
                .orElseThrow();
    }

    private static void certificates(List<ClientCase> all, Identities identities) {
        for (Flaw flaw : Flaw.values()) {
            if (!identities.flaws().contains(flaw) || flaw == Flaw.LONG_SUBJECT || flaw == Flaw.MARKUP_SUBJECT) {
                continue;
            }
            String number = switch (flaw) {
                case WRONG_HOST, COMMON_NAME_ONLY, WILDCARD_PARTIAL, WILDCARD_DOUBLE, WILDCARD_INNER -> "C29-";
                case REVOKED -> "C30-";
                default -> "C28-";
            };
            // A key on P-224 has no scheme in TLS 1.3.
            boolean only12 = flaw == Flaw.P_224;
            all.add(new ClientCase(
                    number + flaw.id(),
                    "certificate: " + flaw.description(),
                    flaw.isAcceptable() ? "the handshake, and DICOM" : ABORTS,
                    h -> only12 ? tls12(h) : Optional.empty(),
                    h -> (only12 ? Behaviour.HONEST.in(TlsVersion.TLS_1_2) : Behaviour.HONEST).with(flaw)));
        }
    }
}
