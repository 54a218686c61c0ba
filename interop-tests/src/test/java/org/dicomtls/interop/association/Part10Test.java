package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Part10Test {
    private static final byte[] HEADER =
            Part10.header(Uid.SECONDARY_CAPTURE, "1.2.3", Uid.EXPLICIT_VR_LITTLE_ENDIAN, "TEST");

    @TempDir
    private Path directory;

    private Path file(byte[] octets) throws Exception {
        return Files.write(directory.resolve("file"), octets);
    }

    private void assertRefused(byte[] octets, String problem) throws Exception {
        Path file = file(octets);
        assertThatThrownBy(() -> Part10.read(file))
                .isInstanceOf(Part10Exception.class)
                .hasMessage(file + " is not a DICOM file: " + problem);
    }

    @Test
    void tellsWhatTheFileMetaInformationSays() throws Exception {
        byte[] octets = Arrays.copyOf(HEADER, HEADER.length + 10);
        octets[HEADER.length] = 8;
        Part10 file = Part10.read(file(octets));
        assertThat(file.sopClass()).isEqualTo(Uid.SECONDARY_CAPTURE);
        assertThat(file.sopInstance()).isEqualTo("1.2.3");
        assertThat(file.transferSyntax()).isEqualTo(Uid.EXPLICIT_VR_LITTLE_ENDIAN);
        try (var in = file.dataSet()) {
            assertThat(in.readAllBytes()).isEqualTo(new byte[] {8, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertRefused(new byte[100], "it has 100 octets, fewer than preamble and prefix");
        assertRefused(new byte[200], "no 'DICM' prefix after 128 octets of preamble");
        assertRefused(
                Arrays.copyOf(HEADER, 132),
                "its file meta information lacks (0002,0002) Media Storage SOP Class UID");
        assertRefused(
                Arrays.copyOf(HEADER, 170),
                "its file meta information is cut off or longer than 65536 octets");
        assertRefused(Arrays.copyOf(HEADER, 149), "its file meta information is cut off");
        byte[] markup = HEADER.clone();
        int uid = new String(HEADER, StandardCharsets.ISO_8859_1).indexOf(Uid.SECONDARY_CAPTURE);
        markup[uid] = 0x1B;
        assertRefused(
                markup,
                "(0002,0002) Media Storage SOP Class UID is not a UID: '?.2.840.10008.5.1.4.1.1.7'");
    }

    @Test
    void anyPrefixOfAFileIsReadOrRefused() throws Exception {
        for (int length = 0; length < HEADER.length; length++) {
            Path file = file(Arrays.copyOf(HEADER, length));
            try {
                Part10.read(file);
            } catch (Part10Exception expected) {
                assertThat(expected).hasMessageStartingWith(file + " is not a DICOM file: ");
            }
        }
    }

    @Test
    void contextsAreOneForEachPairOfClassAndSyntax() throws Exception {
        Part10 one = Part10.read(file(HEADER));
        Path other = Files.write(
                directory.resolve("other"),
                Part10.header(Uid.SECONDARY_CAPTURE, "1.2.4", Uid.IMPLICIT_VR_LITTLE_ENDIAN, "TEST"));
        assertThat(PresentationContext.storing(List.of(one, one, Part10.read(other))))
                .containsExactly(
                        new PresentationContext(1, Uid.SECONDARY_CAPTURE, List.of(Uid.EXPLICIT_VR_LITTLE_ENDIAN)),
                        new PresentationContext(3, Uid.SECONDARY_CAPTURE, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN)));
    }
}
