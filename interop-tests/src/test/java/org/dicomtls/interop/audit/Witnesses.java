package org.dicomtls.interop.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.Surveyor;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Verdict;

/** All honest and odd servers, each surveyed once, and what the audits of them say. */
final class Witnesses implements AutoCloseable {

    private static final int AT_A_TIME = 2;

    private final TestPki pki = TestPki.create(PkiOptions.ecdsaOnly());
    private final OddCertificates certificates = new OddCertificates(pki);
    private final Presented presented = Presented.of(pki);
    private final Bases bases = new Bases(pki, certificates);
    private final Mutations mutations = new Mutations(bases, certificates);
    private final Map<Habits, Future<Survey>> surveys = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME, work -> {
        Thread thread = new Thread(work, "witness");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts all surveys; each is waited for where it is needed. */
    Witnesses() {
        List<Habits> all = new ArrayList<>(bases.all().stream().map(Base::habits).toList());
        all.addAll(mutations.all().stream().map(Mutation::habits).toList());
        all.forEach(habits -> surveys.computeIfAbsent(habits, h -> pool.submit((Callable<Survey>) () -> survey(h))));
    }

    private Survey survey(Habits habits) throws Exception {
        try (OddServer server = new OddServer(habits, pki)) {
            Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(3), Duration.ZERO);
            return Surveyor.of(target, presented, new Manner(4, false));
        }
    }

    List<Base> bases() {
        return bases.all();
    }

    List<Mutation> mutations() {
        return mutations.all();
    }

    Survey surveyOf(Habits habits) {
        try {
            return surveys.get(habits).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the survey failed: " + e.getCause(), e.getCause());
        }
    }

    /** The findings by the id of their rule. */
    Map<String, Finding> findings(Profile profile, Habits habits) {
        Map<String, Finding> byRule = new LinkedHashMap<>();
        Audit.of("odd server", profile, surveyOf(habits)).findings().forEach(f -> byRule.put(f.rule().id(), f));
        return byRule;
    }

    /** The rules that those servers broke, and what was found. */
    Map<String, Finding> violated(Profile profile, Habits habits) {
        Map<String, Finding> violated = new TreeMap<>(findings(profile, habits));
        violated.values().removeIf(f -> f.verdict() != Verdict.VIOLATED);
        return violated;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
