package org.dicomtls.example;

import org.dicomtls.transport.Closed;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.TransportListener;

/** A listener; the class is printed in docs/reading-refusals.md. */
// tag::snippet[]
final class RefusalLog implements TransportListener {
    private final Appendable log;

    RefusalLog(Appendable log) {
        this.log = log;
    }

    @Override
    public void established(Negotiated negotiated) {
        print(negotiated.connection().peerText() + " " + negotiated.text());
    }

    @Override
    public void refused(Refusal refusal) {
        print(refusal.connection().peerText() + " refused, " + refusal.kind().key() + ": " + refusal.text());
    }

    @Override
    public void closed(Closed closed) {
        print(closed.connection().peerText() + " closed after " + closed.duration().toSeconds() + " s");
    }

    private synchronized void print(String line) {
        try {
            log.append(line).append('\n');
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e); // is logged, and changes nothing
        }
    }
}
// end::snippet[]
