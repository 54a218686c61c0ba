package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.Table;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.Means;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.EngineProbe;
import org.dicomtls.transport.Expiry;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Trust;
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
    private CredentialOptions credentials;

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

    private record Remark(Kind kind, Role role, Finding finding) {
        /** The property of the JVM that it takes, where there is one. */
        Optional<String> property() {
            return kind == Kind.JVM && finding.rule().constraint() instanceof Constraint.Holds holds
                    ? Optional.ofNullable(JVM_PROPERTIES.get(holds.property()))
                    : Optional.empty();
        }
    }

    private static final Map<Property, String> JVM_PROPERTIES = Map.of(
            Property.OCSP_STAPLING, "jdk.tls.server.enableStatusRequestExtension=true",
            Property.KEY_LIMITS_HONOURED, "jdk.tls.keyLimits (security property, TLS 1.3)");

    /** What was given of certificates, and what of it ends soon. */
    private record Certificates(int own, int trusted, List<Expiry> expiring) {}

    @Override
    public Integer call() throws CredentialException {
        report.requireWritable();
        Optional<Certificates> certificates = certificates();
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
            if (credentials.revocationChecked()) {
                end = end.keeping(Property.REVOCATION_STRATEGY, Means.CERTIFICATE_CHECK);
            }
            List<Remark> remarks = remarks(end);
            boolean client = end.violated(List.of(Role.CLIENT)).isEmpty();
            boolean server = end.violated(List.of(Role.SERVER)).isEmpty();
            any |= client || server;
            engines.add(json(candidate, end, client, server, remarks));
            if (!quiet) {
                print(out, candidate, end, client, server, remarks);
            }
        }
        certificates.ifPresent(found -> {
            json.set("certificates", json(found));
            if (!quiet) {
                print(out, found);
            }
        });
        report.write(json, out);
        return any ? ExitStatus.OK : ExitStatus.REFUSED;
    }

    private Optional<Certificates> certificates() throws CredentialException {
        credentials.readRevocation();
        if (!credentials.given()) {
            return Optional.empty();
        }
        Identity own = credentials.identities();
        Trust trust = credentials.trust();
        return Optional.of(new Certificates(
                (int) own.entries().stream().flatMap(e -> e.chain().stream()).distinct().count(),
                trust.authorities().size(),
                Expiry.of(own, trust, Instant.now())));
    }

    private static ObjectNode json(Certificates certificates) {
        ObjectNode node =
                Json.object().put("own", certificates.own()).put("trusted", certificates.trusted());
        ArrayNode list = node.putArray("expiring");
        for (Expiry expiry : certificates.expiring()) {
            list.add(Json.object()
                    .put("use", expiry.use().title())
                    .put("subject", PeerText.clean(expiry.certificate().getSubjectX500Principal().getName()))
                    .put("sha256", PeerText.fingerprint(expiry.certificate()))
                    .put("notAfter", expiry.end().toString())
                    .put("withinDays", expiry.within()));
        }
        return node;
    }

    private static void print(PrintWriter out, Certificates certificates) {
        out.println();
        out.println(certificates.own() + " certificates of our own, " + certificates.trusted() + " trusted: "
                + (certificates.expiring().isEmpty()
                        ? "none ends soon"
                        : certificates.expiring().size() + " end soon or have ended"));
        certificates.expiring().forEach(expiry -> out.println("  " + PeerText.clean(expiry.toString())));
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

    private static Optional<Kind> kind(OwnEnd end, Finding finding, Role role) {
        if (finding.rule().strength() == Strength.MAY) {
            return Optional.empty();
        }
        if (finding.verdict() == Verdict.VIOLATED) {
            return Optional.of(Kind.CANNOT);
        }
        if (finding.verdict() != Verdict.INCONCLUSIVE) {
            return Optional.empty();
        }
        Means means = end.means(finding.rule(), role);
        return Optional.of(
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
            ObjectNode one = Json.object()
                    .put("kind", remark.kind().id)
                    .put("rule", remark.finding().rule().id())
                    .put("strength", remark.finding().rule().strength().name())
                    .put("clause", remark.finding().rule().clause())
                    .put("expected", remark.finding().expected())
                    .put("actual", remark.finding().actual());
            remark.property().ifPresent(property -> one.put("property", property));
            list.add(one);
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
                            + (kind == Kind.CANNOT ? "; " + r.finding().actual() : "")
                            + r.property().map(property -> "; " + property).orElse("")));
            List<String> lines = table.lines(Terminal.width());
            lines.subList(2, lines.size()).forEach(out::println);
        }
    }

    private static String words(List<?> values) {
        return String.join(" ", values.stream().map(Object::toString).toList());
    }
}
