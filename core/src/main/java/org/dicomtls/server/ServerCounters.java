package org.dicomtls.server;

/**
 * What a server has done since it was started, and how it stands at one moment.
 *
 * @param accepted connections that were accepted, turned away or not
 * @param turnedAway connections that were closed because a limit was reached: as they came in, to make room, or because no
 *     place came free in time
 * @param failedHandshakes handshakes that were refused, failed, or were late
 * @param established connections that reached the handler
 * @param failedAccepts failures to accept, for want of file descriptors for example
 * @param waiting connections now that wait for their client's first octets
 * @param queued connections now that wait for a place
 * @param handshaking handshakes now
 * @param serving connections with the handler now
 * @param ending connections now that are being closed
 */
public record ServerCounters(
        long accepted,
        long turnedAway,
        long failedHandshakes,
        long established,
        long failedAccepts,
        int waiting,
        int queued,
        int handshaking,
        int serving,
        int ending) {

    /** All connections that are open now. */
    public int open() {
        return waiting + queued + handshaking + serving + ending;
    }
}
