package org.dicomtls.interop.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.Uid;

/**
 * A Secondary Capture image of noise in Explicit VR Little Endian, long enough for several TLS records, with an instance
 * UID of its own.
 */
public final class TestImage {

    private static final int SIDE = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final String sopInstance;
    private final byte[] pixels;

    private TestImage(Path file, String sopInstance, byte[] pixels) {
        this.file = file;
        this.sopInstance = sopInstance;
        this.pixels = pixels;
    }

    /** Writes one into that directory. */
    public static TestImage write(Path directory) throws IOException {
        return write(directory, SIDE);
    }

    /**
     * Writes one of another size.
     *
     * @param side rows and columns, of one octet each
     */
    public static TestImage write(Path directory, int side) throws IOException {
        String instance = uid();
        byte[] pixels = new byte[side * side];
        RANDOM.nextBytes(pixels);
        Path file = directory.resolve(instance + ".dcm");
        Part10.write(
                file, Uid.SECONDARY_CAPTURE, instance, Uid.EXPLICIT_VR_LITTLE_ENDIAN, "DICOM-TLS", dataSet(instance, side, pixels));
        return new TestImage(file, instance, pixels);
    }

    /** PS3.5 §B.2: a UID derived from a UUID. */
    private static String uid() {
        return "2.25." + new BigInteger(122, RANDOM);
    }

    private static byte[] dataSet(String instance, int side, byte[] pixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, 0x0008, 0x0016, "UI", Uid.SECONDARY_CAPTURE);
        text(out, 0x0008, 0x0018, "UI", instance);
        text(out, 0x0008, 0x0020, "DA", "");
        text(out, 0x0008, 0x0030, "TM", "");
        text(out, 0x0008, 0x0050, "SH", "");
        text(out, 0x0008, 0x0060, "CS", "OT");
        text(out, 0x0008, 0x0064, "CS", "WSD");
        text(out, 0x0008, 0x0090, "PN", "");
        text(out, 0x0010, 0x0010, "PN", "Test^Interop");
        text(out, 0x0010, 0x0020, "LO", "DICOM-TLS");
        text(out, 0x0010, 0x0030, "DA", "");
        text(out, 0x0010, 0x0040, "CS", "");
        text(out, 0x0020, 0x000D, "UI", instance + ".1");
        text(out, 0x0020, 0x000E, "UI", instance + ".2");
        text(out, 0x0020, 0x0010, "SH", "");
        text(out, 0x0020, 0x0011, "IS", "1");
        text(out, 0x0020, 0x0013, "IS", "1");
        number(out, 0x0028, 0x0002, 1);
        text(out, 0x0028, 0x0004, "CS", "MONOCHROME2");
        number(out, 0x0028, 0x0010, side);
        number(out, 0x0028, 0x0011, side);
        number(out, 0x0028, 0x0100, 8);
        number(out, 0x0028, 0x0101, 8);
        number(out, 0x0028, 0x0102, 7);
        number(out, 0x0028, 0x0103, 0);
        out.writeBytes(ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7FE0)
                .putShort((short) 0x0010)
                .put("OB".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putInt(pixels.length)
                .array());
        out.writeBytes(pixels);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int group, int element, String vr, String value) {
        String even = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? '\0' : ' ');
        element(out, group, element, vr, even.getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteArrayOutputStream out, int group, int element, int value) {
        element(out, group, element, "US", new byte[] {(byte) value, (byte) (value >>> 8)});
    }

    private static void element(ByteArrayOutputStream out, int group, int element, String vr, byte[] value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) group)
                .putShort((short) element)
                .put(vr.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) value.length)
                .array());
        out.writeBytes(value);
    }

    public Path file() {
        return file;
    }

    public String sopInstance() {
        return sopInstance;
    }

    /** Whether that file holds the same pixels, octet for octet. */
    public boolean hasSamePixels(Path other) throws IOException {
        return Arrays.equals(pixels, PixelData.of(Part10.read(other)));
    }
}
