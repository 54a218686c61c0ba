package org.dicomtls.interop.clientaudit;

import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Survey;
import org.dicomtls.interop.probe.client.ClientCase;
import org.dicomtls.interop.probe.client.ClientSession;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Verdict;

/** All sound and odd clients, each surveyed once, and what the audits of them say. */
final class Witnesses implements AutoCloseable {

    private static final int AT_A_TIME = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final TestPki pki = TestPki.create(PkiOptions.defaults());
    private final Identities identities = Identities.of(pki);
    private final Bases bases = new Bases(pki);
    private final Mutations mutations = new Mutations(bases, pki);
    private final Map<Met, Future<Seen>> surveys = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME, work -> {
        Thread thread = new Thread(work, "witness");
        thread.setDaemon(true);
        return thread;
    });

    /** A client and the cases that it is put to; none for all of them. */
    record Met(Habits habits, List<String> cases) {}

    /**
     * What a session showed.
     *
     * @param complete whether every case was met
     * @param controlled whether the honest servers were taken
     * @param course case by case, for those who look for what went wrong
     */
    record Seen(Survey survey, boolean complete, boolean controlled, List<String> course) {}

    /** Starts all sessions; each is waited for where it is needed. */
    Witnesses() {
        List<Met> all = new ArrayList<>(bases.all().stream().map(Witnesses::met).toList());
        all.addAll(mutations.all().stream().map(Witnesses::met).toList());
        all.forEach(met -> surveys.computeIfAbsent(met, m -> pool.submit((Callable<Seen>) () -> session(m))));
    }

    static Met met(Base base) {
        return new Met(base.habits(), List.of());
    }

    static Met met(Mutation mutation) {
        return new Met(mutation.habits(), mutation.cases());
    }

    private Seen session(Met met) throws Exception {
        Course course = new Course();
        ClientSession session = new ClientSession(identities, met.cases(), TIMEOUT, course);
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            session.serve(listening);
            session.drive(listening, "localhost", new OddClient(met.habits(), pki, session::next), () -> {});
        }
        return new Seen(session.survey(), session.done(), session.controlled(), course.lines());
    }

    /** What went on, in the order in which it did. */
    private static final class Course implements ClientSession.Listener {
        private final List<String> lines = new ArrayList<>();

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        @Override
        public synchronized void finished(ClientCase one, boolean asExpected, String words, int done, int planned) {
            lines.add((asExpected ? "" : "NOTE ") + one + ": " + words);
        }

        @Override
        public synchronized void skipped(ClientCase one, String why, int done, int planned) {
            lines.add("left " + one + ": " + why);
        }

        @Override
        public synchronized void strange(InetAddress from, String what) {
            lines.add("strange: " + what);
        }
    }

    List<Base> bases() {
        return bases.all();
    }

    List<Mutation> mutations() {
        return mutations.all();
    }

    Seen seen(Met met) {
        try {
            return surveys.get(met).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the session failed: " + e.getCause(), e.getCause());
        }
    }

    Audit audit(Profile profile, Met met) {
        return Audit.of("odd client", profile, seen(met).survey());
    }

    /** The verdicts by the id of their rule. */
    Map<String, Verdict> verdicts(Profile profile, Met met) {
        Map<String, Verdict> byRule = new LinkedHashMap<>();
        audit(profile, met).findings().forEach(f -> byRule.put(f.rule().id(), f.verdict()));
        return byRule;
    }

    /** The rules that a client breaks. */
    Map<String, Verdict> violated(Profile profile, Met met) {
        Map<String, Verdict> violated = new TreeMap<>(verdicts(profile, met));
        violated.values().removeIf(v -> v != Verdict.VIOLATED);
        return violated;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
