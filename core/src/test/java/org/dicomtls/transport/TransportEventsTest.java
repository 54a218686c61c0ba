package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What listeners, counters and the flight recorder hear of connections. */
class TransportEventsTest {

    private static final Profile TLS_1_2 =
            TestProfiles.WIDE.derive("events-12").versions(TlsVersion.TLS_1_2).build();

    private final Told atClient = new Told();
    private final Told atServer = new Told();

    private SecureTransport server(Engine engine, Profile profile) {
        return Transports.serverOf(engine, profile).listener(atServer).build();
    }

    private SecureTransport client(Engine engine, Profile profile) {
        return Transports.clientOf(engine, profile).listener(atClient).build();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsToldOfAtBothEndsFromItsHandshakeToItsClose(Engine engine) throws Exception {
        int port;
        int own;
        try (Accepting accepting = new Accepting(server(engine, TestProfiles.WIDE).sslContext());
                SSLSocket socket = (SSLSocket) client(engine, TestProfiles.WIDE)
                        .sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), accepting.port())) {
            port = accepting.port();
            own = socket.getLocalPort();
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
        Negotiated client = atClient.next(Negotiated.class);
        Negotiated server = atServer.next(Negotiated.class);
        assertThat(client.connection().end()).isEqualTo(Role.CLIENT);
        assertThat(client.connection().peerText()).isEqualTo("127.0.0.1:" + port);
        assertThat(client.connection().localText()).isEqualTo("127.0.0.1:" + own);
        assertThat(client.connection().engine()).isEqualTo(engine);
        assertThat(server.connection().end()).isEqualTo(Role.SERVER);
        assertThat(server.connection().peerText()).isEqualTo("127.0.0.1:" + own);
        assertThat(server.connection().localText()).isEqualTo("127.0.0.1:" + port);
        assertThat(server.connection().number()).isNotEqualTo(client.connection().number());
        for (Negotiated end : List.of(client, server)) {
            assertThat(end.handshake()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(60));
            assertThat(end.time()).isEqualTo(end.connection().since().plus(end.handshake()));
        }
        assertThat(atClient.next(Closed.class).negotiated()).isSameAs(client);
        Closed closed = atServer.next(Closed.class);
        assertThat(closed.connection()).isEqualTo(server.connection());
        assertThat(closed.duration()).isGreaterThan(server.handshake());
        assertThat(atClient.nothing() && atServer.nothing()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anEngineKnowsOfItsPeerWhatItWasTold(Engine engine) {
        SSLEngine client = client(engine, TestProfiles.WIDE).sslContext().createSSLEngine("pacs.example", 2762);
        client.setUseClientMode(true);
        SSLEngine server = server(engine, TestProfiles.WIDE).sslContext().createSSLEngine();
        server.setUseClientMode(false);
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        TransportConnection named = Negotiated.of(client).orElseThrow().connection();
        assertThat(named.peer()).contains(InetSocketAddress.createUnresolved("pacs.example", 2762));
        assertThat(named.peerText()).isEqualTo("pacs.example:2762");
        assertThat(named.localText()).isEqualTo("unknown");
        assertThat(Negotiated.of(server).orElseThrow().connection().peerText()).isEqualTo("unknown");
        client.closeOutbound();
        client.closeOutbound();
        assertThat(Stream.of(Negotiated.class, Closed.class).map(type -> {
            try {
                return atClient.next(type);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        })).hasSize(2);
        assertThat(atClient.nothing()).as("closed once").isTrue();
    }

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(RawClient.Api.values()).map(a -> Arguments.of(e, a)));
    }

    private Negotiated[] negotiated(Engine engine, RawClient.Api api, Profile profile, String key) throws Exception {
        SecureTransport from = client(engine, profile);
        SecureTransport to = Transports.serverOf(engine, profile)
                .identity(TestCertificates.server(key))
                .listener(atServer)
                .build();
        if (api == RawClient.Api.SOCKET) {
            Loopback.Outcome outcome = Loopback.run(from, to);
            return new Negotiated[] {outcome.client().established(), outcome.server().established()};
        }
        SSLEngine client = from.sslContext().createSSLEngine("localhost", 2762);
        client.setUseClientMode(true);
        SSLEngine server = to.sslContext().createSSLEngine();
        server.setUseClientMode(false);
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        return new Negotiated[] {Negotiated.of(client).orElseThrow(), Negotiated.of(server).orElseThrow()};
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theFactsOfTls12AreAllInTheClear(Engine engine, RawClient.Api api) throws Exception {
        for (Negotiated end : negotiated(engine, api, TLS_1_2, Transports.RSA)) {
            assertThat(end.facts())
                    .containsEntry("version", "TLSv1.2")
                    .containsEntry("suite", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                    .containsEntry("group", "x25519")
                    .containsEntry("resumed", "no");
            assertThat(end.scheme()).isPresent();
            assertThat(end.facts().get("scheme")).isEqualTo(end.scheme().get().name()).startsWith("rsa_");
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theSchemeOfTls13IsKnownWhereTheKeyLeavesNoChoice(Engine engine, RawClient.Api api) throws Exception {
        Negotiated[] both = negotiated(engine, api, TestProfiles.WIDE, Transports.P256);
        assertThat(both[0].facts())
                .containsEntry("version", "TLSv1.3")
                .containsEntry("scheme", "ecdsa_secp256r1_sha256")
                .containsEntry("peerSubject", "CN=EC secp256r1");
        assertThat(both[0].facts().get("peerSha256")).matches("[0-9a-f]{32}");
        assertThat(both[1].facts()).containsEntry("scheme", "ecdsa_secp256r1_sha256");
        assertThat(both[0].text())
                .matches("TLSv1\\.3 TLS_AES_256_GCM_SHA384, group x25519, signature scheme ecdsa_secp256r1_sha256,"
                        + " peer CN=EC secp256r1 \\(SHA-256 [0-9a-f]{32}\\)");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theSchemeOfTls13IsUnknownWhereTheKeyLeavesAChoice(Engine engine, RawClient.Api api) throws Exception {
        for (Negotiated end : negotiated(engine, api, TestProfiles.WIDE, Transports.RSA)) {
            assertThat(end.scheme()).isEmpty();
            assertThat(end.facts()).containsEntry("scheme", "unknown");
            assertThat(end.text()).contains(", signature scheme unknown, ");
        }
    }

    private static Gate gate(Hello client, Hello server) throws Exception {
        SecureTransport transport = Transports.client(Engine.JDK);
        PolicySettings settings = new PolicySettings(transport, Role.CLIENT);
        Gate gate = new Gate(settings, transport.policy(), settings.usable(), List.of());
        byte[] sent = client.record();
        gate.sent(sent, 0, sent.length);
        byte[] received = server.record(0x0303);
        gate.received(received, 0, received.length);
        return gate;
    }

    @Test
    void aSessionThatIsResumedIsKnownFromTheHellos() throws Exception {
        byte[] id = new byte[32];
        byte[] other = {1, 2, 3};
        Hello tls12 = Hello.clientTls12().session(id);
        assertThat(gate(tls12, Hello.serverTls12(0xC030).session(id)).resumed()).isTrue();
        assertThat(gate(tls12, Hello.serverTls12(0xC030).session(other)).resumed()).isFalse();
        assertThat(gate(tls12, Hello.serverTls12(0xC030).session(new byte[0])).resumed()).isFalse();
        Hello tls13 = Hello.clientTls13().session(id);
        assertThat(gate(tls13, Hello.serverTls13(0x1302, id, 29, Hello.X25519_BASE_POINT)).resumed()).isFalse();
        assertThat(gate(tls13, Hello.serverTls13(0x1302, id, 29, Hello.X25519_BASE_POINT)
                                .with(Extensions.PRE_SHARED_KEY, 0, 0))
                        .resumed())
                .isTrue();
    }

    @Test
    void aPeerWithoutCertificateIsSaidToHaveNone() throws Exception {
        SecureTransport server = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .clientAuthentication(false)
                .listener(atServer)
                .build();
        Loopback.run(Transports.client(Engine.JDK), server);
        Negotiated negotiated = atServer.next(Negotiated.class);
        assertThat(negotiated.facts()).containsEntry("peerSubject", "none").containsEntry("peerSha256", "none");
        assertThat(negotiated.text()).endsWith(", peer without certificate");
    }

    @Test
    void aListenerThatFailsTakesNothingFromOthers() throws Exception {
        TransportListener failing = new TransportListener() {
            @Override
            public void established(Negotiated negotiated) {
                throw new IllegalStateException("a bug of the application");
            }
        };
        SecureTransport server = Transports.serverOf(Engine.JDK, TestProfiles.WIDE)
                .listener(failing)
                .listener(atServer)
                .build();
        assertThat(Loopback.run(Transports.client(Engine.JDK), server).client().established().version())
                .isEqualTo(TlsVersion.TLS_1_3);
        assertThat(atServer.next(Negotiated.class).version()).isEqualTo(TlsVersion.TLS_1_3);
    }

    @ParameterizedTest
    @EnumSource
    void countersCountWhatCameOfConnections(Engine engine) throws Exception {
        SecureTransport server = Transports.server(engine);
        assertThat(server.counters().establishedInAll()).isZero();
        SecureTransport expired =
                Transports.clientOf(engine, TestProfiles.WIDE).identity(Flaw.EXPIRED.identity()).build();
        try (Accepting accepting = new Accepting(server.sslContext())) {
            for (SecureTransport client : List.of(Transports.client(engine), Transports.client(engine, TLS_1_2), expired)) {
                try (SSLSocket socket = (SSLSocket) client.sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), accepting.port())) {
                    socket.getOutputStream().write(1);
                    socket.getInputStream().read();
                    assertThat(server.counters().open()).isOne();
                } catch (TlsRefusal e) {
                    assertThat(e.byPeer()).isTrue();
                }
                accepting.next();
            }
        }
        Counters counters = server.counters();
        CipherSuite tls12 = CipherSuite.of(0xC02C);
        assertThat(counters.established())
                .isEqualTo(Map.of(
                        new Counters.Handshake(TlsVersion.TLS_1_3, CipherSuite.TLS_AES_256_GCM_SHA384), 1L,
                        new Counters.Handshake(TlsVersion.TLS_1_2, tls12), 1L));
        assertThat(counters.refused()).isEqualTo(Map.of(RefusalKind.CERTIFICATE_EXPIRED, 1L));
        assertThat(counters.establishedInAll()).isEqualTo(2);
        assertThat(counters.refusedInAll()).isOne();
        assertThat(counters.resumed()).isZero();
        assertThat(counters.open()).isZero();
        assertThat(expired.counters().refused()).isEqualTo(Map.of(RefusalKind.OWN_CERTIFICATE_REFUSED, 1L));
    }

    @ParameterizedTest
    @EnumSource
    void theFlightRecorderHasHandshakesAndRefusals(Engine engine, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("recording.jfr");
        SecureTransport client = client(engine, TestProfiles.WIDE);
        SecureTransport expired = Transports.clientOf(engine, TestProfiles.WIDE)
                .identity(Flaw.EXPIRED.identity())
                .build();
        SecureTransport server = server(engine, TestProfiles.WIDE);
        try (Recording recording = new Recording()) {
            recording.enable("dicomtls.Handshake");
            recording.enable("dicomtls.Refusal");
            recording.start();
            Loopback.run(client, server);
            Loopback.run(expired, server);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Negotiated told = atClient.next(Negotiated.class);
        RecordedEvent handshake = event(events, "dicomtls.Handshake", told.connection().number());
        assertThat(handshake.getString("profile")).isEqualTo("test-wide");
        assertThat(handshake.getString("engine")).isEqualTo(engine.id());
        assertThat(handshake.getString("end")).isEqualTo("client");
        assertThat(handshake.getString("peer")).isEqualTo(told.connection().peerText());
        assertThat(handshake.getString("version")).isEqualTo("TLSv1.3");
        assertThat(handshake.getString("suite")).isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(handshake.getString("group")).isEqualTo("x25519");
        assertThat(handshake.getString("scheme")).isEqualTo(told.facts().get("scheme"));
        assertThat(handshake.getString("peerSubject")).isEqualTo(told.facts().get("peerSubject"));
        assertThat(handshake.getString("peerSha256")).isEqualTo(told.facts().get("peerSha256"));
        assertThat(handshake.getBoolean("resumed")).isFalse();
        assertThat(handshake.getDuration()).isPositive();
        atServer.next(Negotiated.class);
        atServer.next(Closed.class);
        Refusal refusal = atServer.next(Refusal.class);
        RecordedEvent refused = event(events, "dicomtls.Refusal", refusal.connection().number());
        assertThat(refused.getString("kind")).isEqualTo("certificate.expired");
        assertThat(refused.getString("phase")).isEqualTo("PEER_CERTIFICATE");
        assertThat(refused.getBoolean("byPeer")).isFalse();
        assertThat(refused.getString("problem")).isEqualTo(refusal.problem());
        assertThat(refused.getString("remedy")).isEqualTo(refusal.remedy());
        assertThat(refused.getString("end")).isEqualTo("server");
    }

    private static RecordedEvent event(List<RecordedEvent> events, String name, long connection) {
        return events.stream()
                .filter(e -> e.getEventType().getName().equals(name) && e.getLong("connection") == connection)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " of connection " + connection + " in " + events));
    }

    @Test
    void whatSpeaksDicomReportsInTheSameShape() throws Exception {
        SecureTransport server = server(Engine.JDK, TestProfiles.WIDE);
        Loopback.run(Transports.client(Engine.JDK), server);
        Negotiated negotiated = atServer.next(Negotiated.class);
        atServer.next(Closed.class);
        AssociationRefusal refusal = AssociationRefusal.on(
                        negotiated.connection(), RefusalKind.ASSOCIATION_REJECTED, "the peer rejected the association\r\n")
                .byPeer()
                .offered("called AE title ANY-SCP")
                .wanted("another")
                .aeTitles("MODALITY", "ANY-SCP")
                .remedy("use the AE title of the server")
                .build();
        server.report(refusal);
        assertThat(atServer.next(Refusal.class)).isSameAs(refusal);
        assertThat(refusal.text())
                .isEqualTo("the peer rejected the association??; offered: called AE title ANY-SCP; wanted: another; remedy:"
                        + " use the AE title of the server");
        assertThat(refusal.phase()).isEqualTo(Refusal.Phase.ASSOCIATION);
        assertThat(refusal.callingAeTitle()).contains("MODALITY");
        assertThat(refusal.calledAeTitle()).contains("ANY-SCP");
        assertThat(server.counters().refused()).isEqualTo(Map.of(RefusalKind.ASSOCIATION_REJECTED, 1L));
        assertThat(Refusal.in(new java.io.IOException("wrapped", refusal))).contains(refusal);
        assertThat(Refusal.in(new java.io.IOException("another"))).isEqualTo(Optional.empty());
    }
}
