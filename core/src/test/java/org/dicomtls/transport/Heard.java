package org.dicomtls.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a listener was told. */
final class Heard implements TransportListener {
    final List<Reload> reloads = new CopyOnWriteArrayList<>();
    final List<Expiry> expiries = new CopyOnWriteArrayList<>();
    final List<Refusal> refusals = new CopyOnWriteArrayList<>();

    @Override
    public void reloaded(Reload reload) {
        reloads.add(reload);
    }

    @Override
    public void expiring(Expiry expiry) {
        expiries.add(expiry);
    }

    @Override
    public void refused(Refusal refusal) {
        refusals.add(refusal);
    }

    /** The problems that were told of, in order. */
    List<String> problems() {
        return reloads.stream().flatMap(r -> r.problem().stream()).toList();
    }
}
