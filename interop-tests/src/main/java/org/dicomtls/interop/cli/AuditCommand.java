package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.AuditJUnit;
import org.dicomtls.interop.audit.AuditPage;
import org.dicomtls.interop.audit.AuditText;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.rule.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls audit HOST:PORT}. */
@Command(
        name = "audit",
        description = "Asks a server what it negotiates and holds the answers against a profile, rule by rule.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    @Parameters(paramLabel = "HOST:PORT", converter = Converters.ToHostPort.class, description = "the server")
    private Converters.HostPort host;

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile; 'dicom-tls profiles' lists them")
    private Profile profile;

    @Option(names = "--cert", paramLabel = "PEM", description = "the client certificate chain to present")
    private Path certificate;

    @Option(names = "--key", paramLabel = "PEM", description = "the private key of --cert, not encrypted")
    private Path key;

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description = "a directory made by 'dicom-tls pki' whose authority the server trusts: its good and flawed client"
                    + " certificates are tried")
    private Path pki;

    @Option(names = "--calling", paramLabel = "AET", defaultValue = "DICOM-TLS", description = "our AE title (default DICOM-TLS)")
    private String calling;

    @Option(names = "--called", paramLabel = "AET", defaultValue = "ANY-SCP", description = "the server's AE title (default ANY-SCP)")
    private String called;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            converter = Converters.ToDuration.class,
            description = "the longest time for a connection, and for an answer (default 5)")
    private Duration timeout;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "4", description = "connections at a time (default 4)")
    private int parallel;

    @Option(
            names = "--delay",
            paramLabel = "SECONDS",
            converter = Converters.ToDuration.class,
            description = "wait before each connection, for fragile modalities (default none)")
    private Duration delay;

    @Option(names = "--gentle", description = "leave out everything that a well-behaved client would never send")
    private boolean gentle;

    @Option(names = {"-v", "--verbose"}, description = "all rules, with the evidence")
    private boolean verbose;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the report as JUnit XML, a test case a rule")
    private String junit;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        report.requireWritable();
        ReportOptions.requireWritable(html);
        ReportOptions.requireWritable(junit);
        Presented presented = presented();
        PrintWriter out = spec.commandLine().getOut();
        Target target;
        Manner manner;
        try {
            manner = new Manner(parallel, gentle);
            target = new Target(
                    host.host(), host.port(), timeout, delay == null ? Duration.ZERO : delay, calling, called);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        Audit audit;
        try {
            audit = Audit.of(target, profile, presented, manner);
        } catch (UnreachableException e) {
            spec.commandLine().getErr().println("dicom-tls: unreachable: " + e.getMessage());
            return ExitStatus.UNREACHABLE;
        }
        report.write(audit.json(), out);
        if (html != null) {
            ReportOptions.file(html, AuditPage.of(audit));
        }
        if (junit != null) {
            ReportOptions.file(junit, AuditJUnit.of(audit));
        }
        if (!report.jsonOnStandardOutput()) {
            AuditText.lines(audit, verbose, Terminal.width()).forEach(out::println);
        }
        return switch (audit.conclusion()) {
            case CONFORMANT -> ExitStatus.OK;
            case NON_CONFORMANT -> ExitStatus.REFUSED;
            case UNDETERMINED -> ExitStatus.UNDETERMINED;
        };
    }

    private Presented presented() {
        if (pki != null && (certificate != null || key != null)) {
            throw new UsageException("--pki stands instead of --cert and --key, not beside them");
        }
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--cert and --key belong together");
        }
        try {
            if (pki != null) {
                if (!Files.isDirectory(pki)) {
                    throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
                }
                return Presented.directory(pki);
            }
            return certificate == null
                    ? Presented.NOTHING
                    : Presented.only(PemCredential.read("--cert", certificate, key));
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
