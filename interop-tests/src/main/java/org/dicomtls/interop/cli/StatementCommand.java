package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.statement.Claim;
import org.dicomtls.interop.statement.Language;
import org.dicomtls.interop.statement.Product;
import org.dicomtls.interop.statement.Statement;
import org.dicomtls.interop.statement.StatementMarkdown;
import org.dicomtls.interop.statement.StatementPage;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code dicom-tls statement --profile ID}. */
@Command(
        name = "statement",
        description = "The security section of a DICOM Conformance Statement (PS3.2 N.8.3, N.8.4.2, N.11.2.5), as Markdown.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit status: 0 written, 1 a profile can be claimed in no role that was asked for."})
final class StatementCommand implements Callable<Integer> {

    /** A language by its tag. */
    static final class ToLanguage implements ITypeConverter<Language> {
        @Override
        public Language convert(String value) {
            return Language.named(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "unknown language '" + value + "'; known: " + String.join(", ", Language.tags())));
        }
    }

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            split = ",",
            converter = Converters.ToProfile.class,
            description = "a profile that the product supports; repeatable, the first one is the default of the product")
    private List<Profile> profiles;

    @Option(
            names = "--lang",
            paramLabel = "en|ja",
            defaultValue = "en",
            converter = ToLanguage.class,
            description = "the language (default en)")
    private Language language;

    @Option(
            names = "--engine",
            paramLabel = "jdk|bc",
            converter = Converters.ToEngine.class,
            description = "the engine that the product uses; by default the one that keeps the profile in more roles")
    private Engine engine;

    @Option(
            names = "--role",
            paramLabel = "client|server",
            description = "the product opens connections only, or accepts them only (default both)")
    private Role role;

    @Option(names = "--product", paramLabel = "NAME", defaultValue = "", description = "the name of the product")
    private String product;

    @Option(
            names = "--ae-title",
            paramLabel = "AET",
            description = "an AE that uses the profiles; repeatable (default ALL)")
    private List<String> aeTitles = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "2762",
            description = "the port on which the product accepts TLS (default 2762)")
    private int port;

    @Option(names = "--output", paramLabel = "FILE", description = "write the Markdown to FILE instead of standard output")
    private String output;

    @Option(names = "--html", paramLabel = "FILE", description = "write the section as one self-contained HTML page")
    private String html;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        report.requireWritable(output, html);
        Product about;
        try {
            about = new Product(product, aeTitles, port);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        List<Claim> claims = profiles.stream()
                .distinct()
                .map(profile -> Claim.of(
                        profile, Optional.ofNullable(engine), role == null ? List.of(Role.values()) : List.of(role)))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        boolean none = false;
        for (Claim claim : claims) {
            if (claim.roles().isEmpty()) {
                none = true;
                spec.commandLine().getErr().println("dicom-tls: " + nothingToClaim(claim));
            }
        }
        if (none) {
            return ExitStatus.REFUSED;
        }
        Statement statement = Statement.of(language, about, claims);
        String text = StatementMarkdown.of(statement);
        report.writeText(text, output, out);
        if (html != null) {
            ReportOptions.file(html, StatementPage.of(statement));
        }
        report.write(json(statement, text), out);
        return ExitStatus.OK;
    }

    private String nothingToClaim(Claim claim) {
        return claim.profile().id() + " cannot be claimed as "
                + (role == null ? "client or server" : role.title())
                + (engine == null ? " on any engine of this JVM" : " on engine " + engine.id())
                + "; not kept: " + String.join(", ", claim.notKept())
                + "; 'dicom-tls doctor --profile " + claim.profile().id() + "' tells more";
    }

    private static ObjectNode json(Statement statement, String text) {
        ObjectNode json = Json.object()
                .put("schema", "dicom-tls/statement/1")
                .put("language", statement.language().tag());
        json.set("environment", Environment.here().json());
        ArrayNode claims = json.putArray("claims");
        for (Claim claim : statement.claims()) {
            ObjectNode one = claims.addObject()
                    .put("profile", claim.profile().id())
                    .put("engine", claim.engine().id())
                    .put("client", claim.roles().contains(Role.CLIENT))
                    .put("server", claim.roles().contains(Role.SERVER));
            one.set("protocols", Json.names(claim.end().usable().versions()));
            one.set("cipherSuites", Json.names(claim.end().usable().suites()));
            one.set("groups", Json.names(claim.end().usable().groups()));
            one.set("signatureSchemes", Json.names(claim.end().usable().schemes()));
            ArrayNode broken = one.putArray("notKept");
            claim.notKept().stream().sorted().forEach(broken::add);
        }
        return json.put("text", text);
    }
}
