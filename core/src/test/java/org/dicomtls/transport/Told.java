package org.dicomtls.transport;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it is told until a test asks for it. */
final class Told implements TransportListener {

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @Override
    public void established(Negotiated negotiated) {
        events.add(negotiated);
    }

    @Override
    public void refused(Refusal refusal) {
        events.add(refusal);
    }

    @Override
    public void closed(Closed closed) {
        events.add(closed);
    }

    /** The next event, which is to be of that type. */
    <E> E next(Class<E> type) throws InterruptedException {
        Object event = events.poll(15, TimeUnit.SECONDS);
        if (!type.isInstance(event)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", heard " + event);
        }
        return type.cast(event);
    }

    boolean nothing() {
        return events.isEmpty();
    }
}
