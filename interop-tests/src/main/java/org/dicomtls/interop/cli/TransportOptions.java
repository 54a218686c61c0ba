package org.dicomtls.interop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Trust;
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

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description = "a directory made by 'dicom-tls pki'; the role picks its files, all key types")
    Path pki;

    @Option(names = "--cert", paramLabel = "PEM", description = "certificate chain; repeatable, one for each --key")
    List<Path> certificates = new ArrayList<>();

    @Option(names = "--key", paramLabel = "PEM", description = "private key of the --cert at the same place")
    List<Path> keys = new ArrayList<>();

    @Option(names = "--trust", paramLabel = "PEM", description = "certificates of trusted authorities; repeatable")
    List<Path> trusted = new ArrayList<>();

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
     * @throws CredentialException when a file cannot be used
     */
    SecureTransport transport(Role role, Optional<Boolean> verifyHost, TransportListener listener) throws CredentialException {
        SecureTransport.Builder builder = SecureTransport.of(profile)
                .role(role)
                .handshakeTimeout(handshakeTimeout.orElse(timeout))
                .clientAuthentication(!noClientAuthentication)
                .listener(listener);
        if (engine != null) {
            builder.engine(engine);
        }
        verifyHost.ifPresent(builder::verifyHost);
        if (recordLimit != null) {
            try {
                builder.recordLimit(recordLimit);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--record-limit: " + e.getMessage(), e);
            }
        }
        credentials(builder, role);
        try {
            return builder.build();
        } catch (CannotEnforceException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private void credentials(SecureTransport.Builder builder, Role role) throws CredentialException {
        if (pki != null && !(certificates.isEmpty() && keys.isEmpty() && trusted.isEmpty())) {
            throw new UsageException("--pki stands instead of --cert, --key and --trust, not beside them");
        }
        if (certificates.size() != keys.size()) {
            throw new UsageException(certificates.size() + " times --cert and " + keys.size()
                    + " times --key; they belong together in pairs");
        }
        boolean withoutIdentity = role == Role.CLIENT && noClientAuthentication;
        if (pki != null) {
            directory(builder, role, withoutIdentity);
        } else if (!certificates.isEmpty() || !trusted.isEmpty()) {
            files(builder, role);
        } else {
            inMemory(builder, role, withoutIdentity);
        }
    }

    private void directory(SecureTransport.Builder builder, Role role, boolean withoutIdentity)
            throws CredentialException {
        if (!Files.isDirectory(pki)) {
            throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
        }
        Identity identity = Identity.none();
        for (String kind : List.of("rsa", "ecdsa")) {
            Path certificate = pki.resolve(role.title() + "-" + kind + ".pem");
            if (Files.exists(certificate)) {
                identity = identity.and(Identity.pem(certificate, pki.resolve(role.title() + "-" + kind + ".key")));
            }
        }
        if (identity.isEmpty() && !withoutIdentity) {
            throw new UsageException(pki + ": holds no " + role.title() + "-rsa.pem and no " + role.title() + "-ecdsa.pem");
        }
        builder.identity(withoutIdentity ? Identity.none() : identity).trust(Trust.pem(pki.resolve("ca.pem")));
    }

    private void files(SecureTransport.Builder builder, Role role) throws CredentialException {
        Identity identity = Identity.none();
        for (int i = 0; i < certificates.size(); i++) {
            identity = identity.and(Identity.pem(certificates.get(i), keys.get(i)));
        }
        if (trusted.isEmpty() && !(role == Role.SERVER && noClientAuthentication)) {
            throw new UsageException("--trust is missing: whose certificates are to be believed?");
        }
        if (identity.isEmpty() && role == Role.SERVER) {
            throw new UsageException("--cert and --key are missing: a server needs a certificate");
        }
        builder.identity(identity).trust(Trust.pem(trusted.toArray(Path[]::new)));
    }

    /** Keys that live as long as the process: nobody outside knows their authority, but a peer can be asked. */
    private static void inMemory(SecureTransport.Builder builder, Role role, boolean withoutIdentity) {
        TestPki made = TestPki.create(PkiOptions.defaults());
        builder.trust(Trust.authorities(made.authority()));
        if (!withoutIdentity) {
            builder.identity(identity(made.good(role)));
        }
    }

    /** The keys of a test PKI as an identity. */
    static Identity identity(List<Credential> credentials) {
        return Identity.of(credentials.stream()
                .map(c -> new Identity.Entry(c.key(), c.chain()))
                .toList());
    }
}
