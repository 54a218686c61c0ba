package org.dicomtls.interop.clientaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dicomtls.interop.kit.ClientUnderTest.client;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.kit.ConformanceTests;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The kit as the vendor of a modality sees it. */
@Timeout(60)
class ClientKitTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_RFC9325;
    private static final TestPki PKI = TestPki.create(PkiOptions.ecdsaOnly());

    @TempDir
    private static Path pki;

    @BeforeAll
    static void write() throws IOException {
        PKI.write(pki);
    }

    private static void echo(SSLContext context, String host, int port) throws IOException {
        Socket socket = context.getSocketFactory().createSocket(host, port);
        Duration timeout = Duration.ofSeconds(5);
        try (Association association =
                Association.open(socket, "MODALITY", "ANY-SCP", PresentationContext.verification(), timeout)) {
            association.echo();
            association.release();
        }
    }

    private static List<String> failed(Stream<DynamicTest> tests) {
        List<String> failed = new ArrayList<>();
        tests.forEach(test -> {
            try {
                test.getExecutable().execute();
            } catch (TestAbortedException e) {
                // a recommendation, or nothing that questions can decide
            } catch (Throwable e) {
                failed.add(test.getDisplayName().substring(0, test.getDisplayName().indexOf(": ")));
            }
        });
        return failed;
    }

    @Test
    void aClientThatIsBuiltFromTheRulesFailsNone() throws Exception {
        SecureTransport transport = SecureTransport.of(PROFILE)
                .role(Role.CLIENT)
                .identity(Identity.of(PKI.good(Role.CLIENT).stream()
                        .map(c -> new Identity.Entry(c.key(), c.chain()))
                        .toList()))
                .trust(Trust.authorities(PKI.authority()))
                .build();
        SSLContext context = transport.sslContext();
        assertThat(failed(ConformanceTests.of(PROFILE, client(pki, (host, port) -> echo(context, host, port))))).isEmpty();
    }

    @Test
    void aClientThatTrustsEverybodyFailsForIt() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, new SecureRandom());
        assertThat(failed(ConformanceTests.of(
                        PROFILE, client(pki, (host, port) -> echo(context, host, port)).cases("C19", "C28"))))
                .contains("RFC9325/renegotiation-info-demanded", "RFC9325/certificate-sha1-md5-forbidden");
    }

    @Test
    void aClientThatNeverConnectsFailsOnceAndSaysSo() {
        List<String> failed = failed(ConformanceTests.of(PROFILE, client(pki, (host, port) -> {})));
        assertThat(failed).hasSize(1);
    }

    /** What careless code does. */
    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
