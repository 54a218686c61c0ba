package org.dicomtls.interop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;

/** How the cost grows: with associations at a time, with the size of instances and PDUs, with servers to audit. */
final class GrowthPart {

    private static final String PROFILE = HandshakePart.PROFILE;
    private static final int KIB = 1024;
    /** As many servers at a time as the command line audits. */
    private static final int AUDITS_AT_A_TIME = 16;
    /** What one sample of small instances sends in all, at least. */
    private static final long LEAST_OCTETS = 64L << 20;

    private final Scale scale;
    private final Keys keys = Keys.of(Keys.Kind.P256);
    private final Tally tally = new Tally(
            Topic.GROWTH,
            "Our own SCP and SCU in one JVM over loopback, under " + PROFILE + ", P-256 keys. An association is a connection, a"
                    + " full handshake with mutual authentication, a C-ECHO and a release. Audited servers are in the same JVM,"
                    + " under bcp195-mod on engine bc, " + AUDITS_AT_A_TIME + " at a time.");

    GrowthPart(Scale scale) {
        this.scale = scale;
    }

    private Scp scp(Engine engine, int pduLength) throws IOException {
        Profile profile = Profiles.named(PROFILE);
        return Scp.secure(
                Ends.build(profile, engine, keys, Role.SERVER), Ends.build(profile, engine, keys, Role.CLIENT), pduLength);
    }

    Part run(Rounds rounds, Path directory) throws Exception {
        concurrent(rounds);
        try (Instances instances = new Instances(directory)) {
            sizes(rounds, instances);
            pdus(rounds, instances);
        }
        audits(rounds, directory);
        return tally.part();
    }

    private void concurrent(Rounds rounds) throws Exception {
        Tally.Column cost = tally.column(
                "association-cpu", "Processor time of an association, both ends", "CPU ms", false, "associations at a time");
        Tally.Column rate =
                tally.column("association-rate", "Associations", "1/s", true, "associations at a time");
        List<Rounds.Subject> subjects = new ArrayList<>();
        List<Scp> open = new ArrayList<>();
        ExecutorService pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "bench-scu");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (Engine engine : Engine.values()) {
                Scp scp = scp(engine, StorePart.PDU_LENGTH);
                open.add(scp);
                boolean first = true;
                for (int atATime : scale.concurrent()) {
                    boolean warming = first;
                    subjects.add(new Rounds.Subject(
                            engine.id() + ", " + atATime + " at a time",
                            () -> echoes(pool, scp, warming ? scale.warmUp() : atATime, Math.max(atATime, 4)),
                            () -> {
                                long used = Processor.own();
                                long from = System.nanoTime();
                                echoes(pool, scp, scale.associations(), atATime);
                                rate.add(engine.id(), atATime, scale.associations() * 1e9 / (System.nanoTime() - from));
                                cost.add(engine.id(), atATime, Processor.ownSince(used) / 1e6 / scale.associations());
                            }));
                    first = false;
                }
            }
            rounds.run("concurrent associations", subjects);
        } finally {
            pool.shutdownNow();
            open.forEach(Scp::close);
        }
        if (scale.concurrent().containsAll(List.of(16, 256))) {
            for (Engine engine : Engine.values()) {
                tally.ratio(
                        "concurrent-cpu-" + engine.id(), "processor time of an association, 256 at a time to 16, " + engine.id(),
                        cost, engine.id(), 256, 16, Ratio.Goal.most(1));
                tally.ratio(
                        "concurrent-rate-" + engine.id(), "associations per second, 256 at a time to 16, " + engine.id(), rate,
                        engine.id(), 256, 16, Ratio.Goal.least(1));
            }
        }
    }

    /** Whoever is free takes the next one, so that as many are open at the end as at the beginning. */
    private static void echoes(ExecutorService pool, Scp scp, int number, int atATime) throws Exception {
        AtomicInteger left = new AtomicInteger(number);
        Callable<Void> client = () -> {
            while (left.getAndDecrement() > 0) {
                scp.echo();
            }
            return null;
        };
        for (Future<Void> done : pool.invokeAll(Collections.nCopies(atATime, client))) {
            done.get();
        }
    }

    private void sizes(Rounds rounds, Instances instances) throws Exception {
        Tally.Column column = tally.column("size", "C-STORE by the size of the instance", "MB/s", true, "KiB");
        try (Scp plain = Scp.plain(StorePart.PDU_LENGTH);
                Scp jdk = scp(Engine.JDK, StorePart.PDU_LENGTH);
                Scp bc = scp(Engine.BC, StorePart.PDU_LENGTH)) {
            List<Rounds.Subject> subjects = new ArrayList<>();
            for (int kib : scale.sizesKib()) {
                Path file = instances.make("size-" + kib, 1, (long) kib * KIB).get(0);
                subjects.add(store("plain", column, kib, plain, file));
                subjects.add(store(Engine.JDK.id(), column, kib, jdk, file));
                subjects.add(store(Engine.BC.id(), column, kib, bc, file));
            }
            rounds.run("sizes of instances", subjects);
        }
    }

    private void pdus(Rounds rounds, Instances instances) throws Exception {
        Tally.Column column = tally.column("pdu", "C-STORE by the maximum length of a PDU", "MB/s", true, "KiB");
        Path file = instances.make("pdu", 1, (long) scale.instanceMib() << 20).get(0);
        List<Scp> open = new ArrayList<>();
        try {
            List<Rounds.Subject> subjects = new ArrayList<>();
            for (int kib : scale.pdusKib()) {
                for (String kind : List.of("plain", Engine.JDK.id(), Engine.BC.id())) {
                    Scp scp = kind.equals("plain")
                            ? Scp.plain(kib * KIB)
                            : scp(Engine.named(kind).orElseThrow(), kib * KIB);
                    open.add(scp);
                    subjects.add(store(kind, column, kib, scp, file));
                }
            }
            rounds.run("lengths of PDUs", subjects);
        } finally {
            open.forEach(Scp::close);
        }
    }

    /** One association in which a file is stored, as often as it takes to see it. */
    private static Rounds.Subject store(String kind, Tally.Column column, int at, Scp scp, Path file) throws IOException {
        long octets = Files.size(file);
        int times = (int) Math.max(1, Math.min(256, LEAST_OCTETS / octets));
        List<Path> files = Collections.nCopies(times, file);
        return new Rounds.Subject(kind + ", " + at + " KiB", () -> scp.store(files.subList(0, (times + 3) / 4)), () -> {
            long from = System.nanoTime();
            scp.store(files);
            column.add(kind, at, octets * times * 1e3 / (System.nanoTime() - from));
        });
    }

    private void audits(Rounds rounds, Path directory) throws Exception {
        Tally.Column wall = tally.column("targets", "All rules of so many servers", "s", false, "servers");
        Tally.Column each = tally.column("targets-each", "The same, for each server", "s", false, "servers");
        TestPki pki = TestPki.create(PkiOptions.defaults());
        Presented presented = Presented.of(pki);
        int most = scale.targets().stream().mapToInt(n -> n).max().orElseThrow();
        SecureTransport server = AuditPart.transport(Profiles.named(AuditPart.PROFILE), Engine.BC, pki, Role.SERVER);
        SecureTransport client = AuditPart.transport(Profiles.named(AuditPart.PROFILE), Engine.BC, pki, Role.CLIENT);
        List<Scp> farm = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(AUDITS_AT_A_TIME, task -> {
            Thread thread = new Thread(task, "bench-audit");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int i = 0; i < most; i++) {
                farm.add(Scp.secure(server, client, StorePart.PDU_LENGTH));
            }
            List<Rounds.Subject> subjects = new ArrayList<>();
            for (int number : scale.targets()) {
                subjects.add(new Rounds.Subject(number + " servers", () -> all(pool, farm.subList(0, scale.whole() ? Math.min(number, 8) : 0), presented), () -> {
                    long from = System.nanoTime();
                    all(pool, farm.subList(0, number), presented);
                    double seconds = (System.nanoTime() - from) / 1e9;
                    wall.add("audits", number, seconds);
                    each.add("audits", number, seconds / number);
                }));
            }
            rounds.run("servers to audit", subjects);
            if (scale.whole()) {
                commands(rounds, pki, farm, directory);
            }
        } finally {
            pool.shutdownNow();
            farm.forEach(Scp::close);
        }
        if (scale.targets().contains(500)) {
            tally.ratio(
                    "targets-500", "time for each of 500 servers, to the time for one, in a warm JVM", each, "audits", 500, 1,
                    Ratio.Goal.most(1 / 8.0));
        }
    }

    /** The same as a user does it: one command for one server, and one command for a list of all. */
    private void commands(Rounds rounds, TestPki pki, List<Scp> farm, Path directory) throws Exception {
        Optional<Path> launcher = Tool.launcher();
        if (launcher.isEmpty()) {
            return;
        }
        Tally.Column wall = tally.column("targets-command", "All rules of so many servers, one command", "s", false, "servers");
        Tally.Column each = tally.column("targets-command-each", "The same, for each server", "s", false, "servers");
        Path keys = directory.resolve("pki");
        pki.write(keys);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < farm.size(); i++) {
            lines.add("SCP" + i + ", 127.0.0.1, " + farm.get(i).port() + ", " + AuditPart.PROFILE);
        }
        Path list = Files.write(directory.resolve("targets.csv"), lines);
        List<String> one = Tool.launched(
                launcher.get(), "audit", "127.0.0.1:" + farm.get(0).port(),
                "--profile", AuditPart.PROFILE, "--pki", keys.toString());
        List<String> all = Tool.launched(launcher.get(), "audit", "--targets", list.toString(), "--pki", keys.toString());
        rounds.run(
                "commands that audit",
                List.of(command("one server", wall, each, 1, one), command("a list", wall, each, farm.size(), all)));
        tally.ratio(
                "targets-500-command", "time for each of 500 servers in one command, to a command for one", each, "command",
                farm.size(), 1, Ratio.Goal.most(1 / 8.0));
    }

    private static Rounds.Subject command(
            String name, Tally.Column wall, Tally.Column each, int servers, List<String> words) {
        return new Rounds.Subject(name, () -> {}, () -> {
            Tool.Run run = Tool.run(Optional.empty(), Map.of(), words).audited(name);
            wall.add("command", servers, run.nanos() / 1e9);
            each.add("command", servers, run.nanos() / 1e9 / servers);
        });
    }

    private static void all(ExecutorService pool, List<Scp> servers, Presented presented) throws Exception {
        List<Callable<Integer>> audits = new ArrayList<>();
        servers.forEach(server -> audits.add(() -> AuditPart.audit(server.port(), presented)));
        for (Future<Integer> done : pool.invokeAll(audits)) {
            done.get();
        }
    }
}
