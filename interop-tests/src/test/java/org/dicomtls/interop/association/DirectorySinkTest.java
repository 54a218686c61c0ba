package org.dicomtls.interop.association;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory of received instances holds. */
class DirectorySinkTest {

    private static final StoreSink.Instance INSTANCE =
            new StoreSink.Instance("1.2.840.10008.5.1.4.1.1.7", "2.25.1", "1.2.840.10008.1.2.1", "CT1");

    @TempDir
    private Path directory;

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileAppearsWholeOrNotAtAll() throws IOException {
        StoreSink sink = StoreSink.toDirectory(directory);
        try (StoreSink.Reception broken = sink.receive(INSTANCE)) {
            broken.dataSet().write(new byte[100_000]);
            assertThat(names()).noneMatch(name -> name.endsWith(".dcm"));
        }
        assertThat(names()).isEmpty();
        try (StoreSink.Reception whole = sink.receive(INSTANCE)) {
            whole.dataSet().write(new byte[100_000]);
            whole.complete();
        }
        assertThat(names()).containsExactly("2.25.1.dcm");
        assertThat(Files.size(directory.resolve("2.25.1.dcm"))).isGreaterThan(100_000);
    }

    /** A process that was killed deletes nothing; the next one does, but nothing that somebody still writes. */
    @Test
    void leftoversOfAKilledProcessGoAndWhatIsComingInStays() throws IOException {
        Path leftover = Files.writeString(directory.resolve(".incoming-1.part"), "half");
        Path young = Files.writeString(directory.resolve(".incoming-2.part"), "half");
        Path other = Files.writeString(directory.resolve("notes.part"), "not ours");
        FileTime old = FileTime.from(Instant.now().minusSeconds(3600));
        Files.setLastModifiedTime(leftover, old);
        Files.setLastModifiedTime(other, old);
        try (StoreSink.Reception coming = StoreSink.toDirectory(directory).receive(INSTANCE)) {
            Path part = directory.resolve(names().stream()
                    .filter(name -> name.startsWith(".incoming") && !name.equals(".incoming-2.part"))
                    .findFirst()
                    .orElseThrow());
            Files.setLastModifiedTime(part, old);
            StoreSink.toDirectory(directory);
            assertThat(leftover).doesNotExist();
            assertThat(young).exists();
            assertThat(other).exists();
            assertThat(part).exists();
            coming.complete();
        }
        assertThat(names()).contains("2.25.1.dcm");
    }
}
