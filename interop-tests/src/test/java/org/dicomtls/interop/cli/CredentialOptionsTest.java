package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.transport.Identity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, trust, revocation and peers on the command line: what is wrong is named in one line, and no password is shown. */
@Timeout(60)
class CredentialOptionsTest {

    private static final String SECRET = "open-sesame-7f3a";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws Exception {
        Path pki = directory.resolve("pki");
        TestPki.create(PkiOptions.ecdsaOnly()).write(pki);
        Identity.Entry entry = Identity.pem(pki.resolve("client-ecdsa.pem"), pki.resolve("client-ecdsa.key"))
                .entries()
                .get(0);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", entry.key(), SECRET.toCharArray(), entry.chain().toArray(X509Certificate[]::new));
        try (OutputStream out = Files.newOutputStream(directory.resolve("own.p12"))) {
            store.store(out, SECRET.toCharArray());
        }
        Files.writeString(directory.resolve("password"), SECRET + "\nsecond line\n");
        Files.writeString(directory.resolve("wrong"), "not-the-password");
        Files.writeString(directory.resolve("garbage"), "this is neither\n");
        Files.writeString(directory.resolve("peers"), "CT1 = dns:localhost\n");
        Path old = directory.resolve("old");
        TestPki.create(PkiOptions.ecdsaOnly().withNow(Instant.now().minus(Duration.ofDays(28)))).write(old);
    }

    private static Said run(String line) {
        String[] words = Stream.of(line.trim().split("\\s+"))
                .map(w -> w.replace("PKI", directory.resolve("pki").toString()).replace("TMP", directory.toString()))
                .toArray(String[]::new);
        Said said = Said.by(words);
        assertThat(said.out() + said.err()).doesNotContain(SECRET);
        return said;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --cert TMP/own.p12 --trust PKI/ca.pem                                   | TMP/own.p12: wrong password
                    --cert TMP/own.p12 --trust PKI/ca.pem --password-file TMP/wrong         | TMP/own.p12: wrong password
                    --cert TMP/own.p12 --trust PKI/ca.pem --password open-sesame            | TMP/own.p12: wrong password
                    --cert TMP/own.p12 --trust PKI/ca.pem --password-file TMP/none          | TMP/none: the password cannot be read from it
                    --cert TMP/own.p12 --trust PKI/ca.pem --password-env NO_SUCH_VARIABLE_X | --password-env NO_SUCH_VARIABLE_X: there is no such variable
                    --cert TMP/own.p12 --trust PKI/ca.pem --password a --password-file TMP/password | --password, --password-file and --password-env stand instead of each other
                    --cert TMP/own.p12 --key PKI/client-ecdsa.key --trust PKI/ca.pem        | 0 times --cert and 1 times --key
                    --cert TMP/own.p12 --cert PKI/client-ecdsa.pem --trust PKI/ca.pem       | 1 times --cert and 0 times --key
                    --pki PKI --trust TMP/own.p12                                           | --pki stands instead of --cert, --key and --trust
                    --cert PKI/client-ecdsa.pem --key PKI/client-ecdsa.key --trust TMP/own.p12 --password-file TMP/password | TMP/own.p12: holds no trusted certificate
                    --pki PKI --crl TMP/none                        | TMP/none: no such file
                    --pki PKI --crl TMP/garbage                     | TMP/garbage: holds no revocation list
                    --pki PKI --crl PKI/ca.pem                      | PKI/ca.pem: holds no revocation list
                    --pki PKI --ocsp perhaps                        | --ocsp perhaps: is none of hard, soft, off
                    --pki PKI --ocsp-responder http://127.0.0.1/    | --ocsp-responder belongs to --ocsp hard or soft
                    --pki PKI --ocsp hard --ocsp-responder ldap://x | OCSP responder ldap://x: an http or https URL is wanted
                    --pki PKI --peers TMP/none                      | TMP/none: no such file
                    --pki PKI --peers TMP/garbage                   | TMP/garbage:1: no equals sign between AE titles and traits
                    --pki PKI --verify-host=10.1                    | --verify-host=10.1: '10.1' is neither a DNS name nor an IP address
                    --pki PKI --verify-host --no-verify-host        | --verify-host and --no-verify-host stand instead of each other
                    """)
    void whatIsWrongIsNamedInOneLine(String options, String message) {
        Said said = run("echo localhost:1 --profile bcp195-mod " + options);
        assertThat(said.status()).as(said.err()).isEqualTo(64);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err())
                .startsWith("dicom-tls: ")
                .contains(message.replace("PKI", directory.resolve("pki").toString()).replace("TMP", directory.toString()));
    }

    @Test
    void aListOfPeersWithoutClientCertificatesIsNamedToo() {
        assertThat(run("serve --port 0 --profile bcp195-rfc9325 --pki PKI --peers TMP/peers --no-client-auth").err())
                .contains("a list of peers goes by their certificates");
    }

    /** Nobody listens at port 1: that it is reached for means that all files were in order. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --cert TMP/own.p12 --trust PKI/ca.pem --password-file TMP/password |
                    --cert TMP/own.p12 --trust PKI/ca.pem --password open-sesame-7f3a  |
                    --pki PKI --crl PKI/ca.crl --ocsp soft --peers TMP/peers           |
                    --pki PKI --ocsp HARD --ocsp-responder http://127.0.0.1:1/         |
                    --pki PKI --verify-host=pacs.example.org                           |
                    """)
    void whatIsInOrderIsUsed(String options, String nothing) {
        assertThat(run("echo localhost:1 --profile bcp195-mod " + options).status()).isEqualTo(3);
    }

    @Test
    void aHostAfterASpaceIsTheServerAndNotTheName() {
        assertThat(run("echo --profile bcp195-mod --pki PKI --verify-host localhost:1").status()).isEqualTo(3);
    }

    private static JsonNode doctor(String options) throws IOException {
        Said said = run("doctor --json - --profile bcp195-rfc9325 " + options);
        assertThat(said.status()).as(said.err()).isEqualTo(0);
        JsonNode json = new ObjectMapper().readTree(said.out());
        try (InputStream in =
                CredentialOptionsTest.class.getResourceAsStream("/org/dicomtls/interop/schema/doctor-1.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(in)
                            .validate(json))
                    .isEmpty();
        }
        return json;
    }

    private static List<String> remarks(JsonNode doctor, int engine, String rule) {
        return Stream.of(doctor.path("engines").get(engine).path("remarks"))
                .flatMap(list -> {
                    Stream.Builder<JsonNode> all = Stream.builder();
                    list.forEach(all::add);
                    return all.build();
                })
                .filter(r -> r.path("rule").asText().equals(rule))
                .map(r -> r.path("kind").asText() + " " + r.path("property").asText())
                .toList();
    }

    @Test
    void doctorSaysWhatStaplingTakesOnEachEngine() throws IOException {
        JsonNode json = doctor("");
        assertThat(remarks(json, 0, "RFC9325/ocsp-stapling"))
                .containsExactly("jvm-property jdk.tls.server.enableStatusRequestExtension=true");
        assertThat(remarks(json, 1, "RFC9325/ocsp-stapling")).containsExactly("not-enforced ");
        assertThat(json.has("certificates")).isFalse();
    }

    @Test
    void doctorTakesRevocationForKeptWhereItIsConfigured() throws IOException {
        assertThat(remarks(doctor(""), 0, "RFC9325/revocation-strategy")).containsExactly("application ");
        assertThat(remarks(doctor("--crl PKI/ca.crl"), 0, "RFC9325/revocation-strategy")).isEmpty();
        assertThat(remarks(doctor("--ocsp soft"), 1, "RFC9325/revocation-strategy")).isEmpty();
    }

    @Test
    void doctorShowsWhatEndsSoon() throws IOException {
        JsonNode none = doctor("--pki PKI").path("certificates");
        assertThat(none.path("own").asInt()).isEqualTo(2);
        assertThat(none.path("trusted").asInt()).isEqualTo(1);
        assertThat(none.path("expiring")).isEmpty();
        JsonNode soon = doctor("--pki TMP/old").path("certificates").path("expiring");
        assertThat(soon).hasSize(3);
        assertThat(soon.get(0).path("withinDays").asInt()).isEqualTo(7);
        Said text = run("doctor --profile bcp195-mod --pki TMP/old");
        assertThat(text.out())
                .contains("2 certificates of our own, 1 trusted: 3 end soon or have ended")
                .contains("  trusted certificate CN=dicom-tls test CA,O=dicom-tls (SHA-256 ");
    }
}
