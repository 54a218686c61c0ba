package org.dicomtls.interop.probe.client;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.probe.CertificateProperties;
import org.dicomtls.interop.probe.CommonFacts;
import org.dicomtls.interop.probe.Notes;
import org.dicomtls.interop.probe.client.ClientSession.Arrival;
import org.dicomtls.interop.probe.client.ClientSession.Entry;
import org.dicomtls.interop.probe.client.Reaction.Outcome;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;

/** From hellos and reactions to facts: what a client advertises, and what it went along with. */
final class ClientFacts {

    private static final String UNCONTROLLED =
            "the client did not finish its handshakes with an honest server, before the cases and after them, so that refusing"
                    + " says nothing";
    private static final String UNCONTROLLED_12 =
            "the client did not finish its handshake with an honest server of TLS 1.2, so that refusing says nothing";
    private static final Set<String> OF_TLS_1_2 =
            Set.of("C17", "C18", "C19", "C20", "C21", "C22", "C23", "C24", "C26", "C27", "C31");
    private static final CipherSuite AES_OF_B3 = CipherSuite.of(0x002F);
    private static final CipherSuite TRIPLE_DES_OF_B3 = CipherSuite.of(0x000A);
    private static final int SHOWN_OCTETS = 48;

    private final ClientSession session;
    private final Notes notes = new Notes(Role.CLIENT);
    private final List<ClientHello> hellos;

    ClientFacts(ClientSession session) {
        this.session = session;
        this.hellos = session.arrivals().stream().map(Arrival::hello).toList();
    }

    /** Whether a sound client does that. */
    static boolean asExpected(ClientCase one, Reaction reaction) {
        return switch (one.id()) {
            case ClientCase.CONTROL, ClientCase.CONTROL_12, ClientCase.CONTROL_AFTER, "C24-2048", "C32", "C45-none",
                    "C28-unknown-extension" -> reaction.outcome().finished();
            case "C31" -> !reaction.renegotiated();
            case "C16-alert", "C16-reset" -> true; // the next connection tells
            default -> !reaction.outcome().took() && reaction.outcome() != Outcome.SILENT;
        };
    }

    Notes notes() {
        if (hellos.isEmpty()) {
            return notes;
        }
        advertised();
        order();
        extensions();
        acrossConnections();
        if (session.sslv2()) {
            notes.supports(Dimension.VERSION, List.of(TlsVersion.SSL_2));
            session.strange().forEach(octets -> notes.evidence(Dimension.VERSION, octets));
        }
        session.strange().forEach(notes::remark);
        session.entries().forEach(this::evidence);
        if (session.controlled()) {
            negotiated();
        } else {
            withoutControl();
        }
        return notes;
    }

    private static String shown(byte[] body) {
        return "ClientHello [" + HexFormat.of().formatHex(body, 0, Math.min(SHOWN_OCTETS, body.length)) + "]";
    }

    private static String evidence(Entry entry, Reaction reaction) {
        return entry.one().id() + ", " + entry.one().title() + " → " + reaction.words();
    }

    // ---- advertised

    /** All values of all hellos; what a hello adds is shown. */
    private <T> Set<T> union(Object about, String name, Function<ClientHello, List<T>> part) {
        Set<T> all = new LinkedHashSet<>();
        for (ClientHello hello : hellos) {
            List<T> values = part.apply(hello);
            if (all.addAll(values) || hello == hellos.get(0)) {
                notes.evidence(about, name + " of the ClientHello: "
                        + (values.isEmpty() ? "none" : String.join(", ", values.stream().map(Object::toString).toList())));
            }
        }
        return all;
    }

    private void advertised() {
        Set<TlsVersion> versions = union(Dimension.VERSION, "offered versions", ClientHello::offeredVersions);
        versions.removeIf(v -> !TlsVersion.known().contains(v));
        if (hellos.stream().allMatch(h -> h.versions().isPresent()) || olderVersionsTried()) {
            notes.supportsExactly(Dimension.VERSION, versions);
        } else {
            notes.supports(Dimension.VERSION, versions);
            notes.lacks(
                    Dimension.VERSION,
                    TlsVersion.known().stream()
                            .filter(v -> versions.stream().allMatch(offered -> v.compareTo(offered) > 0))
                            .toList());
            notes.open(
                    Dimension.VERSION, "a hello without supported_versions names the highest version only; C17 shows the others");
        }
        boolean old = versions.stream().anyMatch(v -> v.compareTo(TlsVersion.TLS_1_2) <= 0);
        notes.condition(Condition.TLS_1_2, versions.contains(TlsVersion.TLS_1_2));
        notes.condition(Condition.TLS_1_3, versions.contains(TlsVersion.TLS_1_3));
        Set<CipherSuite> suites = union(Dimension.SUITE_TLS12, "cipher_suites", ClientHello::suites);
        union(Dimension.SUITE_TLS13, "cipher_suites", h -> h.suites().stream().filter(CipherSuite::tls13).toList());
        suites.removeIf(s -> s.signalling() || !s.known());
        List<CipherSuite> tls12 = suites.stream().filter(s -> !s.tls13() && old).toList();
        notes.supportsExactly(Dimension.SUITE_TLS12, tls12);
        notes.supportsExactly(
                Dimension.SUITE_TLS13,
                suites.stream().filter(s -> s.tls13() && versions.contains(TlsVersion.TLS_1_3)).toList());
        notes.condition(Condition.DHE, tls12.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE));
        notes.condition(Condition.CBC, tls12.stream().anyMatch(s -> s.mode() == CipherMode.CBC));
        Set<NamedGroup> groups = union(Dimension.GROUP, "supported_groups", h -> h.groups().orElse(List.of()));
        groups.removeIf(g -> g.grease());
        if (groups.isEmpty() && suites.stream().anyMatch(s -> s.keyExchange() == KeyExchange.ECDHE)) {
            // RFC 8422 §4: who lists no groups leaves the choice to the server.
            notes.open(Dimension.GROUP, "the client offers ECDHE and sends no supported_groups, so that the server may take any");
        } else {
            notes.supportsExactly(Dimension.GROUP, groups);
        }
        groups.stream().filter(NamedGroup::ellipticCurve).forEach(g -> notes.measured(Metric.ECDHE_BITS, g.bits(), true));
        notes.evidence(Metric.ECDHE_BITS, "supported_groups: " + groups);
        if (groups.stream().noneMatch(NamedGroup::ellipticCurve)) {
            notes.absent(Metric.ECDHE_BITS, "the client offers no elliptic curve");
        }
        Set<SignatureScheme> schemes = union(Dimension.SCHEME, "signature_algorithms", h -> h.schemes().orElse(List.of()));
        if (hellos.stream()
                .anyMatch(h -> h.schemes().isEmpty() && h.offeredVersions().contains(TlsVersion.TLS_1_2))) {
            schemes.add(SignatureScheme.of(0x0201)); // RFC 5246 §7.4.1.4.1: none listed means SHA-1
        }
        schemes.removeIf(s -> !s.known());
        notes.supportsExactly(Dimension.SCHEME, schemes);
    }

    /** Whether the cases of older versions were put, or could not be because the client offers them. */
    private boolean olderVersionsTried() {
        List<Entry> older = session.entries().stream().filter(e -> e.one().test().equals("C17")).toList();
        return !older.isEmpty() && older.stream().allMatch(Entry::over);
    }

    private void order() {
        ClientHello hello = hellos.get(0);
        List<CipherSuite> tls12 =
                hello.suites().stream().filter(s -> !s.tls13() && !s.signalling() && s.known()).toList();
        List<CipherSuite> tls13 = hello.suites().stream().filter(s -> s.tls13() && s.known()).toList();
        if (!tls12.isEmpty()) {
            CipherSuite first = tls12.get(0);
            notes.holds(Property.STRONG_SUITE_FIRST, CommonFacts.strong(first), "the first suite of TLS 1.2 is " + first);
            before(Property.FORWARD_SECRECY_PREFERRED, tls12, CipherSuite::forwardSecret, s -> true);
            before(
                    Property.ECDHE_BEFORE_DHE, tls12, s -> s.keyExchange() == KeyExchange.ECDHE,
                    s -> s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE);
            before(Property.AES_BEFORE_3DES, tls12, AES_OF_B3::equals, s -> s.equals(AES_OF_B3) || s.equals(TRIPLE_DES_OF_B3));
            before(Property.SUITES_256_BIT_FIRST, tls12, s -> s.bits() == 256, s -> true);
        }
        if (!tls13.isEmpty()) {
            before(Property.SUITES_256_BIT_FIRST, tls13, s -> s.bits() == 256, s -> true);
        }
    }

    /** Whether none of the others stands before one that is better. */
    private void before(
            Property property, List<CipherSuite> suites, Predicate<CipherSuite> better, Predicate<CipherSuite> among) {
        List<CipherSuite> listed = suites.stream().filter(among).toList();
        if (listed.stream().noneMatch(better)) {
            if (property == Property.FORWARD_SECRECY_PREFERRED) {
                notes.holds(property, false, "the client offers no such suite");
            } else {
                notes.absent(property, "the client offers no suites to prefer");
            }
            return;
        }
        Optional<CipherSuite> early = listed.stream()
                .filter(s -> !better.test(s))
                .filter(s -> listed.subList(listed.indexOf(s), listed.size()).stream().anyMatch(better))
                .findFirst();
        notes.holds(property, early.isEmpty(), early.map(s -> s + " stands before better ones").orElse("the order of suites"));
    }

    private void extensions() {
        for (Arrival arrival : session.arrivals()) {
            ClientHello hello = arrival.hello();
            String shown = shown(arrival.body());
            boolean tls12 = hello.offeredVersions().contains(TlsVersion.TLS_1_2);
            boolean tls13 = hello.offeredVersions().contains(TlsVersion.TLS_1_3);
            if (tls12) {
                notes.holds(Property.RENEGOTIATION_INFO, hello.renegotiationInfo(), shown);
                notes.holds(Property.EXTENDED_MASTER_SECRET, hello.extendedMasterSecret(), shown);
                notes.holds(Property.POINT_FORMATS_UNCOMPRESSED, hello.pointFormatsUncompressed(), shown);
            }
            boolean curves = hello.suites().stream().anyMatch(s -> s.keyExchange() == KeyExchange.ECDHE || s.tls13());
            if (curves) {
                notes.holds(Property.SUPPORTED_GROUPS_SENT, hello.groups().isPresent(), shown);
            }
            notes.holds(
                    Property.NO_COMPRESSION, hello.compression().equals(List.of(0)),
                    "compression_methods " + hello.compression());
            notes.holds(Property.NO_TRUNCATED_HMAC, !hello.extensions().has(Extensions.TRUNCATED_HMAC), shown);
            notes.holds(Property.NO_EARLY_DATA, !hello.extensions().has(Extensions.EARLY_DATA), shown);
            if (!hello.serverNames().isEmpty()) {
                notes.holds(Property.SERVER_NAME_SUPPORTED, true, "server_name " + hello.serverNames());
            }
            if (!hello.applicationProtocols().isEmpty()) {
                notes.condition(Condition.ALPN, true);
                notes.holds(Property.ALPN_SUPPORTED, true, "ALPN " + hello.applicationProtocols());
            }
            if (hello.extensions().has(Extensions.POST_HANDSHAKE_AUTH)) {
                notes.remark("the client offers post_handshake_auth");
            }
            if (hellos.stream().anyMatch(h -> h.offeredVersions().contains(TlsVersion.TLS_1_3))) {
                notes.holds(Property.ATTEMPTS_TLS_1_3, tls13, shown);
            }
            hello.extensions().content(Extensions.PSK_KEY_EXCHANGE_MODES).filter(m -> tls13 && m.length > 1).ifPresent(m -> {
                boolean without = false;
                for (int i = 1; i < m.length; i++) {
                    without |= m[i] == 0; // psk_ke
                }
                notes.condition(Condition.RESUMPTION, true);
                notes.holds(Property.RESUMPTION_WITH_KEY_EXCHANGE, !without,
                        "psk_key_exchange_modes " + HexFormat.of().formatHex(m, 1, m.length));
            });
        }
        notes.open(
                Property.SERVER_NAME_SUPPORTED,
                "no server_name was sent; none is expected where a client connects by an address or a single label");
        if (hellos.stream().allMatch(h -> h.applicationProtocols().isEmpty())) {
            notes.condition(Condition.ALPN, false);
            notes.open(Property.ALPN_SUPPORTED, "the client offers no ALPN; it may be configured with no protocols");
        }
    }

    // ---- what several connections show

    private void acrossConnections() {
        Set<BigInteger> shares = new HashSet<>();
        int seen = 0;
        for (ClientHello hello : hellos) {
            for (byte[] share : shares(hello)) {
                seen++;
                shares.add(new BigInteger(1, share));
            }
        }
        if (hellos.size() > 1 && seen > 1) {
            notes.holds(
                    Property.NO_KEY_SHARE_REUSE, shares.size() == seen,
                    hellos.size() + " hellos with " + seen + " key shares, of which " + shares.size() + " differ");
        }
        Optional<TlsVersion> highest = highest(hellos.get(0));
        boolean rejected = false;
        for (Arrival arrival : session.arrivals()) {
            if (arrival.after().filter(c -> c.test().equals("C16")).isEmpty()) {
                continue;
            }
            rejected = true;
            Optional<TlsVersion> now = highest(arrival.hello());
            boolean lower = now.isPresent() && highest.isPresent() && now.get().compareTo(highest.get()) < 0;
            notes.holds(
                    Property.NO_VERSION_FALLBACK, !lower,
                    "after a rejection it offers " + now.map(TlsVersion::toString).orElse("nothing") + ", before "
                            + highest.map(TlsVersion::toString).orElse("nothing"));
            if (lower && highest.get().equals(TlsVersion.TLS_1_3)) {
                notes.holds(Property.ATTEMPTS_TLS_1_3, false, "after a rejection it does not offer TLS 1.3");
            }
        }
        if (!rejected) {
            notes.open(Property.NO_VERSION_FALLBACK, "no connection came after a rejection");
        }
    }

    /** Each with its group before it. */
    private static List<byte[]> shares(ClientHello hello) {
        List<byte[]> shares = new ArrayList<>();
        byte[] all = hello.extensions().content(Extensions.KEY_SHARE).orElse(new byte[0]);
        for (int at = 2; at + 4 <= all.length; ) {
            int end = at + 4 + ((all[at + 2] & 0xFF) << 8 | all[at + 3] & 0xFF);
            byte[] share = java.util.Arrays.copyOfRange(all, at, end);
            if (!NamedGroup.of((share[0] & 0xFF) << 8 | share[1] & 0xFF).grease()) {
                shares.add(share);
            }
            at = end;
        }
        return shares;
    }

    private static Optional<TlsVersion> highest(ClientHello hello) {
        return hello.offeredVersions().stream()
                .filter(v -> TlsVersion.known().contains(v))
                .max(Comparator.naturalOrder());
    }

    // ---- negotiated

    private void evidence(Entry entry) {
        entry.reaction().ifPresent(reaction -> about(entry.one())
                .forEach(about -> notes.evidence(about, evidence(entry, reaction))));
        entry.skipped().ifPresent(why -> about(entry.one()).forEach(about -> notes.open(about, entry.one().id() + ": " + why)));
    }

    /** What a case is about. */
    private static List<Object> about(ClientCase one) {
        Optional<Flaw> flaw = flaw(one);
        if (flaw.isPresent()) {
            return switch (flaw.get()) {
                case RSA_1024, RSA_1024_ISSUER -> List.of(Metric.RSA_CERTIFICATE_BITS);
                case P_224 -> List.of(Metric.EC_CERTIFICATE_BITS);
                case SHA1_LEAF, SHA1_INTERMEDIATE, MD5_LEAF -> List.of(Dimension.CERTIFICATE_HASH);
                case WRONG_HOST, COMMON_NAME_ONLY, WILDCARD_PARTIAL, WILDCARD_DOUBLE, WILDCARD_INNER ->
                    List.of(Property.HOST_IDENTITY_CHECKED, Property.HOST_IDENTITY_CHECKABLE);
                case REVOKED -> List.of(Property.REVOCATION_STRATEGY);
                case UNKNOWN_EXTENSION -> List.of(Property.CERTIFICATE_ATTRIBUTES_TOLERATED);
                default -> List.of(Property.CERTIFICATE_PATH_VALIDATED);
            };
        }
        return switch (one.test()) {
            case "C17" -> List.of(Dimension.VERSION, Property.PROTOCOL_VERSION_ALERT);
            case "C18" -> List.of(Property.DOWNGRADE_SENTINEL);
            case "C19" -> List.of(Property.RENEGOTIATION_INFO_DEMANDED);
            case "C21" -> List.of(Property.EXTENDED_MASTER_SECRET_DEMANDED);
            case "C22" -> List.of(Property.NO_COMPRESSION);
            case "C23" -> List.of(Dimension.SUITE_TLS12);
            case "C24" -> List.of(Metric.DHE_BITS);
            case "C25" -> List.of(Property.INVALID_KEY_SHARES_REFUSED);
            case "C26" -> List.of(Property.ALPN_MISMATCH_REFUSED);
            case "C27" -> one.id().endsWith("hmac") ? List.of(Property.NO_TRUNCATED_HMAC) : List.of();
            case "C31" -> List.of(Property.RENEGOTIATION_REFUSED, Property.SAME_CERTIFICATE_ON_RENEGOTIATION);
            case "C35" -> List.of(Property.STRICT_TLS);
            case "control" -> List.of(Property.CLIENT_CERTIFICATE_PRESENTED, Property.COUNTER_NONCES);
            default -> List.of();
        };
    }

    private static Optional<Flaw> flaw(ClientCase one) {
        int hyphen = one.id().indexOf('-');
        return Stream.of("C28", "C29", "C30").anyMatch(one.test()::equals)
                ? Flaw.of(one.id().substring(hyphen + 1))
                : Optional.empty();
    }

    private void withoutControl() {
        session.entries().forEach(entry -> about(entry.one()).forEach(about -> notes.open(about, UNCONTROLLED)));
        // What a client took is known all the same.
        session.entries().forEach(entry -> entry.reaction()
                .filter(this::took)
                .ifPresent(reaction -> judged(entry, reaction)));
        if (session.plainDicom()) {
            notes.holds(Property.STRICT_TLS, false, "it sent plain DICOM where TLS is spoken");
        }
    }

    /** Whether the client refuses an honest server of TLS 1.2, so that its refusals in cases of TLS 1.2 say nothing. */
    private boolean noTls12(ClientCase one) {
        return (OF_TLS_1_2.contains(one.test()) || one.id().equals("C28-" + Flaw.P_224.id()))
                && !took(ClientCase.CONTROL_12).orElse(true);
    }

    private void negotiated() {
        for (Entry entry : session.entries()) {
            if (noTls12(entry.one())) {
                about(entry.one()).forEach(about -> notes.open(about, UNCONTROLLED_12));
            }
            entry.reaction()
                    .filter(r -> r.outcome() != Outcome.SILENT)
                    .filter(r -> took(r) || !noTls12(entry.one()))
                    .ifPresent(reaction -> judged(entry, reaction));
        }
        if (session.plainDicom()) {
            notes.holds(Property.STRICT_TLS, false, "it sent plain DICOM where TLS is spoken");
        }
        keysNotPresented();
        sizes();
    }

    /** A client that speaks DICOM may look at the server when the handshake is over: then only DICOM says that it took it. */
    private boolean took(Reaction reaction) {
        return reaction.outcome().took() && !(session.speaksDicom() && reaction.outcome() == Outcome.COMPLETED);
    }

    private void judged(Entry entry, Reaction reaction) {
        String shown = evidence(entry, reaction);
        boolean took = took(reaction);
        ClientCase one = entry.one();
        Optional<Flaw> flaw = flaw(one);
        if (flaw.isPresent()) {
            certificate(flaw.get(), took, shown);
            return;
        }
        switch (one.test()) {
            case "control" -> control(reaction, shown);
            case "C17" -> version(one, reaction, shown);
            case "C18" -> notes.holds(Property.DOWNGRADE_SENTINEL, !took, shown);
            case "C19" -> notes.holds(Property.RENEGOTIATION_INFO_DEMANDED, !took, shown);
            case "C21" -> notes.holds(Property.EXTENDED_MASTER_SECRET_DEMANDED, !took, shown);
            case "C22" -> notes.holds(Property.NO_COMPRESSION, !took, shown);
            case "C23" -> {
                if (took) {
                    notes.supports(
                            Dimension.SUITE_TLS12, List.of(CipherSuite.of(Integer.parseInt(one.id().substring(4), 16))));
                }
            }
            case "C25" -> {
                if (one.id().equals("C25-zero")) {
                    notes.holds(Property.INVALID_KEY_SHARES_REFUSED, !took, shown);
                } else if (took) {
                    notes.remark(shown + "; expected an alert (RFC 8446 §4.2.8)");
                }
            }
            case "C26" -> notes.holds(Property.ALPN_MISMATCH_REFUSED, !took, shown);
            case "C27" -> {
                if (one.id().endsWith("hmac")) {
                    // Taken in silence is not used; the RFC of TLS wants an alert all the same.
                    if (took) {
                        notes.remark(shown + "; expected unsupported_extension (RFC 5246 §7.4.1.4)");
                    }
                } else if (took) {
                    notes.remark(shown + "; expected unsupported_extension (RFC 5246 §7.4.1.4)");
                }
            }
            case "C20", "C39", "C40" -> {
                if (took) {
                    notes.remark(shown + "; expected " + one.expected());
                }
            }
            case "C31" -> {
                notes.holds(Property.RENEGOTIATION_REFUSED, !reaction.renegotiated(), shown);
                if (reaction.renegotiated()) {
                    notes.open(
                            Property.SAME_CERTIFICATE_ON_RENEGOTIATION, "the client renegotiates; with another certificate"
                                    + " it was not tried");
                } else {
                    notes.holds(Property.SAME_CERTIFICATE_ON_RENEGOTIATION, true, shown);
                }
            }
            case "C32", "C45" -> {
                boolean goes = session.speaksDicom()
                        ? reaction.outcome() == Outcome.SENT_DICOM
                        : reaction.outcome().finished();
                if (!goes) {
                    notes.remark(shown + "; expected that the association goes on");
                }
            }
            case "C35" -> notes.holds(Property.STRICT_TLS, !took, shown);
            default -> { }
        }
    }

    private void control(Reaction reaction, String shown) {
        if (reaction.asked()) {
            notes.condition(Condition.CLIENT_AUTHENTICATION, true);
            if (reaction.outcome().took()) {
                notes.holds(Property.CLIENT_CERTIFICATE_PRESENTED, !reaction.chain().isEmpty(), shown);
            }
        }
        own(reaction.chain());
        CommonFacts.nonces(notes, reaction.nonces());
    }

    /** A rule about keys of a kind has nothing to apply to where the client presents others only. */
    private void keysNotPresented() {
        List<X509Certificate> all = session.entries().stream()
                .filter(e -> e.one().control())
                .flatMap(e -> e.reaction().stream())
                .flatMap(r -> r.chain().stream())
                .toList();
        if (!all.isEmpty() && all.stream().noneMatch(c -> c.getPublicKey() instanceof RSAPublicKey)) {
            notes.absent(Metric.RSA_CERTIFICATE_BITS, "no certificate of the client has an RSA key");
        }
        if (!all.isEmpty() && all.stream().noneMatch(c -> c.getPublicKey() instanceof ECPublicKey)) {
            notes.absent(Metric.EC_CERTIFICATE_BITS, "no certificate of the client has a key on a curve");
        }
    }

    private void own(List<X509Certificate> chain) {
        Set<HashAlgorithm> hashes = new LinkedHashSet<>();
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            String shown = "certificate of the client " + PeerText.certificate(certificate);
            if (certificate.getPublicKey() instanceof RSAPublicKey key) {
                notes.presents(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength());
                notes.evidence(Metric.RSA_CERTIFICATE_BITS, shown);
                if (i == 0) {
                    notes.holds(Property.RSA_CERTIFICATE_SUPPORTED, true, shown);
                }
            } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
                int bits = key.getParams().getCurve().getField().getFieldSize();
                notes.presents(Metric.EC_CERTIFICATE_BITS, bits);
                notes.evidence(Metric.EC_CERTIFICATE_BITS, shown);
                if (i == 0) {
                    notes.holds(Property.P_256_FOR_ECDSA, CertificateProperties.onP256(key), shown);
                }
            }
            boolean root = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (!root || i == 0) {
                CertificateProperties.hash(certificate).ifPresent(hashes::add);
                notes.evidence(Dimension.CERTIFICATE_HASH, certificate.getSigAlgName() + ": " + shown);
            }
        }
        if (!hashes.isEmpty()) {
            notes.presents(Dimension.CERTIFICATE_HASH, hashes);
        }
    }

    private void version(ClientCase one, Reaction reaction, String shown) {
        TlsVersion version = new TlsVersion(Integer.parseInt(one.id().substring(4), 16));
        if (took(reaction)) {
            notes.supports(Dimension.VERSION, List.of(version));
        }
        if (!version.equals(TlsVersion.SSL_3)) {
            notes.holds(
                    Property.PROTOCOL_VERSION_ALERT,
                    reaction.alert().map(AlertDescription.PROTOCOL_VERSION::equals).orElse(false),
                    shown);
        }
    }

    private void certificate(Flaw flaw, boolean took, String shown) {
        switch (flaw) {
            case RSA_1024, RSA_1024_ISSUER -> {
                if (took) {
                    notes.accepts(Metric.RSA_CERTIFICATE_BITS, 1024, false);
                }
            }
            case P_224 -> {
                if (took) {
                    notes.accepts(Metric.EC_CERTIFICATE_BITS, 224, false);
                }
            }
            case SHA1_LEAF, SHA1_INTERMEDIATE, MD5_LEAF -> {
                if (took) {
                    notes.accepts(
                            Dimension.CERTIFICATE_HASH,
                            List.of(flaw == Flaw.MD5_LEAF ? HashAlgorithm.MD5 : HashAlgorithm.SHA1),
                            false);
                }
            }
            case WRONG_HOST, COMMON_NAME_ONLY, WILDCARD_PARTIAL, WILDCARD_DOUBLE, WILDCARD_INNER -> {
                notes.holds(Property.HOST_IDENTITY_CHECKED, !took, shown);
                if (!took) {
                    notes.holds(Property.HOST_IDENTITY_CHECKABLE, true, shown);
                } else {
                    notes.open(
                            Property.HOST_IDENTITY_CHECKABLE, "it does not check as it is configured; whether it can is not visible");
                }
            }
            case REVOKED -> {
                if (!took) {
                    notes.holds(Property.REVOCATION_STRATEGY, true, shown);
                } else {
                    notes.open(Property.REVOCATION_STRATEGY, "a revoked certificate was taken; no status was sent with it");
                }
            }
            case UNKNOWN_EXTENSION -> notes.holds(Property.CERTIFICATE_ATTRIBUTES_TOLERATED, took, shown);
            default -> {
                notes.holds(Property.CERTIFICATE_PATH_VALIDATED, !took, shown);
                if (took) {
                    notes.remark(shown + "; expected an alert (RFC 5280 §6)");
                }
            }
        }
    }

    private Optional<Boolean> took(String id) {
        return session.entries().stream()
                .filter(e -> e.one().id().equals(id))
                .findFirst()
                .flatMap(Entry::reaction)
                .filter(r -> r.outcome() != Outcome.SILENT)
                .map(this::took);
    }

    private Optional<Boolean> took(Flaw flaw) {
        return took("C28-" + flaw.id());
    }

    /** Sizes are known when the least that is tried was refused, and what stands between is ruled out by it. */
    private void sizes() {
        Optional<Boolean> weak = took("C24-1024");
        if (took("C24-512").orElse(false)) {
            notes.measured(Metric.DHE_BITS, 512, true);
        }
        if (weak.isPresent()) {
            if (weak.get()) {
                notes.measured(Metric.DHE_BITS, 1024, true);
            } else if (took("C24-2048").orElse(false)) {
                notes.measured(Metric.DHE_BITS, 2048, true);
            } else {
                notes.absent(Metric.DHE_BITS, "the client takes neither a prime of 1024 bits nor one of 2048 bits");
            }
        }
        if (took(Flaw.RSA_1024).isPresent() && took(Flaw.RSA_1024_ISSUER).isPresent()) {
            notes.accepts(Metric.RSA_CERTIFICATE_BITS, 2048, true);
        }
        if (took(Flaw.P_224).isPresent()) {
            notes.accepts(Metric.EC_CERTIFICATE_BITS, 256, true);
        }
        if (took(Flaw.SHA1_LEAF).isPresent() && took(Flaw.MD5_LEAF).isPresent()) {
            notes.accepts(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA256), true);
        }
    }
}
