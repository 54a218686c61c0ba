package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditBufferTest {

    private static final long BUDGET = 64 << 10;

    @TempDir
    private Path temporary;

    private final List<String> damage = new ArrayList<>();

    private Path directory() {
        return temporary.resolve("buffer");
    }

    private AuditBuffer open() throws IOException {
        return AuditBuffer.open(directory(), BUDGET, Disk.LOCAL);
    }

    private static void append(AuditBuffer buffer, int from, int to, int size) throws IOException {
        for (int i = from; i <= to; i++) {
            buffer.append((i + " " + "x".repeat(size)).getBytes(StandardCharsets.UTF_8));
        }
    }

    private List<Integer> read(AuditBuffer buffer) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Optional<Segment.Record> record = buffer.next(this::damaged); record.isPresent(); record = buffer.next(this::damaged)) {
            String text = new String(record.get().message(), StandardCharsets.UTF_8);
            numbers.add(Integer.parseInt(text.substring(0, text.indexOf(' '))));
        }
        return numbers;
    }

    private void damaged(long from, long to, Path file) {
        damage.add(from + "-" + to);
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(f -> f.toString().endsWith(".segment")).sorted().toList();
        }
    }

    @Test
    void givesBackWhatWasPutInAcrossSeveralFiles() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 30, 1_000);
            assertThat(segments()).hasSizeGreaterThan(3);
            assertThat(read(buffer)).isEqualTo(range(1, 30));
            append(buffer, 31, 33, 1_000);
            assertThat(read(buffer)).isEqualTo(range(31, 33));
            buffer.rewind();
            assertThat(read(buffer)).isEqualTo(range(1, 33));
            assertThat(damage).isEmpty();
        }
    }

    @Test
    void afterAnEndTheNextProcessFindsWhatIsNotDelivered() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 20, 1_000);
            buffer.delivered(12);
        }
        try (AuditBuffer buffer = open()) {
            assertThat(buffer.last() - buffer.delivered()).isEqualTo(8);
            append(buffer, 21, 22, 1_000);
            assertThat(read(buffer)).isEqualTo(range(13, 22));
        }
        try (AuditBuffer buffer = open()) {
            assertThat(read(buffer)).isEqualTo(range(13, 22));
        }
    }

    @Test
    void whatIsDeliveredLeavesTheDiskAndItsNumbersDoNotComeBack() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 20, 1_000);
            buffer.delivered(20);
            assertThat(segments()).hasSize(1);
        }
        try (AuditBuffer buffer = open()) {
            assertThat(segments()).isEmpty();
            assertThat(buffer.size()).isZero();
            append(buffer, 1, 1, 10);
            assertThat(buffer.last()).isEqualTo(21);
            assertThat(read(buffer)).containsExactly(1);
        }
    }

    @Test
    void aFullBufferTakesNoMoreUntilSomethingIsDelivered() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 60, 1_000);
            assertThatThrownBy(() -> append(buffer, 61, 70, 1_000))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("audit buffer .*buffer is full: \\d+ of 65536 octets");
            long last = buffer.last();
            assertThat(buffer.size()).isLessThanOrEqualTo(BUDGET);
            buffer.delivered(30);
            append(buffer, (int) last + 1, (int) last + 10, 1_000);
            assertThat(read(buffer)).isEqualTo(range(31, (int) last + 10));
        }
    }

    /** A file of the full size that is all delivered must not stand in the way for ever. */
    @Test
    void aBufferIsNeverFullOfWhatIsDelivered() throws IOException {
        try (AuditBuffer buffer = open()) {
            for (int i = 1; i <= 500; i++) {
                append(buffer, i, i, 1_000);
                buffer.delivered(i);
            }
            assertThat(segments()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void theRestOfAMessageThatACrashHasTornIsNoMessage() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 3, 100);
        }
        Path segment = segments().get(0);
        byte[] next = Segment.encode(4, "4 torn".getBytes(StandardCharsets.UTF_8)).array();
        Files.write(segment, java.util.Arrays.copyOf(next, next.length - 1), StandardOpenOption.APPEND);
        try (AuditBuffer buffer = open()) {
            append(buffer, 4, 5, 100);
            assertThat(read(buffer)).isEqualTo(range(1, 5));
            assertThat(damage).isEmpty();
        }
    }

    @Test
    void aDamagedMessageIsNamedAndItsFileKept() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 30, 1_000);
        }
        Path segment = segments().get(1);
        byte[] octets = Files.readAllBytes(segment);
        octets[1_500] ^= 1;
        Files.write(segment, octets);
        try (AuditBuffer buffer = open()) {
            List<Integer> read = read(buffer);
            assertThat(read).hasSize(29);
            List<Integer> missing = new ArrayList<>(range(1, 30));
            missing.removeAll(read);
            assertThat(damage).containsExactly(missing.get(0) + "-" + missing.get(0));
            buffer.delivered(30);
            assertThat(directory().resolve(segment.getFileName() + ".damaged")).exists();
        }
    }

    /** While the process runs: the last message of a file that still grows. */
    @Test
    void damageAtTheEndOfAGrowingFileIsPassedOver() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 3, 100);
            Path segment = segments().get(0);
            byte[] octets = Files.readAllBytes(segment);
            octets[octets.length - 1] ^= 1;
            Files.write(segment, octets, StandardOpenOption.WRITE);
            assertThat(read(buffer)).isEqualTo(range(1, 2));
            assertThat(damage).containsExactly("3-3");
            append(buffer, 4, 5, 100);
            assertThat(read(buffer)).isEqualTo(range(4, 5));
            assertThat(damage).containsExactly("3-3");
        }
    }

    @Test
    void withoutTheNoteOfWhatIsDeliveredEverythingThatIsThereIsSentAgain() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 5, 100);
            buffer.delivered(3);
        }
        Path note = directory().resolve("delivered");
        String good = Files.readString(note);
        for (String bad : List.of("", "nonsense", good.replace(" 3 ", " 4 "), good.substring(0, good.length() - 1))) {
            Files.writeString(note, bad);
            try (AuditBuffer buffer = open()) {
                assertThat(read(buffer)).as(bad).isEqualTo(range(1, 5));
            }
        }
        Files.delete(note);
        try (AuditBuffer buffer = open()) {
            assertThat(read(buffer)).isEqualTo(range(1, 5));
        }
    }

    @Test
    void aNoteOfMoreThanWasEverWrittenIsNotBelieved() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 9, 100);
            buffer.delivered(9);
        }
        Path kept = segments().isEmpty() ? null : segments().get(0);
        assertThat(kept).as("files of which all is delivered are kept until the next process").isNotNull();
        String note = Files.readString(directory().resolve("delivered"));
        Files.delete(kept);
        Files.delete(directory().resolve("delivered"));
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 2, 100);
        }
        Files.writeString(directory().resolve("delivered"), note);
        try (AuditBuffer buffer = open()) {
            assertThat(read(buffer)).isEqualTo(range(1, 2));
            append(buffer, 3, 3, 100);
            assertThat(buffer.last()).isEqualTo(10);
        }
    }

    /** Or the delivery would connect again and again for a message that is not there. */
    @Test
    void aLastMessageThatCannotBeReadAnyMoreIsNotWaitedFor() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 10, 100);
            buffer.delivered(10);
        }
        Path file = segments().get(0);
        byte[] octets = Files.readAllBytes(file);
        octets[octets.length - 5] ^= 1;
        Files.write(file, octets);
        try (AuditBuffer buffer = open()) {
            assertThat(read(buffer)).isEqualTo(range(1, 9));
            assertThat(buffer.last()).isEqualTo(9);
            buffer.delivered(9);
            assertThat(buffer.last()).isEqualTo(buffer.delivered());
            append(buffer, 11, 11, 100);
            assertThat(buffer.last()).as("no number twice").isEqualTo(11);
            assertThat(read(buffer)).containsExactly(11);
        }
    }

    /** The note is there before the files are gone: a process that ends in between has lost nothing. */
    @Test
    void filesThatAreDeliveredAreNotMissedAfterAnEndInBetween() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 30, 1_000);
            List<Path> before = segments();
            Path copies = Files.createDirectory(temporary.resolve("copies"));
            for (Path file : before) {
                Files.copy(file, copies.resolve(file.getFileName()));
            }
            buffer.delivered(15);
            for (Path file : before) {
                if (!Files.exists(file)) {
                    Files.copy(copies.resolve(file.getFileName()), file); // as if it had not been deleted yet
                }
            }
        }
        try (AuditBuffer buffer = open()) {
            assertThat(buffer.delivered()).isEqualTo(15);
            assertThat(read(buffer)).isEqualTo(range(16, 30));
            assertThat(damage).isEmpty();
        }
    }

    @Test
    void aFileThatIsGoneDoesNotHoldUpWhatStandsBehindIt() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 30, 1_000);
            Files.delete(segments().get(1));
            List<Integer> left = read(buffer);
            assertThat(left).contains(1, 30).hasSizeLessThan(30);
            assertThat(damage).hasSize(1);
            buffer.delivered(30);
            append(buffer, 31, 31, 10);
            assertThat(read(buffer)).containsExactly(31);
        }
    }

    @Test
    void oneProcessAtATimeHasTheDirectory() throws IOException {
        try (AuditBuffer buffer = open()) {
            assertThat(buffer.last()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessage("audit buffer " + directory() + " is in use by process "
                            + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void aPlaceThatIsNoDirectoryIsNamed() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> AuditBuffer.open(file, BUDGET, Disk.LOCAL))
                .isInstanceOf(IOException.class)
                .hasMessage("audit buffer " + file + " is not a directory");
        assertThatThrownBy(() -> AuditBuffer.open(file.resolve("below"), BUDGET, Disk.LOCAL))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("audit buffer " + file.resolve("below") + " cannot be made: ");
    }

    @Test
    void filesOfAnotherVersionAreNotTouched() throws IOException {
        Files.createDirectories(directory());
        Path file = Files.writeString(
                directory().resolve("audit-0000000000000000001.segment"), "dicom-tls audit buffer 2\nsomething new");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessage("audit buffer " + directory() + ": " + file.getFileName()
                        + " was written by another version of this library");
        assertThat(file).hasContent("dicom-tls audit buffer 2\nsomething new");
    }

    @Test
    void foreignFilesOfThatNameAreSetAside() throws IOException {
        Files.createDirectories(directory());
        Path file = Files.writeString(
                directory().resolve("audit-0000000000000000001.segment"), "x".repeat(100));
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 1, 10);
            assertThat(read(buffer)).containsExactly(1);
        }
        assertThat(Path.of(file + ".damaged")).hasContent("x".repeat(100));
    }

    @Test
    void nobodyElseCanReadIt() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.getFileStore(temporary).supportsFileAttributeView("posix"), "no POSIX permissions here");
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 1, 10);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segments().get(0))))
                    .isEqualTo("rw-------");
        }
    }

    /** Appends half of what it is given, and fails, for some calls. */
    private static final class Failing implements Disk {
        private final AtomicInteger failures = new AtomicInteger();
        private boolean truncates = true;
        private boolean creates = true;
        private boolean afterHeading;

        @Override
        public Appender create(Path file) throws IOException {
            if (!creates) {
                throw new IOException("Read-only file system");
            }
            return new ThroughAppender(Disk.LOCAL.create(file)) {
                @Override
                public void append(ByteBuffer octets) throws IOException {
                    boolean heading = afterHeading && octets.remaining() == Segment.heading().length;
                    if (!heading && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        octets.limit(octets.limit() / 2);
                        super.append(octets);
                        throw new IOException("No space left on device");
                    }
                    super.append(octets);
                }

                @Override
                public void truncate(long length) throws IOException {
                    if (!truncates) {
                        throw new IOException("Input/output error");
                    }
                    super.truncate(length);
                }
            };
        }
    }

    @Test
    void aDiskThatFailsInTheMiddleOfAMessageLosesThatMessageOnly() throws IOException {
        for (boolean truncates : List.of(true, false)) {
            Failing disk = new Failing();
            disk.truncates = truncates;
            Path place = temporary.resolve("failing-" + truncates);
            try (AuditBuffer buffer = AuditBuffer.open(place, BUDGET, disk)) {
                append(buffer, 1, 2, 100);
                disk.failures.set(2);
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> append(buffer, 99, 99, 100))
                            .isInstanceOf(IOException.class)
                            .hasMessage("audit buffer " + place + " cannot be written: No space left on device");
                }
                append(buffer, 3, 4, 100);
                assertThat(read(buffer)).isEqualTo(range(1, 4));
            }
            try (AuditBuffer buffer = AuditBuffer.open(place, BUDGET, disk)) {
                assertThat(read(buffer)).isEqualTo(range(1, 4));
                assertThat(damage).isEmpty();
            }
        }
    }

    @Test
    void aDiskThatFailsWithTheFirstMessageOfAFileIsTriedAgain() throws IOException {
        Failing disk = new Failing();
        disk.truncates = false;
        try (AuditBuffer buffer = AuditBuffer.open(directory(), BUDGET, disk)) {
            disk.afterHeading = true;
            for (int i = 0; i < 3; i++) {
                disk.failures.set(1);
                assertThatThrownBy(() -> append(buffer, 99, 99, 100)).hasMessageEndingWith("No space left on device");
            }
            append(buffer, 1, 2, 100);
            assertThat(read(buffer)).isEqualTo(range(1, 2));
            assertThat(segments()).hasSize(1);
        }
    }

    /** As on a disk that is full: what is delivered must make room all the same. */
    @Test
    void aNoteThatCannotBeWrittenKeepsNothingOnTheDisk() throws IOException {
        try (AuditBuffer buffer = open()) {
            append(buffer, 1, 60, 1_000);
            Files.createDirectories(directory().resolve("delivered").resolve("in the way"));
            long before = buffer.size();
            buffer.delivered(50);
            assertThat(buffer.size()).isLessThan(before / 2);
            assertThat(read(buffer)).isEqualTo(range(51, 60));
        }
    }

    @Test
    void aDiskThatTakesNoNewFileIsTriedAgain() throws IOException {
        Failing disk = new Failing();
        disk.creates = false;
        try (AuditBuffer buffer = AuditBuffer.open(directory(), BUDGET, disk)) {
            assertThatThrownBy(() -> append(buffer, 1, 1, 100))
                    .hasMessage("audit buffer " + directory() + " cannot be written: Read-only file system");
            disk.creates = true;
            disk.failures.set(1); // the heading
            assertThatThrownBy(() -> append(buffer, 1, 1, 100)).hasMessageEndingWith("No space left on device");
            append(buffer, 1, 2, 100);
            assertThat(read(buffer)).isEqualTo(range(1, 2));
        }
    }
}
