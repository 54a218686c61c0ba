package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dicomtls.interop.export.Format;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code dicom-tls export} as scripts see it. */
class ExportCommandTest {

    @TempDir
    private Path directory;

    private static Said run(String options) {
        return Said.of("export", options);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void jsonIsOfTheShapeThatItsSchemaSays(Format format) throws IOException {
        for (String role : List.of("server", "client")) {
            Said result = run("--profile bcp195-mod --format " + format + " --role " + role + " --json -");
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            JsonNode json = new ObjectMapper().readTree(result.out());
            try (InputStream schema = getClass().getResourceAsStream("/org/dicomtls/interop/schema/export-1.json")) {
                assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                .getSchema(schema)
                                .validate(json))
                        .isEmpty();
            }
            assertThat(run("--profile bcp195-mod --format " + format + " --role " + role).out())
                    .isEqualTo(json.path("text").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --profile bcp195 --format iis  | 64 | unknown format 'iis'; known: ldif, dcmtk, orthanc, openssl, stunnel, haproxy, nginx
                    --profile nope --format nginx  | 64 | unknown profile 'nope'; known: basic, aes, bcp195
                    --profile bcp195               | 64 | Missing required option: '--format=FORMAT'
                    --profile bcp195 --format nginx --port 0 | 64 | port 0 is outside 1…65535
                    --profile bcp195 --format nginx --bind ; | 64 | ';' is not a host
                    --profile bcp195 --format nginx --cert a.pem | 64 | 1 times --cert and 0 times --key; they belong together in pairs
                    --profile bcp195 --format nginx --cert a.pem --key a.key | 64 | a.pem: is not here to be read; say what key it has by --key-type rsa|ecdsa
                    --profile bcp195 --format nginx --cert a.pem --key a.key --key-type dsa | 64 | unknown kind of key 'dsa'; known: rsa, ecdsa
                    --profile bcp195 --format nginx --cert a.pem --key a.key --key-type rsa --pki . | 64 | --pki stands instead of --cert, --key and --trust, not beside them
                    --profile bcp195 --format nginx --pki nowhere | 64 | nowhere: no such directory; 'dicom-tls pki nowhere' makes one
                    --profile bcp195 --format nginx --ae-title AN-AE-TITLE-TOO-LONG | 64 | not an AE title (1 to 16 printable ASCII characters, no backslash): 'AN-AE-TITLE-TOO-LONG'
                    --profile bcp195 --format dcmtk --bind 127.0.0.1 | 64 | DCMTK listens on every address and cannot be told to listen on 127.0.0.1 alone; leave that to a firewall
                    --profile bcp195 --format orthanc --bind 127.0.0.1 | 64 | Orthanc listens on every address and cannot be told to listen on 127.0.0.1 alone; leave that to a firewall
                    --profile bcp195 --format nginx --output - | 64 | only --json can go to standard output by '-'; name a file
                    --profile bcp195 --format nginx --output /tmp/x --json /tmp/./x | 64 | /tmp/x: is asked for twice; one would overwrite the other
                    --profile bcp195 --format nginx --output /nowhere/at/all | 64 | /nowhere/at/all: cannot be written
                    --profile aes --format nginx   | 1 | aes has no version from TLS 1.2 on; nginx is not to be set to older ones
                    """)
    void whatCannotBeDoneIsSaidInOneLine(String line, int status, String message) {
        Said result = run(line);
        assertThat(result.status()).as(result.err()).isEqualTo(status);
        assertThat(result.err()).startsWith("dicom-tls: ").contains(message);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void kindsOfKeysAreReadFromTheCertificatesThatAreHere() throws IOException {
        Path pki = directory.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
        Said given = run("--profile bcp195-nd --format stunnel --pki " + pki);
        assertThat(given.out()).contains("cert = " + pki + "/server-rsa.pem", "Certificate:" + pki + "/server-ecdsa.pem");
        Said ecdsa = run("--profile bcp195-nd --format stunnel --cert " + pki + "/server-ecdsa.pem --key k --trust t");
        assertThat(ecdsa.status()).isZero();
        assertThat(ecdsa.out()).contains("SHALL B10/suites-required");
        assertThat(given.out()).doesNotContain("SHALL B10/suites-required");
    }

    @Test
    void itGoesToAFileIfOneIsNamed() throws IOException {
        Path file = directory.resolve("haproxy.cfg");
        Said result = run("--profile bcp195-nd --format haproxy --bind ::1 --port 11113 --output " + file);
        assertThat(result).isEqualTo(new Said(0, "", ""));
        assertThat(Files.readString(file)).contains("bind [::1]:11113 ssl ");
    }
}
