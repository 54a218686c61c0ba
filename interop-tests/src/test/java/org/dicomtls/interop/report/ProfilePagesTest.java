package org.dicomtls.interop.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProfilePagesTest {

    private static final Path DOCS = Path.of("..", "docs", "profiles");

    @Test
    void pagesInDocsAreThoseThatTheRulesWrite() throws IOException {
        Map<String, String> wanted = new TreeMap<>(ProfilePages.all());
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(DOCS);
            for (Map.Entry<String, String> page : wanted.entrySet()) {
                Files.writeString(DOCS.resolve(page.getKey()), page.getValue());
            }
        }
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(DOCS)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(found)
                .as("docs/profiles; write it anew with: mvn -pl interop-tests -am test -Dtest=ProfilePagesTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true")
                .isEqualTo(wanted);
    }
}
