package org.dicomtls.interop.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dicomtls.audittrail.AuditDeliveryListener;
import org.dicomtls.audittrail.AuditSource;
import org.dicomtls.audittrail.AuditTrail;
import org.dicomtls.audittrail.DeliveryProof;
import org.dicomtls.audittrail.SyslogTlsSink;
import org.dicomtls.rule.Profile;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a command that tells an Audit Record Repository of what it refuses. */
final class AuditTrailOptions {

    @Option(
            names = "--audit-repository",
            paramLabel = "HOST:PORT",
            converter = Converters.ToHostPort.class,
            description = "send a DICOM audit message of every refusal there, by syslog over TLS (PS3.15 A.5 and A.6)")
    private Converters.HostPort repository;

    @Option(
            names = "--audit-profile",
            paramLabel = "ID",
            converter = Converters.ToProfile.class,
            description = "the profile towards the repository (default: that of --profile)")
    private Profile profile;

    @Option(
            names = "--audit-buffer",
            paramLabel = "DIR",
            description = "where messages are kept until they are delivered; for one process at a time")
    private Path buffer;

    @Option(
            names = "--audit-source",
            paramLabel = "ID",
            description = "the AuditSourceID (default: the name of this host)")
    private String source;

    @Option(
            names = "--audit-proof",
            paramLabel = "close-notify|end-of-stream",
            converter = ToProof.class,
            description = "what shows that the repository has read a message (default close-notify); end-of-stream for"
                    + " repositories that end connections without a close_notify")
    private DeliveryProof proof;

    /** A proof by its name. */
    static final class ToProof implements ITypeConverter<DeliveryProof> {
        @Override
        public DeliveryProof convert(String value) {
            for (DeliveryProof proof : DeliveryProof.values()) {
                if (proof.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(value)) {
                    return proof;
                }
            }
            throw new TypeConversionException("'" + value + "' is not close-notify or end-of-stream");
        }
    }

    /** A trail at work. */
    record Trail(TransportListener listener, SyslogTlsSink sink) {}

    /**
     * The trail that these options ask for; empty where they ask for none.
     *
     * @param credentials whose keys and authorities it uses
     * @param aeTitle the AE title of this node, if it has one
     */
    Optional<Trail> start(TransportOptions credentials, Optional<String> aeTitle, AuditDeliveryListener listener)
            throws CredentialException {
        if (repository == null) {
            if (profile != null || buffer != null || source != null || proof != null) {
                throw new UsageException("--audit-repository is missing: where do audit messages go?");
            }
            return Optional.empty();
        }
        if (buffer == null) {
            throw new UsageException("--audit-buffer is missing: where are messages kept while the repository is away?");
        }
        SecureTransport transport = credentials.auditTransport(Optional.ofNullable(profile));
        try {
            AuditSource node = AuditSource.of(source == null ? hostName() : source)
                    .withAeTitles(aeTitle.map(List::of).orElse(List.of()));
            SyslogTlsSink.Builder builder =
                    SyslogTlsSink.to(transport, node, repository.host(), repository.port(), buffer)
                            .listener(listener);
            if (proof != null) {
                builder.proof(proof);
            }
            SyslogTlsSink sink = builder.build();
            return Optional.of(new Trail(AuditTrail.of(node, sink), sink));
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--audit-…: " + e.getMessage(), e);
        }
    }

    private static String hostName() {
        return AuditSource.of("this host").node();
    }
}
