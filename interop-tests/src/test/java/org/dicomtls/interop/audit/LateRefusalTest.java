package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.rule.Verdict;
import org.dicomtls.tls.SignatureScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that completes every handshake, looks at the client's certificate then, and hangs up on those it does not want. */
@Timeout(60)
class LateRefusalTest {

    private static final TestPki PKI = TestPki.create(PkiOptions.defaults());
    private static final String RULE = "B12/mutual-authentication-supported";

    private static DicomServer server;

    /** Takes whatever is shown. */
    private static final class Anything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[] {PKI.authority()};
        }
    }

    @BeforeAll
    static void start() throws Exception {
        SSLContext context = context();
        server = DicomServer.on(ConnectionServer.plain().bind(InetAddress.getLoopbackAddress(), 0))
                .setup(socket -> handshake(context, socket))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static SSLContext context() throws GeneralSecurityException, IOException {
        Credential own = PKI.good(Role.SERVER, KeyKind.ECDSA);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new TrustManager[] {new Anything()}, null);
        return context;
    }

    private static Socket handshake(SSLContext context, Socket socket) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        tls.setUseClientMode(false);
        tls.setWantClientAuth(true);
        tls.startHandshake();
        try {
            Certificate shown = tls.getSession().getPeerCertificates()[0];
            shown.verify(PKI.authority().getPublicKey());
            ((X509Certificate) shown).checkValidity();
        } catch (SSLPeerUnverifiedException | GeneralSecurityException e) {
            tls.close();
            throw new IOException("not wanted: " + e.getMessage(), e);
        }
        return tls;
    }

    private static Audit audit(Presented presented) throws Exception {
        Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(5), Duration.ZERO);
        return Audit.of(target, DicomProfiles.BCP195_RFC9325, presented, Manner.DEFAULT);
    }

    private static Finding mutualAuthentication(Audit audit) {
        return audit.findings().stream().filter(f -> f.rule().id().equals(RULE)).findFirst().orElseThrow();
    }

    @Test
    void hasRefusedThemIfItAnswersAClientWithAGoodCertificate() throws Exception {
        Audit audit = audit(Presented.of(PKI));
        assertThat(mutualAuthentication(audit))
                .extracting(Finding::verdict)
                .as(mutualAuthentication(audit).evidence().toString())
                .isEqualTo(Verdict.SATISFIED);
        assertThat(mutualAuthentication(audit).evidence())
                .anyMatch(line -> line.contains("handshake completed, then the connection failed"));
    }

    @Test
    void isNotJudgedWithoutACertificateThatItTakes() throws Exception {
        Finding finding = mutualAuthentication(audit(Presented.NOTHING));
        assertThat(finding.verdict()).as(finding.evidence().toString()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(audit(Presented.NOTHING).conclusion()).isNotEqualTo(Conclusion.CONFORMANT);
    }

    @Test
    void showsWithWhichSchemesItLetsClientsSign() throws Exception {
        List<SignatureScheme> made = List.of(0x0501, 0x0601, 0x0805, 0x0806).stream().map(SignatureScheme::of).toList();
        assertThat(audit(Presented.of(PKI)).survey().own().support(Dimension.SCHEME).supported()).containsAll(made);
    }
}
