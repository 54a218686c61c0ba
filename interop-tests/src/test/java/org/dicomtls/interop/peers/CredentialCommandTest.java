package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.transport.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A reference SCP with a key store, a revocation list and a list of peers, all replaced while it runs. */
@ExtendWith(Keys.class)
@Timeout(120)
class CredentialCommandTest {

    @TempDir
    private Path directory;

    private Path keyStore(String name) throws Exception {
        Identity.Entry entry = Identity.pem(Path.of(Keys.file(name + ".pem")), Path.of(Keys.file(name + ".key")))
                .entries()
                .get(0);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", entry.key(), "secret".toCharArray(), entry.chain().toArray(X509Certificate[]::new));
        Path file = directory.resolve("own.p12.new");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        return Files.move(file, directory.resolve("own.p12"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Command.Result echo(int port, String stem, String calling, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "echo", "localhost:" + port, "--profile", "bcp195-rfc9325", "--trust", Keys.file("ca.pem"), "--cert",
                Keys.file(stem + ".pem"), "--key", Keys.file(stem + ".key"), "--calling", calling));
        words.addAll(List.of(more));
        return DicomTls.run(words);
    }

    @Test
    void aServerSaysWhoMayNotConnectAndTakesNewFilesWithoutARestart() throws Exception {
        Path peers = Files.writeString(directory.resolve("peers"), "CT1 = ca:CN=dicom-tls test CA,O=dicom-tls\n");
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        try (DicomTls.Server server = DicomTls.serve(
                "--profile", "bcp195-rfc9325", "--cert", keyStore("server-rsa").toString(), "--password-file",
                password.toString(), "--trust", Keys.file("ca.pem"), "--crl", Keys.file("ca.crl"), "--peers",
                peers.toString())) {
            Command.Result known = echo(server.port(), "client-ecdsa", "CT1");
            assertThat(known.status()).as(known.all()).isZero();

            Command.Result stranger = echo(server.port(), "client-ecdsa", "MR1");
            assertThat(stranger.status()).as(stranger.all()).isEqualTo(1);
            assertThat(stranger.err()).contains("calling AE title not recognized");
            assertThat(server.command().line(line -> line.contains(" rejected, ")))
                    .contains("the AE title is not one of its own: CT1")
                    .contains("offered: AE title MR1");

            Command.Result revoked = echo(server.port(), "flaws/client-revoked", "CT1");
            assertThat(revoked.status()).as(revoked.all()).isEqualTo(1);
            assertThat(server.command().line(line -> line.contains("it was revoked on ")))
                    .contains("says the revocation list of CN=dicom-tls test CA");

            keyStore("server-ecdsa");
            assertThat(server.command().line(line -> line.contains("identity from ")))
                    .endsWith(" is in use now");
            Command.Result renewed = echo(server.port(), "client-ecdsa", "CT1", "--json", "-");
            assertThat(renewed.out()).contains("\"status\" : \"0000\"");

            Files.writeString(peers, "nonsense\n");
            assertThat(server.command().line(line -> line.contains("peers from ")))
                    .contains("is not in order, the one before stays in use: " + peers + ":1: no equals sign");
            assertThat(echo(server.port(), "client-ecdsa", "CT1").status()).isZero();
        }
    }

    @Test
    void aClientAsksTheResponderOrGoesOnWithoutIt() throws Exception {
        int closed = Ports.free();
        String responder = "http://127.0.0.1:" + closed + "/";
        try (DicomTls.Server server = DicomTls.serve("--profile", "bcp195-rfc9325", "--pki", Keys.directory().toString())) {
            Command.Result hard =
                    echo(server.port(), "client-rsa", "CT1", "--ocsp", "hard", "--ocsp-responder", responder);
            assertThat(hard.status()).as(hard.all()).isEqualTo(1);
            assertThat(hard.err())
                    .contains("whether it was revoked is not known: the OCSP responder " + responder + " cannot be asked")
                    .contains("RFC9325/revocation-strategy")
                    .contains("remedy: give this end a current revocation list, or let it reach the OCSP responder");
            Command.Result soft = echo(
                    server.port(), "client-rsa", "CT1", "--ocsp", "soft", "--ocsp-responder", responder,
                    "--verify-host=127.0.0.1");
            assertThat(soft.status()).as(soft.all()).isZero();
            Command.Result elsewhere = echo(server.port(), "client-rsa", "CT1", "--verify-host=pacs.example.org");
            assertThat(elsewhere.status()).isEqualTo(1);
            assertThat(elsewhere.err()).contains("it does not carry the name pacs.example.org");
        }
    }
}
