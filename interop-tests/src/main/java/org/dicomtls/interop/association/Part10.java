package org.dicomtls.interop.association;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * A DICOM file (PS3.10): what its file meta information says, and its data set as it is. The file is not kept open.
 */
public final class Part10 {
    private static final int PREAMBLE_LENGTH = 128;
    private static final byte[] PREFIX = "DICM".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_META_LENGTH = 64 * 1024;
    private static final Set<String> LONG_FORM = Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT");

    private static final int META_GROUP = 0x0002;
    private static final int SOP_CLASS = 0x0002;
    private static final int SOP_INSTANCE = 0x0003;
    private static final int TRANSFER_SYNTAX = 0x0010;

    private final Path path;
    private final String sopClass;
    private final String sopInstance;
    private final String transferSyntax;
    private final long dataSetOffset;

    private Part10(Path path, String sopClass, String sopInstance, String transferSyntax, long dataSetOffset) {
        this.path = path;
        this.sopClass = sopClass;
        this.sopInstance = sopInstance;
        this.transferSyntax = transferSyntax;
        this.dataSetOffset = dataSetOffset;
    }

    /**
     * Reads preamble and file meta information.
     *
     * @throws Part10Exception when the file is not a DICOM file, or says too little to be stored
     * @throws IOException when it cannot be read
     */
    public static Part10 read(Path path) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(path)) {
            start = in.readNBytes(PREAMBLE_LENGTH + PREFIX.length + MAX_META_LENGTH);
        }
        int metaStart = PREAMBLE_LENGTH + PREFIX.length;
        if (start.length < metaStart) {
            throw new Part10Exception(path, "it has " + start.length + " octets, fewer than preamble and prefix");
        }
        if (!Arrays.equals(start, PREAMBLE_LENGTH, metaStart, PREFIX, 0, PREFIX.length)) {
            throw new Part10Exception(path, "no 'DICM' prefix after 128 octets of preamble");
        }
        ByteBuffer in = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        in.position(metaStart);
        String sopClass = null;
        String sopInstance = null;
        String transferSyntax = null;
        while (in.remaining() >= 2 && (in.getShort(in.position()) & 0xFFFF) == META_GROUP) {
            if (in.remaining() < 8) {
                throw new Part10Exception(path, "its file meta information is cut off");
            }
            in.getShort();
            int element = in.getShort() & 0xFFFF;
            byte[] vr = new byte[2];
            in.get(vr);
            long length = in.getShort() & 0xFFFF;
            if (LONG_FORM.contains(new String(vr, StandardCharsets.ISO_8859_1))) {
                if (in.remaining() < 4) {
                    throw new Part10Exception(path, "its file meta information is cut off");
                }
                length = in.getInt() & 0xFFFFFFFFL;
            }
            if (length > in.remaining()) {
                throw new Part10Exception(
                        path, "its file meta information is cut off or longer than " + MAX_META_LENGTH + " octets");
            }
            int at = in.position();
            in.position(at + (int) length);
            switch (element) {
                case SOP_CLASS -> sopClass = uid(start, at, (int) length);
                case SOP_INSTANCE -> sopInstance = uid(start, at, (int) length);
                case TRANSFER_SYNTAX -> transferSyntax = uid(start, at, (int) length);
                default -> {
                    // The association has no use for the rest.
                }
            }
        }
        if (!in.hasRemaining() && start.length == metaStart + MAX_META_LENGTH) {
            throw new Part10Exception(path, "its file meta information is longer than " + MAX_META_LENGTH + " octets");
        }
        requireUid(path, sopClass, "(0002,0002) Media Storage SOP Class UID");
        requireUid(path, sopInstance, "(0002,0003) Media Storage SOP Instance UID");
        requireUid(path, transferSyntax, "(0002,0010) Transfer Syntax UID");
        return new Part10(path, sopClass, sopInstance, transferSyntax, in.position());
    }

    private static String uid(byte[] octets, int offset, int length) {
        String text = new String(octets, offset, length, StandardCharsets.ISO_8859_1);
        return text.endsWith("\0") || text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
    }

    private static void requireUid(Path path, String uid, String what) throws Part10Exception {
        if (uid == null) {
            throw new Part10Exception(path, "its file meta information lacks " + what);
        }
        if (!Uid.isValid(uid)) {
            throw new Part10Exception(path, what + " is not a UID: '" + AeTitle.printable(uid) + "'");
        }
    }

    public Path path() {
        return path;
    }

    /** Media Storage SOP Class UID. */
    public String sopClass() {
        return sopClass;
    }

    /** Media Storage SOP Instance UID. */
    public String sopInstance() {
        return sopInstance;
    }

    /** The transfer syntax of the data set. */
    public String transferSyntax() {
        return transferSyntax;
    }

    /** The data set from its first octet; the caller closes the stream. */
    public InputStream dataSet() throws IOException {
        InputStream in = Files.newInputStream(path);
        try {
            in.skipNBytes(dataSetOffset);
            return new BufferedInputStream(in, 64 * 1024);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Writes a file of that data set.
     *
     * @param dataSet encoded in that transfer syntax
     * @param sourceAeTitle the AE title that it is said to come from
     * @throws IllegalArgumentException when a UID or the AE title is none
     */
    public static void write(
            Path path, String sopClass, String sopInstance, String transferSyntax, String sourceAeTitle, byte[] dataSet)
            throws IOException {
        byte[] header = header(
                Uid.require(sopClass), Uid.require(sopInstance), Uid.require(transferSyntax), AeTitle.require(sourceAeTitle));
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write(header);
            out.write(dataSet);
        }
    }

    /** Preamble, prefix and file meta information of a file that is received from that application entity. */
    static byte[] header(String sopClass, String sopInstance, String transferSyntax, String sourceAeTitle) {
        ByteArrayOutputStream meta = new ByteArrayOutputStream();
        meta.writeBytes(new byte[] {2, 0, 1, 0, 'O', 'B', 0, 0, 2, 0, 0, 0, 0, 1});
        element(meta, SOP_CLASS, "UI", sopClass, '\0');
        element(meta, SOP_INSTANCE, "UI", sopInstance, '\0');
        element(meta, TRANSFER_SYNTAX, "UI", transferSyntax, '\0');
        element(meta, 0x0012, "UI", Uid.IMPLEMENTATION_CLASS, '\0');
        element(meta, 0x0013, "SH", Uid.IMPLEMENTATION_VERSION, ' ');
        element(meta, 0x0016, "AE", sourceAeTitle, ' ');
        ByteBuffer all = ByteBuffer.allocate(PREAMBLE_LENGTH + PREFIX.length + 12 + meta.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        all.position(PREAMBLE_LENGTH);
        return all.put(PREFIX)
                .putShort((short) META_GROUP)
                .putShort((short) 0)
                .put((byte) 'U')
                .put((byte) 'L')
                .putShort((short) 4)
                .putInt(meta.size())
                .put(meta.toByteArray())
                .array();
    }

    private static void element(ByteArrayOutputStream out, int element, String vr, String value, char padding) {
        String even = value.length() % 2 == 0 ? value : value + padding;
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) META_GROUP)
                .putShort((short) element)
                .put(vr.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) even.length())
                .array());
        out.writeBytes(even.getBytes(StandardCharsets.US_ASCII));
    }
}
