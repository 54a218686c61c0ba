package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.TlsVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The status of a server's certificate that comes with the handshake (status_request, RFC 6066 and RFC 8446). */
@Timeout(60)
class StaplingTest {

    private static final Certificate.Issued SERVER =
            Certificate.of("CN=stapling", Transports.P256).issued();

    @TempDir
    private Path directory;

    static Stream<Arguments> ends() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).map(v -> Arguments.of(e, v)));
    }

    private static SecureTransport client(Engine engine, TlsVersion version, Revocation revocation) {
        Profile profile = TestProfiles.WIDE.derive("stapling").versions(version).build();
        return Transports.clientOf(engine, profile).revocation(revocation).build();
    }

    /** How the handshake with that server ends: empty for well, else the problem without the certificate's name. */
    private static Optional<String> connect(SecureTransport client, int port) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                client.sslContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.startHandshake();
            return Optional.empty();
        } catch (TlsRefusal e) {
            return Optional.of(e.problem().replaceAll("(?s)^.*?\\): ", ""));
        }
    }

    /** The client at {@code openssl s_server} with that status, or with none. */
    private Optional<String> withStatus(Engine engine, TlsVersion version, byte[] status) throws Exception {
        List<String> options = new ArrayList<>();
        if (status != null) {
            Path file = Files.write(directory.resolve("status.der"), status);
            options.addAll(List.of("-status_file", file.toString()));
        }
        try (OpenSsl server = OpenSsl.server(SERVER.with(), options.toArray(String[]::new))) {
            return connect(client(engine, version, Revocation.stapled()), server.port());
        }
    }

    /** BCJSSE 1.84 asks in TLS 1.3 and does not hand on what comes; SunJSSE does in both versions. */
    private static boolean sees(Engine engine, TlsVersion version) {
        return engine == Engine.JDK || version.equals(TlsVersion.TLS_1_2);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aGoodStatusIsEnough(Engine engine, TlsVersion version) throws Exception {
        OpenSsl.assume();
        assertThat(withStatus(engine, version, Answers.of(Certificate.TEST_CA, SERVER).make()))
                .isEqualTo(
                        sees(engine, version)
                                ? Optional.empty()
                                : Optional.of("whether it was revoked is not known: no status was stapled"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void withoutAStatusNothingIsKnown(Engine engine, TlsVersion version) throws Exception {
        OpenSsl.assume();
        assertThat(withStatus(engine, version, null))
                .contains("whether it was revoked is not known: no status was stapled");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aStatusThatSaysRevokedOrSaysNothingIsNotEnough(Engine engine, TlsVersion version) throws Exception {
        OpenSsl.assume();
        if (!sees(engine, version)) {
            return; // see aGoodStatusIsEnough
        }
        Answers revoked = Answers.of(Certificate.TEST_CA, SERVER).revoked();
        assertThat(withStatus(engine, version, revoked.make()))
                .contains("it was revoked on 2026-01-02T03:04:05Z (keyCompromise), says the stapled OCSP answer");
        Answers outdated = Answers.of(Certificate.TEST_CA, SERVER).valid(Duration.ofDays(-3), Duration.ofDays(-1));
        assertThat(withStatus(engine, version, outdated.make()).orElseThrow())
                .startsWith("whether it was revoked is not known: the stapled OCSP answer was valid until ");
        Certificate.Issued other = Certificate.of("CN=other", "EC secp256r1 other").issued();
        assertThat(withStatus(engine, version, Answers.of(Certificate.TEST_CA, SERVER).signedBy(other).make())
                        .orElseThrow())
                .startsWith("whether it was revoked is not known: the stapled OCSP answer is not signed by ");
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatTheEngineDoesNotHandOnIsAskedForWhereThatIsAllowed(Engine engine, TlsVersion version) throws Exception {
        OpenSsl.assume();
        try (Responder responder = Responder.saying(
                        q -> Answers.of(Certificate.TEST_CA, SERVER).make());
                OpenSsl server = OpenSsl.server(
                        SERVER.with(),
                        "-status_file",
                        Files.write(
                                        directory.resolve("status.der"),
                                        Answers.of(Certificate.TEST_CA, SERVER).make())
                                .toString())) {
            SecureTransport client =
                    client(engine, version, Revocation.ocsp(java.net.URI.create(responder.url())));
            assertThat(connect(client, server.port())).isEmpty();
            assertThat(responder.asked()).isEqualTo(sees(engine, version) ? 0 : 1);
        }
    }

    /**
     * SunJSSE staples only under a property of the whole JVM, and then asks the responder for each connection, because
     * each has a context of its own (E-04).
     */
    @Test
    void aServerOnEngineJdkStaplesUnderThePropertyOfTheJvm() throws Exception {
        OpenSslAuthority authority = OpenSslAuthority.in(directory);
        try (Responder responder = Responder.saying(authority::answer)) {
            Certificate.Issued issued = authority.issue("stapling server", responder.url());
            // The authority goes with it: SunJSSE asks about a certificate whose issuer it knows.
            Path chain = OpenSsl.pem(directory.resolve("chain.pem"), issued.certificate(), authority.certificate());
            Path key = Pair.writeKey(directory.resolve("key.pem"), issued);
            for (String enabled : List.of("true", "false")) {
                Process process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Djdk.tls.server.enableStatusRequestExtension=" + enabled,
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                                "-cp",
                                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                                StaplingServer.class.getName(),
                                chain.toString(),
                                key.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                    int port = Integer.parseInt(out.readLine().replace("port ", ""));
                    int before = responder.asked();
                    for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
                        SecureTransport client = SecureTransport.of(
                                        TestProfiles.WIDE.derive("stapled").versions(version).build())
                                .engine(Engine.JDK)
                                .trust(authority.trust())
                                .revocation(Revocation.stapled())
                                .build();
                        Optional<String> problem = connect(client, port);
                        assertThat(problem)
                                .as(enabled + " " + version)
                                .isEqualTo(
                                        enabled.equals("true")
                                                ? Optional.empty()
                                                : Optional.of(
                                                        "whether it was revoked is not known: no status was stapled"));
                    }
                    assertThat(responder.asked() - before).isEqualTo(enabled.equals("true") ? 2 : 0);
                } finally {
                    process.getOutputStream().close();
                    if (!process.waitFor(10, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                    }
                }
            }
        }
    }
}
