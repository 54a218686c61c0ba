package org.dicomtls.transport;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Where events of a transport go: its counters, the log, the flight recorder, its listeners; in this order, so that a
 * listener that fails takes nothing from the others. The keys of the log are stable and listed in {@code
 * docs/reading-refusals.md}.
 */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    private final Instant since;
    private final List<TransportListener> listeners;
    private final Map<Counters.Handshake, LongAdder> established = new ConcurrentHashMap<>();
    private final Map<RefusalKind, LongAdder> refused = new ConcurrentHashMap<>();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder open = new LongAdder();

    Reports(Instant since, List<TransportListener> listeners) {
        this.since = since;
        this.listeners = List.copyOf(listeners);
    }

    Counters counters() {
        return new Counters(since, sums(established), sums(refused), resumed.sum(), open.sum());
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> counted) {
        Map<K, Long> sums = new HashMap<>();
        counted.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }

    void established(Negotiated negotiated, FlightRecorder.Handshake recording) {
        established
                .computeIfAbsent(
                        new Counters.Handshake(negotiated.version(), negotiated.suite()), handshake -> new LongAdder())
                .increment();
        if (negotiated.resumed()) {
            resumed.increment();
        }
        open.increment();
        recording.established(negotiated);
        if (LOG.isInfoEnabled()) {
            LoggingEventBuilder event = about(LOG.atInfo(), "established", negotiated.connection());
            negotiated.facts().forEach((name, value) -> event.addKeyValue("dicomtls." + name, value));
            event.addKeyValue("dicomtls.handshakeMillis", negotiated.handshake().toMillis())
                    .log("established with {}: {}", negotiated.connection().peerText(), negotiated.text());
        }
        tell(listener -> listener.established(negotiated));
    }

    void refused(Refusal refusal) {
        refused.computeIfAbsent(refusal.kind(), kind -> new LongAdder()).increment();
        FlightRecorder.INSTANCE.refused(refusal);
        // Health checks and port scanners connect and say nothing, every few seconds perhaps.
        boolean noise = refusal.kind() == RefusalKind.NOTHING_SENT;
        if (noise ? LOG.isDebugEnabled() : LOG.isWarnEnabled()) {
            LoggingEventBuilder event = about(noise ? LOG.atDebug() : LOG.atWarn(), "refused", refusal.connection())
                    .addKeyValue("dicomtls.kind", refusal.kind().key())
                    .addKeyValue("dicomtls.phase", refusal.phase())
                    .addKeyValue("dicomtls.byPeer", refusal.byPeer());
            refusal.rule().ifPresent(rule -> event.addKeyValue("dicomtls.rule", rule.id()));
            refusal.alert().ifPresent(alert -> event.addKeyValue("dicomtls.alert", alert));
            refusal.callingAeTitle().ifPresent(title -> event.addKeyValue("dicomtls.calling", title));
            refusal.calledAeTitle().ifPresent(title -> event.addKeyValue("dicomtls.called", title));
            event.log(
                    "refused {}, profile {}, engine {}: {}",
                    refusal.connection().peerText(),
                    refusal.connection().profile(),
                    refusal.connection().engine().id(),
                    refusal.text());
        }
        tell(listener -> listener.refused(refusal));
    }

    void closed(Closed closed) {
        open.decrement();
        if (LOG.isDebugEnabled()) {
            about(LOG.atDebug(), "closed", closed.connection())
                    .addKeyValue("dicomtls.durationMillis", closed.duration().toMillis())
                    .log("closed {} after {} ms", closed.connection().peerText(), closed.duration().toMillis());
        }
        tell(listener -> listener.closed(closed));
    }

    private static LoggingEventBuilder about(LoggingEventBuilder event, String name, TransportConnection connection) {
        return event.addKeyValue("dicomtls.event", name)
                .addKeyValue("dicomtls.connection", connection.number())
                .addKeyValue("dicomtls.profile", connection.profile())
                .addKeyValue("dicomtls.engine", connection.engine().id())
                .addKeyValue("dicomtls.end", connection.end().title())
                .addKeyValue("dicomtls.peer", connection.peerText())
                .addKeyValue("dicomtls.local", connection.localText());
    }

    void reloaded(Reload reload) {
        tell(listener -> listener.reloaded(reload));
    }

    void expiring(Expiry expiry) {
        tell(listener -> listener.expiring(expiry));
    }

    private void tell(Consumer<TransportListener> event) {
        listeners.forEach(listener -> tell(listener, event));
    }

    /** Tells one listener, whatever it throws. */
    static void tell(TransportListener listener, Consumer<TransportListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }
}
