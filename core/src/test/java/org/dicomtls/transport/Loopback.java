package org.dicomtls.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLServerSocket;

/** One connection over loopback between two contexts, with an octet exchanged in each direction. */
final class Loopback {

    /** How a connection went at one end. */
    record End(Optional<Negotiated> negotiated, Optional<IOException> failure) {
        Negotiated established() {
            return negotiated.orElseThrow(() -> new AssertionError("refused: " + failure.orElse(null), failure.orElse(null)));
        }

        TlsRefusal refusal() {
            return (TlsRefusal) failure.orElseThrow(() -> new AssertionError("established: " + negotiated));
        }
    }

    record Outcome(End client, End server) {}

    interface Tweak<S> {
        void apply(S socket) throws IOException;
    }

    private Loopback() {}

    static Outcome run(SecureTransport client, SecureTransport server) throws Exception {
        return run(client, server, s -> {}, s -> {}, s -> {});
    }

    static Outcome run(
            SecureTransport client,
            SecureTransport server,
            Tweak<SSLSocket> clientTweak,
            Tweak<SSLServerSocket> listenerTweak,
            Tweak<SSLSocket> serverTweak)
            throws Exception {
        try (ServerSocket listener = server.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            listenerTweak.apply((SSLServerSocket) listener);
            CompletableFuture<End> serverEnd = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.setTcpNoDelay(true); // otherwise the delayed acknowledgements take most of the time
                    return end(socket, () -> {
                        serverTweak.apply(socket);
                        socket.startHandshake();
                        InputStream in = socket.getInputStream();
                        int octet = in.read();
                        socket.getOutputStream().write(octet + 1);
                        in.read();
                    });
                } catch (IOException e) {
                    return new End(Optional.empty(), Optional.of(e));
                }
            });
            End clientEnd;
            try (Socket socket = client.sslContext()
                    .getSocketFactory()
                    .createSocket("localhost", listener.getLocalPort())) {
                socket.setTcpNoDelay(true);
                clientEnd = end(socket, () -> {
                    clientTweak.apply((SSLSocket) socket);
                    socket.getOutputStream().write(41);
                    int answer = socket.getInputStream().read();
                    if (answer != 42) {
                        throw new IOException("the answer is " + answer);
                    }
                });
            }
            return new Outcome(clientEnd, await(serverEnd));
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static End end(Socket socket, Action action) {
        try {
            action.run();
            return new End(Negotiated.of(socket), Optional.empty());
        } catch (IOException e) {
            return new End(Optional.empty(), Optional.of(e));
        }
    }

    private static End await(CompletableFuture<End> end) throws InterruptedException {
        try {
            return end.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the server did not finish", e);
        }
    }
}
