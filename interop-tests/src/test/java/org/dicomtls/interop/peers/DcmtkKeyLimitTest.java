package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.interop.association.Uid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A requestor that does not count records, at an acceptor that does. */
@ExtendWith(Keys.class)
@Timeout(60)
class DcmtkKeyLimitTest {

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireDcmtk() {
        Command.assumeInstalled("dcmtk", "storescu");
    }

    private static void element(ByteBuffer to, int group, int element, byte[] value) {
        to.putShort((short) group).putShort((short) element).putInt(value.length).put(value);
    }

    private Path file(int number) throws IOException {
        String uid = "1.2.3." + number;
        ByteBuffer content = ByteBuffer.allocate(151_000).order(ByteOrder.LITTLE_ENDIAN);
        element(content, 0x0008, 0x0016, (Uid.SECONDARY_CAPTURE + "\0").getBytes(StandardCharsets.US_ASCII));
        element(content, 0x0008, 0x0018, (uid + "\0").getBytes(StandardCharsets.US_ASCII));
        element(content, 0x7FE0, 0x0010, new byte[150_000]);
        try (StoreSink.Reception file = StoreSink.toDirectory(directory)
                .receive(new StoreSink.Instance(Uid.SECONDARY_CAPTURE, uid, Uid.IMPLICIT_VR_LITTLE_ENDIAN, "TEST"))) {
            file.dataSet().write(content.array(), 0, content.position());
            file.complete();
        }
        return directory.resolve(uid + ".dcm");
    }

    @Test
    void storescuIsAbortedWhenItsKeysAreUsedUpAndItsNextAssociationWorks() throws Exception {
        List<String> words = List.of(
                "storescu", "-v", "+tls", Keys.file("client-rsa.key"), Keys.file("client-rsa.pem"), "+cf",
                Keys.file("ca.pem"), "--profile-bcp195-ex", "-xi", "127.0.0.1");
        try (DicomTls.Server server = DicomTls.serve(
                "--profile", "bcp195-ex", "--pki", Keys.directory().toString(), "--record-limit", "64")) {
            List<String> many = new ArrayList<>(words);
            many.add(Integer.toString(server.port()));
            for (int i = 1; i <= 8; i++) {
                many.add(file(i).toString());
            }
            Command.Result result = Command.run(many);
            assertThat(result.status()).as(result.all()).isNotZero();
            assertThat(result.all()).contains("Peer Aborted Association");
            server.command().line(line -> line.contains("keys_used_up"));
            List<String> one = new ArrayList<>(words);
            one.add(Integer.toString(server.port()));
            one.add(directory.resolve("1.2.3.8.dcm").toString());
            Command.Result next = Command.run(one);
            assertThat(next.status()).as(next.all()).isZero();
        }
    }
}
