package org.dicomtls.interop.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.wire.ClientHello;

/** Whatever a server sends is an answer, and what we write is what the reader of the other end reads. */
class AnswerReaderProperties {

    private static final KeyShare SHARE = KeyShare.of(NamedGroup.X25519);
    private static final byte[] HELLO = Question.tls13(List.of(CipherSuite.TLS_AES_128_GCM_SHA256)).share(SHARE).message();

    private static Answer read(byte[] stream) {
        return AnswerReader.read(new ByteArrayInputStream(stream)::read, HELLO, Optional.of(SHARE));
    }

    @Property(tries = 5_000)
    void randomOctetsAreAnAnswer(@ForAll byte[] stream) {
        assertThat(read(stream).words()).isNotBlank();
    }

    @Property(tries = 5_000)
    void mutatedFlightsAreAnAnswer(@ForAll long seed, @ForAll @IntRange(min = 0, max = 12) int changes, @ForAll boolean tls13) {
        Random random = new Random(seed);
        byte[] stream = tls13 ? flight13(random) : flight12(random);
        for (int i = 0; i < changes; i++) {
            stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
        }
        Answer answer = read(stream);
        assertThat(answer.words()).isNotBlank();
        assertThat(answer.certificates().size()).isLessThanOrEqualTo(16);
        if (changes == 0) {
            assertThat(answer.accepted()).isTrue();
        }
    }

    @Property(tries = 20)
    void anEndlessStreamIsLeft(@ForAll @IntRange(min = 0, max = 255) int octet, @ForAll boolean records) {
        byte[] unit = records ? new byte[] {22, 3, 3, 0, 1, (byte) octet} : new byte[] {(byte) octet};
        long[] given = {0};
        Answer answer = AnswerReader.read(
                (into, offset, length) -> {
                    into[offset] = unit[(int) (given[0]++ % unit.length)];
                    return 1;
                },
                HELLO,
                Optional.of(SHARE));
        assertThat(answer.words()).isNotBlank();
        assertThat(given[0]).isLessThanOrEqualTo(AnswerReader.MOST + 1);
    }

    @Property(tries = 200)
    void whatIsAskedIsWhatIsRead(@ForAll @IntRange(min = 1, max = 300) int suites, @ForAll boolean tls13) throws Exception {
        List<CipherSuite> offered = CipherSuite.registered().subList(0, suites);
        Question question = (tls13 ? Question.tls13(offered) : Question.tls12(offered))
                .serverName("pacs.example")
                .applicationProtocols("dicom");
        byte[] message = question.message();
        ClientHello hello = ClientHello.read(java.util.Arrays.copyOfRange(message, 4, message.length));
        assertThat(hello.suites()).isEqualTo(offered);
        assertThat(hello.serverNames()).containsExactly("pacs.example");
        assertThat(hello.applicationProtocols()).containsExactly("dicom");
        assertThat(hello.groups()).contains(Question.ALL_GROUPS);
        assertThat(hello.schemes()).contains(Question.ALL_SCHEMES);
        byte[] record = question.record(message);
        assertThat(record.length).isEqualTo(message.length + 5);
    }

    private static byte[] record(int type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) type, 3, 3, (byte) (body.length >>> 8), (byte) body.length});
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] message(int type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) type, 0, (byte) (body.length >>> 8), (byte) body.length});
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] serverHello(Random random, int suite, byte[] extensions) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {3, 3});
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        body.writeBytes(nonce);
        body.writeBytes(new byte[] {0, (byte) (suite >>> 8), (byte) suite, 0, 0, (byte) extensions.length});
        body.writeBytes(extensions);
        return message(2, body.toByteArray());
    }

    private static byte[] flight12(Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(serverHello(random, 0xC02F, new byte[] {0, 23, 0, 0}));
        all.writeBytes(message(11, new byte[] {0, 0, 5, 0, 0, 2, 0x30, 0}));
        all.writeBytes(message(12, new byte[] {3, 0, 23, 2, 4, 4, 4, 1, 0, 2, 9, 9}));
        all.writeBytes(message(13, new byte[] {1, 64, 0, 2, 4, 3, 0, 0}));
        all.writeBytes(message(14, new byte[0]));
        return record(22, all.toByteArray());
    }

    private static byte[] flight13(Random random) {
        byte[] share = KeyShare.of(NamedGroup.X25519).octets();
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extensions.writeBytes(new byte[] {0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32});
        extensions.writeBytes(share);
        return record(22, serverHello(random, 0x1301, extensions.toByteArray()));
    }
}
