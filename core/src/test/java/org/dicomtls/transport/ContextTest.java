package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.UnknownProfileException;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SSLContext of a transport in the ways in which applications use one. */
class ContextTest {

    @Test
    void cannotBeInitialisedAgain() {
        assertThatThrownBy(() -> Transports.client(Engine.JDK).sslContext().init(null, null, null))
                .isInstanceOf(KeyManagementException.class)
                .hasMessage("this SSLContext is initialised by its SecureTransport for profile test-wide"
                        + " and cannot be initialised again");
    }

    @Test
    void isNamedAfterItsProfile() {
        assertThat(Transports.client(Engine.JDK).sslContext().getProtocol()).isEqualTo("DICOM-TEST-WIDE");
        assertThat(Transports.client(Engine.JDK).sslContext().getProvider().getName()).isEqualTo("DicomTls");
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheSuitesAndProtocolsOfThePolicyAndNoOthers(Engine engine) {
        SecureTransport transport = Transports.client(engine);
        SSLParameters supported = transport.sslContext().getSupportedSSLParameters();
        assertThat(supported.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(supported.getCipherSuites())
                .containsExactlyElementsOf(transport.usable().suites().stream().map(CipherSuite::name).toList());
        assertThat(transport.sslContext().getDefaultSSLParameters().getCipherSuites())
                .isEqualTo(supported.getCipherSuites());
    }

    private static KeyManager[] keys(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Identity.Entry entry = identity.entries().get(0);
        store.setKeyEntry("key", entry.key(), new char[0], entry.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", TestCertificates.CA);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static SSLContext byName(String name) throws NoSuchAlgorithmException {
        return SSLContext.getInstance(name, new DicomTlsProvider());
    }

    @Test
    void isFoundByTheNameOfItsProfile() throws Exception {
        SSLContext context = byName("DICOM-TEST-WIDE");
        context.init(keys(TestCertificates.client(Transports.P256)), trust(), null);
        try (Accepting server = new Accepting(Transports.server(Engine.JDK).sslContext());
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.port())) {
            socket.startHandshake();
            assertThat(Negotiated.of(socket).orElseThrow().profile()).isEqualTo("test-wide");
        }
    }

    @Test
    void byNameIsOfNoUseBeforeItsInitialisation() throws Exception {
        SSLContext context = byName("DICOM-TEST-WIDE");
        assertThatThrownBy(context::createSSLEngine)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SSLContext.init was not called");
    }

    @Test
    void byNameDoesNotFallBackToTheAuthoritiesOfTheJdk() throws Exception {
        SSLContext context = byName("DICOM-TEST-WIDE");
        assertThatThrownBy(() -> context.init(keys(TestCertificates.client(Transports.P256)), null, null))
                .isInstanceOf(KeyManagementException.class)
                .hasMessage("profile test-wide: no TrustManager given; the JDK's default authorities are not trusted for DICOM");
    }

    @Test
    void byNameTakesNoJudgementOfATrustManagerWithoutAuthorities() throws Exception {
        SSLContext context = byName("DICOM-TEST-WIDE");
        TrustManager[] credulous = {
            new javax.net.ssl.X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String type) {}

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String type) {}

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            }
        };
        assertThatThrownBy(() -> context.init(null, credulous, null))
                .isInstanceOf(KeyManagementException.class)
                .hasMessage("the TrustManager names no authority that it accepts;"
                        + " a policy context takes authorities from it, not its judgement");
    }

    @Test
    void anUnknownNameIsNotFound() {
        assertThatThrownBy(() -> byName("DICOM-TEST-UNKNOWN")).isInstanceOf(NoSuchAlgorithmException.class);
    }

    @Test
    void profilesOfAProviderAreFoundById() {
        assertThat(Profiles.all()).containsExactly(TestProfiles.WIDE, TestProfiles.CARELESS);
        assertThat(Profiles.named("test-careless")).isSameAs(TestProfiles.CARELESS);
        assertThatThrownBy(() -> Profiles.named("nothing"))
                .isInstanceOf(UnknownProfileException.class)
                .hasMessage("unknown profile 'nothing'; known: test-wide, test-careless");
    }

    private static Profile only(TlsVersion version) {
        return TestProfiles.WIDE
                .derive("only-" + version.name().toLowerCase(java.util.Locale.ROOT))
                .versions(version)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void twoTransportsOfDifferentProfilesLiveSideBySide(Engine engine) throws Exception {
        try (Accepting server = new Accepting(Transports.server(engine).sslContext())) {
            SecureTransport old = Transports.client(engine, only(TlsVersion.TLS_1_2));
            SecureTransport young = Transports.client(engine, only(TlsVersion.TLS_1_3));
            for (int round = 0; round < 2; round++) {
                assertThat(versionOf(old, server)).isEqualTo(TlsVersion.TLS_1_2);
                assertThat(versionOf(young, server)).isEqualTo(TlsVersion.TLS_1_3);
            }
        }
    }

    private static TlsVersion versionOf(SecureTransport client, Accepting server) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) client.sslContext().getSocketFactory().createSocket("localhost", server.port())) {
            socket.startHandshake();
            return Negotiated.of(socket).orElseThrow().version();
        }
    }

    @ParameterizedTest
    @EnumSource
    void layersOverAConnectedSocketAndClosesItWithItself(Engine engine) throws Exception {
        try (Accepting server = new Accepting(Transports.server(engine).sslContext());
                Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            try (SSLSocket socket = (SSLSocket) Transports.clientOf(engine, TestProfiles.WIDE)
                    .verifyHost(true)
                    .build()
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", server.port(), true)) {
                assertThat(socket.getUseClientMode()).isTrue();
                socket.getOutputStream().write(41);
                assertThat(socket.getInputStream().read()).isEqualTo(42);
                assertThat(socket.getPort()).isEqualTo(server.port());
            }
            assertThat(tcp.isClosed()).isTrue();
        }
    }

    @Test
    void refusesToLayerOverASocketThatIsNotConnected() {
        assertThatThrownBy(() -> Transports.client(Engine.JDK)
                        .sslContext()
                        .getSocketFactory()
                        .createSocket(new Socket(), "localhost", 2762, true))
                .isInstanceOf(java.net.SocketException.class)
                .hasMessage("the underlying socket is not connected");
    }

    @ParameterizedTest
    @EnumSource
    void servesAConnectionOfWhichSomeOctetsWereReadAlready(Engine engine) throws Exception {
        SecureTransport server = Transports.server(engine);
        try (java.net.ServerSocket listener = new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SSLSocket client = (SSLSocket) Transports.client(engine)
                        .sslContext()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> {
                try (Socket tcp = listener.accept()) {
                    byte[] peeked = tcp.getInputStream().readNBytes(3);
                    try (SSLSocket socket = (SSLSocket) server.sslContext()
                            .getSocketFactory()
                            .createSocket(tcp, new ByteArrayInputStream(peeked), true)) {
                        return socket.getInputStream().read();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            client.getOutputStream().write(77);
            assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo(77);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsThatWereTakenBeforeTheHandshakeWork(Engine engine) throws Exception {
        try (Accepting server = new Accepting(Transports.server(engine).sslContext());
                SSLSocket socket = (SSLSocket)
                        Transports.client(engine).sslContext().getSocketFactory().createSocket()) {
            socket.connect(new java.net.InetSocketAddress("localhost", server.port()));
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            out.write(new byte[] {1, 2, 3});
            out.flush();
            assertThat(in.readNBytes(3)).containsExactly(2, 3, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void carriesAMegabyteInBothDirections(Engine engine) throws Exception {
        byte[] data = new byte[1 << 20];
        new java.util.Random(7).nextBytes(data);
        try (Accepting server = new Accepting(Transports.server(engine).sslContext(), s -> {
                    byte[] got = s.getInputStream().readNBytes(data.length);
                    s.getOutputStream().write(got);
                });
                SSLSocket socket = (SSLSocket) Transports.client(engine)
                        .sslContext()
                        .getSocketFactory()
                        .createSocket("localhost", server.port())) {
            socket.getOutputStream().write(data);
            assertThat(socket.getInputStream().readNBytes(data.length)).isEqualTo(data);
        }
    }

    /** A server of HTTPS that answers every request with "ok". */
    private static Accepting https(Engine engine) throws IOException {
        SecureTransport transport =
                Transports.serverOf(engine, TestProfiles.WIDE).build();
        return new Accepting(transport.sslContext(), socket -> {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                int octet = socket.getInputStream().read();
                if (octet < 0) {
                    return;
                }
                request.append((char) octet);
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
                            .getBytes(StandardCharsets.US_ASCII));
        });
    }

    @ParameterizedTest
    @EnumSource
    void servesHttpsUrlConnection(Engine engine) throws Exception {
        try (Accepting server = https(engine)) {
            HttpsURLConnection connection =
                    (HttpsURLConnection) new URL("https://localhost:" + server.port() + "/").openConnection();
            connection.setSSLSocketFactory(Transports.client(engine).sslContext().getSocketFactory());
            assertThat(connection.getInputStream().readAllBytes()).asString().isEqualTo("ok");
            assertThat(server.next().established().profile()).isEqualTo("test-wide");
        }
    }

    /** By reflection, because this module does not read java.net.http. */
    @ParameterizedTest
    @EnumSource
    void servesTheHttpClientOfTheJdk(Engine engine) throws Exception {
        try (Accepting server = https(engine)) {
            Class<?> clientType = Class.forName("java.net.http.HttpClient");
            Class<?> requestType = Class.forName("java.net.http.HttpRequest");
            Class<?> handlerType = Class.forName("java.net.http.HttpResponse$BodyHandler");
            Class<?> clientBuilder = Class.forName("java.net.http.HttpClient$Builder");
            Class<?> requestBuilder = Class.forName("java.net.http.HttpRequest$Builder");
            Object builder = clientType.getMethod("newBuilder").invoke(null);
            clientBuilder.getMethod("sslContext", SSLContext.class).invoke(builder, Transports.client(engine).sslContext());
            Object client = clientBuilder.getMethod("build").invoke(builder);
            Object request = requestBuilder
                    .getMethod("build")
                    .invoke(requestType
                            .getMethod("newBuilder", URI.class)
                            .invoke(null, URI.create("https://localhost:" + server.port() + "/")));
            Object handler = Class.forName("java.net.http.HttpResponse$BodyHandlers").getMethod("ofString").invoke(null);
            Object response = clientType.getMethod("send", requestType, handlerType).invoke(client, request, handler);
            assertThat(Class.forName("java.net.http.HttpResponse").getMethod("body").invoke(response)).isEqualTo("ok");
            assertThat(server.next().established().profile()).isEqualTo("test-wide");
        }
    }

    @Test
    void aServerSocketDemandsAClientCertificateWhateverIsSet() throws Exception {
        try (SSLServerSocket socket = (SSLServerSocket)
                Transports.server(Engine.JDK).sslContext().getServerSocketFactory().createServerSocket()) {
            socket.setNeedClientAuth(false);
            socket.setWantClientAuth(true);
            assertThat(socket.getNeedClientAuth()).isTrue();
            assertThat(socket.getWantClientAuth()).isFalse();
        }
    }

    @Test
    void noChannelLeadsAroundTls() throws Exception {
        assertThat(Transports.client(Engine.JDK).sslContext().getSocketFactory().createSocket().getChannel()).isNull();
        assertThat(Transports.client(Engine.JDK)
                        .sslContext()
                        .getServerSocketFactory()
                        .createServerSocket()
                        .getChannel())
                .isNull();
    }

    @Test
    void urgentDataIsRefused() throws Exception {
        try (Socket socket = Transports.client(Engine.JDK).sslContext().getSocketFactory().createSocket()) {
            assertThatThrownBy(() -> socket.sendUrgentData(1)).hasMessage("urgent data would bypass TLS");
        }
    }

    @Test
    void whatWouldLeaveNothingIsRefused() {
        SSLEngine engine = Transports.client(Engine.JDK).sslContext().createSSLEngine();
        assertThatThrownBy(() -> engine.setEnabledProtocols(new String[] {"TLSv1.1", "TLSv1"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile test-wide allows none of the protocols [TLSv1.1, TLSv1.0]; it allows"
                        + " [TLSv1.3, TLSv1.2]");
        assertThatThrownBy(() -> engine.setEnabledCipherSuites(new String[] {"TLS_NO_SUCH_SUITE"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unsupported cipher suite 'TLS_NO_SUCH_SUITE'");
        assertThat(List.of(engine.getEnabledProtocols())).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheSocketBelowOpenWhereItWasToldTo(Engine engine) throws Exception {
        try (Accepting server = new Accepting(Transports.server(engine).sslContext());
                Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            try (SSLSocket socket = (SSLSocket) Transports.client(engine)
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", server.port(), false)) {
                socket.startHandshake();
            }
            assertThat(tcp.isClosed()).isFalse();
        }
    }
}
