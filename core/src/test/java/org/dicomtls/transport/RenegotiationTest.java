package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody renegotiates with an end under a policy; everybody else in the JVM does as before. */
class RenegotiationTest {

    private static final SSLContext PLAIN =
            PlainJsse.context(TestCertificates.client(Transports.RSA));

    /** Renegotiates from this end and says what came of it: "renegotiated", "went on as before" or "ended". */
    private static String renegotiate(SSLSocket socket) throws IOException {
        CountDownLatch handshakes = new CountDownLatch(2);
        socket.addHandshakeCompletedListener(e -> handshakes.countDown());
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(2);
        try {
            socket.startHandshake();
            for (int octet = 3; octet < 9; octet++) {
                socket.getOutputStream().write(octet);
                if (socket.getInputStream().read() != octet + 1) {
                    return "ended";
                }
            }
        } catch (IOException e) {
            return "ended";
        }
        try {
            return handshakes.await(500, TimeUnit.MILLISECONDS) ? "renegotiated" : "went on as before";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String plainClientRenegotiatesWith(SSLContext server) throws Exception {
        try (Accepting accepting = new Accepting(server);
                SSLSocket client = (SSLSocket) PLAIN.getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), accepting.port())) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            return renegotiate(client);
        }
    }

    /** The server sends a HelloRequest. */
    private static String plainServerRenegotiatesWith(SSLContext client) throws Exception {
        SSLContext plain = PlainJsse.context(TestCertificates.server(Transports.RSA));
        try (SSLServerSocket listener = (SSLServerSocket)
                        plain.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SSLSocket socket = (SSLSocket) client.getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            CompletableFuture<String> server = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                    accepted.setEnabledProtocols(new String[] {"TLSv1.2"});
                    return renegotiate(accepted);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try {
                for (int octet = socket.getInputStream().read(); octet >= 0; octet = socket.getInputStream().read()) {
                    socket.getOutputStream().write(octet + 1);
                }
            } catch (IOException e) {
                // The refusal ends the connection.
            }
            return server.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerUnderAPolicyRefusesTheClient(Engine engine) throws Exception {
        assertThat(plainClientRenegotiatesWith(Transports.server(engine).sslContext())).isEqualTo("ended");
    }

    @ParameterizedTest
    @EnumSource
    void aClientUnderAPolicyRefusesTheServer(Engine engine) throws Exception {
        assertThat(plainServerRenegotiatesWith(Transports.client(engine).sslContext()))
                .isIn("ended", "went on as before");
    }

    @Test
    void plainContextsOfTheSameJvmStillRenegotiate() throws Exception {
        assertThat(plainClientRenegotiatesWith(PlainJsse.context(TestCertificates.server(Transports.RSA))))
                .isEqualTo("renegotiated");
        assertThat(plainServerRenegotiatesWith(PLAIN)).isEqualTo("renegotiated");
    }

    static Stream<Arguments> openssl() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of("-no_ticket", "-legacy_renegotiation")
                        .map(o -> Arguments.of(e, o)));
    }

    @ParameterizedTest
    @MethodSource("openssl")
    void aServerUnderAPolicyRefusesOpenssl(Engine engine, String option) throws Exception {
        OpenSsl.assume();
        assertThat(renegotiatesWithOpenssl(Transports.server(engine).sslContext(), option)).isFalse();
    }

    @Test
    void aPlainServerRenegotiatesWithOpenssl() throws Exception {
        OpenSsl.assume();
        assertThat(renegotiatesWithOpenssl(PlainJsse.context(TestCertificates.server(Transports.RSA)), "-no_ticket"))
                .isTrue();
    }

    /** Whether what is typed after the command to renegotiate arrives. */
    private static boolean renegotiatesWithOpenssl(SSLContext server, String option) throws Exception {
        boolean[] served = new boolean[1];
        try (Accepting accepting = new Accepting(server, socket -> {
                    assertThat(line(socket)).isEqualTo("hello");
                    socket.getOutputStream().write("welcome\n".getBytes(StandardCharsets.US_ASCII));
                    served[0] = "after".equals(line(socket));
                });
                OpenSsl client = OpenSsl.client(accepting.port(), "-tls1_2", option)) {
            client.type("hello\n");
            client.await("welcome");
            client.type("R\n");
            client.await("RENEGOTIATING");
            try {
                client.type("after\n");
                client.end();
            } catch (IOException e) {
                // It has ended, because the server refused.
            }
            accepting.next();
        }
        return served[0];
    }

    private static String line(SSLSocket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int octet = socket.getInputStream().read(); octet >= 0 && octet != '\n'; octet =
                socket.getInputStream().read()) {
            text.append((char) octet);
        }
        return text.toString();
    }
}
