package org.dicomtls.transport;

import java.time.Instant;
import java.util.Map;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/**
 * What became of the connections of one transport up to a moment. Every number but {@link #open} only grows, so that a
 * monitoring system can read it as a counter.
 *
 * @param since when the transport was built
 * @param established finished handshakes, by what was negotiated; a combination that never came is absent
 * @param refused refusals, by kind; a kind that never came is absent
 * @param resumed how many of the finished handshakes resumed a session
 * @param open connections that are established now
 */
public record Counters(
        Instant since, Map<Handshake, Long> established, Map<RefusalKind, Long> refused, long resumed, long open) {

    /** What handshakes are told apart by. */
    public record Handshake(TlsVersion version, CipherSuite suite) {}

    public Counters {
        established = Map.copyOf(established);
        refused = Map.copyOf(refused);
    }

    /** All finished handshakes. */
    public long establishedInAll() {
        return established.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All refusals. */
    public long refusedInAll() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
