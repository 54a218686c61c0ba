package org.dicomtls.transport;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Two engines back to back in memory. */
final class EnginePair {
    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
    SSLException clientFailure;
    SSLException serverFailure;

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Runs both until both are finished or one has failed; false when it has. */
    boolean handshake() {
        try {
            client.beginHandshake();
        } catch (SSLException e) {
            clientFailure = e;
        }
        try {
            server.beginHandshake();
        } catch (SSLException e) {
            serverFailure = e;
        }
        for (int round = 0; round < 200; round++) {
            boolean moved = clientFailure == null && step(client, toClient, toServer, true);
            moved |= serverFailure == null && step(server, toServer, toClient, false);
            if (!moved) {
                break;
            }
        }
        return clientFailure == null && serverFailure == null;
    }

    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out, boolean isClient) {
        try {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                    return true;
                }
                case NEED_WRAP -> {
                    SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
                    return result.getStatus() == SSLEngineResult.Status.OK || result.bytesProduced() > 0;
                }
                default -> {
                    if (in.position() == 0) {
                        return false;
                    }
                    in.flip();
                    SSLEngineResult result = engine.unwrap(in, ByteBuffer.allocate(20000));
                    in.compact();
                    return result.bytesConsumed() > 0 || result.getStatus() == SSLEngineResult.Status.OK;
                }
            }
        } catch (SSLException e) {
            if (isClient) {
                clientFailure = e;
            } else {
                serverFailure = e;
            }
            return true;
        }
    }

    /** Sends octets from one to the other and returns what arrives. */
    byte[] transfer(SSLEngine from, SSLEngine to, byte[] data) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(data.length + 40_000);
        ByteBuffer source = ByteBuffer.wrap(data);
        while (source.hasRemaining()) {
            // A server of TLS 1.3 writes its session tickets first.
            from.wrap(source, wire);
        }
        wire.flip();
        ByteBuffer plain = ByteBuffer.allocate(20000);
        while (wire.hasRemaining()) {
            if (to.unwrap(wire, plain).bytesConsumed() == 0) {
                break;
            }
        }
        byte[] got = new byte[plain.position()];
        plain.flip();
        plain.get(got);
        return got;
    }
}
