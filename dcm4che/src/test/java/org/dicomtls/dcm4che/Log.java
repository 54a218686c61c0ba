package org.dicomtls.dcm4che;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the library writes into its log meanwhile; slf4j-simple writes to the standard error stream. */
final class Log implements AutoCloseable {

    private static final long PATIENCE_NANOS = 15_000_000_000L;

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    Log() {
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int octet) {
                        write(new byte[] {(byte) octet}, 0, 1);
                    }

                    @Override
                    public void write(byte[] data, int offset, int length) {
                        text.write(data, offset, length);
                        before.write(data, offset, length);
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    /** The lines of this library so far. */
    Stream<String> lines() {
        return text.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(" org.dicomtls."));
    }

    /** The first such line, as soon as it is there. */
    String await(String... parts) throws InterruptedException {
        Predicate<String> wanted = line -> Stream.of(parts).allMatch(line::contains);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Optional<String> found = lines().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no line with " + String.join(" and ", parts) + " among\n"
                        + String.join("\n", lines().toList()));
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
