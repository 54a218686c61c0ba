package org.dicomtls.interop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** Audits of one server of ours, and what other tools take for the same server. */
final class AuditPart {

    /** Of all profiles the one with the most rules to decide. */
    static final String PROFILE = "bcp195-mod";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** The server is to be as one that runs for days: an audit took 1.08 s after eight of them, and 0.85 s after hundreds. */
    private static final int WARM_UP = 40;
    private static final String WARM = "audit, warm JVM";
    private static final String PROCESS = "audit, whole process";
    private static final String TESTSSL = "testssl.sh";

    private final Scale scale;
    private final Optional<Path> launcher = Tool.launcher();
    private final Tally tally = new Tally(
            Topic.AUDIT,
            "The server is ours, under " + PROFILE + " on engine bc, in this JVM, and was audited " + WARM_UP
                    + " times in a full run before anything counts. Every rule is asked, with good and flawed client"
                    + " certificates. Processor time counts both ends, except for other tools: theirs alone.");
    private final Tally.Column wall;
    private final Tally.Column cpu;
    private final Tally.Column connections;
    private final Tally.Column commands;

    AuditPart(Scale scale) {
        this.scale = scale;
        this.wall = tally.column("wall", "One server, all rules", "s", false);
        this.cpu = tally.column("cpu", "The same, processor time", "CPU s", false);
        this.connections = tally.column("connections", "Connections", "", false);
        this.commands = tally.column("commands", "Commands in a process of their own", "s", false);
    }

    Part run(Rounds rounds, Path directory) throws Exception {
        TestPki pki = TestPki.create(PkiOptions.defaults());
        pki.write(directory.resolve("pki"));
        try (Scp scp = server(pki)) {
            List<Rounds.Subject> subjects = new ArrayList<>();
            subjects.add(warm(scp, Presented.of(pki)));
            whole(subjects, scp, directory.resolve("pki"));
            others(subjects, scp);
            rounds.run("audits", subjects);
            if (scale.whole()) {
                testssl(rounds, scp);
            } else {
                tally.note("testssl.sh, the matrix and audits in a process of their own are left out of a quick run");
            }
        }
        compare();
        return tally.part();
    }

    private static Scp server(TestPki pki) throws IOException {
        Profile profile = Profiles.named(PROFILE);
        return Scp.secure(
                transport(profile, Engine.BC, pki, Role.SERVER),
                transport(profile, Engine.BC, pki, Role.CLIENT),
                StorePart.PDU_LENGTH);
    }

    static SecureTransport transport(Profile profile, Engine engine, TestPki pki, Role role) {
        return SecureTransport.of(profile)
                .engine(engine)
                .role(role)
                .identity(Identity.of(pki.good(role).stream()
                        .map(c -> new Identity.Entry(c.key(), c.chain()))
                        .toList()))
                .trust(Trust.authorities(pki.authority()))
                .build();
    }

    private Rounds.Subject warm(Scp scp, Presented presented) {
        return new Rounds.Subject(
                WARM,
                () -> {
                    for (int i = 0; i < (scale.whole() ? WARM_UP : 0); i++) {
                        audit(scp.port(), presented);
                    }
                },
                () -> {
                    long used = Processor.own();
                    long from = System.nanoTime();
                    int opened = audit(scp.port(), presented);
                    wall.add(WARM, (System.nanoTime() - from) / 1e9);
                    cpu.add(WARM, Processor.ownSince(used) / 1e9);
                    connections.add(WARM, opened);
                });
    }

    /** Audits what listens on that port, as the command line does, and tells how many connections that took. */
    static int audit(int port, Presented presented) throws UnreachableException, InterruptedException {
        Target target = new Target("127.0.0.1", port, TIMEOUT, Duration.ZERO);
        Audit.of(target, Profiles.named(PROFILE), presented, Manner.DEFAULT);
        return target.connections();
    }

    private void whole(List<Rounds.Subject> subjects, Scp scp, Path pki) {
        if (launcher.isEmpty()) {
            tally.note("the launcher is not where this program was built, so whole processes are not measured");
            return;
        }
        command(subjects, "profiles", "profiles");
        if (!scale.whole()) {
            return;
        }
        command(subjects, "matrix, full", "matrix");
        List<String> audit = Tool.launched(
                launcher.get(), "audit", "localhost:" + scp.port(), "--profile", PROFILE, "--pki", pki.toString());
        subjects.add(new Rounds.Subject(PROCESS, () -> Tool.run(Optional.empty(), Map.of(), audit), () -> {
            long used = Processor.own();
            Tool.Run run = Tool.run(Optional.empty(), Map.of(), audit).audited("audit");
            wall.add(PROCESS, run.nanos() / 1e9);
            cpu.add(PROCESS, (run.processorNanos() + Processor.ownSince(used)) / 1e9);
        }));
    }

    private void command(List<Rounds.Subject> subjects, String name, String... arguments) {
        List<String> words = Tool.launched(launcher.orElseThrow(), arguments);
        subjects.add(new Rounds.Subject(
                name,
                () -> {},
                () -> commands.add(
                        name, Tool.run(Optional.empty(), Map.of(), words).good(name).nanos() / 1e9)));
    }

    private void others(List<Rounds.Subject> subjects, Scp scp) {
        if (Tool.installed("sslscan")) {
            subjects.add(other("sslscan", List.of("sslscan", "--no-colour", "127.0.0.1:" + scp.port())));
        } else {
            tally.note("sslscan is not installed: install " + Tool.bringing("sslscan"));
        }
    }

    private Rounds.Subject other(String name, List<String> command) {
        return new Rounds.Subject(name, () -> {}, () -> {
            Tool.Run run = Tool.run(Optional.empty(), Map.of(), command);
            wall.add(name, run.nanos() / 1e9);
            cpu.add(name, run.processorNanos() / 1e9);
        });
    }

    private void testssl(Rounds rounds, Scp scp) throws Exception {
        if (!Tool.installed("testssl")) {
            tally.note("testssl.sh is not installed: install " + Tool.bringing("testssl"));
            return;
        }
        rounds.run(TESTSSL, List.of(other(TESTSSL, List.of(
                "testssl", "--warnings", "batch", "--color", "0", "--quiet", "127.0.0.1:" + scp.port()))));
    }

    private void compare() {
        tally.value("audit-warm", "one audit, warm JVM", "s", wall, WARM, Ratio.Goal.most(1));
        tally.value("audit-process", "one audit, whole process", "s", wall, PROCESS, Ratio.Goal.most(2));
        tally.ratio(
                "audit-testssl", "one audit, whole process, to testssl.sh", wall, PROCESS, TESTSSL,
                Ratio.Goal.most(1 / 40.0));
        tally.ratio("audit-sslscan", "one audit, whole process, to sslscan", wall, PROCESS, "sslscan", Optional.empty());
        tally.value("profiles", "profiles, cold JVM", "s", commands, "profiles", Ratio.Goal.most(0.5));
        tally.value("matrix", "matrix, full", "s", commands, "matrix, full", Ratio.Goal.most(15));
    }
}
