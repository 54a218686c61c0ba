package org.dicomtls.example;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;

/** The counters of a transport as meters; the class is printed in docs/reading-refusals.md. */
// tag::snippet[]
final class MicrometerBinding implements MeterBinder {
    private final SecureTransport transport;

    MicrometerBinding(SecureTransport transport) {
        this.transport = transport;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (RefusalKind kind : RefusalKind.values()) {
            FunctionCounter.builder("dicomtls.refusals", transport, t -> t.counters().refused().getOrDefault(kind, 0L))
                    .tag("kind", kind.key())
                    .register(registry);
        }
        FunctionCounter.builder("dicomtls.handshakes", transport, t -> t.counters().establishedInAll()).register(registry);
        Gauge.builder("dicomtls.connections", transport, t -> t.counters().open()).register(registry);
    }
}
// end::snippet[]
