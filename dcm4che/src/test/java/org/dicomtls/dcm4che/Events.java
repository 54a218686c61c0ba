package org.dicomtls.dcm4che;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.TransportListener;

/** Keeps refusals until a test asks for them. */
final class Events implements TransportListener {

    private final BlockingQueue<Refusal> refusals = new LinkedBlockingQueue<>();

    @Override
    public void refused(Refusal refusal) {
        refusals.add(refusal);
    }

    Refusal refusal() throws InterruptedException {
        Refusal first = refusals.poll(20, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("no refusal within 20 s");
        }
        return first;
    }
}
