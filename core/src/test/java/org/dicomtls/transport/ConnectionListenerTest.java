package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener of one connection is told, in order. */
class ConnectionListenerTest {

    private static final class Diary implements ConnectionListener {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void established(Negotiated negotiated) {
            lines.add("established under " + negotiated.profile());
        }

        @Override
        public void refused(Refusal refusal) {
            lines.add("refused: " + refusal.problem());
        }

        @Override
        public void receiving() {
            lines.add("receiving");
        }

        @Override
        public void received(byte[] data, int offset, int length) {
            lines.add("received" + (length == 0 ? " nothing" : " " + data[offset]));
        }

        @Override
        public void ended(Optional<IOException> failure) {
            lines.add("ended" + failure.map(f -> " by a failure").orElse(" in order"));
        }

        @Override
        public void sending() {
            lines.add("sending");
        }

        @Override
        public void sent() {
            lines.add("sent");
        }

        @Override
        public void closed(Closed closed) {
            lines.add("closed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void itSeesTheHandshakeWhatIsReadAndWrittenAndTheEnd(Engine engine) throws Exception {
        Diary client = new Diary();
        Diary server = new Diary();
        Loopback.run(
                Transports.client(engine),
                Transports.server(engine),
                s -> ConnectionListener.watch(s, client),
                s -> {},
                s -> ConnectionListener.watch(s, server));
        assertThat(client.lines)
                .containsExactly("established under test-wide", "sending", "sent", "receiving", "received 42", "closed");
        assertThat(server.lines)
                .containsExactly(
                        "established under test-wide",
                        "receiving",
                        "received 41",
                        "sending",
                        "sent",
                        "receiving",
                        "ended in order",
                        "closed");
    }

    @ParameterizedTest
    @EnumSource
    void itIsToldOfARefusalAtItsEndOnce(Engine engine) throws Exception {
        Diary client = new Diary();
        Diary server = new Diary();
        Loopback.run(
                Transports.clientOf(engine, TestProfiles.WIDE).identity(Identity.none()).build(),
                Transports.server(engine),
                s -> ConnectionListener.watch(s, client),
                s -> {},
                s -> ConnectionListener.watch(s, server));
        assertThat(server.lines).containsExactly("refused: the client presented no certificate");
        // In TLS 1.3 the client is done before the server refuses.
        assertThat(client.lines)
                .contains("established under test-wide", "refused: the server demands a client certificate");
    }

    @ParameterizedTest
    @EnumSource
    void aReadTimeoutIsNoEnd(Engine engine) throws Exception {
        Diary diary = new Diary();
        Loopback.run(
                Transports.client(engine),
                Transports.server(engine),
                s -> {
                    ConnectionListener.watch(s, diary);
                    s.startHandshake();
                    s.setSoTimeout(50);
                    assertThatThrownBy(() -> s.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                    s.setSoTimeout(0);
                },
                s -> {},
                s -> {});
        assertThat(diary.lines).contains("received nothing").doesNotContain("ended by a failure");
    }

    /** SunJSSE's read returns the end of the stream either way. */
    @ParameterizedTest
    @EnumSource
    void anEndWithoutCloseNotifyIsAFailure(Engine engine) throws Exception {
        Diary diary = new Diary();
        try (SSLServerSocket listener = (SSLServerSocket) Transports.server(engine)
                        .sslContext()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket tcp = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    ConnectionListener.watch(socket, diary);
                    socket.startHandshake();
                    assertThat(socket.getInputStream().read()).isEqualTo(41);
                    try {
                        socket.getInputStream().read();
                    } catch (IOException e) {
                        assertThat(diary.lines).endsWith("ended by a failure");
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Socket client = Transports.client(engine)
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", listener.getLocalPort(), false);
            client.getOutputStream().write(41);
            tcp.shutdownOutput();
            serving.get(10, TimeUnit.SECONDS);
        }
        assertThat(diary.lines)
                .containsExactly(
                        "established under test-wide",
                        "receiving",
                        "received 41",
                        "receiving",
                        "ended by a failure",
                        "closed");
    }

    @Test
    void aSocketUnderNoProfileIsNotWatched() {
        assertThatThrownBy(() -> ConnectionListener.watch(new Socket(), ConnectionListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the socket is not under a profile");
    }
}
