package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PduReaderTest {
    private static PduReader reader(String hex) {
        return new PduReader(new ByteArrayInputStream(HexFormat.of().parseHex(hex.replace(" ", ""))), 16384);
    }

    private static void assertRefused(String hex, AbortReason reason, String message) {
        assertThatThrownBy(reader(hex)::read).isInstanceOfSatisfying(PduException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e).hasMessage(message);
        });
    }

    @Test
    void lengthsAreRefusedBeforeAnythingIsReadForThem() {
        assertRefused(
                "01 00 7fffffff", AbortReason.INVALID_PDU_PARAMETER_VALUE,
                "an association PDU of 2147483647 octets; 68 to 65536 are taken");
        assertRefused(
                "04 00 ffffffff", AbortReason.INVALID_PDU_PARAMETER_VALUE,
                "a P-DATA-TF of 4294967295 octets; 6 to 16384 are taken");
        assertRefused(
                "04 00 00004001", AbortReason.INVALID_PDU_PARAMETER_VALUE,
                "a P-DATA-TF of 16385 octets; 6 to 16384 are taken");
        assertRefused(
                "07 00 00000005", AbortReason.INVALID_PDU_PARAMETER_VALUE,
                "a PDU of type 7 of 5 octets instead of 4");
        assertRefused("0a 00 00000004", AbortReason.UNRECOGNIZED_PDU, "a PDU of unknown type 10");
    }

    @Test
    void tlsWhereDicomWasExpectedIsNamed() {
        assertRefused(
                "16 0301 0200 01", AbortReason.UNRECOGNIZED_PDU,
                "a TLS record where a DICOM PDU was expected: one end speaks TLS");
        assertRefused(
                "15 0303 0002 02", AbortReason.UNRECOGNIZED_PDU,
                "a TLS record where a DICOM PDU was expected: one end speaks TLS");
    }

    @Test
    void theEndBeforeAPduDiffersFromTheEndInsideOne() {
        assertThatThrownBy(reader("")::read)
                .isInstanceOf(EOFException.class)
                .hasMessage("the peer closed the connection before a PDU");
        assertThatThrownBy(reader("05 00")::read)
                .isInstanceOf(EOFException.class)
                .hasMessage("the peer closed the connection inside a PDU header");
        assertThatThrownBy(reader("05 00 00000004 00")::read)
                .isInstanceOf(EOFException.class)
                .hasMessage("the peer closed the connection inside a PDU");
    }

    @Test
    void memoryIsSetAsideOnlyAsOctetsArrive() {
        int[] mostAsked = new int[1];
        InputStream headerOnly = new InputStream() {
            private final ByteArrayInputStream header =
                    new ByteArrayInputStream(HexFormat.of().parseHex("040000100000"));

            @Override
            public int read() {
                return header.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                mostAsked[0] = Math.max(mostAsked[0], into.length);
                return header.read(into, offset, length);
            }
        };
        assertThatThrownBy(new PduReader(headerOnly, 1 << 20)::read).isInstanceOf(EOFException.class);
        assertThat(mostAsked[0]).isEqualTo(16 * 1024);
    }

    @Test
    void aLargePduIsReadWhole() throws Exception {
        byte[] octets = new byte[6 + (1 << 20)];
        ByteBuffer.wrap(octets).putShort((short) 0x0400).putInt(1 << 20).putInt((1 << 20) - 4).putShort((short) 0x0102);
        Arrays.fill(octets, 12, octets.length, (byte) 7);
        Pdu pdu = new PduReader(new ByteArrayInputStream(octets), 1 << 20).read();
        assertThat(((Pdu.Data) pdu).values().get(0).fragment())
                .isEqualTo(ByteBuffer.wrap(octets, 12, octets.length - 12));
    }

    @Test
    void titlesWithControlCharactersAreRefused() {
        byte[] octets = PduCodec.encode(Requests.verification());
        octets[10] = '\n';
        assertThatThrownBy(new PduReader(new ByteArrayInputStream(octets), 16384)::read)
                .isInstanceOf(PduException.class)
                .hasMessage("a called AE title that is blank or has characters that none may have: '?NY'");
        Arrays.fill(octets, 10, 26, (byte) ' ');
        assertThatThrownBy(new PduReader(new ByteArrayInputStream(octets), 16384)::read)
                .isInstanceOf(PduException.class)
                .hasMessage("a called AE title that is blank or has characters that none may have: ''");
    }

    @Test
    void countsAreBounded() {
        byte[] values = new byte[6 + 6 * (PduCodec.MAX_VALUES + 1)];
        ByteBuffer out = ByteBuffer.wrap(values).putShort((short) 0x0400).putInt(values.length - 6);
        while (out.hasRemaining()) {
            out.putInt(2).putShort((short) 0x0100);
        }
        assertThatThrownBy(new PduReader(new ByteArrayInputStream(values), 16384)::read)
                .isInstanceOf(PduException.class)
                .hasMessage("a P-DATA-TF of more than 1024 presentation data values");
    }
}
