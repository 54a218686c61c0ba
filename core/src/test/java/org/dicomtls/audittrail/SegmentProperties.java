package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a crash or a disk has made of the buffer, it gives back messages that were put into it, and no others. */
class SegmentProperties {

    /** Small ones, empty ones, and some that try to look like a record. */
    @Provide
    Arbitrary<List<String>> messages() {
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(60).map(t -> AuditText.clean(t, 200));
        Arbitrary<String> sly = Arbitraries.of("dicom-tls audit buffer 1\n", "ÿÑÀþ", "\0\0\0\1");
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, any), net.jqwik.api.Tuple.of(1, sly))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    private static byte[] segment(List<String> messages) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(Segment.heading());
        for (int i = 0; i < messages.size(); i++) {
            octets.writeBytes(Segment.encode(i + 1, messages.get(i).getBytes(StandardCharsets.UTF_8))
                    .array());
        }
        return octets.toByteArray();
    }

    private static List<Segment.Record> read(byte[] octets) {
        Segment.Reader reader = new Segment.Reader(octets, 0);
        List<Segment.Record> records = new ArrayList<>();
        for (Optional<Segment.Record> record = reader.next(); record.isPresent(); record = reader.next()) {
            records.add(record.get());
        }
        assertThat(reader.end()).isLessThanOrEqualTo(octets.length);
        return records;
    }

    private static List<String> texts(List<Segment.Record> records) {
        return records.stream()
                .map(r -> new String(r.message(), StandardCharsets.UTF_8))
                .toList();
    }

    /** The end of the record with that index. */
    private static int end(List<String> messages, int index) {
        int end = Segment.heading().length;
        for (int i = 0; i <= index; i++) {
            end += Segment.size(messages.get(i).getBytes(StandardCharsets.UTF_8));
        }
        return end;
    }

    @Property(tries = 500)
    void anyPrefixGivesTheWholeMessagesInIt(@ForAll("messages") List<String> messages, @ForAll @IntRange(max = 5_000) int cut) {
        byte[] whole = segment(messages);
        int length = cut % (whole.length + 1);
        long complete = Stream.iterate(0, i -> i < messages.size(), i -> i + 1)
                .filter(i -> end(messages, i) <= length)
                .count();
        assertThat(texts(read(Arrays.copyOf(whole, length)))).isEqualTo(messages.subList(0, (int) complete));
    }

    @Property(tries = 500)
    void aChangedOctetCostsTheMessageThatItIsInAndNoOther(
            @ForAll("messages") List<String> messages, @ForAll @IntRange(max = 5_000) int place, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] octets = segment(messages);
        int at = place % octets.length;
        octets[at] ^= (byte) change;
        List<String> wanted = new ArrayList<>(messages);
        for (int i = 0; i < messages.size(); i++) {
            if (at >= (i == 0 ? Segment.heading().length : end(messages, i - 1)) && at < end(messages, i)) {
                wanted.remove(i);
                break;
            }
        }
        assertThat(texts(read(octets))).isEqualTo(wanted);
    }

    @Property(tries = 500)
    void octetsOfAnyKindGiveNoMessage(@ForAll @Size(max = 2_000) byte[] octets) {
        assertThat(read(octets)).isEmpty();
    }

    /** Through the files: opened, read, and the rest of what was written is still there. */
    @Property(tries = 60)
    void aBufferWithADamagedFileOpensAndGivesTheRest(
            @ForAll("messages") List<String> messages,
            @ForAll @IntRange(max = 5_000) int place,
            @ForAll @IntRange(min = 1, max = 255) int change,
            @ForAll boolean cut)
            throws Exception {
        Path directory = Files.createTempDirectory("dicom-tls-audit");
        try {
            byte[] octets = segment(messages);
            int at = place % octets.length;
            if (cut) {
                octets = Arrays.copyOf(octets, at);
            } else {
                octets[at] ^= (byte) change;
            }
            List<String> wanted = texts(read(octets));
            Files.write(directory.resolve("audit-0000000000000000001.segment"), octets);
            List<String> found = new ArrayList<>();
            try (AuditBuffer buffer = AuditBuffer.open(directory, 1 << 20, Disk.LOCAL)) {
                buffer.append("one more".getBytes(StandardCharsets.UTF_8));
                for (Optional<Segment.Record> record = buffer.next((f, t, p) -> {});
                        record.isPresent();
                        record = buffer.next((f, t, p) -> {})) {
                    found.addAll(texts(List.of(record.get())));
                }
            }
            wanted = new ArrayList<>(wanted);
            wanted.add("one more");
            assertThat(found).isEqualTo(wanted);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }
}
