package org.dicomtls.dcm4che;

import java.util.Arrays;
import java.util.List;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Connection.EndpointIdentificationAlgorithm;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.SecureTransport;

/** Gives {@link Connection} objects of dcm4che, local and remote, what a profile says of them. */
public final class TlsConnections {

    /** How long an A-ASSOCIATE-RQ may be awaited after the handshake (ARTIM, PS3.8 §9.1.4); dcm4che waits for ever. */
    static final int ARTIM_MILLIS = 30_000;

    static final int CONNECT_MILLIS = 10_000;

    private TlsConnections() {}

    /**
     * Sets versions, cipher suites, client authentication and host identity (RFC 9525) as the profile has them, and every
     * timeout that is 0 (none): connect, A-ASSOCIATE-RQ, A-ASSOCIATE-AC, A-RELEASE-RP. The handshake has a time of its
     * own, that of the transport; what comes after A-ASSOCIATE-AC is bounded by {@link PolicyDevice#setStallLimit} and
     * {@link PolicyDevice#setSilenceLimit}.
     *
     * <p>A client of dcm4che enables what its own and the <em>remote</em> {@code Connection} object both list, so both
     * need this. The lists alone are a wish; that they cannot be loosened later is the work of {@link PolicyDevice},
     * to which the local connection has to belong.
     *
     * @param connection of this node, or one that stands for a peer
     * @return the same connection
     * @throws IllegalStateException when it belongs to a {@link PolicyDevice} that has it under another profile; a
     *     connection with a profile of its own is a {@link PolicyConnection}
     */
    public static <C extends Connection> C secure(SecureTransport transport, C connection) {
        if (connection.getDevice() instanceof PolicyDevice device) {
            String id = device.transport(connection).profile().id();
            if (!id.equals(transport.profile().id())) {
                throw new IllegalStateException("connection " + name(connection) + " of device "
                        + device.getDeviceName() + " is under profile " + id + ", not "
                        + transport.profile().id() + "; a profile of its own takes a PolicyConnection");
            }
        }
        connection.setTlsProtocols(protocols(transport.usable()));
        connection.setTlsCipherSuites(suites(transport.usable()));
        connection.setTlsNeedClientAuth(transport.clientCertificateDemanded());
        if (transport.hostIdentityChecked()) {
            connection.setTlsEndpointIdentificationAlgorithm(EndpointIdentificationAlgorithm.HTTPS);
        }
        if (connection.getConnectTimeout() == Connection.NO_TIMEOUT) {
            connection.setConnectTimeout(CONNECT_MILLIS);
        }
        if (connection.getRequestTimeout() == Connection.NO_TIMEOUT) {
            // dcm4che starts this timer with the TCP connection, so it covers the handshake too.
            connection.setRequestTimeout(
                    (int) Math.min(Integer.MAX_VALUE, ARTIM_MILLIS + transport.handshakeTimeout().toMillis()));
        }
        if (connection.getAcceptTimeout() == Connection.NO_TIMEOUT) {
            connection.setAcceptTimeout(ARTIM_MILLIS);
        }
        if (connection.getReleaseTimeout() == Connection.NO_TIMEOUT) {
            connection.setReleaseTimeout(ARTIM_MILLIS);
        }
        return connection;
    }

    /**
     * Fails when the connection says something that leaves nothing of the profile, or no TLS at all.
     *
     * @throws IllegalStateException with the profile, what is set, and what the profile has
     */
    static void requireAgreement(SecureTransport transport, Connection connection) {
        EngineModel.Usable usable = transport.usable();
        if (connection.isServer() && !transport.roles().contains(Role.SERVER)) {
            throw new IllegalStateException("profile " + transport.profile().id() + ": connection " + name(connection)
                    + " has a port to listen on, but its SecureTransport was built for role "
                    + transport.roles() + " only");
        }
        if (!connection.isTls()) {
            throw contradiction(transport, connection, "lists no cipher suite, and that is plain DICOM",
                    Arrays.toString(suites(usable)));
        }
        if (nothingInCommon(connection.getTlsProtocols(), protocols(usable))) {
            throw contradiction(
                    transport,
                    connection,
                    "enables " + Arrays.toString(connection.getTlsProtocols()) + " only",
                    Arrays.toString(protocols(usable)));
        }
        if (nothingInCommon(connection.getTlsCipherSuites(), suites(usable))) {
            throw contradiction(
                    transport,
                    connection,
                    "enables " + Arrays.toString(connection.getTlsCipherSuites()) + " only",
                    Arrays.toString(suites(usable)));
        }
    }

    private static boolean nothingInCommon(String[] set, String[] allowed) {
        return Arrays.stream(set).noneMatch(List.of(allowed)::contains);
    }

    private static IllegalStateException contradiction(
            SecureTransport transport, Connection connection, String what, String allowed) {
        return new IllegalStateException("profile " + transport.profile().id() + ": connection " + name(connection) + " "
                + what + "; the profile has " + allowed + "; TlsConnections.secure sets it");
    }

    private static String[] protocols(EngineModel.Usable usable) {
        return usable.versions().stream().map(TlsVersion::jsseName).toArray(String[]::new);
    }

    private static String[] suites(EngineModel.Usable usable) {
        return usable.suites().stream().map(CipherSuite::name).toArray(String[]::new);
    }

    /** For messages. */
    static String name(Connection connection) {
        String place = connection.getHostname() + (connection.isServer() ? ":" + connection.getPort() : "");
        return connection.getCommonName() == null ? place : connection.getCommonName() + " (" + place + ")";
    }
}
