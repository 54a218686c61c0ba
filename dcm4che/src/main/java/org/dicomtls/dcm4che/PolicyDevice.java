package org.dicomtls.dcm4che;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.BindException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.dcm4che3.net.AssociationHandler;
import org.dcm4che3.net.AssociationMonitor;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.ConnectionMonitor;
import org.dcm4che3.net.Device;
import org.dicomtls.transport.SecureTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device of dcm4che whose DICOM connections are under a profile, whatever is set on it or on them later.
 *
 * <p>Its {@link #sslContext()} is that of the {@link SecureTransport}. What {@code Connection.setTlsProtocols}, {@code
 * setTlsCipherSuites} and {@code setTlsNeedClientAuth} ask for beyond the profile is left out and logged; if nothing is
 * left, binding and connecting fail. A DICOM connection without cipher suites, which dcm4che would run in the clear,
 * is refused.
 *
 * <p>Keys and trust come from the transport only. Where {@code Device} has them set by a final method (key manager, trust
 * manager, the URLs of key stores), the contradiction is found at the next {@link #sslContext()}, that is at every
 * bind and every connect, before anything is sent: an {@code IllegalStateException} that names the profile.
 *
 * <p>A plain {@code Device} cannot be brought under a policy: it has no setter for an SSLContext, and makes one of the
 * JVM's default provider from whatever managers it is given. Devices that a configuration loader has made are copied by
 * {@link #of}.
 */
public final class PolicyDevice extends Device {

    private static final long serialVersionUID = 1;
    private static final long REBIND_NANOS = 2_000_000_000;
    private static final long REBIND_PAUSE_MILLIS = 10;

    /** As long as DCMTK waits in a read or a write. */
    private static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(60);

    private static final Duration DEFAULT_SILENCE_LIMIT = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.dcm4che");

    /** That of the PolicyConnection that this thread binds or connects: dcm4che does not say for which it asks. */
    private final transient ThreadLocal<SecureTransport> explicit = new ThreadLocal<>();

    private transient volatile SecureTransport transport;
    private volatile Duration stallLimit = DEFAULT_STALL_LIMIT;
    private volatile Duration silenceLimit = DEFAULT_SILENCE_LIMIT;

    /** A device under the profile of that transport. */
    public PolicyDevice(String name, SecureTransport transport) {
        super(name);
        this.transport = Objects.requireNonNull(transport, "transport");
        super.setAssociationHandler(new PolicyAssociationHandler());
    }

    /**
     * A device under a policy with all that a configured one has: attributes, connections, AEs, extensions. Request
     * handlers, executors and monitors are no configuration and have to be set on the new one.
     *
     * @param configured as a loader (LDAP, JSON) made it; it is left as it is
     * @throws IllegalStateException when its configuration contradicts the profile: key stores, authorized certificates,
     *     a DICOM connection without TLS, or one with nothing that the profile allows
     */
    public static PolicyDevice of(Device configured, SecureTransport transport)
            throws IOException, GeneralSecurityException {
        PolicyDevice device = new PolicyDevice(configured.getDeviceName(), transport);
        device.reconfigure(configured);
        return device;
    }

    /** The transport of its connections, unless they have their own. */
    public SecureTransport transport() {
        return transport;
    }

    /** The transport of that connection: its own, or else the device's. */
    public SecureTransport transport(Connection connection) {
        return connection instanceof PolicyConnection own ? own.transport() : transport;
    }

    /** Lets this thread use that transport; null for the device's. Returns the one before. */
    SecureTransport use(SecureTransport own) {
        SecureTransport before = explicit.get();
        if (own == null) {
            explicit.remove();
        } else {
            explicit.set(own);
        }
        return before;
    }

    /**
     * The context of the policy.
     *
     * @throws IllegalStateException when other keys or another trust were set on the device
     */
    @Override
    public SSLContext sslContext() {
        requireNoOtherCredentials();
        SecureTransport own = explicit.get();
        return (own != null ? own : transport).sslContext();
    }

    /**
     * Goes on with another identity or trust under the same profile, such as a renewed certificate. Its listening
     * connections are bound anew; open associations go on undisturbed. Connections with a transport of their own stay
     * as they are.
     *
     * @throws IllegalStateException when the profile is another one, or less would be demanded of peers ({@link
     *     SecureTransport#weakerThan}), or something on the device contradicts the profile; nothing is exchanged then
     * @throws IOException when a port cannot be bound again; those after it are tried all the same
     */
    public void reload(SecureTransport next) throws IOException, GeneralSecurityException {
        requireNoLess(transport, next);
        requireAgreement();
        transport = next;
        LOG.info("device {}: credentials of profile {} exchanged", getDeviceName(), next.profile().id());
        IOException failed = null;
        for (Connection connection : listConnections()) {
            if (connection instanceof PolicyConnection) {
                continue;
            }
            try {
                rebind(connection);
            } catch (IOException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    static void requireNoLess(SecureTransport before, SecureTransport next) {
        List<String> weaker = next.weakerThan(before);
        if (!weaker.isEmpty()) {
            throw new IllegalStateException("profile " + before.profile().id() + ": the next transport "
                    + String.join(", ", weaker) + "; what is in use is exchanged only for as much or more, so make"
                    + " another device");
        }
    }

    /** A server socket keeps the transport that it was made with, so a new one is needed. */
    static void rebind(Connection connection) throws IOException, GeneralSecurityException {
        if (connection.isListening()) {
            connection.unbind();
            whenThePortIsFree(connection::bind);
        }
    }

    private interface Binding {
        void bind() throws IOException, GeneralSecurityException;
    }

    /** The kernel frees a port only when the thread that waited for connections has left, a moment after the close. */
    private static void whenThePortIsFree(Binding binding) throws IOException, GeneralSecurityException {
        long end = System.nanoTime() + REBIND_NANOS;
        while (true) {
            try {
                binding.bind();
                return;
            } catch (IOException e) {
                if (!(e.getCause() instanceof BindException) || System.nanoTime() > end) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(IOException failed) throws IOException {
        try {
            Thread.sleep(REBIND_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed;
        }
    }

    @Override
    public void addConnection(Connection connection) {
        super.addConnection(connection);
        SecureTransport own = transport(connection);
        if (!own.profile().equals(transport.profile())) {
            LOG.warn(
                    "device {} is under profile {}, its connection {} under {}",
                    getDeviceName(),
                    transport.profile().id(),
                    TlsConnections.name(connection),
                    own.profile().id());
        }
    }

    /**
     * Binds its connections.
     *
     * @throws IllegalStateException when something contradicts the profile; nothing is bound then
     */
    @Override
    public void bindConnections() throws IOException, GeneralSecurityException {
        requireAgreement();
        super.bindConnections();
    }

    /**
     * Binds anew what was changed.
     *
     * @throws IllegalStateException when something contradicts the profile; nothing is bound anew then
     */
    @Override
    public void rebindConnections() throws IOException, GeneralSecurityException {
        requireAgreement();
        // What was bound needs no rebinding any more, so a second call takes up where the first one failed.
        whenThePortIsFree(super::rebindConnections);
    }

    /**
     * Takes over a changed configuration.
     *
     * @throws IllegalStateException when it contradicts the profile; the device then binds nothing until the contradiction
     *     is gone, and what contradicts does not connect
     */
    @Override
    public void reconfigure(Device from) throws IOException, GeneralSecurityException {
        super.reconfigure(from);
        requireAgreement();
    }

    /**
     * Whether DICOM is spoken on a connection of this device. That it says so is not all: dcm4che opens associations on the
     * connections of an AE whatever their protocol is.
     */
    boolean isDicom(Connection connection) {
        return connection.getProtocol() == Connection.Protocol.DICOM
                || getApplicationEntities().stream().anyMatch(ae -> ae.getConnections().contains(connection));
    }

    private void requireAgreement() {
        requireNoOtherCredentials();
        for (Connection connection : listConnections()) {
            if (isDicom(connection) && connection.isInstalled()) {
                TlsConnections.requireAgreement(transport(connection), connection);
            }
        }
    }

    private void requireNoOtherCredentials() {
        if (getKeyManager() != null || getKeyStoreURL() != null) {
            throw contradiction("a key manager or the URL of a key store was set");
        }
        if (getTrustManager() != null || getTrustStoreURL() != null) {
            throw contradiction("a trust manager or the URL of a trust store was set");
        }
        if (getAuthorizedNodeCertificateRefs().length > 0) {
            throw contradiction("certificates of authorized nodes were set");
        }
    }

    private IllegalStateException contradiction(String what) {
        return new IllegalStateException("profile " + transport.profile().id() + ": " + what + " on device "
                + getDeviceName() + ", but its keys and its trust are those of its SecureTransport; leave it out of the"
                + " configuration, and give it to the SecureTransport if it is meant");
    }

    /**
     * Never succeeds.
     *
     * @throws IllegalStateException always: whom the device trusts is said by its SecureTransport
     */
    @Override
    public void setAuthorizedNodeCertificates(String ref, X509Certificate... certificates) {
        throw contradiction("certificates of authorized nodes are to be set");
    }

    /**
     * Never succeeds.
     *
     * @throws IllegalStateException always: a context made from the managers would be under no profile
     */
    @Override
    public KeyManager[] keyManagers() {
        throw contradiction("key managers were asked for");
    }

    /**
     * Never succeeds.
     *
     * @throws IllegalStateException always: a context made from the managers would be under no profile
     */
    @Override
    public TrustManager[] trustManagers() {
        throw contradiction("trust managers were asked for");
    }

    /** How long a peer may be silent in the middle of a message. */
    public Duration stallLimit() {
        return stallLimit;
    }

    /**
     * Sets how long a peer may leave this device waiting in the middle of a message: while it sends one, or while it is
     * to take what is sent to it; and before its first PDU. The association is aborted then. Applies to connections from
     * now on.
     *
     * @param limit more than zero; 60 s unless it is set
     */
    public void setStallLimit(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("stall limit " + limit + " is not positive");
        }
        stallLimit = limit;
    }

    /** How long both ends of an association may be silent. */
    public Duration silenceLimit() {
        return silenceLimit;
    }

    /**
     * Sets how long neither end of an association may send anything, be it idle or waiting for an answer. It is aborted
     * then. The timeouts of the Connection (idle, response, retrieve) can be set shorter. Applies to connections from now
     * on.
     *
     * @param limit more than zero; an hour unless it is set, since an answer may take long
     */
    public void setSilenceLimit(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("silence limit " + limit + " is not positive");
        }
        silenceLimit = limit;
    }

    /**
     * Sets who answers association requests.
     *
     * @throws IllegalStateException when it is no {@link PolicyAssociationHandler}: another one would ask neither for the
     *     profile nor for the peers of the transport
     */
    @Override
    public void setAssociationHandler(AssociationHandler handler) {
        if (!(handler instanceof PolicyAssociationHandler)) {
            throw new IllegalStateException("profile " + transport.profile().id() + ": device " + getDeviceName()
                    + " takes no other AssociationHandler than a PolicyAssociationHandler; override its judge or answer");
        }
        super.setAssociationHandler(handler);
    }

    /** The monitor that was set, behind one that writes a line for each association into the log. */
    @Override
    public AssociationMonitor getAssociationMonitor() {
        return new PolicyMonitor(this, super.getAssociationMonitor());
    }

    /** The monitor that was set, behind one that closes every DICOM connection that is not under the policy. */
    @Override
    public ConnectionMonitor getConnectionMonitor() {
        return new PolicyGuard(this, super.getConnectionMonitor());
    }

    /** Keys are not written into a stream. */
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a PolicyDevice holds keys");
    }
}
