package org.dicomtls.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.RawClient.Api;

/** One attempt that is to fail: on that engine, through that API, at that version; and what the listeners were told. */
final class Provocation {

    private static final int MOST_STEPS = 400;

    final Engine engine;
    final Api api;
    final TlsVersion version;
    private final Map<Role, List<Refusal>> told = new EnumMap<>(Role.class);

    Provocation(Engine engine, Api api, TlsVersion version) {
        this.engine = engine;
        this.api = api;
        this.version = version;
        told.put(Role.CLIENT, Collections.synchronizedList(new ArrayList<>()));
        told.put(Role.SERVER, Collections.synchronizedList(new ArrayList<>()));
    }

    /** All that the listeners of that end were told, in order. */
    List<Refusal> told(Role end) {
        return List.copyOf(told.get(end));
    }

    boolean tls13() {
        return version.equals(TlsVersion.TLS_1_3);
    }

    private TransportListener listener(Role end) {
        return new TransportListener() {
            @Override
            public void refused(Refusal refusal) {
                told.get(end).add(refusal);
            }
        };
    }

    Profile only(Profile profile) {
        return profile.derive(profile.id() + (tls13() ? "-13" : "-12")).versions(version).build();
    }

    SecureTransport client(UnaryOperator<SecureTransport.Builder> tweak) {
        return client(only(TestProfiles.WIDE), tweak);
    }

    SecureTransport client(Profile profile, UnaryOperator<SecureTransport.Builder> tweak) {
        return tweak.apply(Transports.clientOf(engine, profile)).listener(listener(Role.CLIENT)).build();
    }

    SecureTransport server(UnaryOperator<SecureTransport.Builder> tweak) {
        return server(only(TestProfiles.WIDE), tweak);
    }

    SecureTransport server(Profile profile, UnaryOperator<SecureTransport.Builder> tweak) {
        return tweak.apply(Transports.serverOf(engine, profile)).listener(listener(Role.SERVER)).build();
    }

    /** Our client against our server, and an octet in each direction. */
    void pair(SecureTransport client, SecureTransport server) throws Exception {
        pair(client, server, p -> {}, p -> {});
    }

    void pair(
            SecureTransport client,
            SecureTransport server,
            Consumer<SSLParameters> clientParameters,
            Consumer<SSLParameters> serverParameters)
            throws Exception {
        if (api == Api.SOCKET) {
            Loopback.run(
                    client,
                    server,
                    s -> {
                        SSLParameters p = s.getSSLParameters();
                        clientParameters.accept(p);
                        s.setSSLParameters(p);
                    },
                    s -> {
                        SSLParameters p = s.getSSLParameters();
                        serverParameters.accept(p);
                        s.setSSLParameters(p);
                    },
                    s -> {});
        } else {
            engines(
                    engine(client, Role.CLIENT, clientParameters), engine(server, Role.SERVER, serverParameters), null, null);
        }
    }

    static SSLEngine engine(SecureTransport transport, Role end, Consumer<SSLParameters> parameters) {
        SSLEngine engine = end == Role.CLIENT
                ? transport.sslContext().createSSLEngine("localhost", 2762)
                : transport.sslContext().createSSLEngine("127.0.0.1", 4711);
        engine.setUseClientMode(end == Role.CLIENT);
        SSLParameters p = engine.getSSLParameters();
        parameters.accept(p);
        engine.setSSLParameters(p);
        return engine;
    }

    /** What may be done to the octets from one engine to the other. */
    interface Line {
        byte[] carry(byte[] octets);
    }

    /**
     * Two engines as an application drives them: it goes on after an exception until there is nothing more to write, then
     * ends the stream, so that the other one gets the alert and the end. When both are finished, each sends an octet.
     */
    static void engines(SSLEngine client, SSLEngine server, Line toServer, Line toClient) {
        Side c = new Side(client, toServer);
        Side s = new Side(server, toClient);
        c.peer = s;
        s.peer = c;
        for (int step = 0; step < MOST_STEPS && (c.step() | s.step()); step++) {
            // Each moves as far as it can.
        }
    }

    private static final class Side {
        private final SSLEngine engine;
        private final Line line;
        private final ByteBuffer in = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer out = ByteBuffer.allocate(1 << 17);
        private Side peer;
        private boolean begun;
        private boolean failed;
        private boolean ended;
        private boolean saidSomething;
        private boolean toldOfEnd;

        Side(SSLEngine engine, Line line) {
            this.engine = engine;
            this.line = line;
        }

        private void send() {
            if (out.position() > 0) {
                out.flip();
                byte[] octets = new byte[out.remaining()];
                out.get(octets);
                out.clear();
                peer.in.put(line == null ? octets : line.carry(octets));
            }
        }

        private boolean step() {
            if (!begun) {
                begun = true;
                try {
                    engine.beginHandshake();
                } catch (SSLException e) {
                    failed = true;
                }
                return true;
            }
            if (ended) {
                return false;
            }
            try {
                return switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                            task.run();
                        }
                        yield true;
                    }
                    case NEED_WRAP -> {
                        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
                        send();
                        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                            ended = true;
                        }
                        yield true;
                    }
                    default -> rest();
                };
            } catch (SSLException e) {
                if (failed) {
                    ended = true;
                }
                failed = true;
                return true;
            }
        }

        private boolean rest() throws SSLException {
            if (failed) {
                ended = true;
                return true;
            }
            if (in.position() > 0) {
                in.flip();
                SSLEngineResult result;
                try {
                    result = engine.unwrap(in, ByteBuffer.allocate(20_000));
                } finally {
                    in.compact();
                }
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    ended = true;
                    return true;
                }
                if (result.bytesConsumed() > 0) {
                    return true;
                }
            }
            if (!saidSomething && Negotiated.of(engine).isPresent() && Negotiated.of(peer.engine).isPresent()) {
                saidSomething = true;
                engine.wrap(ByteBuffer.wrap(new byte[] {1}), out);
                send();
                return true;
            }
            if (peer.ended && !toldOfEnd) {
                toldOfEnd = true;
                engine.closeInbound();
            }
            return false;
        }
    }

    /** Octets against our server; the stream of the client ends after them. */
    void client(SecureTransport server, byte[]... octets) throws Exception {
        RawClient.send(api, server, octets);
    }

    /** A server of octets against our client. */
    void server(SecureTransport client, RawServer.Script script) throws Exception {
        RawServer.answer(api, client, script);
    }

    interface Talk {
        void on(Socket socket) throws Exception;
    }

    /** A client that does as it likes with its TCP connection, against our server's socket. */
    void tcpClient(SecureTransport server, Talk talk) throws Exception {
        try (Accepting accepting = new Accepting(server.sslContext())) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), accepting.port())) {
                talk.on(socket);
            }
            accepting.next();
        }
    }

    /** A server that does as it likes with its TCP connection, against our client's socket, which writes and reads. */
    void tcpServer(SecureTransport client, Talk talk) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> talking = CompletableFuture.runAsync(() -> {
                try (Socket socket = listener.accept()) {
                    talk.on(socket);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            try (SSLSocket socket = (SSLSocket) client.sslContext()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                socket.getOutputStream().write(1);
                socket.getInputStream().read();
            } catch (IOException e) {
                // What it is about; the listener has heard it.
            }
            talking.get(20, TimeUnit.SECONDS);
        }
    }

    /** Our client connects to that address. */
    void connect(SecureTransport client, InetSocketAddress address) {
        try (Socket socket = client.sslContext().getSocketFactory().createSocket()) {
            socket.connect(address, 5_000);
            throw new AssertionError("connected");
        } catch (IOException e) {
            if (!Refusal.in(e).equals(told(Role.CLIENT).stream().findFirst())) {
                throw new AssertionError("thrown without the refusal that was told", e);
            }
        }
    }

    /** Reads one record off a TCP connection, such as a ClientHello. */
    static byte[] record(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] header = in.readNBytes(5);
        byte[] body = in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
        byte[] both = java.util.Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, both, header.length, body.length);
        return both;
    }

    @Override
    public String toString() {
        return engine.id() + " " + (tls13() ? "1.3" : "1.2") + " " + api.name().toLowerCase(java.util.Locale.ROOT);
    }
}
