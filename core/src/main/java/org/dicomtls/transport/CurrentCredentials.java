package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Policy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of a transport as its files have them. There is no thread: the files are looked at when a connection
 * begins, at most once in an interval and by one connection while the others go on with what there is, and whenever the
 * application says so.
 */
final class CurrentCredentials {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    private final Policy policy;
    private final Engine engine;
    private final WatchedValue<Identity> identity;
    private final WatchedValue<Trust> trust;
    private final WatchedValue<Revocation> revocation;
    private final WatchedValue<Peers> peers;
    private final Duration interval;
    private final Clock clock;
    private final Reports reports;
    private final OcspResponders responders = new OcspResponders();

    /** Guards everything that is not final or volatile. */
    private final ReentrantLock looking = new ReentrantLock();

    private final Set<String> warned = new HashSet<>();
    private volatile long looked;
    private volatile Credentials current;

    /** What a transport is built with. */
    record Sources(
            Watched<Identity> identity, Watched<Trust> trust, Watched<Revocation> revocation, Watched<Peers> peers) {}

    /**
     * When files are looked at.
     *
     * @param interval the least time between two looks when connections begin
     * @param patience how long something that is not in order must stay as it is before it is reported
     */
    record Pace(Duration interval, Duration patience) {}

    CurrentCredentials(
            Policy policy,
            Engine engine,
            Sources sources,
            IdentityCheck check,
            Pace pace,
            Clock clock,
            Reports reports) {
        this.policy = policy;
        this.engine = engine;
        Duration patience = pace.patience();
        this.identity = new WatchedValue<>(
                Reload.What.IDENTITY, sources.identity(), check::objectionToReplacement, patience);
        this.trust = new WatchedValue<>(Reload.What.TRUST, sources.trust(), t -> Optional.empty(), patience);
        this.revocation =
                new WatchedValue<>(Reload.What.REVOCATION, sources.revocation(), r -> Optional.empty(), patience);
        this.peers = new WatchedValue<>(Reload.What.PEERS, sources.peers(), p -> Optional.empty(), patience);
        this.interval = pace.interval();
        this.clock = clock;
        this.reports = reports;
        this.looked = System.nanoTime();
        this.current = make();
        tell(expiring());
    }

    /** What is known of revocation now. */
    Revocation revocation() {
        return revocation.value();
    }

    private Credentials make() {
        RevocationCheck check = new RevocationCheck(revocation.value(), trust.value(), policy, responders);
        return new Credentials(
                engine,
                identity.value(),
                trust.value(),
                peers.value(),
                new PolicyTrustManager(policy, trust.value(), check, peers.value(), clock));
    }

    /** What a connection that begins now goes by. */
    Credentials now() {
        if (System.nanoTime() - looked >= interval.toNanos() && !looking.isHeldByCurrentThread() && looking.tryLock()) {
            List<Runnable> events;
            try {
                events = look();
            } finally {
                looking.unlock();
            }
            tell(events);
        }
        return current;
    }

    /** Looks now, whenever the last time was. */
    void refresh() {
        List<Runnable> events;
        looking.lock();
        try {
            events = look();
        } finally {
            looking.unlock();
        }
        tell(events);
    }

    /** What there is now, without a look. */
    Credentials current() {
        return current;
    }

    private List<Runnable> look() {
        long now = System.nanoTime();
        List<Runnable> events = new ArrayList<>();
        Consumer<Reload> reloads = reload -> events.add(() -> reloaded(reload));
        boolean changed = identity.look(now, reloads);
        changed |= trust.look(now, reloads);
        changed |= revocation.look(now, reloads);
        changed |= peers.look(now, reloads);
        if (changed) {
            current = make();
        }
        events.addAll(expiring());
        looked = System.nanoTime();
        return events;
    }

    private void reloaded(Reload reload) {
        if (reload.taken()) {
            LOG.info("profile {} ({}): {}", policy.profile().id(), engine.id(), reload);
        } else {
            LOG.warn("profile {} ({}): {}", policy.profile().id(), engine.id(), reload);
        }
        reports.reloaded(reload);
    }

    private List<Runnable> expiring() {
        Instant now = clock.instant();
        List<Runnable> events = new ArrayList<>();
        for (Expiry expiry : Expiry.of(identity.value(), trust.value(), now)) {
            if (warned.add(expiry.within() + " " + key(expiry.certificate()))) {
                events.add(() -> {
                    LOG.warn("profile {} ({}): {}", policy.profile().id(), engine.id(), expiry);
                    reports.expiring(expiry);
                });
            }
        }
        return events;
    }

    private static String key(X509Certificate certificate) {
        return PeerTrait.sha256(PeerTrait.encoded(certificate));
    }

    /** Outside the lock. */
    private static void tell(List<Runnable> events) {
        events.forEach(Runnable::run);
    }
}
