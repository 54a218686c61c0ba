package org.dicomtls.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;

/** A flight is complete where a hello is, however it is cut into records, and not one octet before. */
class FirstFlightProperties {

    private static byte[] inRecords(byte[] message, List<Integer> cuts) {
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        int at = 0;
        for (int cut : cuts) {
            if (at == message.length) {
                break;
            }
            int part = Math.min(cut, message.length - at);
            record(flight, message, at, part);
            at += part;
        }
        if (at < message.length) {
            record(flight, message, at, message.length - at);
        }
        return flight.toByteArray();
    }

    private static void record(ByteArrayOutputStream flight, byte[] message, int at, int length) {
        flight.writeBytes(new byte[] {HandshakeMessages.HANDSHAKE, 3, 1, (byte) (length >> 8), (byte) length});
        flight.write(message, at, length);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 120).list().ofMaxSize(12);
    }

    @Property(tries = 300)
    void aHelloIsCompleteAtItsLastOctet(@ForAll("cuts") List<Integer> cuts) {
        byte[] flight = inRecords(Hello.clientTls13().message(), cuts);
        for (int length = 0; length < flight.length; length++) {
            assertThat(FirstFlight.complete(flight, length)).as("%d of %d", length, flight.length).isFalse();
        }
        assertThat(FirstFlight.complete(flight, flight.length)).isTrue();
    }

    /** What the gate reads before it decides is never more than what was waited for. */
    @Property(tries = 1000)
    void whatIsHandedOverIsWholeRecordsOrNoTls(@ForAll @IntRange(max = 400) int length, @ForAll long seed) {
        byte[] octets = new byte[length];
        new java.util.Random(seed).nextBytes(octets);
        if (seed % 2 == 0 && length > 5) {
            octets[0] = (byte) (20 + (seed >>> 1) % 4);
            octets[1] = 3;
            octets[3] = 0;
        }
        boolean complete = FirstFlight.complete(octets, length);
        List<Integer> types = new ArrayList<>();
        int at = 0;
        while (at + 5 <= length && octets[at] >= 20 && octets[at] <= 23 && octets[at + 1] == 3) {
            types.add((int) octets[at]);
            at += 5 + ((octets[at + 3] & 0xFF) << 8 | octets[at + 4] & 0xFF);
        }
        if (!complete) {
            assertThat(length).as("%s", Arrays.toString(octets)).isLessThan(at + 5);
            assertThat(types).hasSizeLessThanOrEqualTo(16);
        }
    }
}
