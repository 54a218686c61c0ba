package org.dicomtls.interop.association;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How an association acceptor behaves.
 *
 * @param calledAeTitles the titles that it answers to; empty is any
 * @param maxPduLength the longest P-DATA-TF that it takes, 4 KiB to 1 MiB
 * @param artim the association request/reject/release timer of PS3.8 §9.1.5
 * @param idle how long an established association may take for its next PDU
 * @param maxInstanceLength the longest data set that it takes, in octets; a longer one is refused with status A700H
 * @param admission who may call itself by which AE title
 */
public record AcceptorOptions(
        Set<String> calledAeTitles,
        int maxPduLength,
        Duration artim,
        Duration idle,
        long maxInstanceLength,
        Admission admission) {
    public AcceptorOptions {
        calledAeTitles = calledAeTitles.stream().map(AeTitle::require).collect(Collectors.toUnmodifiableSet());
        UpperLayer.requirePduLength(maxPduLength);
        requirePositive(artim, "ARTIM");
        requirePositive(idle, "idle timeout");
        Objects.requireNonNull(admission, "admission");
        if (maxInstanceLength < 0) {
            throw new IllegalArgumentException("a negative maximum instance length");
        }
    }

    static Duration requirePositive(Duration duration, String what) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("the " + what + " must be longer than nothing");
        }
        return duration;
    }

    /** Any called AE title, 256 KiB, ARTIM 30 s, idle 60 s, data sets of up to 4 GiB. */
    public static AcceptorOptions defaults() {
        return new AcceptorOptions(
                Set.of(),
                UpperLayer.DEFAULT_PDU_LENGTH,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1L << 32,
                Admission.ANYBODY);
    }

    public AcceptorOptions withCalledAeTitles(Set<String> titles) {
        return new AcceptorOptions(titles, maxPduLength, artim, idle, maxInstanceLength, admission);
    }

    public AcceptorOptions withMaxPduLength(int length) {
        return new AcceptorOptions(calledAeTitles, length, artim, idle, maxInstanceLength, admission);
    }

    public AcceptorOptions withArtim(Duration duration) {
        return new AcceptorOptions(calledAeTitles, maxPduLength, duration, idle, maxInstanceLength, admission);
    }

    public AcceptorOptions withIdle(Duration duration) {
        return new AcceptorOptions(calledAeTitles, maxPduLength, artim, duration, maxInstanceLength, admission);
    }

    public AcceptorOptions withMaxInstanceLength(long octets) {
        return new AcceptorOptions(calledAeTitles, maxPduLength, artim, idle, octets, admission);
    }

    public AcceptorOptions withAdmission(Admission who) {
        return new AcceptorOptions(calledAeTitles, maxPduLength, artim, idle, maxInstanceLength, who);
    }
}
