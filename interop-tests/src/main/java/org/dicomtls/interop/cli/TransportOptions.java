package org.dicomtls.interop.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that speaks TLS itself. */
final class TransportOptions {

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile; 'dicom-tls profiles' lists them")
    Profile profile;

    @Option(
            names = "--engine",
            paramLabel = "jdk|bc",
            converter = Converters.ToEngine.class,
            description = "the TLS engine; by default the JDK's if it can honour the profile, else Bouncy Castle's")
    Engine engine;

    @Mixin
    private CredentialOptions credentials;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            converter = Converters.ToDuration.class,
            description = "the longest time for the connection, for the handshake, and for each answer (default 10)")
    Duration timeout;

    /** Where it is another time than that of {@code --timeout}. */
    Optional<Duration> handshakeTimeout = Optional.empty();

    @Option(
            names = "--record-limit",
            paramLabel = "N",
            description = "the most TLS records under one key (default 2^24 for AES-GCM); then TLS 1.3 changes its keys and an"
                    + " association on TLS 1.2 ends")
    private Long recordLimit;

    @Option(names = "--no-client-auth", description = "a server asks for no client certificate, a client presents none")
    boolean noClientAuthentication;

    /**
     * The transport that these options ask for.
     *
     * @param watched whether files are read again when they change
     * @param more what else is asked of it
     * @throws CredentialException when a file cannot be used
     */
    SecureTransport transport(
            Role role, boolean watched, TransportListener listener, Consumer<SecureTransport.Builder> more)
            throws CredentialException {
        SecureTransport.Builder builder = SecureTransport.of(profile)
                .role(role)
                .handshakeTimeout(handshakeTimeout.orElse(timeout))
                .clientAuthentication(!noClientAuthentication)
                .listener(listener);
        if (engine != null) {
            builder.engine(engine);
        }
        if (recordLimit != null) {
            try {
                builder.recordLimit(recordLimit);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--record-limit: " + e.getMessage(), e);
            }
        }
        more.accept(builder);
        credentials.apply(builder, role, !noClientAuthentication, watched);
        return build(builder);
    }

    private static SecureTransport build(SecureTransport.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /**
     * A client's transport to an Audit Record Repository, with the keys and authorities of these options.
     *
     * @param other the profile, where it is not that of these options
     * @throws CredentialException when a file cannot be used
     */
    SecureTransport auditTransport(Optional<Profile> other) throws CredentialException {
        if (!credentials.given()) {
            throw new UsageException("--audit-repository needs --pki, or --cert, --key and --trust: keys that are made in"
                    + " memory are known to no repository");
        }
        SecureTransport.Builder builder = SecureTransport.of(other.orElse(profile))
                .role(Role.CLIENT)
                .handshakeTimeout(timeout);
        credentials.apply(builder, Role.CLIENT, true, true);
        return build(builder);
    }
}
