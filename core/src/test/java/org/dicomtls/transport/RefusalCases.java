package org.dicomtls.transport;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.wire.Bytes;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;

/** Everything that can go wrong, and how to bring it about. The messages that are demanded are in {@code refusals.txt}. */
final class RefusalCases {

    private static final Set<TlsVersion> BOTH = Set.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
    private static final Set<TlsVersion> TLS12 = Set.of(TlsVersion.TLS_1_2);
    private static final Set<TlsVersion> TLS13 = Set.of(TlsVersion.TLS_1_3);
    private static final Set<Engine> ALL = Set.of(Engine.values());
    private static final Set<Api> APIS = Set.of(Api.values());
    private static final Set<Api> SOCKETS = Set.of(Api.SOCKET);
    private static final Duration SHORT = Duration.ofMillis(200);

    interface Way {
        void provoke(Provocation p) throws Exception;
    }

    record Case(String name, Set<TlsVersion> versions, Set<Engine> engines, Set<Api> apis, Way way) {}

    private static final List<Case> CASES = new ArrayList<>();

    private RefusalCases() {}

    static List<Case> all() {
        return List.copyOf(CASES);
    }

    private static void add(String name, Set<TlsVersion> versions, Way way) {
        CASES.add(new Case(name, versions, ALL, APIS, way));
    }

    private static void onSockets(String name, Set<TlsVersion> versions, Way way) {
        CASES.add(new Case(name, versions, ALL, SOCKETS, way));
    }

    private static Hello hello(Provocation p) {
        return p.tls13() ? Hello.clientTls13() : Hello.clientTls12();
    }

    /** A ClientHello against our server. */
    private static Way from(java.util.function.Function<Provocation, byte[]> hello) {
        return p -> p.client(p.server(TestProfiles.WIDE, b -> b), hello.apply(p));
    }

    /** An answer to our client's hello. */
    private static Way answer(RawServer.Script script) {
        return p -> p.server(p.client(TestProfiles.WIDE, b -> b), script);
    }

    static {
        hellosOfClients();
        hellosOfServers();
        keyExchanges();
        namesAndProtocols();
        certificates();
        alerts();
        otherTraffic();
        broken();
        afterwards();
        beforehand();
    }

    private static void hellosOfClients() {
        add("a client of TLS 1.1", TLS12, from(p -> Hello.clientTls12().version(0x0302).record(0x0302)));
        add("a client of SSL 3.0", TLS12, from(p -> Hello.clientTls12().version(0x0300).record(0x0300)));
        add("a client with a hello in the format of SSL 2.0", TLS12, from(p -> {
            byte[] body = new Bytes()
                    .u8(1)
                    .u16(0x0303, 9, 0, 16)
                    .u8(0x01, 0x00, 0x80, 0x00, 0x00, 0x2F, 0x00, 0xC0, 0x2F)
                    .raw(new byte[16])
                    .get();
            return new Bytes().u16(0x8000 | body.length).raw(body).get();
        }));
        add("a client without a cipher suite in common", BOTH, from(p ->
                p.tls13() ? hello(p).suites(0x1304, 0x1305).record() : hello(p).suites(0x002F, 0xC014, 0x00FF).record()));
        add("a client without a group in common", BOTH, from(p -> p.tls13()
                ? hello(p).groups(22, 26).keyShare(22, new byte[65]).record()
                : hello(p).suites(0xC02F, 0x00FF).groups(22, 26).record()));
        add("a client without a signature scheme in common", BOTH, from(p -> hello(p).schemes(0x0201, 0x0203).record()));
        add("a client for whose suites or schemes the server has no key", BOTH, p -> p.client(
                p.server(TestProfiles.WIDE, b -> b.identity(TestCertificates.server(Transports.RSA))),
                p.tls13()
                        ? hello(p).schemes(0x0403, 0x0503).record()
                        : hello(p).suites(0xC02B, 0xC02C, 0x00FF).record()));
        add("a client without extended_master_secret", TLS12, from(p ->
                hello(p).without(Extensions.EXTENDED_MASTER_SECRET).record()));
        add("a client without renegotiation_info", TLS12, from(p -> hello(p).withoutScsv().record()));
        add("a client that insists on compression", TLS12, from(p -> hello(p).compression(1).record()));
        add("a client that offers compression with TLS 1.3", TLS13, from(p -> hello(p).compression(1, 0).record()));
        add("a client without key_share", TLS13, from(p -> hello(p).without(Extensions.KEY_SHARE).record()));
        add("a client with a key share outside its groups", TLS13, from(p -> hello(p).groups(23).record()));
        add("a client with a key share that is none", TLS13, from(p -> hello(p).keyShare(29, new byte[31]).record()));
        add("a client with a key share of small order", TLS13, from(p -> {
            byte[] one = new byte[32];
            one[0] = 1;
            return hello(p).keyShare(29, one).record();
        }));
        add("a client with a hello that cannot be read", TLS13, from(p ->
                Bytes.handshake(Bytes.message(HandshakeMessages.CLIENT_HELLO, new byte[10]))));
        onSockets("a client that sends records without end and no hello", TLS13, p -> p.tcpClient(
                p.server(b -> b), socket -> {
                    try {
                        for (int i = 0; i < 64; i++) {
                            socket.getOutputStream().write(Bytes.record(20, 0x0303, new byte[] {1}));
                        }
                        socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The server has closed.
                    }
                }));
    }

    private static RawServer.Script serverHello(Hello hello) {
        return client -> RawServer.record(hello);
    }

    private static byte[] sentinel(int last) {
        return new Bytes().raw("DOWNGRD".getBytes(StandardCharsets.US_ASCII)).u8(last).get();
    }

    private static void hellosOfServers() {
        add("a server of TLS 1.0", TLS12, answer(serverHello(Hello.serverTls12(0xC030).version(0x0301))));
        add("a server with a suite that was not offered", TLS12, answer(serverHello(Hello.serverTls12(0x002F))));
        add("a server without extended_master_secret", TLS12, answer(
                serverHello(Hello.serverTls12(0xC030).without(Extensions.EXTENDED_MASTER_SECRET))));
        add("a server without renegotiation_info", TLS12, answer(
                serverHello(Hello.serverTls12(0xC030).without(Extensions.RENEGOTIATION_INFO))));
        add("a server that compresses", TLS12, answer(serverHello(Hello.serverTls12(0xC030).compression(1))));
        add("a server with the mark of a removed TLS 1.3", TLS12, answer(
                serverHello(Hello.serverTls12(0xC030).randomEnding(sentinel(1)))));
        add("a server that does not echo the session id", TLS13, answer(client ->
                RawServer.record(Hello.serverTls13(0x1302, new byte[] {9}, 29, Hello.X25519_BASE_POINT))));
        add("a server with a group that was not offered", TLS13, answer(client ->
                RawServer.record(Hello.serverTls13(0x1302, client.sessionId(), 21, new byte[57]))));
        add("a server with a key share that is none", TLS13, answer(client ->
                RawServer.record(Hello.serverTls13(0x1302, client.sessionId(), 29, new byte[31]))));
        add("a server with a message out of place", TLS12, answer(client -> Bytes.handshake(new Bytes()
                .raw(Hello.serverTls12(0xC030).message())
                .raw(Bytes.message(20, new byte[12]))
                .get())));
        add("a server with a certificate that cannot be read", TLS12, answer(client -> Bytes.handshake(new Bytes()
                .raw(Hello.serverTls12(0xC030).message())
                .raw(Bytes.message(
                        HandshakeMessages.CERTIFICATE,
                        new Bytes().u24(53).u24(50).raw(new byte[50]).get()))
                .get())));
        add("a server with a hello that cannot be read", TLS13, answer(client ->
                Bytes.handshake(Bytes.message(HandshakeMessages.SERVER_HELLO, new byte[10]))));
    }

    /** ServerHello, a certificate of ours, and a ServerKeyExchange whose signature is of zeros. */
    private static RawServer.Script flight(int suite, byte[] parameters, int scheme) {
        return client -> {
            try {
                byte[] certificate = TestCertificates.server(Transports.RSA).entries().get(0).certificate().getEncoded();
                byte[] chain = new Bytes().u24(certificate.length + 3).u24(certificate.length).raw(certificate).get();
                byte[] exchange = new Bytes().raw(parameters).u16(scheme).vector16(new byte[256]).get();
                return Bytes.handshake(new Bytes()
                        .raw(Hello.serverTls12(suite).message())
                        .raw(Bytes.message(HandshakeMessages.CERTIFICATE, chain))
                        .raw(Bytes.message(HandshakeMessages.SERVER_KEY_EXCHANGE, exchange))
                        .raw(Bytes.message(HandshakeMessages.SERVER_HELLO_DONE, new byte[0]))
                        .get());
            } catch (java.security.cert.CertificateEncodingException e) {
                throw new AssertionError(e);
            }
        };
    }

    private static byte[] ecdhe(int group, byte[] point) {
        return new Bytes().u8(3).u16(group).vector8(point).get();
    }

    private static byte[] dhe(int bits) {
        byte[] prime = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.valueOf(105)).toByteArray();
        return new Bytes()
                .vector16(Arrays.copyOfRange(prime, prime.length - bits / 8, prime.length))
                .vector16(new byte[] {2})
                .vector16(new byte[] {4})
                .get();
    }

    private static void keyExchanges() {
        add("a server with a prime of 1024 bits", TLS12, answer(flight(0x009F, dhe(1024), 0x0401)));
        CASES.add(new Case(
                "a server with a prime of 2048 bits that has no name",
                TLS12,
                Set.of(Engine.BC),
                APIS,
                answer(flight(0x009F, dhe(2048), 0x0401))));
        add("a server with a curve that was not offered", TLS12, answer(flight(0xC030, ecdhe(21, new byte[57]), 0x0401)));
        add("a server with a signature scheme that was not offered", TLS12, answer(
                flight(0xC030, ecdhe(29, Hello.X25519_BASE_POINT), 0x0201)));
        add("a server whose signature is wrong", TLS12, answer(
                flight(0xC030, ecdhe(29, Hello.X25519_BASE_POINT), 0x0401)));
    }

    private static java.util.function.Consumer<SSLParameters> protocols(String... protocols) {
        return p -> p.setApplicationProtocols(protocols);
    }

    private static void namesAndProtocols() {
        add("no application protocol in common", BOTH, p -> p.pair(
                p.client(b -> b), p.server(b -> b), protocols("h2", "http/1.1"), protocols("dicom")));
        add("a host name that the server does not have", BOTH, p -> p.pair(
                p.client(b -> b),
                p.server(b -> b),
                c -> c.setServerNames(List.of(new SNIHostName("pacs.example"))),
                s -> s.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("archive\\.example")))));
    }

    /** The right certificate with a key that does not belong to it. */
    private static Identity stolen(Identity identity) {
        return Identity.of(new Identity.Entry(
                TestCertificates.key("EC secp256r1 thief").getPrivate(), identity.entries().get(0).chain()));
    }

    private static void certificates() {
        for (Flaw flaw : List.of(
                Flaw.UNKNOWN_CA,
                Flaw.SELF_SIGNED,
                Flaw.EXPIRED,
                Flaw.EXPIRED_ISSUER,
                Flaw.NOT_YET_VALID,
                Flaw.RSA_1024_ISSUER,
                Flaw.SHA_1,
                Flaw.CODE_SIGNING,
                Flaw.NO_DIGITAL_SIGNATURE,
                Flaw.ISSUED_BY_A_LEAF)) {
            add("a client's certificate: " + flaw, BOTH, p -> p.pair(
                    p.client(p.only(TestProfiles.CARELESS), b -> b.identity(flaw.identity())), p.server(b -> b)));
            add("a server's certificate: " + flaw, BOTH, p -> p.pair(
                    p.client(b -> b), p.server(p.only(TestProfiles.CARELESS), b -> b.identity(flaw.identity()))));
        }
        add("a server's certificate for another host", BOTH, p -> p.pair(
                p.client(b -> b.verifyHost("pacs.example")), p.server(b -> b)));
        add("a client without certificate", BOTH, p -> p.pair(p.client(b -> b.identity(Identity.none())), p.server(b -> b)));
        add("a client whose certificate is of no issuer that the server names", BOTH, p -> p.pair(
                p.client(b -> b.identity(Flaw.UNKNOWN_CA.identity())), p.server(b -> b)));
        add("a client with a certificate and no key for it", BOTH, p -> p.pair(
                p.client(b -> b.identity(stolen(TestCertificates.client(Transports.P256)))), p.server(b -> b)));
        add("a server with a certificate and no key for it", BOTH, p -> p.pair(
                p.client(b -> b), p.server(b -> b.identity(stolen(TestCertificates.server(Transports.P256))))));
    }

    private static void alerts() {
        for (int alert : new int[] {10, 40, 42, 44, 45, 48, 51, 70, 80, 86, 90, 112, 116, 120}) {
            add("a server that sends alert " + alert, TLS12, answer(client -> RawServer.alert(alert)));
        }
        for (int alert : new int[] {40, 42, 48}) {
            add("a client that sends alert " + alert, TLS12, p -> p.client(
                    p.server(b -> b), hello(p).record(), RawServer.alert(alert)));
        }
    }

    private static byte[] pdu(int type, int length) {
        byte[] body = new byte[length];
        return new Bytes().u8(type, 0, 0, 0, length >> 8, length).raw(body).get();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void otherTraffic() {
        add("a client that speaks plain DICOM", TLS13, from(p -> pdu(1, 200)));
        add("a client that speaks HTTP", TLS13, from(p -> ascii("GET / HTTP/1.1\r\nHost: pacs\r\n\r\n")));
        add("a client that speaks SSH", TLS13, from(p -> ascii("SSH-2.0-OpenSSH_9.2p1\r\n")));
        add("a server that speaks plain DICOM", TLS13, answer(client -> pdu(7, 4)));
        add("a server that speaks HTTP", TLS13, answer(client -> ascii("HTTP/1.1 400 Bad Request\r\n\r\n")));
        add("a server that speaks SMTP", TLS13, answer(client -> ascii("220 mail.example ESMTP\r\n")));
        onSockets("a client that sends two octets", TLS13, p -> p.tcpClient(p.server(b -> b), s -> {
            s.getOutputStream().write(new byte[] {'h', 'i'});
            s.shutdownOutput();
            s.getInputStream().readAllBytes();
        }));
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void broken() {
        onSockets("a client that sends nothing and closes", TLS13, p -> p.tcpClient(p.server(b -> b), s -> {}));
        onSockets("a client that closes in the middle of its hello", TLS13, p -> p.tcpClient(p.server(b -> b), s -> {
            byte[] hello = Hello.clientTls13().record();
            s.getOutputStream().write(hello, 0, hello.length / 2);
        }));
        onSockets("a client that closes after its hello", BOTH, p -> p.tcpClient(p.server(b -> b), s -> {
            s.getOutputStream().write(hello(p).record());
            s.shutdownOutput();
            s.getInputStream().readAllBytes();
        }));
        onSockets("a client that resets the connection after its hello", BOTH, p -> p.tcpClient(p.server(b -> b), s -> {
            s.getOutputStream().write(hello(p).record());
            Provocation.record(s); // the answer has come, so the hello was read before the reset
            reset(s);
        }));
        onSockets("a client that says nothing", TLS13, p -> p.tcpClient(
                p.server(b -> b.handshakeTimeout(SHORT)), s -> s.getInputStream().readAllBytes()));
        onSockets("a server that closes instead of an answer", BOTH, p -> p.tcpServer(p.client(b -> b), Provocation::record));
        onSockets("a server that closes after its hello", BOTH, p -> p.tcpServer(p.client(b -> b), s -> {
            ClientHello client = RawServer.readHello(s.getInputStream());
            s.getOutputStream().write(RawServer.record(
                    p.tls13()
                            ? Hello.serverTls13(0x1302, client.sessionId(), 29, Hello.X25519_BASE_POINT)
                            : Hello.serverTls12(0xC030)));
        }));
        onSockets("a server that resets the connection", BOTH, p -> p.tcpServer(p.client(b -> b), s -> {
            Provocation.record(s);
            reset(s);
        }));
        onSockets("a server that says nothing", TLS13, p -> {
            CountDownLatch left = new CountDownLatch(1);
            p.tcpServer(p.client(b -> b.handshakeTimeout(SHORT)), s -> {
                Provocation.record(s);
                s.setSoTimeout(10_000);
                s.getInputStream().readAllBytes();
                left.countDown();
            });
            if (!left.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the client does not leave");
            }
        });
        CASES.add(new Case("an engine whose peer is gone before the handshake", BOTH, ALL, Set.of(Api.ENGINE), p -> {
            javax.net.ssl.SSLEngine engine = Provocation.engine(p.client(b -> b), Role.CLIENT, c -> {});
            engine.beginHandshake();
            engine.wrap(java.nio.ByteBuffer.allocate(0), java.nio.ByteBuffer.allocate(20_000));
            try {
                engine.closeInbound();
                throw new AssertionError("closed without a word");
            } catch (TlsRefusal e) {
                if (!p.told(Role.CLIENT).equals(List.of(e))) {
                    throw new AssertionError("not told", e);
                }
            }
        }));
    }

    private static void afterwards() {
        onSockets("a client that renegotiates", TLS12, p -> {
            SecureTransport server = p.server(b -> b);
            try (Accepting accepting = new Accepting(server.sslContext())) {
                try (SSLSocket client = (SSLSocket) PlainJsse.context(TestCertificates.client(Transports.RSA))
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), accepting.port())) {
                    client.setEnabledProtocols(new String[] {"TLSv1.2"});
                    client.setSoTimeout(10_000);
                    client.getOutputStream().write(1);
                    client.getInputStream().read();
                    client.startHandshake();
                    client.getOutputStream().write(2);
                    client.getInputStream().read();
                } catch (IOException e) {
                    // It learns that it was refused.
                }
                accepting.next();
            }
        });
        CASES.add(new Case("a record that is changed on its way", BOTH, ALL, Set.of(Api.ENGINE), p -> {
            javax.net.ssl.SSLEngine client = Provocation.engine(p.client(b -> b), Role.CLIENT, c -> {});
            javax.net.ssl.SSLEngine server = Provocation.engine(p.server(b -> b), Role.SERVER, c -> {});
            Provocation.engines(
                    client,
                    server,
                    octets -> {
                        if (Negotiated.of(server).isPresent()) {
                            octets[octets.length - 1] ^= 1;
                        }
                        return octets;
                    },
                    null);
        }));
        CASES.add(new Case("a Finished that is changed on its way", BOTH, ALL, Set.of(Api.ENGINE), p -> {
            javax.net.ssl.SSLEngine client = Provocation.engine(p.client(b -> b), Role.CLIENT, c -> {});
            javax.net.ssl.SSLEngine server = Provocation.engine(p.server(b -> b), Role.SERVER, c -> {});
            Provocation.engines(client, server, new FirstEncryptedRecord(p.tls13())::change, null);
        }));
    }

    /** Changes an octet of the first record that a client has encrypted. */
    private static final class FirstEncryptedRecord {
        private boolean encrypted;
        private boolean changed;

        FirstEncryptedRecord(boolean tls13) {
            encrypted = tls13;
        }

        byte[] change(byte[] octets) {
            for (int at = 0; !changed && at + 5 <= octets.length; ) {
                int length = (octets[at + 3] & 0xFF) << 8 | octets[at + 4] & 0xFF;
                at += 5 + length;
                int type = octets[at - 5 - length];
                if (encrypted && (type == HandshakeMessages.APPLICATION_DATA || type == HandshakeMessages.HANDSHAKE && length < 60)) {
                    octets[at - 1] ^= 1;
                    changed = true;
                } else if (type == HandshakeMessages.CHANGE_CIPHER_SPEC) {
                    encrypted = true;
                }
            }
            return octets;
        }
    }

    private static void beforehand() {
        onSockets("a port where nobody listens", TLS13, p -> {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            p.connect(p.client(b -> b), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        });
        onSockets("a host that is unknown", TLS13, p ->
                p.connect(p.client(b -> b), InetSocketAddress.createUnresolved("no-such-host.invalid", 2762)));
        add("a transport of the other role", TLS13, p -> p.pair(p.client(b -> b.role(Role.SERVER)), p.server(b -> b)));
        add("protocols and suites that do not go together", TLS13, p -> p.pair(
                p.client(TestProfiles.WIDE, b -> b),
                p.server(TestProfiles.WIDE, b -> b),
                c -> {
                    c.setProtocols(new String[] {"TLSv1.3"});
                    c.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
                },
                s -> {}));
        onSockets("a connection too many", TLS13, p -> turnAway(
                p, RefusalKind.TOO_MANY_CONNECTIONS, "20 connections are open already"));
        onSockets("a connection while the server shuts down", TLS13, p -> turnAway(
                p, RefusalKind.SHUTTING_DOWN, "the server is shutting down"));
    }

    private static void turnAway(Provocation p, RefusalKind kind, String problem) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            p.server(b -> b).turnedAway(accepted, kind, problem);
            client.shutdownOutput();
        }
    }
}
