package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dicomtls.interop.audit.Node;
import org.dicomtls.profiles.DicomProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of servers, and the files that their reports go to. */
class AuditTargetsTest {

    @TempDir
    private Path directory;

    private TargetList list(String text) throws IOException {
        return TargetList.read(Files.writeString(directory.resolve("t.txt"), text));
    }

    @Test
    void aListIsReadWithItsCommentsAndBlanks() throws IOException {
        TargetList list =
                list("\uFEFF# ours\r\n\r\n  PACS 1 ,  pacs.example, 2762 ,bcp195-nd\r\n   # more\rCT,[::1],104,aes\n");
        assertThat(list.errors()).isEmpty();
        assertThat(list.nodes()).containsExactly(
                new Node("PACS 1", "pacs.example", 2762, DicomProfiles.BCP195_NON_DOWNGRADING),
                new Node("CT", "::1", 104, DicomProfiles.AES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PACS, h, 2762             | 3 parts, wanted 4: AE-TITLE, HOST, PORT, PROFILE
                    PACS, h, 2762, aes, x     | 5 parts, wanted 4
                    PACS                      | 1 part, wanted 4
                    , h, 2762, aes            | not an AE title
                    AN-AE-TITLE-TOO-LONG, h, 2762, aes | not an AE title
                    PACS, , 2762, aes         | '' is no host
                    PACS, a/b, 2762, aes      | 'a/b' is no host
                    PACS, ../x, 2762, aes     | '../x' is no host
                    PACS, h, 0, aes           | port '0' is outside 1…65535
                    PACS, h, 65536, aes       | port '65536' is outside 1…65535
                    PACS, h, x, aes           | port 'x' is outside 1…65535
                    PACS, h, 2762, nope       | unknown profile 'nope'; known: basic
                    """)
    void aBadLineIsNamed(String line, String message) throws IOException {
        assertThat(list("# one\nOK,h,1,aes\n" + line + "\n").errors())
                .singleElement()
                .asString()
                .startsWith(directory.resolve("t.txt") + ":3: " + message);
    }

    @Test
    void everyBadLineIsNamedUpToTwenty() throws IOException {
        List<String> errors = list("x\n".repeat(23)).errors();
        assertThat(errors).hasSize(21);
        assertThat(errors.get(19)).contains(":20: ");
        assertThat(errors.get(20)).isEqualTo(directory.resolve("t.txt") + ": and 3 more");
    }

    @Test
    void theSameTwiceIsAnErrorAndAnotherProfileIsNot() throws IOException {
        assertThat(list("A,h,1,aes\nA,h,1,bcp195\nA , H, 1, aes\n").errors())
                .containsExactly(directory.resolve("t.txt") + ":3: the same as line 1");
    }

    @Test
    void anEmptyListIsAnError() throws IOException {
        assertThat(list("# none\n\n").errors()).singleElement().asString().contains("names no server");
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("l.txt"), "É".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TargetList.read(file)).hasMessage(file + ": not UTF-8");
        assertThatThrownBy(() -> TargetList.read(directory)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> TargetList.read(directory.resolve("none"))).hasMessageContaining("no such file");
    }

    @Test
    void namesOfReportsAreSafeAndUnique() {
        List<Node> nodes = List.of(
                node("PACS", "pacs.example"),
                node("pacs", "pacs.example"),
                node("../../etc/passwd", "h"),
                node("..", "h"),
                node("A B", "h"),
                node("A_B", "h"),
                node("A/B", "::1"),
                node("CON:*?<>|\"", "h"),
                node("LONG", "x".repeat(250)));
        List<String> names = ReportNames.of(nodes);
        assertThat(names).hasSize(nodes.size()).doesNotHaveDuplicates();
        assertThat(names.stream().map(String::toLowerCase).toList()).doesNotHaveDuplicates();
        assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}"));
        assertThat(names).allMatch(name ->
                directory.resolve(name + ".json").normalize().getParent().equals(directory));
        assertThat(ReportNames.of(nodes.subList(0, 1))).containsExactly("PACS_pacs.example_2762_bcp195-nd");
    }

    private static Node node(String aeTitle, String host) {
        return new Node(aeTitle, host, 2762, DicomProfiles.BCP195_NON_DOWNGRADING);
    }
}
