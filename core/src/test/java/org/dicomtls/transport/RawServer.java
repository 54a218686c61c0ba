package org.dicomtls.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.HandshakeMessages;

/** A server of octets against a client under a policy, on sockets or on an engine. */
final class RawServer {

    /** What the server sends when it has read the ClientHello. */
    interface Script {
        byte[] answer(ClientHello hello) throws IOException;
    }

    private RawServer() {}

    static RawClient.Exchange answer(RawClient.Api api, SecureTransport client, Script script) throws Exception {
        return api == RawClient.Api.SOCKET ? bySocket(client, script) : byEngine(client, script);
    }

    private static RawClient.Exchange bySocket(SecureTransport client, Script script) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> seen = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = listener.accept()) {
                    socket.setSoTimeout(15_000);
                    InputStream in = socket.getInputStream();
                    socket.getOutputStream().write(script.answer(readHello(in)));
                    socket.shutdownOutput();
                    return in.readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Optional<TlsRefusal> refusal = Optional.empty();
            try (SSLSocket socket = (SSLSocket) client.sslContext()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                socket.startHandshake();
            } catch (TlsRefusal e) {
                refusal = Optional.of(e);
            }
            return new RawClient.Exchange(seen.get(20, TimeUnit.SECONDS), true, refusal);
        }
    }

    /** Reads the ClientHello, which is in one record. */
    static ClientHello readHello(InputStream in) throws IOException {
        byte[] header = in.readNBytes(5);
        byte[] message = in.readNBytes((header[3] & 0xFF) << 8 | header[4] & 0xFF);
        return ClientHello.read(java.util.Arrays.copyOfRange(message, 4, message.length));
    }

    private static RawClient.Exchange byEngine(SecureTransport client, Script script) throws Exception {
        SSLEngine engine = client.sslContext().createSSLEngine("localhost", 2762);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] answer = script.answer(
                readHello(new java.io.ByteArrayInputStream(out.array(), 0, out.position())));
        out.clear();
        ByteBuffer in = ByteBuffer.wrap(answer);
        Optional<TlsRefusal> refusal = Optional.empty();
        boolean closed = false;
        for (int round = 0; round < 100; round++) {
            try {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                            task.run();
                        }
                    }
                    case NEED_WRAP -> closed |=
                            engine.wrap(ByteBuffer.allocate(0), out).getStatus() == SSLEngineResult.Status.CLOSED;
                    default -> {
                        if (refusal.isPresent()
                                || engine.unwrap(in, ByteBuffer.allocate(20_000)).bytesConsumed() == 0
                                        && !in.hasRemaining()) {
                            round = 100;
                        }
                    }
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
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.write(out.array(), 0, out.position());
        return new RawClient.Exchange(sent.toByteArray(), closed, refusal);
    }

    /** One ServerHello in a record. */
    static byte[] record(org.dicomtls.wire.Hello hello) {
        return hello.record(0x0303);
    }

    /** An alert of level fatal. */
    static byte[] alert(int description) {
        return new byte[] {HandshakeMessages.ALERT, 3, 3, 0, 2, 2, (byte) description};
    }
}
