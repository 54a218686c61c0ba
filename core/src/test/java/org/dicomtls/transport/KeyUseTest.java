package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys are changed, or the connection is given up, before they are used up. */
@Timeout(60)
class KeyUseTest {

    private static final int LIMIT = 64;

    private static final Profile COUNTED = Profile.of(
            "test-counted",
            "for tests",
            "none",
            Profile.State.DERIVED,
            List.of(),
            "for tests",
            Stream.concat(
                            TestProfiles.WIDE.rules().stream(),
                            Stream.of(TestProfiles.rule("keys", Constraint.holds(Property.KEY_LIMITS_HONOURED))))
                    .toList());

    private static final Profile TLS12 = COUNTED.derive("counted-12").versions(TlsVersion.TLS_1_2).build();
    private static final Profile TLS13 = COUNTED.derive("counted-13").versions(TlsVersion.TLS_1_3).build();

    static Stream<Arguments> engines() {
        return Stream.of(Engine.values()).flatMap(a -> Stream.of(Engine.values()).map(b -> Arguments.of(a, b)));
    }

    private static SecureTransport client(Engine engine, Profile profile, long limit) {
        return Transports.clientOf(engine, profile).recordLimit(limit).build();
    }

    private static SecureTransport server(Engine engine, Profile profile, long limit) {
        return Transports.serverOf(engine, profile).recordLimit(limit).build();
    }

    /** Two connected sockets, and what passed between them as somebody in the middle counts it. */
    private static final class Pair implements AutoCloseable {
        private final ServerSocket middle = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final SSLServerSocket listener;
        private final Socket[] sides = new Socket[2];
        private final List<Integer> fromClient = new ArrayList<>();
        private final List<Integer> fromServer = new ArrayList<>();
        private final Thread[] pumps = new Thread[2];
        final SSLSocket client;
        final SSLSocket server;

        Pair(SSLContext from, SSLContext to) throws Exception {
            listener = (SSLServerSocket) to.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
            CompletableFuture<SSLSocket> accepted = CompletableFuture.supplyAsync(() -> {
                try {
                    SSLSocket socket = (SSLSocket) listener.accept();
                    socket.setTcpNoDelay(true);
                    socket.startHandshake();
                    return socket;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            client = (SSLSocket) from.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), middle.getLocalPort());
            client.setTcpNoDelay(true);
            sides[0] = middle.accept();
            sides[1] = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
            pumps[0] = pump(sides[0], sides[1], fromClient);
            pumps[1] = pump(sides[1], sides[0], fromServer);
            client.startHandshake();
            server = accepted.get(20, TimeUnit.SECONDS);
        }

        private static Thread pump(Socket from, Socket to, List<Integer> lengths) {
            Thread thread = new Thread(() -> {
                try {
                    from.setTcpNoDelay(true);
                    InputStream in = from.getInputStream();
                    while (true) {
                        byte[] header = in.readNBytes(5);
                        if (header.length < 5) {
                            to.shutdownOutput();
                            return;
                        }
                        int length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
                        byte[] record = java.util.Arrays.copyOf(header, 5 + length);
                        in.readNBytes(record, 5, length);
                        synchronized (lengths) {
                            lengths.add(length);
                        }
                        to.getOutputStream().write(record);
                    }
                } catch (IOException e) {
                    // The pair was closed.
                }
            });
            thread.start();
            return thread;
        }

        int records(List<Integer> direction) {
            synchronized (direction) {
                return direction.size();
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            for (Socket side : sides) {
                side.close();
            }
            middle.close();
            listener.close();
            try {
                for (Thread pump : pumps) {
                    pump.join(10_000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sends octets, each in a record of its own, until it is refused. */
    private static int sendUntilRefused(SSLSocket socket, List<TlsRefusal> refused) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int sent = 0; sent < 10 * LIMIT; sent++) {
            try {
                out.write(sent);
            } catch (TlsRefusal e) {
                refused.add(e);
                return sent;
            }
        }
        throw new AssertionError("not refused");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aSenderOfTls12EndsBeforeTheLimitAndSaysWhy(Engine from, Engine to) throws Exception {
        List<Refusal> told = new ArrayList<>();
        SecureTransport sending = Transports.clientOf(from, TLS12)
                .recordLimit(LIMIT)
                .listener(new TransportListener() {
                    @Override
                    public void refused(Refusal refusal) {
                        told.add(refusal);
                    }
                })
                .build();
        for (int association = 0; association < 2; association++) { // the next one works
            told.clear();
            try (Pair pair = new Pair(sending.sslContext(), server(to, TLS12, LIMIT).sslContext())) {
                List<TlsRefusal> refused = new ArrayList<>();
                int sent = sendUntilRefused(pair.client, refused);
                KeyUse keys = KeyUse.of(pair.client).orElseThrow();
                assertThat(keys.nearlyUsedUp()).isTrue();
                assertThat(refused.get(0))
                        .hasMessage("the keys of the connection are used up, and TLSv1.2 on engine " + from.id()
                                + " cannot change them; offered: " + keys.sent() + " records sent, " + keys.received()
                                + " received, 1 octets to be sent; wanted: at most 64 records of TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
                                + " under one key (RFC 9325 §4.4); rule: TEST/keys (dicom-tls test); remedy: open a new"
                                + " association for what is left; TLSv1.3 changes keys without one");
                assertThat(refused.get(0).kind()).isEqualTo(RefusalKind.KEYS_USED_UP);
                assertThat(told).containsExactly(refused.get(0));
                pair.client.getOutputStream().write(200); // the farewell of the layer above
                pair.client.close();
                byte[] received = pair.server.getInputStream().readAllBytes();
                assertThat(received).hasSize(sent + 1).endsWith((byte) 200);
                assertThat(sent).isBetween(LIMIT / 2, LIMIT);
                assertThat(pair.records(pair.fromClient)).isBetween(sent, LIMIT - 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverOfTls12DoesNotGoOnWithAPeerThatDoesNotCount(Engine engine) throws Exception {
        SSLContext careless = PlainJsse.context(TestCertificates.client(Transports.RSA));
        try (Pair pair = new Pair(careless, server(engine, TLS12, LIMIT).sslContext())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 3 * LIMIT; i++) {
                        pair.client.getOutputStream().write(i);
                    }
                } catch (IOException e) {
                    // The server has gone.
                }
            });
            InputStream in = pair.server.getInputStream();
            int taken = 0;
            TlsRefusal refusal = null;
            while (refusal == null) {
                try {
                    assertThat(in.read()).isEqualTo(taken);
                    taken++;
                } catch (TlsRefusal e) {
                    refusal = e;
                }
            }
            assertThat(refusal.kind()).isEqualTo(RefusalKind.KEYS_USED_UP);
            assertThat(taken).isBetween(LIMIT / 2, LIMIT - 1);
            assertThatThrownBy(in::read).isInstanceOf(TlsRefusal.class);
            pair.server.getOutputStream().write(1); // the farewell, in the direction whose keys are not used up
            assertThat(pair.client.getInputStream().read()).isEqualTo(1);
            pair.server.close();
            sending.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLIENT", "SERVER"})
    void tls13ChangesItsKeysInBothDirectionsAndGoesOn(org.dicomtls.rule.Role counting) throws Exception {
        boolean atClient = counting == org.dicomtls.rule.Role.CLIENT;
        try (Pair pair = new Pair(
                client(Engine.JDK, TLS13, atClient ? LIMIT : KeyUse.MOST_RECORDS).sslContext(),
                server(Engine.JDK, TLS13, atClient ? KeyUse.MOST_RECORDS : LIMIT).sslContext())) {
            for (int i = 0; i < 20 * LIMIT; i++) {
                pair.client.getOutputStream().write(i);
                assertThat(pair.server.getInputStream().read()).isEqualTo(i & 0xFF);
                if (i % 3 == 0) {
                    pair.server.getOutputStream().write(i + 1);
                    assertThat(pair.client.getInputStream().read()).isEqualTo(i + 1 & 0xFF);
                }
            }
            KeyUse keys = KeyUse.of(atClient ? pair.client : pair.server).orElseThrow();
            assertThat(keys.renewals()).isBetween(20, 30);
            assertThat(keys.nearlyUsedUp()).isFalse();
            assertThat(Math.max(keys.sent(), keys.received())).isLessThan(LIMIT);
            // A KeyUpdate is the only record here that is neither a hello nor one octet of data.
            int updates = 0;
            for (List<Integer> direction : List.of(pair.fromClient, pair.fromServer)) {
                int data = direction.get(direction.size() - 1);
                List<Integer> after = direction.subList(12, direction.size());
                updates = (int) after.stream().filter(length -> length != data).count();
                assertThat(updates).isBetween(keys.renewals() - 2, keys.renewals());
            }
        }
    }

    @Test
    void opensslSeesTheKeyUpdatesAndFollowsThem() throws Exception {
        OpenSsl.assume();
        SecureTransport server = server(Engine.JDK, TLS13, LIMIT);
        try (Accepting accepting = new Accepting(server.sslContext(), socket -> {
                    for (int i = 0; i < 10 * LIMIT; i++) {
                        socket.getOutputStream().write('.');
                    }
                    socket.getOutputStream().write("\nall sent\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isEqualTo('x');
                    assertThat(KeyUse.of(socket).orElseThrow().renewals()).isGreaterThanOrEqualTo(9);
                });
                OpenSsl client = OpenSsl.client(accepting.port(), "-tls1_3", "-msg")) {
            client.await("all sent");
            client.type("x\n");
            accepting.next().established();
            client.end();
            String output = client.output();
            assertThat(output.split("<<< TLS 1.3, Handshake .length 0005., KeyUpdate", -1)).hasSizeGreaterThan(9);
            assertThat(output).containsPattern(">>> TLS 1.3, Handshake .length 0005., KeyUpdate");
        }
    }

    @Test
    void anEngineThatCannotBeAskedEndsTheConnectionWhereTheLimitIsBelowItsOwn() throws Exception {
        try (Pair pair = new Pair(
                client(Engine.BC, TLS13, LIMIT).sslContext(), server(Engine.BC, TLS13, LIMIT).sslContext())) {
            List<TlsRefusal> refused = new ArrayList<>();
            sendUntilRefused(pair.client, refused);
            assertThat(refused.get(0).problem())
                    .isEqualTo("the keys of the connection are used up, and TLSv1.3 on engine bc cannot change them");
        }
    }

    /** What one engine says to the other, record by record; and whether a record carried nothing of ours. */
    private static final class Wire {
        private final ByteBuffer wire = ByteBuffer.allocate(1 << 16);
        private final ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        int records;
        int withoutData;

        void send(SSLEngine from, SSLEngine to, byte[] data) throws Exception {
            ByteBuffer source = ByteBuffer.wrap(data);
            do {
                int before = source.position();
                SSLEngineResult result = from.wrap(source, wire.clear());
                for (ByteBuffer left = wire.duplicate().flip(); left.hasRemaining(); ) {
                    records++;
                    left.position(left.position() + 5 + (left.getShort(left.position() + 3) & 0xFFFF));
                }
                withoutData += source.position() == before && result.bytesProduced() > 0 ? 1 : 0;
                wire.flip();
                while (wire.hasRemaining() && to.unwrap(wire, plain.clear()).bytesConsumed() > 0) {
                    for (Runnable task = to.getDelegatedTask(); task != null; task = to.getDelegatedTask()) {
                        task.run();
                    }
                }
            } while (source.hasRemaining() || from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        }
    }

    private static SSLEngine engine(SecureTransport transport, boolean client) {
        SSLEngine engine = transport.sslContext().createSSLEngine("localhost", 2762);
        engine.setUseClientMode(client);
        return engine;
    }

    @Test
    void anSslEngineOfTls13ChangesItsKeys() throws Exception {
        SSLEngine client = engine(client(Engine.JDK, TLS13, LIMIT), true);
        SSLEngine server = engine(server(Engine.JDK, TLS13, KeyUse.MOST_RECORDS), false);
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        Wire there = new Wire();
        Wire back = new Wire();
        for (int i = 0; i < 10 * LIMIT; i++) {
            there.send(client, server, new byte[] {1});
            back.send(server, client, new byte[] {2});
        }
        assertThat(KeyUse.of(client).orElseThrow().renewals()).isBetween(9, 20);
        assertThat(there.withoutData).isBetween(9, 20);
        assertThat(back.withoutData).isBetween(9, 20);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void anSslEngineOfTls12EndsBeforeTheLimit(Engine from, Engine to) throws Exception {
        SSLEngine client = engine(client(from, TLS12, LIMIT), true);
        SSLEngine server = engine(server(to, TLS12, LIMIT), false);
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        Wire there = new Wire();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10 * LIMIT; i++) {
                        there.send(client, server, new byte[] {1});
                    }
                })
                .isInstanceOf(TlsRefusal.class)
                .hasMessageStartingWith("the keys of the connection are used up, and TLSv1.2 on engine " + from.id());
        assertThat(there.records).isBetween(LIMIT / 2, LIMIT - 8);
        there.send(client, server, new byte[] {2});
        client.closeOutbound();
        there.send(client, server, new byte[0]);
        assertThat(client.isOutboundDone()).isTrue();
        assertThat(server.isInboundDone()).isTrue();
        assertThat((long) there.records).isLessThan(LIMIT);
    }

    @Test
    void bcChangesItsKeysByItselfAfterTwoToTheTwentiethRecord() throws Exception {
        SSLEngine client = engine(client(Engine.BC, TLS13, KeyUse.MOST_RECORDS), true);
        SSLEngine server = engine(server(Engine.BC, TLS13, KeyUse.MOST_RECORDS), false);
        assertThat(new EnginePair(client, server).handshake()).isTrue();
        Wire there = new Wire();
        byte[] octet = {1};
        for (int i = 0; i < (1 << 20) - 16; i++) {
            there.send(client, server, octet);
        }
        int data = there.records;
        assertThat(data).isEqualTo((1 << 20) - 16);
        for (int i = 0; i < 32; i++) {
            there.send(client, server, octet);
        }
        assertThat(there.records - data).as("32 octets and a KeyUpdate").isEqualTo(33);
        assertThat(KeyUse.of(client).orElseThrow().nearlyUsedUp()).isFalse();
    }

    @Test
    void chaCha20HasNoLimitAndCcmALowerOne() {
        assertThat(KeyUse.limit(CipherSuite.TLS_AES_256_GCM_SHA384)).isEqualTo(1L << 24);
        assertThat(KeyUse.limit(CipherSuite.require("TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384"))).isEqualTo(1L << 24);
        assertThat(KeyUse.limit(CipherSuite.TLS_AES_128_CCM_SHA256)).isEqualTo(1L << 23);
        assertThat(KeyUse.limit(CipherSuite.TLS_CHACHA20_POLY1305_SHA256)).isEqualTo(Long.MAX_VALUE);
        RecordCount none = new RecordCount();
        assertThat(new KeyUse(none, none, KeyUse.Renewal.NEVER, Long.MAX_VALUE, keys -> null).nearlyUsedUp()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"63", "16777217", "-1"})
    void aLimitCanOnlyBeLowered(long records) {
        assertThatThrownBy(() -> SecureTransport.of(COUNTED).recordLimit(records))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a limit of " + records + " records is outside 64…16777216");
    }

    @Test
    void recordsAreCountedHoweverTheyArriveInParts() {
        byte[] stream = new byte[3 * (5 + 300) + 5];
        for (int i = 0; i < 3; i++) {
            stream[i * 305 + 3] = 1;
            stream[i * 305 + 4] = 44;
        }
        for (int part = 1; part < 400; part++) {
            RecordCount arrays = new RecordCount();
            RecordCount buffers = new RecordCount();
            for (int at = 0; at < stream.length; at += part) {
                arrays.feed(stream, at, Math.min(part, stream.length - at));
                buffers.feed(ByteBuffer.wrap(stream), at, Math.min(part, stream.length - at));
            }
            assertThat(arrays.records()).isEqualTo(4);
            assertThat(buffers.records()).isEqualTo(4);
        }
    }
}
