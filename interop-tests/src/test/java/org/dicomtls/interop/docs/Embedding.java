package org.dicomtls.interop.docs;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.transport.DicomTlsProvider;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;

/** The code that the README and the guides show. It is run by {@link EmbeddingTest}. */
final class Embedding {

    private Embedding() {}

    static SSLContext context(Path certificates, Path key, Path hospitalCa) throws Exception {
        SecureTransport transport = SecureTransport.of(DicomProfiles.BCP195_NON_DOWNGRADING)
                .identity(Identity.pem(certificates, key))
                .trust(Trust.pem(hospitalCa))
                .build();                       // throws, naming every rule that this JVM cannot honour
        SSLContext context = transport.sslContext();
        return context;
    }

    static SSLContext byName(KeyManager[] keyManagers, TrustManager[] trustManagers) throws Exception {
        SSLContext context = SSLContext.getInstance("DICOM-BCP195-ND", new DicomTlsProvider());
        context.init(keyManagers, trustManagers, null);
        return context;
    }

    static SecureTransport bothEnds(Profile profile, Identity identity, Trust trust, Engine engine) {
        return SecureTransport.of(profile)
                .engine(engine)
                .identity(identity)
                .trust(trust)
                .build();
    }

    static String client(SSLContext context, String host, int port, Consumer<TlsRefusal> log) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port)) {
            socket.startHandshake();            // else the first read or write does it
            Negotiated negotiated = Negotiated.of(socket).orElseThrow();
            return negotiated.version() + " " + negotiated.suite();
        } catch (TlsRefusal refusal) {
            log.accept(refusal);                // which rule and clause, what was offered, what was wanted, what to change
            throw refusal;
        }
    }

    static void server(SSLContext context, int port, ExecutorService handlers, Consumer<Socket> association)
            throws IOException {
        try (SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(port)) {
            while (!listener.isClosed()) {
                SSLSocket socket = (SSLSocket) listener.accept();
                handlers.execute(() -> {        // the handshake never runs on the accept thread
                    try (socket) {
                        socket.startHandshake();
                        association.accept(socket);
                    } catch (IOException e) {
                        // the transport's listener and its log have the refusal
                    }
                });
            }
        }
    }

    static Channel nettyServer(SSLContext context, EventLoopGroup group, ChannelHandler dicom) throws Exception {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        SSLEngine engine = context.createSSLEngine();
                        engine.setUseClientMode(false);
                        channel.pipeline().addLast(new SslHandler(engine), dicom);
                    }
                });
        return bootstrap.bind(new InetSocketAddress("localhost", 0)).sync().channel();
    }

    static Channel nettyClient(SSLContext context, EventLoopGroup group, String host, int port, ChannelHandler dicom)
            throws Exception {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        SSLEngine engine = context.createSSLEngine(host, port);   // the name is checked, if the profile asks for it
                        engine.setUseClientMode(true);
                        channel.pipeline().addLast(new SslHandler(engine), dicom);
                    }
                });
        return bootstrap.connect(host, port).sync().channel();
    }

    static Optional<Negotiated> negotiated(Channel channel) {
        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        return Negotiated.of(engine);
    }

    static Profile tightened() {
        Profile ours = DicomProfiles.BCP195_RFC9325.derive("hospital-2026")
                .groups(NamedGroup.SECP256R1, NamedGroup.SECP384R1)
                .clientCertificateRequired()
                .build();
        return ours;
    }

    static Profile onlySuites() {
        Profile ours = DicomProfiles.BCP195_RFC9325.derive("aes-gcm-only")
                .title("BCP 195 without ChaCha20-Poly1305")
                .suites(Stream.of(0x1302, 0x1301, 0xC02C, 0xC030, 0xC02B, 0xC02F)
                        .map(CipherSuite::of)
                        .toArray(CipherSuite[]::new))
                .build();
        return ours;
    }

    static Profile forAnOldModality() {
        String reason = "the CT of 2009 has nothing better than TLS_RSA_WITH_AES_128_CBC_SHA";
        Optional<LocalDate> until = Optional.of(LocalDate.of(2027, 3, 31));
        Profile oldModality = DicomProfiles.BCP195.derive("old-modality")
                .waive(new Waiver("RFC7525/static-rsa-discouraged", reason, "A. Tanaka, radiology", until))
                .waive(new Waiver("DT/forward-secret-aead-suites", reason, "A. Tanaka, radiology", until))
                .suites(CipherSuite.of(0xC030), CipherSuite.of(0xC02F), CipherSuite.of(0x002F))
                .build();
        return oldModality;
    }

    static List<String> whatIsLeft(Profile ours) {
        SecureTransport transport = SecureTransport.of(ours).role(Role.CLIENT).build();
        return transport.usable().suites().stream().map(CipherSuite::name).toList();
    }
}
