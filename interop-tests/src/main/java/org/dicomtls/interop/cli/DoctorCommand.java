package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.Table;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Means;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.transport.EngineProbe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls doctor --profile ID}. */
@Command(
        name = "doctor",
        description = "What this JVM will enforce of a profile, and what it cannot, by engine and role.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile")
    private Profile profile;

    @Option(names = "--engine", paramLabel = "jdk|bc", converter = Converters.ToEngine.class, description = "this engine only")
    private Engine engine;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    /** What is worth telling of a rule. */
    private enum Kind {
        CANNOT("cannot be honoured here", "cannot"),
        JVM("needs a property of the whole JVM, which this library does not set", "jvm-property"),
        APPLICATION("is for the application that embeds the library", "application"),
        NOT_ENFORCED("is not enforced", "not-enforced"),
        ATTESTED("is for people to attest", "attested");

        private final String title;
        private final String id;

        Kind(String title, String id) {
            this.title = title;
            this.id = id;
        }
    }

    private record Remark(Kind kind, Role role, Finding finding) {}

    @Override
    public Integer call() {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        Policy policy = Policy.of(profile);
        ObjectNode json = Json.object().put("schema", "dicom-tls/doctor/1").put("profile", profile.id());
        json.set("environment", Environment.here().json());
        ArrayNode engines = json.putArray("engines");
        boolean quiet = report.jsonOnStandardOutput();
        if (!quiet) {
            out.println(profile.id() + ": " + profile.title() + " (" + profile.clause() + ")");
            out.println(Environment.here());
        }
        boolean any = false;
        for (Engine candidate : engine == null ? Engine.values() : new Engine[] {engine}) {
            OwnEnd end = EngineProbe.of(policy, candidate);
            List<Remark> remarks = remarks(end);
            boolean client = end.violated(List.of(Role.CLIENT)).isEmpty();
            boolean server = end.violated(List.of(Role.SERVER)).isEmpty();
            any |= client || server;
            engines.add(json(candidate, end, client, server, remarks));
            if (!quiet) {
                print(out, candidate, end, client, server, remarks);
            }
        }
        report.write(json, out);
        return any ? ExitStatus.OK : ExitStatus.REFUSED;
    }

    private static List<Remark> remarks(OwnEnd end) {
        List<Remark> remarks = new ArrayList<>();
        for (Role role : Role.values()) {
            for (Finding finding : end.findings(role)) {
                kind(end, finding, role)
                        .filter(kind -> remarks.stream()
                                .noneMatch(r -> r.kind() == kind && r.finding().rule().equals(finding.rule())))
                        .ifPresent(kind -> remarks.add(new Remark(kind, role, finding)));
            }
        }
        return remarks;
    }

    private static java.util.Optional<Kind> kind(OwnEnd end, Finding finding, Role role) {
        if (finding.rule().strength() == Strength.MAY) {
            return java.util.Optional.empty();
        }
        if (finding.verdict() == Verdict.VIOLATED) {
            return java.util.Optional.of(Kind.CANNOT);
        }
        if (finding.verdict() != Verdict.INCONCLUSIVE) {
            return java.util.Optional.empty();
        }
        Means means = end.means(finding.rule(), role);
        return java.util.Optional.of(
                switch (means) {
                    case JVM_PROPERTY -> Kind.JVM;
                    case APPLICATION -> Kind.APPLICATION;
                    case ATTESTED -> Kind.ATTESTED;
                    default -> Kind.NOT_ENFORCED;
                });
    }

    private static ObjectNode json(Engine engine, OwnEnd end, boolean client, boolean server, List<Remark> remarks) {
        ObjectNode node = Json.object()
                .put("engine", engine.id())
                .put("client", client)
                .put("server", server);
        node.set("protocols", Json.names(end.usable().versions()));
        node.set("cipherSuites", Json.names(end.usable().suites()));
        node.set("groups", Json.names(end.usable().groups()));
        node.set("signatureSchemes", Json.names(end.usable().schemes()));
        ArrayNode list = node.putArray("remarks");
        for (Remark remark : remarks) {
            list.add(Json.object()
                    .put("kind", remark.kind().id)
                    .put("rule", remark.finding().rule().id())
                    .put("strength", remark.finding().rule().strength().name())
                    .put("clause", remark.finding().rule().clause())
                    .put("expected", remark.finding().expected())
                    .put("actual", remark.finding().actual()));
        }
        return node;
    }

    private static void print(
            PrintWriter out, Engine engine, OwnEnd end, boolean client, boolean server, List<Remark> remarks) {
        out.println();
        out.println("engine " + engine.id() + " (" + engine.title() + "): can honour every SHALL as client: "
                + (client ? "yes" : "NO") + ", as server: " + (server ? "yes" : "NO"));
        if (!end.usable().versions().isEmpty()) {
            List<String> lines = new Table("", "")
                    .row("  versions", words(end.usable().versions()))
                    .row("  suites", words(end.usable().suites()))
                    .row("  groups", words(end.usable().groups()))
                    .row("  schemes", words(end.usable().schemes()))
                    .lines(Terminal.width());
            lines.subList(2, lines.size()).forEach(out::println);
        }
        for (Kind kind : Kind.values()) {
            List<Remark> of = remarks.stream().filter(r -> r.kind() == kind).toList();
            if (of.isEmpty()) {
                continue;
            }
            out.println("  " + of.size() + (of.size() == 1 ? " rule " : " rules, each ") + kind.title + ":");
            Stream<Remark> shown = of.stream();
            if (kind == Kind.ATTESTED) {
                Table.wrap(
                                String.join(", ", of.stream().map(r -> r.finding().rule().id()).toList()),
                                Terminal.width() - 4)
                        .forEach(line -> out.println("    " + line));
                continue;
            }
            Table table = new Table("    rule", "strength", "expected");
            shown.forEach(r -> table.row(
                    "    " + r.finding().rule().id(),
                    r.finding().rule().strength(),
                    r.finding().expected()
                            + (kind == Kind.CANNOT ? "; " + r.finding().actual() : "")));
            List<String> lines = table.lines(Terminal.width());
            lines.subList(2, lines.size()).forEach(out::println);
        }
    }

    private static String words(List<?> values) {
        return String.join(" ", values.stream().map(Object::toString).toList());
    }
}
