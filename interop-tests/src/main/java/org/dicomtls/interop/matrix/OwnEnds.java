package org.dicomtls.interop.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;

/** Our own ends on loopback: transports with the keys of a test PKI, servers and clients on them. */
public final class OwnEnds {


    private final TestPki pki;
    private final Duration timeout;

    /**
     * @param timeout the longest time for a handshake
     */
    public OwnEnds(TestPki pki, Duration timeout) {
        this.pki = pki;
        this.timeout = timeout;
    }

    /**
     * The transport of that end in that role.
     *
     * @throws org.dicomtls.transport.CannotEnforceException when its engine cannot honour its profile in that role
     * @throws IllegalArgumentException when its profile can never use one of its keys
     */
    public SecureTransport transport(MatrixEnd end, Role role) {
        return SecureTransport.of(end.profile())
                .engine(end.engine())
                .role(role)
                .identity(identity(role, end))
                .trust(Trust.authorities(pki.authority()))
                .handshakeTimeout(timeout)
                .build();
    }

    private Identity identity(Role role, MatrixEnd end) {
        List<Identity.Entry> entries = new ArrayList<>();
        for (KeyKind kind : end.certificate().kinds()) {
            Credential credential = pki.good(role, kind);
            entries.add(new Identity.Entry(credential.key(), credential.chain()));
        }
        return Identity.of(entries);
    }

    /** A server on any free port, to be given what else it needs and started. */
    public DicomServer.Builder server(SecureTransport transport) {
        return DicomServer.on(ConnectionServer.secure(transport).bind(InetAddress.getLoopbackAddress(), 0));
    }

    /** What is done on a connection after the handshake. */
    @FunctionalInterface
    public interface Exchange {
        /** The status of the C-ECHO, or what there is instead. */
        String on(SSLSocket socket) throws IOException;
    }

    /**
     * Connects to a port, does the handshake, and then what is to be done.
     *
     * @param otherEnd why the other end refused a connection from that address, where it tells us
     */
    public Observation connect(
            SecureTransport transport,
            int port,
            Exchange exchange,
            Function<SocketAddress, Optional<IOException>> otherEnd) {
        SocketAddress local = null;
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), port)) {
            local = tcp.getLocalSocketAddress();
            tcp.setTcpNoDelay(true);
            try (SSLSocket socket = (SSLSocket)
                    transport.sslContext().getSocketFactory().createSocket(tcp, "localhost", port, true)) {
                socket.startHandshake();
                Negotiated negotiated = Negotiated.of(socket).orElseThrow();
                return Observation.established(negotiated, exchange.on(socket));
            }
        } catch (TlsRefusal e) {
            // The other end knows better why it refused than the alert tells this one.
            Optional<IOException> other =
                    e.byPeer() && local != null ? otherEnd.apply(local) : Optional.empty();
            return Observation.refused(
                    e.alert(),
                    other.map(o -> "server: " + o.getMessage()).orElse("client: " + e.getMessage()));
        } catch (IOException e) {
            return Observation.refused(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
