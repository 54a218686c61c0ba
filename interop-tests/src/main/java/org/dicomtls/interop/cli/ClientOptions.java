package org.dicomtls.interop.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.SecureTransport;
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

    @Mixin
    private VerifyHost verifyHost;

    /** What is done once the association is there; returns the status to report. */
    interface Action {
        String on(Association association) throws IOException;
    }

    /**
     * Connects, opens an association, does the action, releases.
     *
     * @throws IOException when a key or certificate cannot be used
     */
    ClientRun run(List<PresentationContext> contexts, Action action) throws IOException {
        try {
            AeTitle.require(calling);
            AeTitle.require(called);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        SecureTransport secure = transport.transport(Role.CLIENT, false, TransportListener.NONE, verifyHost::apply);
        ClientRun run = new ClientRun(target.toString(), secure);
        Negotiated negotiated = null;
        try (SSLSocket socket = (SSLSocket) secure.sslContext().getSocketFactory().createSocket()) {
            socket.connect(
                    new InetSocketAddress(target.host(), target.port()), (int) transport.timeout.toMillis());
            socket.setTcpNoDelay(true);
            socket.startHandshake();
            negotiated = Negotiated.of(socket).orElseThrow();
            try (Association association = Association.open(socket, calling, called, contexts, transport.timeout)) {
                String status = action.on(association);
                association.release();
                return run.established(negotiated, status);
            }
        } catch (IOException e) {
            return run.refused(negotiated, refusal(secure, negotiated, e));
        }
    }

    private Refusal refusal(SecureTransport secure, Negotiated negotiated, IOException failure) throws IOException {
        if (negotiated == null) {
            Optional<Refusal> known = Refusal.in(failure);
            if (known.isEmpty()) {
                throw failure;
            }
            return known.get();
        }
        Refusal refusal = new AssociationFailure(negotiated, calling, called).of(failure);
        if (refusal instanceof AssociationRefusal association) {
            secure.report(association);
        }
        return refusal;
    }
}
