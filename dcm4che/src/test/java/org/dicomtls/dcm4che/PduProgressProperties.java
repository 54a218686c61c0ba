package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A peer may be silent where a message ends, and nowhere else. */
class PduProgressProperties {

    /** A stream of whole messages, and where each of them ends. */
    private record Stream(byte[] octets, TreeSet<Integer> ends) {}

    /** A message: another PDU than P-DATA-TF, or a command with or without a data set, cut into fragments and PDUs. */
    private record Message(int type, int length, boolean dataSet, int fragment, boolean packed) {
        byte[] octets() {
            if (type != 4) {
                return pdu(type, new byte[length]);
            }
            List<byte[]> values = new ArrayList<>(fragments(command(dataSet), true));
            if (dataSet) {
                values.addAll(fragments(new byte[length], false));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            for (byte[] value : values) {
                if (packed) {
                    together.writeBytes(value);
                } else {
                    out.writeBytes(pdu(4, value));
                }
            }
            if (packed) {
                out.writeBytes(pdu(4, together.toByteArray()));
            }
            return out.toByteArray();
        }

        private List<byte[]> fragments(byte[] content, boolean command) {
            List<byte[]> all = new ArrayList<>();
            int at = 0;
            do {
                int taken = Math.min(fragment, content.length - at);
                ByteArrayOutputStream one = new ByteArrayOutputStream();
                integer(one, taken + 2);
                one.write(1);
                one.write((command ? 1 : 0) | (at + taken == content.length ? 2 : 0));
                one.write(content, at, taken);
                all.add(one.toByteArray());
                at += taken;
            } while (at < content.length);
            return all;
        }
    }

    private static byte[] command(boolean dataSet) {
        byte[] set = {
            0, 0, 0, 0, 4, 0, 0, 0, 30, 0, 0, 0, // group length
            0, 0, 0, 1, 2, 0, 0, 0, 1, 0, // command field
            0, 0, 0, 8, 2, 0, 0, 0, 0, 0, // data set type
            0, 0, 0, 0x10, 2, 0, 0, 0, '1', 0 // SOP instance
        };
        set[30] = (byte) 1;
        set[31] = (byte) (dataSet ? 2 : 1);
        return set;
    }

    private static void integer(ByteArrayOutputStream out, int value) {
        out.write(value >> 24);
        out.write(value >> 16);
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] pdu(int type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        out.write(0);
        integer(out, body.length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    @Provide
    Arbitrary<Stream> streams() {
        Arbitrary<Message> message = Combinators.combine(
                        Arbitraries.of(1, 2, 4, 4, 4, 4, 5, 6),
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 120),
                        Arbitraries.of(true, false))
                .as(Message::new);
        return message.list().ofMinSize(1).ofMaxSize(6).map(messages -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TreeSet<Integer> ends = new TreeSet<>();
            for (Message one : messages) {
                out.writeBytes(one.octets());
                ends.add(out.size());
            }
            return new Stream(out.toByteArray(), ends);
        });
    }

    @Property(tries = 500)
    void itIsWithinAMessageUntilTheMessageEnds(@ForAll("streams") Stream stream, @ForAll @IntRange(min = 1, max = 50) int step) {
        PduProgress progress = new PduProgress();
        for (int at = 0; at < stream.octets().length; at += step) {
            int count = Math.min(step, stream.octets().length - at);
            progress.add(stream.octets(), at, count);
            assertThat(progress.within())
                    .as("after %s octets: %s", at + count, progress)
                    .isEqualTo(!stream.ends().contains(at + count));
        }
    }

    @Property(tries = 500)
    void whateverComesItFollowsOrGivesUp(@ForAll byte[] noise, @ForAll("streams") Stream stream) {
        PduProgress progress = new PduProgress();
        progress.add(stream.octets(), 0, stream.octets().length);
        progress.add(noise, 0, noise.length);
        assertThat(progress.toString()).isNotEmpty();
    }
}
