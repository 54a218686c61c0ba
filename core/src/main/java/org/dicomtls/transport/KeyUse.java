package org.dicomtls.transport;

import java.net.Socket;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;

/**
 * How far the keys of an established connection are used up, in TLS records, of which each direction has keys of its
 * own. RFC 9325 §4.4 wants keys changed, or the connection given up, before 2^24.5 records of AES-GCM. TLS 1.3 can change
 * keys; TLS 1.2 cannot without a renegotiation, so that its connections end, and with them the association on it.
 */
public final class KeyUse {

    /** The most records under one key: the power of two below what RFC 9325 §4.4 recommends. */
    public static final long MOST_RECORDS = 1L << 24;

    /** The least that the limit can be set to. */
    static final long LEAST_LIMIT = 64;

    /** RFC 9147 §4.5.3, the only text that has a number for AES-CCM. */
    private static final long MOST_RECORDS_CCM = 1L << 23;

    /** What is kept back for whoever is told of the limit, to say so to the peer, and for the end of TLS. */
    private static final int FAREWELL = 16;

    /** What the engines put into one record at least, when they are given enough: SunJSSE 16367 octets, BCJSSE 16384. */
    private static final int OCTETS_PER_RECORD = 16_000;

    /** By whom keys are changed before they are used up. */
    enum Renewal {
        /** By nobody: the connection ends. */
        NEVER,
        /** By the engine, when it is asked to; the peer is asked to change its keys too. */
        WHEN_ASKED,
        /** By the engine of its own accord, before the limit. */
        BY_ENGINE
    }

    private final RecordCount sent;
    private final RecordCount received;
    private final Renewal renewal;
    private final long limit;
    private final long enough;
    private final Function<KeyUse, TlsRefusal> why;
    private volatile long sentBefore;
    private volatile long receivedBefore;
    private volatile long stop;
    private volatile int renewals;
    private boolean told;

    /**
     * @param why makes the refusal that says so, when they are nearly used up
     */
    KeyUse(
            RecordCount sent,
            RecordCount received,
            Renewal renewal,
            long limit,
            Function<KeyUse, TlsRefusal> why) {
        this.sent = sent;
        this.received = received;
        this.renewal = renewal;
        this.limit = limit;
        this.why = why;
        this.stop = limit - FAREWELL;
        this.enough = limit - Math.max(limit >> 4, FAREWELL + 8);
    }

    /** The most records of that suite under one key; {@link Long#MAX_VALUE} where none matters (RFC 8446 §5.5). */
    static long limit(CipherSuite suite) {
        return suite.mode() == CipherMode.POLY1305
                ? Long.MAX_VALUE
                : suite.mode() == CipherMode.CCM || suite.mode() == CipherMode.CCM_8 ? MOST_RECORDS_CCM : MOST_RECORDS;
    }

    /** The use of the keys of that socket, if it is one of ours and its handshake is finished. */
    public static Optional<KeyUse> of(Socket socket) {
        return socket instanceof PolicySocket ours ? ours.keyUse() : Optional.empty();
    }

    /** The use of the keys of that engine, if it is one of ours and its handshake is finished. */
    public static Optional<KeyUse> of(SSLEngine engine) {
        return engine instanceof PolicyEngine ours ? ours.keyUse() : Optional.empty();
    }

    /** Records sent since the handshake began, or since this end last had the keys changed. */
    public long sent() {
        return sent.records() - sentBefore;
    }

    /** Records received since the handshake began, or since this end last asked the peer to change its keys. */
    public long received() {
        return received.records() - receivedBefore;
    }

    /** The most records under one key; {@link Long#MAX_VALUE} for ChaCha20-Poly1305. */
    public long limit() {
        return limit;
    }

    /** How often this end had the keys changed. Changes that an engine makes of its own accord are not seen. */
    public int renewals() {
        return renewals;
    }

    /**
     * Whether so few records are left (a sixteenth) that nothing long should be begun: time to end the association in
     * order and to open another. Never where the keys can be changed.
     */
    public boolean nearlyUsedUp() {
        return renewal == Renewal.NEVER && Math.max(sent(), received()) >= enough;
    }

    /**
     * Why the association should now be ended in order, if {@link #nearlyUsedUp()}; reported like every refusal, once. If
     * nobody does so, reading and writing fail with it at the limit.
     */
    public Optional<TlsRefusal> ending() {
        return nearlyUsedUp() ? Optional.of(why.apply(this)) : Optional.empty();
    }

    /**
     * Whether keys must be changed before so many octets more are sent, or anything more is received. If so the count
     * begins anew: whoever is told so changes them.
     */
    boolean renewalDue(int octets) {
        if (renewal != Renewal.WHEN_ASKED || !beyond(octets)) {
            return false;
        }
        synchronized (this) {
            if (!beyond(octets)) {
                return false; // a reader and a writer were here at once
            }
            // Before the change, so that what is sent meanwhile under the old keys counts for the new ones.
            sentBefore = sent.records();
            receivedBefore = received.records();
            renewals++;
            return true;
        }
    }

    private boolean beyond(int octets) {
        return sendingBeyond(octets) || receivingBeyond();
    }

    /** Whether so many octets more must not be sent, because the keys are used up and cannot be changed. */
    boolean tooMuchToSend(int octets) {
        return renewal == Renewal.NEVER && sendingBeyond(octets);
    }

    /** Whether nothing more is to be received, because the peer's keys are used up and cannot be changed. */
    boolean tooMuchReceived() {
        return renewal == Renewal.NEVER && receivingBeyond();
    }

    private boolean sendingBeyond(int octets) {
        return sent() + 1 + octets / OCTETS_PER_RECORD > stop;
    }

    /** One less than the limit, so that a peer that counts like us has ended before. */
    private boolean receivingBeyond() {
        return received() >= limit - 1;
    }

    /**
     * Whoever uses the connection is told; what was kept back is for the farewell.
     *
     * @return whether it is the first time
     */
    synchronized boolean tell() {
        boolean first = !told;
        told = true;
        stop = limit - FAREWELL / 4;
        return first;
    }
}
