package org.dicomtls.interop.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Java code in the README and the guides is code that is compiled: each block stands, line by line, in a source file of
 * the tests. Indentation, trailing comments and blank lines may differ; a line of "…" stands for any lines between.
 */
class DocumentedCodeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```");

    private record Block(Path page, int number, List<String> lines) {}

    /** Without what may differ: white space between words, a trailing comment, blank lines. */
    private static List<String> lines(String code) {
        return code.lines()
                .map(line -> line.replaceFirst("(^|\\s)//.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(line -> line.replaceAll("\\s+", " "))
                .toList();
    }

    private static List<Block> blocks() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages) {
            Matcher matcher = BLOCK.matcher(Files.readString(page));
            for (int number = 1; matcher.find(); number++) {
                blocks.add(new Block(ROOT.relativize(page), number, lines(matcher.group(1))));
            }
        }
        return blocks;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String module : List.of("core", "profiles", "interop-tests", "dcm4che")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    sources.add("\n" + String.join("\n", lines(Files.readString(file))) + "\n");
                }
            }
        }
        return sources;
    }

    /** Whether the parts of a block, split where lines were left out, stand one after the other in that source. */
    private static boolean contains(String source, List<String> block) {
        int from = 0;
        for (String part : String.join("\n", block).split("(?m)^…$")) {
            String wanted = "\n" + part.strip() + "\n";
            int at = source.indexOf(wanted, from);
            if (at < 0) {
                return false;
            }
            from = at + wanted.length() - 1;
        }
        return true;
    }

    @TestFactory
    Stream<DynamicTest> everyBlockIsCompiledSomewhere() throws IOException {
        List<String> sources = sources();
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(block.page() + " #" + block.number(), () -> assertThat(
                                sources.stream().anyMatch(source -> contains(source, block.lines())))
                        .as("a source under src/test/java with these lines:%n%s", block.lines().stream()
                                .collect(Collectors.joining(System.lineSeparator())))
                        .isTrue()));
    }

    @Test
    void thereIsCodeToCompare() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(10);
    }

    @Test
    void aChangedLineIsNoticed() {
        String source = "\nint a = 1;\nint b = 2;\nint c = 3;\n";
        assertThat(contains(source, List.of("int a = 1;", "int b = 2;"))).isTrue();
        assertThat(contains(source, List.of("int a = 1;", "…", "int c = 3;"))).isTrue();
        assertThat(contains(source, List.of("int a = 1;", "int c = 3;"))).isFalse();
        assertThat(contains(source, List.of("int b = 20;"))).isFalse();
        assertThat(contains(source, List.of("int c = 3;", "…", "int a = 1;"))).isFalse();
    }
}
