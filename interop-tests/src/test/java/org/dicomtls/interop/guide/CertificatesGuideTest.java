package org.dicomtls.interop.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Peers;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/certificates.md does what it says. */
@Timeout(60)
class CertificatesGuideTest {

    private static final Path PAGE = Path.of("..", "docs", "certificates.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "org", "dicomtls", "interop", "guide", "CertificatesGuide.java");

    @TempDir
    private static Path directory;

    private static Path pki;

    @BeforeAll
    static void makeKeys() throws IOException {
        pki = directory.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void everyPieceOfJavaInThePageIsInTheSource() throws IOException {
        String source = String.join("\n", lines(Files.readString(SOURCE)));
        Matcher blocks = Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(PAGE));
        List<String> missing = new ArrayList<>();
        int found = 0;
        while (blocks.find()) {
            found++;
            String block = String.join("\n", lines(blocks.group(1)));
            if (!source.contains(block)) {
                missing.add(block);
            }
        }
        assertThat(missing).as("in " + PAGE + " and not in " + SOURCE).isEmpty();
        assertThat(found).isGreaterThan(7);
    }

    private static Path file(String name) {
        return pki.resolve(name);
    }

    @Test
    void filesThatAreReplacedAreInUseWithoutARestart() throws Exception {
        Path chain = Files.copy(file("server-rsa.pem"), directory.resolve("own.pem"));
        Path key = Files.copy(file("server-rsa.key"), directory.resolve("own.key"));
        SecureTransport transport = CertificatesGuide.watched(chain, key, file("ca.pem"), file("ca.crl"));
        Files.copy(file("server-ecdsa.key"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(file("server-ecdsa.pem"), chain, StandardCopyOption.REPLACE_EXISTING);
        transport.refresh();
        assertThat(transport.identity().kinds()).hasToString("[EC secp256r1]");
    }

    @Test
    void keysAreReadFromKeyStoresAndFromSeveralFiles() throws Exception {
        Identity two = CertificatesGuide.severalKeys(
                file("server-rsa.pem"), file("server-rsa.key"), file("server-ecdsa.pem"), file("server-ecdsa.key"));
        assertThat(two.kinds()).hasSize(2);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Identity.Entry entry : two.entries()) {
            store.setKeyEntry(
                    entry.kind().toString(), entry.key(), "secret".toCharArray(), entry.chain().toArray(X509Certificate[]::new));
        }
        Path p12 = directory.resolve("own.p12");
        try (OutputStream out = Files.newOutputStream(p12)) {
            store.store(out, "secret".toCharArray());
        }
        assertThat(CertificatesGuide.keyStore(p12, "secret".toCharArray()).first().kinds()).hasSize(2);
    }

    @Test
    void revocationIsPutTogether() throws Exception {
        assertThat(CertificatesGuide.revocation(file("ca.crl")).toString()).endsWith("stapled OCSP, OCSP");
        assertThat(CertificatesGuide.soft(URI.create("http://ocsp.example.org/")))
                .hasToString("stapled OCSP, OCSP of http://ocsp.example.org/, soft fail");
    }

    @Test
    void aListOfPeersIsAskedWhenAnAssociationIs() throws Exception {
        assertThat(CertificatesGuide.peers()).hasToString("2 lines of peers");
        Path list = Files.writeString(directory.resolve("peers"), "CT1 = dns:localhost\n");
        SecureTransport server = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .identity(Identity.pem(file("server-rsa.pem"), file("server-rsa.key")))
                .trust(Trust.pem(file("ca.pem")))
                .peers(Peers.watched(list))
                .build();
        SecureTransport client = SecureTransport.of(DicomProfiles.BCP195_RFC9325)
                .identity(Identity.pem(file("client-rsa.pem"), file("client-rsa.key")))
                .trust(Trust.pem(file("ca.pem")))
                .build();
        try (SSLServerSocket listener =
                (SSLServerSocket) server.sslContext().getServerSocketFactory().createServerSocket(0)) {
            CompletableFuture<SSLSocket> accepted = CompletableFuture.supplyAsync(() -> {
                try {
                    SSLSocket socket = (SSLSocket) listener.accept();
                    socket.startHandshake();
                    return socket;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (Socket socket =
                    client.sslContext().getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
                ((SSLSocket) socket).startHandshake();
                try (SSLSocket connection = accepted.get(20, TimeUnit.SECONDS)) {
                    assertThat(CertificatesGuide.judge(server, connection, "CT1")).isEmpty();
                    assertThat(CertificatesGuide.judge(server, connection, "MR1")).isPresent();
                }
            }
        }
    }

    @Test
    void aSchedulerLooksWhileNobodyConnects() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            CertificatesGuide.lookFromTimeToTime(
                    CertificatesGuide.watched(
                            file("server-rsa.pem"), file("server-rsa.key"), file("ca.pem"), file("ca.crl")),
                    scheduler);
            assertThat(scheduler.isShutdown()).isFalse();
        } finally {
            scheduler.shutdownNow();
        }
    }
}
