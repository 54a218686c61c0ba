package org.dicomtls.interop.peers;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An A-ASSOCIATE-RQ, put together here and not by the code under test (PS3.8 §9.3.2). */
final class Requests {
    static final int ASSOCIATE_AC = 0x02;

    private Requests() {}

    /** Proposes the Verification SOP Class with Implicit VR Little Endian. */
    static byte[] verification() {
        try {
            ByteArrayOutputStream variable = new ByteArrayOutputStream();
            variable.write(item(0x10, ascii("1.2.840.10008.3.1.1.1")));
            variable.write(item(
                    0x20,
                    join(
                            new byte[] {1, 0, 0, 0},
                            item(0x30, ascii("1.2.840.10008.1.1")),
                            item(0x40, ascii("1.2.840.10008.1.2")))));
            variable.write(item(0x50, join(item(0x51, new byte[] {0, 0, 0x40, 0}), item(0x52, ascii("2.25.1")))));
            ByteArrayOutputStream pdu = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(pdu);
            out.writeShort(0x0100); // A-ASSOCIATE-RQ
            out.writeInt(68 + variable.size());
            out.writeShort(1); // protocol version
            out.writeShort(0);
            out.write(ascii("ANY-SCP         "));
            out.write(ascii("WITNESS         "));
            out.write(new byte[32]);
            variable.writeTo(out);
            return pdu.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] item(int type, byte[] value) throws IOException {
        return join(new byte[] {(byte) type, 0, (byte) (value.length >> 8), (byte) value.length}, value);
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }
}
