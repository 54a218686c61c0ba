package org.dicomtls.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Mismatch;
import org.dicomtls.predict.Negotiation;
import org.dicomtls.predict.Offer;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.ServerHello;
import org.dicomtls.wire.ServerKeyExchange;
import org.dicomtls.wire.WireException;

/**
 * Reads the hellos of one connection beside the engine and refuses, before the engine acts on them, what a profile
 * forbids and no engine can be told to refuse for one context: missing extended_master_secret or renegotiation_info,
 * a group or prime outside the profile, a downgrade sentinel, compression in TLS 1.3, an echoed session id that is
 * wrong. It looks at nothing once encryption has begun.
 */
final class Gate {

    /** By their types (PS3.8 §9.3.1). */
    private static final List<String> PDUS = List.of(
            "",
            "A-ASSOCIATE-RQ",
            "A-ASSOCIATE-AC",
            "A-ASSOCIATE-RJ",
            "P-DATA-TF",
            "A-RELEASE-RQ",
            "A-RELEASE-RP",
            "A-ABORT");

    /** How requests and answers of HTTP begin. */
    private static final Set<String> HTTP = Set.of("GET ", "HEAD", "POST", "PUT ", "OPTI", "CONN", "DELE", "PRI ", "HTTP");

    private final PolicySettings settings;
    private final Role role;
    private final Policy policy;
    private final EngineModel.Usable usable;
    private final Collection<KeyKind> keys;
    private final HandshakeMessages inbound = new HandshakeMessages();
    private final HandshakeMessages outbound = new HandshakeMessages();
    private boolean first = true;
    private boolean heard;

    private ClientHello clientHello;
    private ServerHello serverHello;
    private Negotiation negotiation;
    private NamedGroup group;
    private Integer dhBits;
    private SignatureScheme scheme;
    private boolean keyExchangeSeen;
    private boolean certificateRequested;
    private boolean emptyCertificate;
    private AlertDescription alertReceived;

    Gate(PolicySettings settings, Policy policy, EngineModel.Usable usable, Collection<KeyKind> keys) {
        this.settings = settings;
        this.role = settings.role();
        this.policy = policy;
        this.usable = usable;
        this.keys = Set.copyOf(keys);
    }

    /** Whether octets from the peer are still to be shown to the gate. */
    boolean watchesInbound() {
        return !inbound.ended();
    }

    /** Whether octets to the peer are still to be shown to the gate. */
    boolean watchesOutbound() {
        return !outbound.ended();
    }

    /** Looks no more, because the handshake is over. */
    void close() {
        inbound.end();
        outbound.end();
    }

    Optional<ClientHello> clientHello() {
        return Optional.ofNullable(clientHello);
    }

    /** Server only: how the ClientHello will be answered, once it was seen. */
    Optional<Negotiation> negotiation() {
        return Optional.ofNullable(negotiation);
    }

    Optional<NamedGroup> group() {
        return Optional.ofNullable(group);
    }

    Optional<Integer> dhBits() {
        return Optional.ofNullable(dhBits);
    }

    Optional<SignatureScheme> scheme() {
        return Optional.ofNullable(scheme);
    }

    /** The version that the server chose, once its hello was seen. */
    Optional<TlsVersion> version() {
        return Optional.ofNullable(serverHello).map(ServerHello::version);
    }

    /** The suite that the server chose, once its hello was seen. */
    Optional<CipherSuite> suite() {
        return Optional.ofNullable(serverHello).map(ServerHello::suite);
    }

    /** The peer has sent at least an octet. */
    void heard() {
        heard = true;
    }

    /** Whether the peer has sent a single octet. */
    boolean heardAnything() {
        return heard;
    }

    /** Whether this end still sends in the clear, so that the peer understands an alert in the clear. */
    boolean sendsInTheClear() {
        // A server of TLS 1.2 encrypts nothing but its Finished.
        return watchesOutbound()
                || role == Role.SERVER && version().filter(v -> v.equals(TlsVersion.TLS_1_2)).isPresent();
    }

    /** Whether a server of TLS 1.2 asked for a certificate; in TLS 1.3 that is encrypted. */
    boolean certificateRequested() {
        return certificateRequested;
    }

    /** Whether a client of TLS 1.2 answered the demand for a certificate by none; in TLS 1.3 that is encrypted. */
    boolean emptyCertificate() {
        return emptyCertificate;
    }

    /** Whether the server took up an earlier session: RFC 8446 §4.2.11, or the session id of RFC 5246 §7.4.1.3. */
    boolean resumed() {
        if (serverHello == null || clientHello == null) {
            return false;
        }
        return serverHello.version().compareTo(TlsVersion.TLS_1_3) >= 0
                ? serverHello.extensions().has(Extensions.PRE_SHARED_KEY)
                : serverHello.sessionId().length > 0
                        && Arrays.equals(serverHello.sessionId(), clientHello.sessionId());
    }

    Optional<AlertDescription> alertReceived() {
        return Optional.ofNullable(alertReceived);
    }

    /**
     * Takes octets that came from the peer, before the engine does.
     *
     * @throws TlsRefusal when the profile refuses them
     */
    void received(byte[] data, int offset, int length) throws TlsRefusal {
        if (first && length > 0) {
            notTls(data, offset, length);
            first = false;
        }
        watch(inbound, data, offset, length, true);
        if (role == Role.SERVER && clientHello == null && alertReceived == null && inbound.ended()) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.MALFORMED_HELLO, "the client sends protected records before its hello")
                    .remedy("look who connects there: it is no client of TLS")
                    .alert(AlertDescription.UNEXPECTED_MESSAGE)
                    .build();
        }
    }

    /** Takes octets that the engine sends to the peer. */
    void sent(byte[] data, int offset, int length) throws TlsRefusal {
        watch(outbound, data, offset, length, false);
    }

    private void watch(HandshakeMessages messages, byte[] data, int offset, int length, boolean fromPeer)
            throws TlsRefusal {
        try {
            messages.feed(data, offset, length, new HandshakeMessages.Sink() {
                @Override
                public void message(int type, byte[] body) throws IOException {
                    handshake(type, body);
                }

                @Override
                public void alert(int level, int description) {
                    if (fromPeer) {
                        alertReceived = new AlertDescription(description);
                    }
                }
            });
        } catch (TlsRefusal e) {
            throw e;
        } catch (IOException e) {
            throw refuse(
                            Refusal.Phase.HELLO,
                            RefusalKind.MALFORMED_HELLO,
                            "the " + role.other().title() + " sent malformed TLS: " + e.getMessage())
                    .remedy(update())
                    .alert(AlertDescription.DECODE_ERROR)
                    .build(e);
        }
    }

    private void handshake(int type, byte[] body) throws WireException, TlsRefusal {
        switch (type) {
            case HandshakeMessages.CLIENT_HELLO -> {
                clientHello = ClientHello.read(body);
                if (role == Role.SERVER) {
                    judge(clientHello);
                }
            }
            case HandshakeMessages.SERVER_HELLO -> {
                ServerHello hello = ServerHello.read(body);
                if (hello.helloRetryRequest()) {
                    return;
                }
                serverHello = hello;
                if (role == Role.CLIENT) {
                    judge(hello);
                }
                hello.group().ifPresent(g -> group = g);
                if (hello.version().compareTo(TlsVersion.TLS_1_3) >= 0) {
                    close(); // encrypted from here on
                } else if (hello.suite().keyExchange() != KeyExchange.ECDHE
                        && hello.suite().keyExchange() != KeyExchange.DHE) {
                    serverSide().end(); // no ServerKeyExchange will come
                }
            }
            case HandshakeMessages.SERVER_KEY_EXCHANGE -> {
                if (serverHello != null) {
                    judge(ServerKeyExchange.read(body, serverHello.suite().keyExchange()));
                    keyExchangeSeen = true;
                }
            }
            case HandshakeMessages.CERTIFICATE_REQUEST -> certificateRequested = true;
            case HandshakeMessages.SERVER_HELLO_DONE -> serverSide().end();
            case HandshakeMessages.CERTIFICATE -> {
                // After the ServerKeyExchange it is a client's.
                if (keyExchangeSeen && Arrays.equals(body, new byte[3])) {
                    emptyCertificate = true;
                }
            }
            case HandshakeMessages.CLIENT_KEY_EXCHANGE -> close();
            default -> { }
        }
    }

    /** The direction in which the server speaks. */
    private HandshakeMessages serverSide() {
        return role == Role.SERVER ? outbound : inbound;
    }

    private void judge(ClientHello hello) throws TlsRefusal {
        if (hello.versions().isEmpty() && hello.legacyVersion().compareTo(TlsVersion.TLS_1_2) > 0
                && hello.legacyVersion().code() >>> 8 != 3) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.VERSION, "the client offers version " + hello.legacyVersion())
                    .remedy("enable " + list(usable.versions()) + " at the client")
                    .alert(AlertDescription.PROTOCOL_VERSION)
                    .build();
        }
        judgeNames(hello);
        negotiation = Negotiation.of(Offer.of(hello), policy, usable, keys);
        if (negotiation.mismatch().isPresent()) {
            Mismatch mismatch = negotiation.mismatch().get();
            throw refuse(Refusal.Phase.HELLO, RefusalKind.valueOf(mismatch.matter().name()), mismatch.what())
                    .offered(mismatch.offered())
                    .wanted(mismatch.wanted())
                    .rule(mismatch.rule())
                    .remedy(mismatch.remedy())
                    .alert(mismatch.alert())
                    .build();
        }
        if (negotiation.version().orElseThrow().equals(TlsVersion.TLS_1_3)) {
            judgeTls13(hello);
        } else if (!hello.compression().contains(0)) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.COMPRESSION, "the client insists on compression")
                    .offered(compression(hello.compression()))
                    .wanted("null compression")
                    .rule(policy.demands(Property.NO_COMPRESSION, Role.SERVER))
                    .remedy("switch compression off at the client")
                    .alert(AlertDescription.HANDSHAKE_FAILURE)
                    .build();
        }
    }

    /** The server name and the application protocol, where the application has set any. */
    private void judgeNames(ClientHello hello) throws TlsRefusal {
        for (String name : hello.serverNames()) {
            if (!settings.serves(name)) {
                throw refuse(Refusal.Phase.HELLO, RefusalKind.SERVER_NAME, "the client asks for a host that this is not")
                        .offered(Printable.of(name, 80))
                        .wanted("a host name of this server, or none")
                        .rule(policy.demands(Property.UNKNOWN_SERVER_NAME_REFUSED, Role.SERVER))
                        .remedy("let the client connect by a name of this server, or by its address")
                        .alert(AlertDescription.UNRECOGNIZED_NAME)
                        .build();
            }
        }
        List<String> protocols = settings.applicationProtocols();
        List<String> offered = hello.applicationProtocols();
        if (!protocols.isEmpty() && !offered.isEmpty() && Collections.disjoint(protocols, offered)) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.APPLICATION_PROTOCOL, "no common application protocol")
                    .offered(Printable.of(String.join(", ", offered), 80))
                    .wanted(String.join(", ", protocols))
                    .rule(policy.demands(Property.ALPN_MISMATCH_REFUSED, Role.SERVER))
                    .remedy("let the client offer " + String.join(", ", protocols) + ", or no protocol: DICOM needs no ALPN")
                    .alert(AlertDescription.NO_APPLICATION_PROTOCOL)
                    .build();
        }
    }

    private void judgeTls13(ClientHello hello) throws TlsRefusal {
        if (!hello.compression().equals(List.of(0))) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.COMPRESSION, "the client offers compression with TLS 1.3")
                    .offered(compression(hello.compression()))
                    .wanted("null compression alone (RFC 8446 §4.1.2)")
                    .rule(policy.demands(Property.NO_COMPRESSION, Role.SERVER))
                    .remedy("switch compression off at the client")
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
        if (hello.keyShares().isEmpty()) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.MALFORMED_HELLO, "the client sends no key_share with TLS 1.3")
                    .wanted("key_share (RFC 8446 §9.2)")
                    .remedy(update())
                    .alert(AlertDescription.MISSING_EXTENSION)
                    .build();
        }
        // A hello has room for thousands of either, so each is looked up and none is looked for twice.
        Set<NamedGroup> offered = new HashSet<>(hello.groups().orElse(List.of()));
        for (NamedGroup share : hello.keyShares().get()) {
            if (!offered.remove(share)) {
                throw refuse(
                                Refusal.Phase.HELLO,
                                RefusalKind.MALFORMED_HELLO,
                                "the client sends a key share for a group that it does not offer, or two for one group")
                        .offered(share.name())
                        .wanted("one key share at most for each group of supported_groups (RFC 8446 §4.2.8)")
                        .remedy(update())
                        .alert(AlertDescription.ILLEGAL_PARAMETER)
                        .build();
            }
        }
        requireValid(PublicValues.firstInvalid(hello.extensions(), true, usable.groups()));
    }

    private void requireValid(Optional<NamedGroup> invalid) throws TlsRefusal {
        if (invalid.isPresent()) {
            throw refuse(
                            Refusal.Phase.KEY_EXCHANGE,
                            RefusalKind.INVALID_SHARE,
                            "the public value of the " + role.other().title() + " for the key exchange is not valid")
                    .offered("a value of " + invalid.get() + " that is too short, too long, or not on the curve")
                    .rule(policy.demands(Property.INVALID_KEY_SHARES_REFUSED, role))
                    .remedy(update())
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
    }

    private void judge(ServerHello hello) throws TlsRefusal {
        TlsVersion version = hello.version();
        if (!usable.versions().contains(version)) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.VERSION, "the server chose a version that the profile does not allow")
                    .offered(version.name())
                    .wanted(list(usable.versions()))
                    .rule(policy.excludes(Dimension.VERSION, version))
                    .remedy("enable " + list(usable.versions()) + " at the server")
                    .alert(AlertDescription.PROTOCOL_VERSION)
                    .build();
        }
        CipherSuite suite = hello.suite();
        if (!usable.suites().contains(suite)) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.CIPHER_SUITE, "the server chose a cipher suite that was not offered")
                    .offered(suite.name())
                    .wanted(list(usable.suites()))
                    .rule(policy.excludes(suite.tls13() ? Dimension.SUITE_TLS13 : Dimension.SUITE_TLS12, suite))
                    .remedy(update())
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
        if (hello.compression() != 0) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.COMPRESSION, "the server chose compression")
                    .rule(policy.demands(Property.NO_COMPRESSION, Role.CLIENT))
                    .remedy(update())
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
        if (version.equals(TlsVersion.TLS_1_3)) {
            judgeTls13(hello);
        } else {
            judgeTls12(hello);
        }
    }

    private void judgeTls13(ServerHello hello) throws TlsRefusal {
        if (clientHello != null && !Arrays.equals(hello.sessionId(), clientHello.sessionId())) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.MALFORMED_HELLO, "the server does not echo the session id")
                    .wanted("legacy_session_id_echo as sent (RFC 8446 §4.1.3)")
                    .remedy(update())
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
        if (hello.group().isPresent() && !usable.groups().contains(hello.group().get())) {
            throw outsideGroup(hello.group().get());
        }
        requireValid(PublicValues.firstInvalid(hello.extensions(), false, usable.groups()));
    }

    private void judgeTls12(ServerHello hello) throws TlsRefusal {
        if (usable.versions().contains(TlsVersion.TLS_1_3) && hello.downgradeSentinel().isPresent()) {
            throw refuse(Refusal.Phase.HELLO, RefusalKind.DOWNGRADE, "the server's random says that somebody has removed TLS 1.3 from the offer")
                    .offered("downgrade sentinel " + hello.downgradeSentinel().get())
                    .wanted("TLSv1.3, or a random without the sentinel (RFC 8446 §4.1.3)")
                    .rule(policy.demands(Property.DOWNGRADE_SENTINEL, Role.CLIENT))
                    .remedy("look for a middlebox, or an attacker, between client and server")
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
        demand(
                hello.extendedMasterSecret(),
                Property.EXTENDED_MASTER_SECRET_DEMANDED,
                RefusalKind.EXTENDED_MASTER_SECRET,
                "extended_master_secret (RFC 7627)");
        demand(
                hello.renegotiationInfo(),
                Property.RENEGOTIATION_INFO_DEMANDED,
                RefusalKind.RENEGOTIATION_INFO,
                "renegotiation_info (RFC 5746)");
    }

    private void demand(boolean present, Property property, RefusalKind kind, String what) throws TlsRefusal {
        if (!present && policy.demands(property, Role.CLIENT).isPresent()) {
            throw refuse(Refusal.Phase.HELLO, kind, "the server does not acknowledge " + what)
                    .offered("TLSv1.2 without it")
                    .wanted(what)
                    .rule(policy.demands(property, Role.CLIENT))
                    .remedy("enable it at the server, or TLS 1.3")
                    .alert(AlertDescription.HANDSHAKE_FAILURE)
                    .build();
        }
    }

    private void judge(ServerKeyExchange exchange) throws TlsRefusal {
        exchange.group().ifPresent(g -> group = g);
        exchange.prime().ifPresent(p -> dhBits = p.bitLength());
        exchange.scheme().ifPresent(s -> scheme = s);
        if (exchange.prime().isPresent()) {
            int least = policy.least(Metric.DHE_BITS);
            if (dhBits < least) {
                throw refuse(Refusal.Phase.KEY_EXCHANGE, RefusalKind.DHE_TOO_SHORT, "the prime of DHE is too short")
                        .offered(dhBits + " bits")
                        .wanted("at least " + least + " bits")
                        .rule(policy.demands(Metric.DHE_BITS, role))
                        .remedy("give the server DH parameters of " + least + " bits or more")
                        .alert(AlertDescription.INSUFFICIENT_SECURITY)
                        .build();
            }
        } else if (!usable.groups().contains(group)) {
            throw outsideGroup(group);
        }
        if (scheme != null && !usable.schemes().contains(scheme)) {
            throw refuse(Refusal.Phase.KEY_EXCHANGE, RefusalKind.SIGNATURE_SCHEME, "the server signed with a scheme that was not offered")
                    .offered(scheme.name())
                    .wanted(list(usable.schemes()))
                    .rule(policy.excludes(Dimension.SCHEME, scheme))
                    .remedy(update())
                    .alert(AlertDescription.ILLEGAL_PARAMETER)
                    .build();
        }
    }

    private TlsRefusal outsideGroup(NamedGroup chosen) {
        return refuse(Refusal.Phase.KEY_EXCHANGE, RefusalKind.GROUP, "the server chose a group that was not offered")
                .offered(chosen.name())
                .wanted(list(usable.groups()))
                .rule(policy.excludes(Dimension.GROUP, chosen))
                .remedy(update())
                .alert(AlertDescription.ILLEGAL_PARAMETER)
                .build();
    }

    private void notTls(byte[] data, int offset, int length) throws TlsRefusal {
        int type = data[offset] & 0xFF;
        if (type >= HandshakeMessages.CHANGE_CIPHER_SPEC && type <= HandshakeMessages.APPLICATION_DATA) {
            return;
        }
        String peer = role.other().title();
        boolean pdu = type >= 1 && type < PDUS.size() && length > 1 && data[offset + 1] == 0;
        boolean ssl2 = (type & 0x80) != 0 && length > 2 && data[offset + 2] == 1;
        TlsRefusal.Builder refusal;
        if (pdu) {
            refusal = clear(RefusalKind.PLAIN_DICOM, "plain DICOM")
                    .offered("a DICOM " + PDUS.get(type) + " in the clear")
                    .remedy(
                            role == Role.SERVER
                                    ? "switch TLS on at the client, or let it connect to the port for plain DICOM"
                                    : "connect to the server's TLS port, or switch TLS on there");
        } else if (ssl2) {
            refusal = refuse(Refusal.Phase.TRANSPORT, RefusalKind.SSL_2_HELLO, "the client sends a hello in the format of SSL 2.0")
                    .offered("SSLv2")
                    .rule(policy.excludes(Dimension.VERSION, TlsVersion.SSL_2))
                    .remedy("switch off SSL 2.0 compatibility at the client");
        } else if (length >= 4 && HTTP.contains(new String(data, offset, 4, StandardCharsets.ISO_8859_1))) {
            refusal = clear(RefusalKind.PLAIN_HTTP, "HTTP in the clear")
                    .offered("HTTP")
                    .remedy(
                            role == Role.SERVER
                                    ? "look who connects there: a browser, a monitor, or a scanner"
                                    : "connect to the DICOM port of the server: this one is for HTTP");
        } else {
            refusal = refuse(Refusal.Phase.TRANSPORT, RefusalKind.NOT_TLS, "the " + peer + " does not speak TLS")
                    .offered(String.format("octets that begin with %02X", type))
                    .rule(policy.demands(Property.STRICT_TLS, role))
                    .remedy(
                            role == Role.SERVER
                                    ? "look who connects there: it is neither TLS nor DICOM"
                                    : "look at host and port: what answers there is neither TLS nor DICOM");
        }
        throw refusal.wanted(list(usable.versions()))
                .alert(ssl2 ? AlertDescription.PROTOCOL_VERSION : AlertDescription.UNEXPECTED_MESSAGE)
                .build();
    }

    private TlsRefusal.Builder clear(RefusalKind kind, String what) {
        return refuse(Refusal.Phase.TRANSPORT, kind, "the " + role.other().title() + " speaks " + what + " where TLS is spoken")
                .rule(policy.demands(Property.STRICT_TLS, role));
    }

    /** A client that sends records without end and no ClientHello. */
    TlsRefusal tooMuch() {
        return refuse(Refusal.Phase.HELLO, RefusalKind.MALFORMED_HELLO, "the " + role.other().title() + " sends too much before its hello")
                .remedy("look who connects there: it is no client of TLS")
                .alert(AlertDescription.UNEXPECTED_MESSAGE)
                .build();
    }

    private String update() {
        return "update the TLS software of the " + role.other().title();
    }

    private static String compression(List<Integer> methods) {
        return methods.stream()
                .map(method -> method == 0 ? "null" : method == 1 ? "DEFLATE" : "method " + method)
                .collect(Collectors.joining(", "));
    }

    private static String list(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private TlsRefusal.Builder refuse(Refusal.Phase phase, RefusalKind kind, String problem) {
        return TlsRefusal.at(role, phase, kind, problem);
    }
}
