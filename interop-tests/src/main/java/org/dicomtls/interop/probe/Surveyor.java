package org.dicomtls.interop.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks a server what the wire tests of the catalogue ask, several questions at a time: first what every other question
 * builds on, then one thing at a time, then what takes whole handshakes.
 */
public final class Surveyor {

    private final Inquiry inquiry;
    private final Manner manner;

    private Surveyor(Inquiry inquiry, Manner manner) {
        this.inquiry = inquiry;
        this.manner = manner;
    }

    /**
     * Everything that can be found out about that server.
     *
     * @throws UnreachableException when no connection can be opened
     */
    public static Survey of(Target target, Presented presented, Manner manner)
            throws UnreachableException, InterruptedException {
        long started = System.nanoTime();
        Inquiry inquiry = new Inquiry(target, presented, manner);
        new Surveyor(inquiry, manner).run();
        return inquiry.notes().finish(target.connections(), System.nanoTime() - started, target.givenUp());
    }

    private void run() throws UnreachableException, InterruptedException {
        VersionProbes versions = new VersionProbes(inquiry);
        SuiteProbes suites = new SuiteProbes(inquiry);
        CertificateFacts certificates = new CertificateFacts(inquiry);
        versions.first();
        ExecutorService pool = Executors.newFixedThreadPool(manner.parallel(), r -> {
            Thread thread = new Thread(r, "dicom-tls-survey");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Probe> first = new ArrayList<>(versions.beforeSuites());
            first.addAll(suites.enumeration());
            run(pool, first);
            suites.facts();
            List<Probe> second = new ArrayList<>();
            // Those with the most rounds first, so that none of them is left alone at the end.
            second.addAll(new SignatureProbes(inquiry).probes());
            second.addAll(new KeyExchangeProbes(inquiry).probes());
            second.addAll(suites.preferences());
            second.addAll(versions.afterSuites());
            second.addAll(new ExtensionProbes(inquiry).probes());
            second.addAll(new RobustnessProbes(inquiry).probes());
            run(pool, second);
            certificates.note();
            HandshakeProbes handshakes = new HandshakeProbes(inquiry, manner);
            run(pool, handshakes.authentication());
            run(pool, handshakes.afterwards());
            handshakes.conclude();
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs probes side by side; one that loses the server leaves its facts open. */
    private void run(ExecutorService pool, List<Probe> probes) throws InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Probe probe : probes) {
            Optional<String> hindrance = probe.hindrance(inquiry, manner);
            if (hindrance.isPresent()) {
                probe.about().forEach(about -> inquiry.notes().open(about, hindrance.get()));
                continue;
            }
            tasks.add(() -> {
                try {
                    probe.action().run();
                } catch (UnreachableException e) {
                    // The server took connections before: what this probe would have told stays unknown.
                    probe.about().forEach(about -> inquiry.notes().open(about, e.getMessage()));
                }
                return null;
            });
        }
        for (Future<Void> future : pool.invokeAll(tasks)) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a probe failed: " + e.getCause(), e.getCause());
            }
        }
    }
}
