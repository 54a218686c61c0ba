package org.dicomtls.interop.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of the guides does what the guides say. */
@Timeout(60)
class EmbeddingTest {

    @TempDir
    static Path directory;

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());

    @BeforeAll
    static void writePki() throws IOException {
        PKI.write(directory);
    }

    private static SSLContext context(Role role) throws Exception {
        String name = role.title() + "-rsa";
        return Embedding.context(
                directory.resolve(name + ".pem"), directory.resolve(name + ".key"), directory.resolve("ca.pem"));
    }

    private static Identity identity(Role role) {
        return Identity.of(PKI.good(role).stream()
                .map(c -> new Identity.Entry(c.key(), c.chain()))
                .toList());
    }

    private static SSLContext context(Profile profile, Role role, Engine engine) {
        return Embedding.bothEnds(profile, identity(role), Trust.authorities(PKI.authority()), engine)
                .sslContext();
    }

    @Test
    void aClientAndAServerOfSocketsTalk() throws Exception {
        int port = Ports.free();
        ExecutorService handlers = Executors.newCachedThreadPool();
        CompletableFuture<Negotiated> seen = new CompletableFuture<>();
        try {
            SSLContext serverContext = context(Role.SERVER);
            handlers.execute(() -> {
                try {
                    Embedding.server(serverContext, port, handlers, s -> Negotiated.of(s).ifPresent(seen::complete));
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            List<TlsRefusal> refusals = new ArrayList<>();
            assertThat(whenItListens(() -> Embedding.client(context(Role.CLIENT), "localhost", port, refusals::add)))
                    .isEqualTo("TLSv1.3 TLS_AES_256_GCM_SHA384");
            assertThat(seen.get(10, TimeUnit.SECONDS).version()).isEqualTo(TlsVersion.TLS_1_3);
            assertThat(refusals).isEmpty();
        } finally {
            handlers.shutdownNow();
        }
    }

    private interface Attempt {
        String run() throws Exception;
    }

    private static String whenItListens(Attempt attempt) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                return attempt.run();
            } catch (java.net.ConnectException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aClientLogsTheRefusal() throws Exception {
        SSLContext older = Embedding.bothEnds(
                        DicomProfiles.BCP195_EXTENDED, identity(Role.SERVER), Trust.authorities(PKI.authority()), Engine.BC)
                .sslContext();
        Profile tls13 = DicomProfiles.BCP195_RFC9325.derive("tls13").versions(TlsVersion.TLS_1_3)
                .waive("RFC9325/tls12-supported", "for the test", "the test")
                .waive("B12/tls12-supported", "for the test", "the test")
                .build();
        try (SSLServerSocket listener = (SSLServerSocket) older.getServerSocketFactory().createServerSocket(0)) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().read();
                } catch (IOException expected) {
                    // the refusal, as the server sees it
                }
            });
            List<TlsRefusal> refusals = new ArrayList<>();
            SSLContext client = context(tls13, Role.CLIENT, Engine.JDK);
            assertThatThrownBy(() -> Embedding.client(client, "localhost", listener.getLocalPort(), refusals::add))
                    .isInstanceOf(TlsRefusal.class);
            assertThat(refusals).hasSize(1);
            assertThat(refusals.get(0).problem()).contains("none of the TLS versions");
            server.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aContextByNameTakesKeysAndAuthoritiesFromTheManagers() throws Exception {
        char[] password = "for the test".toCharArray();
        java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
        keys.load(null, password);
        var credential = PKI.good(Role.SERVER, KeyKind.RSA);
        keys.setKeyEntry(
                "server",
                credential.key(),
                password,
                credential.chain().toArray(java.security.cert.X509Certificate[]::new));
        java.security.KeyStore authorities = java.security.KeyStore.getInstance("PKCS12");
        authorities.load(null, password);
        authorities.setCertificateEntry("ca", PKI.authority());
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, password);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(authorities);
        SSLContext context = Embedding.byName(keyManagers.getKeyManagers(), trustManagers.getTrustManagers());
        assertThat(context.getSupportedSSLParameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(context.createSSLEngine().getNeedClientAuth()).isTrue();
    }

    /** Counts what comes, sends back what it gets, and keeps what became of the handshake. */
    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        final CompletableFuture<Negotiated> negotiated = new CompletableFuture<>();

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    Embedding.negotiated(context.channel()).ifPresent(negotiated::complete);
                } else {
                    negotiated.completeExceptionally(handshake.cause());
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            negotiated.completeExceptionally(cause);
            context.close();
        }
    }

    @ChannelHandler.Sharable
    private static final class Collect extends ChannelInboundHandlerAdapter {
        private final java.security.MessageDigest digest;
        private final AtomicInteger left;
        final CompletableFuture<byte[]> whole = new CompletableFuture<>();

        Collect(int expected) throws Exception {
            digest = java.security.MessageDigest.getInstance("SHA-256");
            left = new AtomicInteger(expected);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] octets = new byte[buffer.readableBytes()];
            buffer.readBytes(octets).release();
            digest.update(octets);
            if (left.addAndGet(-octets.length) <= 0) {
                whole.complete(digest.digest());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            whole.completeExceptionally(cause);
            context.close();
        }
    }

    private static Stream<Arguments> nettyPairs() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Stream.of(DicomProfiles.BCP195_RFC9325, DicomProfiles.BCP195_EXTENDED)
                        .map(profile -> Arguments.of(engine, profile)));
    }

    @ParameterizedTest
    @MethodSource("nettyPairs")
    void nettyCarriesMegabytesBothWaysUnderAPolicy(Engine engine, Profile profile) throws Exception {
        byte[] data = new byte[3 << 20];
        new Random(7).nextBytes(data);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            Echo echo = new Echo();
            Collect collect = new Collect(data.length);
            Channel server = Embedding.nettyServer(context(profile, Role.SERVER, Engine.BC), group, echo);
            int port = ((java.net.InetSocketAddress) server.localAddress()).getPort();
            Channel client = Embedding.nettyClient(
                    context(profile, Role.CLIENT, engine), group, "localhost", port, collect);
            client.pipeline().get(SslHandler.class).handshakeFuture().get(10, TimeUnit.SECONDS);
            client.writeAndFlush(Unpooled.wrappedBuffer(data)).get(30, TimeUnit.SECONDS);
            assertThat(collect.whole.get(30, TimeUnit.SECONDS))
                    .isEqualTo(java.security.MessageDigest.getInstance("SHA-256").digest(data));
            Negotiated negotiated = echo.negotiated.get(10, TimeUnit.SECONDS);
            assertThat(negotiated.peer()).isNotEmpty();
            assertThat(negotiated.profile()).isEqualTo(profile.id());
            client.close().sync();
            server.close().sync();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void nettyReportsARefusalInOurWords(Engine engine) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            Echo echo = new Echo();
            Channel server = Embedding.nettyServer(
                    context(DicomProfiles.BCP195_RFC9325, Role.SERVER, engine), group, echo);
            int port = ((java.net.InetSocketAddress) server.localAddress()).getPort();
            SSLContext bare = Embedding.bothEnds(
                            DicomProfiles.BCP195_RFC9325, Identity.none(), Trust.authorities(PKI.authority()), engine)
                    .sslContext();
            Channel client = Embedding.nettyClient(bare, group, "localhost", port, new Collect(1));
            assertThatThrownBy(() -> echo.negotiated.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TlsRefusal.class)
                    .hasMessageContaining("the client presented no certificate");
            client.close().sync();
            server.close().sync();
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void aTightenedProfileHasLess() {
        assertThat(Embedding.whatIsLeft(Embedding.onlySuites()))
                .containsExactly(
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(Embedding.onlySuites().claims(DicomProfiles.BCP195_RFC9325)).isTrue();
        assertThat(Embedding.tightened().claims(DicomProfiles.BCP195_RFC9325)).isTrue();
    }

    @Test
    void aProfileForAnOldModalityClaimsNothingAndHasItsSuite() {
        Profile old = Embedding.forAnOldModality();
        assertThat(old.claims(DicomProfiles.BCP195)).isFalse();
        assertThat(old.waivers()).hasSize(2);
        if (Runtime.version().feature() < 22) {
            assertThat(Embedding.whatIsLeft(old)).endsWith("TLS_RSA_WITH_AES_128_CBC_SHA");
        } else {
            // JDK 22 and later switch static RSA off for the whole JVM; nothing is pretended.
            assertThat(Embedding.whatIsLeft(old)).doesNotContain("TLS_RSA_WITH_AES_128_CBC_SHA");
        }
    }
}
