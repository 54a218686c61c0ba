package org.dicomtls.interop.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.CredentialException;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;

/** Our own ends on loopback: transports with the keys of a test PKI, servers and clients on them. */
public final class OwnEnds {

    private final BiFunction<Role, KeyKind, Identity> identities;
    private final Trust trust;
    private final Duration timeout;

    private OwnEnds(BiFunction<Role, KeyKind, Identity> identities, Trust trust, Duration timeout) {
        this.identities = identities;
        this.trust = trust;
        this.timeout = timeout;
    }

    /**
     * With the keys of a PKI in memory.
     *
     * @param timeout the longest time for a handshake
     */
    public static OwnEnds of(TestPki pki, Duration timeout) {
        return new OwnEnds(
                (role, kind) -> {
                    Credential credential = pki.good(role, kind);
                    return Identity.of(List.of(new Identity.Entry(credential.key(), credential.chain())));
                },
                Trust.authorities(pki.authority()),
                timeout);
    }

    /**
     * With the keys of a directory that {@code dicom-tls pki} wrote.
     *
     * @param timeout the longest time for a handshake
     * @throws CredentialException when a file is missing or cannot be used
     */
    public static OwnEnds of(Path pki, Duration timeout) throws CredentialException {
        Map<String, Identity> read = new HashMap<>();
        for (Role role : Role.values()) {
            for (KeyKind kind : KeyKind.values()) {
                String stem = role.title() + "-" + kind.id();
                read.put(stem, Identity.pem(pki.resolve(stem + ".pem"), pki.resolve(stem + ".key")));
            }
        }
        return new OwnEnds(
                (role, kind) -> read.get(role.title() + "-" + kind.id()), Trust.pem(pki.resolve("ca.pem")), timeout);
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
                .trust(trust)
                .handshakeTimeout(timeout)
                .build();
    }

    private Identity identity(Role role, MatrixEnd end) {
        Identity identity = Identity.none();
        for (KeyKind kind : end.certificate().kinds()) {
            identity = identity.and(identities.apply(role, kind));
        }
        return identity;
    }

    /** A server on any free port of loopback, to be given what else it needs and started. */
    public DicomServer.Builder server(SecureTransport transport) {
        return server(transport, InetAddress.getLoopbackAddress());
    }

    /** A server on any free port of that address, to be given what else it needs and started. */
    public DicomServer.Builder server(SecureTransport transport, InetAddress address) {
        return DicomServer.on(ConnectionServer.secure(transport).bind(address, 0));
    }

    /** What is done on a connection after the handshake. */
    @FunctionalInterface
    public interface Exchange {
        /** The status of the C-ECHO, or what there is instead. */
        String on(SSLSocket socket) throws IOException;
    }

    /**
     * Connects, does the handshake, and then what is to be done.
     *
     * @param otherEnd why the other end refused a connection from that address, where it tells us
     */
    public Observation connect(
            SecureTransport transport,
            String host,
            int port,
            Exchange exchange,
            Function<SocketAddress, Optional<IOException>> otherEnd) {
        SocketAddress local = null;
        try (Socket tcp = new Socket()) {
            tcp.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            local = tcp.getLocalSocketAddress();
            tcp.setTcpNoDelay(true);
            try (SSLSocket socket = (SSLSocket)
                    transport.sslContext().getSocketFactory().createSocket(tcp, host, port, true)) {
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
