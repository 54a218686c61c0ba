package org.dicomtls.dcm4che;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.ConnectionMonitor;
import org.dcm4che3.net.Device;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.TlsRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees every connection before DICOM begins on it, and has it watched. dcm4che asks the device for a context only if the
 * connection lists cipher suites; whoever empties the list gets plain TCP, and this is the last place to stop it.
 */
final class PolicyGuard implements ConnectionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");

    private final PolicyDevice device;
    private final ConnectionMonitor next;

    PolicyGuard(PolicyDevice device, ConnectionMonitor next) {
        this.device = device;
        this.next = next;
    }

    @Override
    public void onConnectionEstablished(Connection connection, Connection remote, Socket socket) {
        if (device.isDicom(connection)) {
            if (Negotiated.of(socket).isEmpty()) {
                throw new IllegalStateException(refuse(connection, socket));
            }
            watch(connection, socket, false);
        }
        if (next != null) {
            next.onConnectionEstablished(connection, remote, socket);
        }
    }

    @Override
    public void onConnectionAccepted(Connection connection, Socket socket) {
        if (device.isDicom(connection)) {
            if (!(socket instanceof SSLSocket)) {
                // An exception would end the listener; a closed socket ends this connection only.
                String why = refuse(connection, socket);
                if (next != null) {
                    next.onConnectionRejected(connection, socket, new IOException(why));
                }
                return;
            }
            // The handshake comes with the first read, in the thread of the association.
            watch(connection, socket, true);
        }
        if (next != null) {
            next.onConnectionAccepted(connection, socket);
        }
    }

    private void watch(Connection connection, Socket socket, boolean accepted) {
        AssociationWatch.begin(device, connection, socket, accepted, next);
        try {
            socket.setKeepAlive(true); // a host that is switched off closes nothing
        } catch (IOException e) {
            LOG.debug("{} is gone already", socket, e);
        }
    }

    private String refuse(Connection connection, Socket socket) {
        String why = "profile " + device.transport(connection).profile().id() + ": connection "
                + TlsConnections.name(connection) + " of device " + device.getDeviceName()
                + " lists no cipher suite and would be plain DICOM; it is closed; TlsConnections.secure sets the suites";
        LOG.error(why);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing {}", socket, e);
        }
        return why;
    }

    @Override
    public void onConnectionFailed(Connection connection, Connection remote, Socket socket, Throwable e) {
        List<String> titles = aeTitles(remote);
        if (e instanceof TlsRefusal && !titles.isEmpty()) {
            // The transport knows the peer by its address.
            LOG.warn("{} is AE {}, refused: {}", TlsConnections.name(remote), String.join(", ", titles), e.getMessage());
        }
        if (next != null) {
            next.onConnectionFailed(connection, remote, socket, e);
        }
    }

    /** The AE titles of a peer that is an object of a configuration. */
    private static List<String> aeTitles(Connection remote) {
        Device owner = remote.getDevice();
        return owner == null
                ? List.of()
                : owner.getApplicationEntities().stream()
                        .filter(ae -> ae.getConnections().contains(remote))
                        .map(ApplicationEntity::getAETitle)
                        .toList();
    }

    @Override
    public void onConnectionRejectedBlacklisted(Connection connection, Socket socket) {
        if (next != null) {
            next.onConnectionRejectedBlacklisted(connection, socket);
        }
    }

    @Override
    public void onConnectionRejected(Connection connection, Socket socket, Throwable e) {
        if (next != null) {
            next.onConnectionRejected(connection, socket, e);
        }
    }
}
