package org.dicomtls.interop.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.rule.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls audit HOST:PORT}, and {@code dicom-tls audit --targets FILE}. */
@Command(
        name = "audit",
        description = "Asks a server, or every server of a list, what it negotiates and holds the answers against a profile,"
                + " rule by rule.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit status: 0 conformant, or accepted for its waivers or baseline; 1 non-conformant; 2 undetermined;",
            "3 unreachable; 64 usage. With --targets: the first of 1, 3, 2 that is true of any of them, else 0."
        })
final class AuditCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "HOST:PORT",
            converter = Converters.ToHostPort.class,
            description = "the server")
    private Converters.HostPort host;

    @Option(
            names = "--profile",
            paramLabel = "ID",
            converter = Converters.ToProfile.class,
            description = "the profile; 'dicom-tls profiles' lists them")
    private Profile profile;

    @Option(names = "--called", paramLabel = "AET", description = "the server's AE title (default ANY-SCP)")
    private String called;

    @Option(
            names = "--targets",
            paramLabel = "FILE",
            description = "instead of HOST:PORT and --profile: a file with a line 'AE-TITLE, HOST, PORT, PROFILE' for each"
                    + " server")
    private Path targets;

    @Option(names = "--nodes", paramLabel = "N", description = "with --targets: servers at a time, 1 to 64 (default 16)")
    private Integer nodes;

    @Option(
            names = "--reports",
            paramLabel = "DIR",
            description = "with --targets: write NAME.json and NAME.html for each server there")
    private Path reports;

    @Mixin
    private AuditOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (targets != null) {
            return many();
        }
        if (host == null) {
            throw new UsageException("Missing required parameter: 'HOST:PORT' (or --targets FILE)");
        }
        if (profile == null) {
            throw new UsageException("Missing required option: '--profile=ID'");
        }
        if (nodes != null || reports != null) {
            throw new UsageException((nodes != null ? "--nodes" : "--reports") + " belongs to --targets");
        }
        String aeTitle = called == null ? "ANY-SCP" : called;
        try {
            AeTitle.require(aeTitle);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        return new SingleAudit(options, spec.commandLine().getOut(), spec.commandLine().getErr())
                .run(host, aeTitle, profile);
    }

    private int many() throws InterruptedException, IOException {
        if (host != null || profile != null || called != null) {
            throw new UsageException("--targets stands instead of HOST:PORT, --profile and --called, not beside them");
        }
        if (options.reports().hasBaseline()) {
            throw new UsageException("--baseline belongs to one HOST:PORT, not to --targets");
        }
        if (options.reports().verbose()) {
            throw new UsageException("--verbose belongs to one HOST:PORT; with --targets, --reports DIR writes every rule");
        }
        int atATime = nodes == null ? ManyAudits.DEFAULT_NODES : nodes;
        if (atATime < 1 || atATime > ManyAudits.MOST_NODES) {
            throw new UsageException("--nodes " + atATime + " is outside 1…" + ManyAudits.MOST_NODES);
        }
        return new ManyAudits(options, spec.commandLine().getOut(), spec.commandLine().getErr())
                .run(targets, atATime, reports);
    }
}
