package org.dicomtls.interop.cli;

import java.time.Duration;
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
                .handshakeTimeout(timeout)
                .clientAuthentication(!noClientAuthentication)
                .listener(listener);
        if (engine != null) {
            builder.engine(engine);
        }
        more.accept(builder);
        credentials.apply(builder, role, !noClientAuthentication, watched);
        try {
            return builder.build();
        } catch (CannotEnforceException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
