package org.dicomtls.interop.bench;

import java.util.List;

/**
 * How much of everything is measured.
 *
 * @param rounds how often everything is measured, turn by turn: A B A B …
 * @param warmUp handshakes of each kind before anything counts, so that the compiler has seen them
 * @param handshakes in one sample
 * @param streamMib how much goes through a socket in one sample, in MiB
 * @param instanceMib the size of the large instance to store, in MiB
 * @param instances how many small instances of 512 KiB are stored in one association
 * @param seconds how long a tool that measures by time is given
 * @param associations in one sample of concurrent associations
 * @param concurrent how many associations at a time
 * @param sizesKib the sizes of instances, in KiB
 * @param pdusKib the maximum lengths of a PDU, in KiB
 * @param targets how many servers are audited at a time
 * @param whole whether everything that takes minutes is run too
 */
public record Scale(
        int rounds,
        int warmUp,
        int handshakes,
        int streamMib,
        int instanceMib,
        int instances,
        int seconds,
        int associations,
        List<Integer> concurrent,
        List<Integer> sizesKib,
        List<Integer> pdusKib,
        List<Integer> targets,
        boolean whole) {

    /** What a figure that is published needs: 35 minutes on two processors. */
    public static final Scale FULL = new Scale(
            5,
            2500,
            400,
            192,
            200,
            400,
            2,
            2048,
            List.of(1, 4, 16, 64, 256),
            List.of(64, 1024, 16 * 1024, 200 * 1024, 1024 * 1024),
            List.of(16, 64, 128, 256, 1024),
            List.of(1, 8, 64, 500),
            true);

    /** A look, in seconds: one profile, two rounds; its figures are only roughly right. */
    public static final Scale QUICK = new Scale(
            2, 12, 12, 32, 16, 16, 1, 24, List.of(1, 8), List.of(64, 1024), List.of(16, 256), List.of(1), false);

    public Scale withRounds(int number) {
        if (number < 1 || number > 100) {
            throw new IllegalArgumentException("--rounds " + number + " is outside 1…100");
        }
        return new Scale(
                number,
                warmUp,
                handshakes,
                streamMib,
                instanceMib,
                instances,
                seconds,
                associations,
                concurrent,
                sizesKib,
                pdusKib,
                targets,
                whole);
    }
}
