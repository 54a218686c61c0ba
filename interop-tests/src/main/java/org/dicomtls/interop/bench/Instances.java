package org.dicomtls.interop.bench;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dicomtls.interop.report.Scratch;

/** DICOM files to send: Secondary Capture instances whose pixels are noise, in Explicit VR Little Endian. */
final class Instances implements AutoCloseable {

    private static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.7";
    private static final String TRANSFER_SYNTAX = "1.2.840.10008.1.2.1";
    private static final int COLUMNS = 1024;

    private final Path directory;
    private int made;

    /** In a new directory below that one. */
    Instances(Path below) throws IOException {
        this.directory = Files.createTempDirectory(below, "instances");
    }

    Path directory() {
        return directory;
    }

    /** As many files with about that many octets each, in a directory of their own. */
    List<Path> make(String name, int number, long octets) throws IOException {
        Path into = Files.createDirectories(directory.resolve(name));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            files.add(write(into.resolve("instance-" + i + ".dcm"), octets));
        }
        return files;
    }

    private Path write(Path file, long octets) throws IOException {
        String instance = "2.25." + (1_000_000_000L + ++made);
        int rows = (int) Math.max(1, octets / COLUMNS);
        byte[] row = new byte[COLUMNS];
        Random noise = new Random(made);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
            ByteArrayOutputStream meta = new ByteArrayOutputStream();
            element(meta, 2, 0x0002, "UI", uid(SOP_CLASS));
            element(meta, 2, 0x0003, "UI", uid(instance));
            element(meta, 2, 0x0010, "UI", uid(TRANSFER_SYNTAX));
            element(meta, 2, 0x0012, "UI", uid("2.25.99"));
            out.write(new byte[128]);
            out.write("DICM".getBytes(StandardCharsets.US_ASCII));
            element(out, 2, 0x0000, "UL", number(4, meta.size()));
            meta.writeTo(out);
            element(out, 0x0008, 0x0016, "UI", uid(SOP_CLASS));
            element(out, 0x0008, 0x0018, "UI", uid(instance));
            element(out, 0x0028, 0x0002, "US", number(2, 1));
            element(out, 0x0028, 0x0010, "US", number(2, Math.min(rows, 65535)));
            element(out, 0x0028, 0x0011, "US", number(2, COLUMNS));
            element(out, 0x0028, 0x0100, "US", number(2, 8));
            out.write(header(0x7FE0, 0x0010, "OB"));
            out.write(number(4, (long) rows * COLUMNS));
            for (int i = 0; i < rows; i++) {
                if (i % 64 == 0) {
                    noise.nextBytes(row);
                }
                out.write(row);
            }
        }
        return file;
    }

    private static byte[] uid(String uid) {
        return (uid.length() % 2 == 0 ? uid : uid + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int octets, long value) {
        return Arrays.copyOf(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), octets);
    }

    /** Group, element, VR, and for the VRs of long form two octets of nothing. */
    private static byte[] header(int group, int element, String vr) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(number(2, group));
        out.writeBytes(number(2, element));
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
        if (vr.equals("OB")) {
            out.writeBytes(new byte[2]);
        }
        return out.toByteArray();
    }

    private static void element(OutputStream out, int group, int element, String vr, byte[] value) throws IOException {
        out.write(header(group, element, vr));
        out.write(number(2, value.length));
        out.write(value);
    }

    @Override
    public void close() throws IOException {
        Scratch.delete(directory);
    }
}
