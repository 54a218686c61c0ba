package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.dicomtls.policy.Engine;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every connection is a full handshake, so a change of certificate or a revocation takes effect at once. */
class ResumptionTest {

    @TempDir
    Path directory;

    private static SSLContext plain() {
        return PlainJsse.context(TestCertificates.server(Transports.RSA));
    }

    /** The hello of the second connection to a plain server that offers tickets. */
    private static ClientHello second(SSLContext client, TlsVersion version) throws Exception {
        SSLContext server = plain();
        SSLEngine first = client.createSSLEngine("pacs.example.org", 2762);
        SSLEngine accepted = server.createSSLEngine();
        first.setUseClientMode(true);
        accepted.setUseClientMode(false);
        accepted.setNeedClientAuth(true);
        accepted.setEnabledProtocols(new String[] {version.jsseName()});
        EnginePair pair = new EnginePair(first, accepted);
        assertThat(pair.handshake()).isTrue();
        assertThat(pair.transfer(accepted, first, new byte[] {1})).containsExactly(1);
        first.closeOutbound();
        SSLEngine next = client.createSSLEngine("pacs.example.org", 2762);
        next.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(1 << 15);
        next.wrap(ByteBuffer.allocate(0), out);
        return RawServer.readHello(new ByteArrayInputStream(out.array(), 0, out.position()));
    }

    private static boolean offersResumption(ClientHello hello) {
        return hello.extensions().has(Extensions.PRE_SHARED_KEY)
                || hello.extensions().content(Extensions.SESSION_TICKET).map(t -> t.length > 0).orElse(false);
    }

    @ParameterizedTest
    @EnumSource
    void aClientOffersNoResumptionOfTls13(Engine engine) throws Exception {
        assertThat(offersResumption(second(Transports.client(engine).sslContext(), TlsVersion.TLS_1_3))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aClientOffersNoResumptionOfTls12(Engine engine) throws Exception {
        SecureTransport client = Transports.client(
                engine, TestProfiles.WIDE.derive("tls12-only").versions(TlsVersion.TLS_1_2).build());
        ClientHello hello = second(client.sslContext(), TlsVersion.TLS_1_2);
        assertThat(offersResumption(hello)).isFalse();
        assertThat(hello.sessionId()).isEmpty();
    }

    @Test
    void aPlainClientOffersIt() throws Exception {
        assertThat(offersResumption(
                        second(PlainJsse.context(TestCertificates.client(Transports.RSA)), TlsVersion.TLS_1_3)))
                .isTrue();
    }

    /** What s_client says of its second connection: "New" or "Reused". */
    private String secondOfOpenssl(SSLContext server, String version) throws Exception {
        Path session = directory.resolve("session.pem");
        try (Accepting accepting = new Accepting(server, socket -> {
            socket.getOutputStream().write("welcome\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        })) {
            try (OpenSsl first = OpenSsl.client(accepting.port(), version, "-sess_out", session.toString())) {
                first.await("welcome");
                first.type("x");
                first.end();
                first.output();
            }
            accepting.next();
            if (!Files.exists(session)) {
                return "no session";
            }
            try (OpenSsl again = OpenSsl.client(accepting.port(), version, "-sess_in", session.toString())) {
                again.await("welcome");
                again.type("x");
                again.end();
                String text = again.output();
                return text.contains("\nReused, ") ? "Reused" : text.contains("\nNew, ") ? "New" : text;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerResumesNoSessionOfTls12(Engine engine) throws Exception {
        OpenSsl.assume();
        assertThat(secondOfOpenssl(Transports.server(engine).sslContext(), "-tls1_2")).isIn("New", "no session");
    }

    @ParameterizedTest
    @EnumSource
    void aServerResumesNoSessionOfTls13(Engine engine) throws Exception {
        OpenSsl.assume();
        assertThat(secondOfOpenssl(Transports.server(engine).sslContext(), "-tls1_3")).isIn("New", "no session");
    }

    @Test
    void aPlainServerResumes() throws Exception {
        OpenSsl.assume();
        assertThat(secondOfOpenssl(plain(), "-tls1_2")).isEqualTo("Reused");
        assertThat(secondOfOpenssl(plain(), "-tls1_3")).isEqualTo("Reused");
    }

    @Test
    void aContextListsNoSessions() throws Exception {
        SSLContext context = Transports.client(Engine.JDK).sslContext();
        assertThat(Collections.list(context.getClientSessionContext().getIds())).isEmpty();
        assertThat(context.getServerSessionContext().getSessionCacheSize()).isZero();
        assertThat(context.getServerSessionContext().getSessionTimeout()).isZero();
    }
}
