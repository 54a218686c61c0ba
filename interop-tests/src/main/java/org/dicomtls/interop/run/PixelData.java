package org.dicomtls.interop.run;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.Uid;

/** The value of Pixel Data (7FE0,0010) in an uncompressed little endian data set. */
final class PixelData {

    private static final int TAG = 0x7FE00010;
    private static final int SEQUENCE_DELIMITATION = 0xFFFEE0DD;
    private static final int ITEM_DELIMITATION = 0xFFFEE00D;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int MOST = 1 << 28;
    private static final int DEEPEST = 16;
    private static final Set<String> LONG_FORM = Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private final DataInputStream in;
    private final boolean explicit;

    private PixelData(DataInputStream in, boolean explicit) {
        this.in = in;
        this.explicit = explicit;
    }

    /**
     * Reads it.
     *
     * @throws IOException when the transfer syntax is another one, or there is none
     */
    static byte[] of(Part10 file) throws IOException {
        String syntax = file.transferSyntax();
        if (!syntax.equals(Uid.EXPLICIT_VR_LITTLE_ENDIAN) && !syntax.equals(Uid.IMPLICIT_VR_LITTLE_ENDIAN)) {
            throw new IOException("it was kept in transfer syntax " + syntax + ", whose pixels are not compared");
        }
        try (InputStream data = file.dataSet()) {
            return new PixelData(new DataInputStream(data), syntax.equals(Uid.EXPLICIT_VR_LITTLE_ENDIAN)).find();
        } catch (EOFException e) {
            throw new IOException("it has no Pixel Data, or is cut off", e);
        }
    }

    private byte[] find() throws IOException {
        while (true) {
            int tag = tag();
            long length = length(tag);
            if (tag == TAG) {
                if (length == UNDEFINED || length > MOST) {
                    throw new IOException("its Pixel Data is compressed, or longer than " + MOST + " octets");
                }
                return in.readNBytes((int) length);
            }
            skip(length, 0);
        }
    }

    private int tag() throws IOException {
        return shorter() << 16 | shorter();
    }

    private int shorter() throws IOException {
        return Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
    }

    private long longer() throws IOException {
        return Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
    }

    private long length(int tag) throws IOException {
        if (!explicit || tag >>> 16 == 0xFFFE) {
            return longer();
        }
        byte[] vr = new byte[2];
        in.readFully(vr);
        int length = shorter();
        return LONG_FORM.contains(new String(vr, StandardCharsets.ISO_8859_1)) ? longer() : length;
    }

    /** Over a value, or a sequence of undefined length with all that is in it. */
    private void skip(long length, int depth) throws IOException {
        if (length != UNDEFINED) {
            in.skipNBytes(length);
            return;
        }
        if (depth == DEEPEST) {
            throw new IOException("its sequences are nested more than " + DEEPEST + " deep");
        }
        for (int tag = tag(); tag != SEQUENCE_DELIMITATION && tag != ITEM_DELIMITATION; tag = tag()) {
            skip(length(tag), depth + 1);
        }
        longer();
    }
}
