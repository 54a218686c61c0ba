package org.dicomtls.interop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.audit.Baseline;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.audit.RecordFileException;
import org.dicomtls.interop.audit.Waivers;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How servers are asked, what is on record about them, and where the reports go: of one server or of many. */
final class AuditOptions {

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

    @Option(
            names = "--trust",
            paramLabel = "PEM",
            description = "certificates of authorities to one of which the server's certificate should lead; repeatable")
    private List<Path> trusted = new ArrayList<>();

    @Option(
            names = "--calling",
            paramLabel = "AET",
            defaultValue = "DICOM-TLS",
            description = "our AE title (default DICOM-TLS)")
    private String calling;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            converter = Converters.ToDuration.class,
            description = "the longest time for a connection, and for an answer (default 5)")
    private Duration timeout;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "connections at a time to a server (default 4)")
    private int parallel;

    @Option(
            names = "--delay",
            paramLabel = "SECONDS",
            converter = Converters.ToDuration.class,
            description = "wait before each connection, for fragile modalities (default none)")
    private Duration delay;

    @Option(names = "--gentle", description = "leave out everything that a well-behaved client would never send")
    private boolean gentle;

    @Option(
            names = "--waivers",
            paramLabel = "FILE",
            description = "violations that are answered for: a JSON array of {rule, reason, owner, until}")
    private Path waivers;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "an earlier JSON report against the same profile: what it has as violated is known")
    private Path baseline;

    @Option(names = {"-v", "--verbose"}, description = "all rules, with the evidence")
    private boolean verbose;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the report as JUnit XML, a test case a rule")
    private String junit;

    @Mixin
    private ReportOptions report;

    /** Everything but files of record is looked at, before any connection is opened. */
    void check() {
        report.requireWritable();
        ReportOptions.requireWritable(html);
        ReportOptions.requireWritable(junit);
        try {
            AeTitle.require(calling);
            manner();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** A manner for one server. */
    Manner manner() {
        return new Manner(parallel, gentle);
    }

    Duration timeout() {
        return timeout;
    }

    Duration delay() {
        return delay == null ? Duration.ZERO : delay;
    }

    String calling() {
        return calling;
    }

    boolean verbose() {
        return verbose;
    }

    boolean hasBaseline() {
        return baseline != null;
    }

    Optional<String> html() {
        return Optional.ofNullable(html);
    }

    Optional<String> junit() {
        return Optional.ofNullable(junit);
    }

    ReportOptions report() {
        return report;
    }

    /** What people put on record about servers that are held against these profiles. */
    OnRecord onRecord(Collection<Profile> profiles) {
        try {
            List<Waiver> read = waivers == null ? List.of() : Waivers.read(waivers, profiles);
            Optional<Baseline> earlier = baseline == null
                    ? Optional.empty()
                    : Optional.of(Baseline.ofServer(baseline, profiles.iterator().next()));
            return OnRecord.today(read, earlier);
        } catch (RecordFileException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** What is presented to servers, and whose certificates they should have. */
    Presented presented() {
        if (pki != null && (certificate != null || key != null)) {
            throw new UsageException("--pki stands instead of --cert and --key, not beside them");
        }
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--cert and --key belong together");
        }
        try {
            Presented presented = Presented.NOTHING;
            if (pki != null) {
                if (!Files.isDirectory(pki)) {
                    throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
                }
                presented = Presented.directory(pki);
            } else if (certificate != null) {
                presented = Presented.only(PemCredential.read("--cert", certificate, key));
            }
            List<X509Certificate> anchors = new ArrayList<>();
            for (Path file : trusted) {
                anchors.addAll(PemCredential.certificates(file));
            }
            return anchors.isEmpty() ? presented : presented.trusting(anchors);
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
