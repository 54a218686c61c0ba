package org.dicomtls.interop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;

/** What a policy costs beyond its engine: each profile beside the bare engine, told to do the very same. */
final class PolicyPart {

    /** A record of TLS holds so many octets. */
    private static final int RECORD = 1 << 14;

    private static final int MIB = 1 << 20;
    private static final int BUILDS = 10;

    private final Scale scale;
    private final List<Profile> profiles;
    private final Tally tally = new Tally(
            Topic.POLICY,
            "Client and server in one JVM, over loopback sockets, mutual authentication, P-256 keys. The bare engine is told"
                    + " the version and the suite that the profile comes to. Rates per CPU second count both ends and the"
                    + " garbage collector, not the JIT compilers.");
    private final Tally.Column full;
    private final Tally.Column wall;
    private final Tally.Column resumed;
    private final Tally.Column stream;
    private final Tally.Column streamCpu;
    private final Tally.Column heap;
    private final Tally.Column build;
    private final Tally.Column record;
    private final Tally.Column recordHeap;

    PolicyPart(Scale scale, List<Profile> profiles) {
        this.scale = scale;
        this.profiles = profiles;
        this.full = tally.column("full", "Full handshakes per CPU second", "1/CPU s", true);
        this.wall = tally.column("full-wall", "Full handshakes per second, one at a time", "1/s", true);
        this.resumed = tally.column("resumed", "Resumed handshakes per CPU second", "1/CPU s", true);
        this.stream = tally.column("stream", "Octets through one connection, written 64 KiB at a time", "MB/s", true);
        this.streamCpu = tally.column("stream-cpu", "The same per CPU second", "MB/CPU s", true);
        this.heap = tally.column("heap", "Heap allocated per record of 16 KiB, both ends", "octets", false);
        this.build = tally.column("build", "To build a context, warm", "ms", false);
        this.record = tally.column("record", "A record of 16 KiB from engine to engine in memory, by JMH", "ns", false);
        this.recordHeap = tally.column("record-heap", "Heap of the same, by JMH", "octets", false);
    }

    /** What is measured of one pair of ends. */
    private final class Measured implements AutoCloseable {
        private final String name;
        private final Pair pair;
        private final boolean handshakes;
        private final boolean streams;
        private final boolean resumes;

        Measured(String name, Pair pair, boolean handshakes, boolean streams, boolean resumes) {
            this.name = name;
            this.pair = pair;
            this.handshakes = handshakes;
            this.streams = streams;
            this.resumes = resumes;
        }

        Rounds.Subject subject() {
            return new Rounds.Subject(name, this::warmUp, this::sample);
        }

        private void warmUp() throws IOException {
            if (handshakes) {
                pair.handshakes(scale.warmUp() / 4, false);
            }
            if (streams) {
                pair.stream((long) scale.streamMib() * MIB);
            }
        }

        private void sample() throws IOException {
            if (handshakes) {
                long used = Processor.own();
                long from = System.nanoTime();
                pair.handshakes(scale.handshakes(), false);
                wall.add(name, scale.handshakes() * 1e9 / (System.nanoTime() - from));
                full.add(name, scale.handshakes() * 1e9 / Processor.ownSince(used));
            }
            if (resumes) {
                pair.handshakes(2, true);
                long used = Processor.own();
                pair.handshakes(scale.handshakes(), true);
                resumed.add(name, scale.handshakes() * 1e9 / Processor.ownSince(used));
            }
            if (streams) {
                Pair.Streamed streamed = pair.stream((long) scale.streamMib() * MIB);
                stream.add(name, streamed.octets() * 1e3 / streamed.nanos());
                streamCpu.add(name, streamed.octets() * 1e3 / streamed.processorNanos());
                heap.add(name, (double) streamed.allocated() / (streamed.octets() / RECORD));
            }
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }

    Part run(Rounds rounds, Path directory) throws Exception {
        for (Engine engine : Engine.values()) {
            List<String> compared = new ArrayList<>();
            List<Measured> subjects = new ArrayList<>();
            Keys keys = Keys.of(Keys.Kind.P256);
            try {
                for (Profile profile : profiles) {
                    if (add(profile, engine, keys, subjects)) {
                        compared.add(profile.id() + ", " + engine.id());
                    }
                }
                rounds.run("policy, " + engine.id(), subjects.stream().map(Measured::subject).toList());
            } finally {
                for (Measured subject : subjects) {
                    subject.close();
                }
            }
            compare(engine, compared);
        }
        rounds.run("building contexts", builders());
        if (scale.whole()) {
            rounds.run("records, by JMH", records(directory.resolve("jmh.log")));
            for (String engine : List.of("jdk", "bc")) {
                tally.difference(
                        "record-heap-" + engine, "heap that the policy adds to a record, by JMH, engine " + engine, "octets",
                        recordHeap, engine + " policy", engine + " bare", Ratio.Goal.most(1));
                tally.ratio(
                        "record-" + engine, "time of a record, policy to bare engine " + engine + ", by JMH", record,
                        engine + " policy", engine + " bare", Ratio.Goal.most(1.01));
            }
        } else {
            tally.note("JMH starts a JVM for each sample and is left out of a quick run");
        }
        return tally.part();
    }

    private boolean add(Profile profile, Engine engine, Keys keys, List<Measured> subjects) throws IOException {
        Optional<SecureTransport> server = Ends.policy(profile, engine, keys, Role.SERVER);
        Optional<SecureTransport> client = Ends.policy(profile, engine, keys, Role.CLIENT);
        if (server.isEmpty() || client.isEmpty()) {
            return false;
        }
        String name = profile.id() + ", " + engine.id();
        Pair policy = new Pair(server.get().sslContext(), client.get().sslContext(), s -> {}, s -> {});
        subjects.add(new Measured(name, policy, true, true, false));
        Negotiated same = policy.negotiated().orElseThrow();
        if (engine == Engine.JDK) {
            subjects.add(new Measured(bare(name), bare(Ends.Bare.JDK, keys, same), true, true, true));
        } else {
            // Each where it is at its best: Bouncy Castle's elliptic curves, the JDK's AES.
            subjects.add(new Measured(bare(name), bare(Ends.Bare.BC, keys, same), true, false, true));
            subjects.add(new Measured(bare(name), bare(Ends.Bare.BC_ON_JDK, keys, same), false, true, false));
        }
        return true;
    }

    private static String bare(String name) {
        return name + ", bare engine";
    }

    private static Pair bare(Ends.Bare kind, Keys keys, Negotiated same) throws IOException {
        SSLContext server = Ends.bare(kind, keys, Role.SERVER);
        SSLContext client = Ends.bare(kind, keys, Role.CLIENT);
        Consumer<SSLSocket> settings = socket -> {
            socket.setEnabledProtocols(new String[] {same.version().jsseName()});
            socket.setEnabledCipherSuites(new String[] {same.suite().name()});
        };
        return new Pair(
                server,
                client,
                settings.andThen(socket -> socket.setNeedClientAuth(true)),
                settings);
    }

    private void compare(Engine engine, List<String> names) {
        String id = engine.id();
        ratio("full-" + id, "cost of a full handshake, policy to bare engine " + id + ", all profiles", full, names, 1.03);
        ratio("stream-" + id, "cost of an octet, policy to bare engine " + id + ", all profiles", streamCpu, names, 1.01);
        for (String name : names) {
            tally.difference(
                    "heap-" + name.replace(", ", "-"),
                    "heap per record that the policy adds, " + name,
                    "octets",
                    heap,
                    name,
                    bare(name),
                    Ratio.Goal.most(1));
        }
    }

    /** Rates: the bare engine's by the policy's is the cost of the policy by the bare engine's. */
    private void ratio(String id, String title, Tally.Column rates, List<String> names, double most) {
        tally.median(id, title, rates, names.stream().map(PolicyPart::bare).toList(), names, Ratio.Goal.most(most));
    }

    private List<Rounds.Subject> records(Path log) {
        List<Rounds.Subject> subjects = new ArrayList<>();
        for (RecordBenchmark.Subject each : RecordBenchmark.Subject.values()) {
            subjects.add(new Rounds.Subject(MicroBenchmarks.title(each), () -> {}, () -> {
                MicroBenchmarks.Cost cost = MicroBenchmarks.record(each, Math.max(1, scale.seconds() / 2), log);
                record.add(MicroBenchmarks.title(each), cost.nanos());
                recordHeap.add(MicroBenchmarks.title(each), cost.octets());
            }));
        }
        return subjects;
    }

    private List<Rounds.Subject> builders() {
        List<Rounds.Subject> subjects = new ArrayList<>();
        Keys keys = Keys.of(Keys.Kind.P256);
        for (Engine engine : Engine.values()) {
            for (Profile profile : profiles) {
                if (Ends.policy(profile, engine, keys, Role.SERVER).isPresent()) {
                    subjects.add(builder(
                            profile.id() + ", " + engine.id(),
                            () -> Ends.build(profile, engine, keys, Role.SERVER)));
                }
            }
        }
        for (Ends.Bare kind : Ends.Bare.values()) {
            subjects.add(builder(kind.title(), () -> Ends.bare(kind, keys, Role.SERVER)));
        }
        return subjects;
    }

    private Rounds.Subject builder(String name, Runnable built) {
        return new Rounds.Subject(
                name, () -> millis(scale.warmUp() / 20 + 1, built), () -> build.add(name, millis(BUILDS, built)));
    }

    private static double millis(int times, Runnable built) {
        long from = System.nanoTime();
        for (int i = 0; i < times; i++) {
            built.run();
        }
        return (System.nanoTime() - from) / 1e6 / times;
    }
}
