package org.dicomtls.interop.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.TransportListener;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that open an association, and the opening itself. */
final class ClientOptions {

    @Parameters(paramLabel = "HOST:PORT", converter = Converters.ToHostPort.class, description = "the server")
    private Converters.HostPort target;

    @Mixin
    private TransportOptions transport;

    @Option(names = "--calling", paramLabel = "AET", defaultValue = "DICOM-TLS", description = "our AE title (default DICOM-TLS)")
    private String calling;

    @Option(names = "--called", paramLabel = "AET", defaultValue = "ANY-SCP", description = "the server's AE title (default ANY-SCP)")
    private String called;

    @Option(
            names = "--verify-host",
            negatable = true,
            description = "demand, or with --no-verify-host do not, that the server's certificate carries HOST (RFC 9525);"
                    + " by default as the profile says")
    private Boolean verifyHost;

    /** What is done once the association is there; returns the status to report. */
    interface Action {
        String on(Association association, Socket socket) throws IOException;
    }

    /**
     * Connects, opens an association, does the action, releases.
     *
     * @throws CredentialException when a key or certificate cannot be used
     */
    ClientRun run(List<PresentationContext> contexts, Action action) throws CredentialException {
        try {
            AeTitle.require(calling);
            AeTitle.require(called);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        SecureTransport secure = transport.transport(Role.CLIENT, Optional.ofNullable(verifyHost), TransportListener.NONE);
        ClientRun run = new ClientRun(target.toString(), secure);
        InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
        if (address.isUnresolved()) {
            return run.unreachable("host " + target.host() + " is unknown");
        }
        try (Socket tcp = new Socket()) {
            try {
                tcp.connect(address, (int) transport.timeout.toMillis());
                tcp.setTcpNoDelay(true);
            } catch (IOException e) {
                return run.unreachable(String.valueOf(e.getMessage()));
            }
            try (Socket socket = secure.sslContext()
                    .getSocketFactory()
                    .createSocket(tcp, target.host(), target.port(), true)) {
                ((javax.net.ssl.SSLSocket) socket).startHandshake();
                Negotiated negotiated = Negotiated.of(socket).orElseThrow();
                try (Association association = Association.open(socket, calling, called, contexts, transport.timeout)) {
                    String status = action.on(association, socket);
                    association.release();
                    return run.established(negotiated, status);
                } catch (TlsRefusal e) {
                    return run.refused(e);
                } catch (IOException e) {
                    return run.failed(negotiated, e);
                }
            } catch (TlsRefusal e) {
                return run.refused(e);
            }
        } catch (IOException e) {
            return run.unreachable(String.valueOf(e.getMessage()));
        }
    }
}
