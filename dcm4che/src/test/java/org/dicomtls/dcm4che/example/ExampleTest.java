package org.dicomtls.dcm4che.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.UID;
import org.dcm4che3.io.DicomOutputStream;
import org.dcm4che3.net.Device;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples run as they stand, with a PKI as {@code dicom-tls pki} writes it. */
class ExampleTest {

    @Test
    void theScuSendsAFileAndTheScpKeepsItsDataSet(@TempDir Path directory) throws Exception {
        Path pki = directory.resolve("pki");
        TestPki.create(PkiOptions.defaults()).write(pki);
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Path file = directory.resolve("image.dcm");
        byte[] pixels = new byte[100_000];
        new Random(3).nextBytes(pixels);
        try (DicomOutputStream out = new DicomOutputStream(file.toFile())) {
            out.writeFileMetaInformation(Attributes.createFileMetaInformation(
                    "2.25.42", "1.2.840.10008.5.1.4.1.1.7", UID.ExplicitVRLittleEndian));
            out.write(new byte[] {(byte) 0xE0, 0x7F, 0x10, 0, 'O', 'B', 0, 0});
            out.write(new byte[] {(byte) pixels.length, (byte) (pixels.length >> 8), (byte) (pixels.length >> 16), 0});
            out.write(pixels);
        }
        int port;
        try (ServerSocket probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        Device scp = StoreScp.start(
                "bcp195-nd",
                "" + port,
                pki.resolve("server-rsa.pem").toString(),
                pki.resolve("server-rsa.key").toString(),
                pki.resolve("ca.pem").toString(),
                kept.toString());
        PrintStream console = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            StoreScu.main(new String[] {
                "bcp195-nd",
                "localhost",
                "" + port,
                pki.resolve("client-ecdsa.pem").toString(),
                pki.resolve("client-ecdsa.key").toString(),
                pki.resolve("ca.pem").toString(),
                file.toString()
            });
        } finally {
            System.setOut(console);
            scp.unbindConnections();
            scp.getScheduledExecutor().shutdown();
            ((ExecutorService) scp.getExecutor()).shutdown();
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("bcp195-nd TLSv1.3 TLS_AES_256_GCM_SHA384", "CN=dicom-tls test server", "C-STORE status 0000");
        byte[] received = Files.readAllBytes(kept.resolve("2.25.42.dcm"));
        assertThat(Arrays.copyOfRange(received, received.length - pixels.length, received.length)).isEqualTo(pixels);
    }
}
