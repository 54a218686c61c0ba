package org.dicomtls.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.ServerHello;

/** A client of octets against a server under a policy, on sockets or on an engine. */
final class RawClient {

    /** By which API the policy is used. */
    enum Api {
        SOCKET,
        ENGINE
    }

    /** What came of it: all octets of the server, and how its handshake ended if it did. */
    record Exchange(byte[] received, boolean closed, Optional<TlsRefusal> refusal) {

        /** The ServerHello, whose absence is the failure of the test. */
        ServerHello serverHello() {
            return hello().orElseThrow(() -> new AssertionError("no ServerHello: " + refusal.map(Throwable::toString)
                    .orElse("no refusal") + ", alert " + alert()));
        }

        Optional<ServerHello> hello() {
            for (byte[] body : messages(HandshakeMessages.SERVER_HELLO)) {
                try {
                    return Optional.of(ServerHello.read(body));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        }

        /** The bodies of all handshake messages of that type that are in the clear. */
        List<byte[]> messages(int type) {
            List<byte[]> found = new ArrayList<>();
            byte[] all = fragments(HandshakeMessages.HANDSHAKE);
            for (int at = 0; at + 4 <= all.length; ) {
                int length = (all[at + 1] & 0xFF) << 16 | (all[at + 2] & 0xFF) << 8 | all[at + 3] & 0xFF;
                if (all[at] == type && at + 4 + length <= all.length) {
                    found.add(java.util.Arrays.copyOfRange(all, at + 4, at + 4 + length));
                }
                at += 4 + length;
            }
            return found;
        }

        Optional<AlertDescription> alert() {
            byte[] all = fragments(HandshakeMessages.ALERT);
            return all.length < 2 ? Optional.empty() : Optional.of(new AlertDescription(all[1] & 0xFF));
        }

        private byte[] fragments(int type) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at + 5 <= received.length; ) {
                int length = (received[at + 3] & 0xFF) << 8 | received[at + 4] & 0xFF;
                if (received[at] == type) {
                    out.write(received, at + 5, Math.min(length, received.length - at - 5));
                }
                at += 5 + length;
            }
            return out.toByteArray();
        }

        TlsRefusal refused() {
            return refusal.orElseThrow(() -> new AssertionError("not refused; received " + received.length + " octets"));
        }
    }

    private RawClient() {}

    /** Sends the parts, each in a segment of its own, and takes whatever comes back. */
    static Exchange send(Api api, SecureTransport server, byte[]... parts) throws Exception {
        return api == Api.SOCKET ? bySocket(server, parts) : byEngine(server, parts);
    }

    private static Exchange bySocket(SecureTransport server, byte[]... parts) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) server.sslContext()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            client.setTcpNoDelay(true);
            CompletableFuture<Optional<TlsRefusal>> end = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    return Optional.empty();
                } catch (TlsRefusal e) {
                    return Optional.of(e);
                } catch (IOException e) {
                    throw new AssertionError("a failure that is no TlsRefusal", e);
                }
            });
            for (byte[] part : parts) {
                client.getOutputStream().write(part);
                client.getOutputStream().flush();
            }
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            boolean closed = drain(client, received);
            client.shutdownOutput();
            return new Exchange(received.toByteArray(), closed, end.get(20, TimeUnit.SECONDS));
        }
    }

    /** Reads until the server's flight is complete (hello done, or the end of a TLS 1.3 flight), an alert, or the end. */
    private static boolean drain(Socket client, ByteArrayOutputStream received) throws IOException {
        InputStream in = client.getInputStream();
        client.setSoTimeout(15_000);
        byte[] buffer = new byte[8192];
        while (true) {
            int got;
            try {
                got = in.read(buffer);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the server neither answers nor closes", e);
            }
            if (got < 0) {
                return true;
            }
            received.write(buffer, 0, got);
            Exchange soFar = new Exchange(received.toByteArray(), false, Optional.empty());
            Optional<ServerHello> hello = soFar.hello();
            if (hello.isPresent()
                    && (hello.get().selectedVersion().isPresent()
                            || !soFar.messages(HandshakeMessages.SERVER_HELLO_DONE).isEmpty())) {
                return false;
            }
        }
    }

    private static Exchange byEngine(SecureTransport server, byte[]... parts) {
        SSLEngine engine = server.sslContext().createSSLEngine();
        engine.setUseClientMode(false);
        ByteBuffer in = ByteBuffer.allocate(1 << 17);
        ByteBuffer out = ByteBuffer.allocate(1 << 17);
        Optional<TlsRefusal> refusal = Optional.empty();
        boolean closed = false;
        int next = 0;
        try {
            engine.beginHandshake();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
        for (int round = 0; round < 300; round++) {
            try {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                            task.run();
                        }
                        continue;
                    }
                    case NEED_WRAP -> {
                        closed |= engine.wrap(ByteBuffer.allocate(0), out).getStatus() == SSLEngineResult.Status.CLOSED;
                        continue;
                    }
                    default -> { }
                }
                if (refusal.isPresent()) {
                    break;
                }
                in.flip();
                SSLEngineResult result = engine.unwrap(in, ByteBuffer.allocate(20_000));
                in.compact();
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW
                        || result.bytesConsumed() == 0 && result.getHandshakeStatus()
                                == SSLEngineResult.HandshakeStatus.NEED_UNWRAP) {
                    if (next == parts.length) {
                        break;
                    }
                    in.put(parts[next++]);
                }
            } catch (TlsRefusal e) {
                if (refusal.isPresent()) {
                    throw new AssertionError("refused twice", e);
                }
                refusal = Optional.of(e);
            } catch (SSLException e) {
                throw new AssertionError("a failure that is no TlsRefusal", e);
            }
        }
        byte[] received = new byte[out.position()];
        out.flip();
        out.get(received);
        return new Exchange(received, closed, refusal);
    }
}
