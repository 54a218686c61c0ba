package org.dicomtls.interop.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what a person wrote: UTF-8 or nothing, of bounded size, with or without a byte-order mark. */
public final class TextFile {

    private TextFile() {}

    /**
     * The text of a file, without its byte-order mark.
     *
     * @param largest in octets
     * @param wanted what it should be, e.g. {@code a list of servers}
     * @throws IOException when it cannot be had; the message is one line and names the file
     */
    public static String read(Path file, long largest, String wanted) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a directory, " + wanted + " is wanted");
        }
        if (!Files.exists(file)) {
            throw new IOException(file + ": no such file");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets(file, largest)))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": not UTF-8", e);
        }
    }

    private static byte[] octets(Path file, long largest) throws IOException {
        try {
            if (Files.size(file) <= largest) {
                return Files.readAllBytes(file);
            }
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        throw new IOException(file + ": larger than " + largest + " octets");
    }
}
