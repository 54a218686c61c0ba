package org.dicomtls.interop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.PemCredential;
import org.dicomtls.interop.probe.Presented;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How servers are asked, one or many. */
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

    @Mixin
    private AuditReportOptions reports;

    /** Everything but files of record is looked at, before any connection is opened. */
    void check() {
        reports.requireWritable();
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

    /** What is on record, and where the reports go. */
    AuditReportOptions reports() {
        return reports;
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
