package org.dicomtls.dcm4che;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dicomtls.transport.SecureTransport;

/**
 * A connection of a {@link PolicyDevice} under a profile of its own, such as the port that an old modality uses. It is
 * never chosen by accident: it has to be constructed, and the device logs a warning that names both profiles when it is
 * added. For clients, put it first among the connections of the AE or name it in {@code ApplicationEntity.connect}.
 */
public final class PolicyConnection extends Connection {

    private static final long serialVersionUID = 1;

    private transient volatile SecureTransport transport;

    /**
     * A connection that is set up by {@link TlsConnections#secure}.
     *
     * @param port {@link Connection#NOT_LISTENING} for a client's
     */
    public PolicyConnection(String commonName, String hostname, int port, SecureTransport transport) {
        super(commonName, hostname, port);
        this.transport = Objects.requireNonNull(transport, "transport");
        TlsConnections.secure(transport, this);
    }

    /** Its own transport. */
    public SecureTransport transport() {
        return transport;
    }

    /**
     * Goes on with another identity or trust under the same profile. If it listens it is bound anew; open associations go
     * on undisturbed.
     *
     * @throws IllegalStateException when the profile is another one, or less would be demanded of peers ({@link
     *     SecureTransport#weakerThan}), or this connection contradicts the profile; nothing is exchanged then
     */
    public void reload(SecureTransport next) throws IOException, GeneralSecurityException {
        PolicyDevice.requireNoLess(transport, next);
        TlsConnections.requireAgreement(next, this);
        transport = next;
        PolicyDevice.rebind(this);
    }

    private PolicyDevice device() {
        if (getDevice() instanceof PolicyDevice device) {
            return device;
        }
        throw new IllegalStateException("connection " + TlsConnections.name(this) + " under profile "
                + transport.profile().id() + " belongs to "
                + (getDevice() == null
                        ? "no device"
                        : "device " + getDevice().getDeviceName() + ", which is no PolicyDevice"));
    }

    /**
     * Binds the port under the transport of this connection.
     *
     * @throws IllegalStateException when it belongs to no {@link PolicyDevice}, or lists nothing that the profile allows
     */
    @Override
    public synchronized boolean bind() throws IOException, GeneralSecurityException {
        PolicyDevice device = device();
        TlsConnections.requireAgreement(transport, this);
        SecureTransport outer = device.use(transport);
        try {
            return super.bind();
        } finally {
            device.use(outer);
        }
    }

    /**
     * Connects under the transport of this connection.
     *
     * @throws IllegalStateException when it belongs to no {@link PolicyDevice}, or lists nothing that the profile allows
     */
    @Override
    public Socket connect(Connection remote)
            throws IOException, IncompatibleConnectionException, GeneralSecurityException {
        PolicyDevice device = device();
        TlsConnections.requireAgreement(transport, this);
        SecureTransport outer = device.use(transport);
        try {
            return super.connect(remote);
        } finally {
            device.use(outer);
        }
    }

    /** Keys are not written into a stream. */
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a PolicyConnection holds keys");
    }
}
