package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.AssociationHandler;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.SSLManagerFactory;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.PeerTrait;
import org.dicomtls.transport.Peers;
import org.dicomtls.transport.Revocation;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that is set on devices and connections later loosens the policy; a contradiction is an error. */
class PolicyTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_NON_DOWNGRADING;

    private static final String OUTSIDE = "TLS_RSA_WITH_AES_128_CBC_SHA";

    private static SecureTransport client(Profile profile) {
        return Keys.transport(profile, Engine.JDK, Role.CLIENT).build();
    }

    private static SecureTransport server(Profile profile) {
        return Keys.transport(profile, Engine.JDK, Role.SERVER).build();
    }

    /** Takes all that the setters of Connection offer, as a configuration might. */
    private static void loosen(Connection connection) {
        List<String> suites = new ArrayList<>(List.of(connection.getTlsCipherSuites()));
        suites.add(OUTSIDE);
        connection.setTlsCipherSuites(suites.toArray(String[]::new));
        connection.setTlsProtocols("TLSv1", "TLSv1.1", "TLSv1.2");
        connection.setTlsNeedClientAuth(false);
        connection.setTlsEndpointIdentificationAlgorithm(null);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void settersOfAListeningConnectionDoNotLoosen(Engine engine) throws Exception {
        try (Node scp = Node.scp(Keys.transport(PROFILE, engine, Role.SERVER).build())) {
            loosen(scp.connection);
            scp.device.rebindConnections();

            assertThatThrownBy(() -> handshake(scp, "TLSv1.2", OUTSIDE)).isInstanceOf(SSLHandshakeException.class);
            // A client certificate is still demanded: without one there is no A-ASSOCIATE-AC.
            SecureTransport bare = Keys.transport(PROFILE, engine, Role.CLIENT).identity(Identity.none()).build();
            try (Node scu = Node.scu(bare)) {
                assertThatThrownBy(() -> scu.echo(Node.remote(bare, scp.port()))).isInstanceOf(IOException.class);
            }
            SecureTransport good = Keys.transport(PROFILE, engine, Role.CLIENT).build();
            try (Node scu = Node.scu(good)) {
                assertThat(scu.echo(Node.remote(good, scp.port())).negotiated().version())
                        .as("narrowed by the setter").isEqualTo(TlsVersion.TLS_1_2);
            }
        }
    }

    private static void handshake(Node scp, String protocol, String suite) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager trusting = SSLManagerFactory.createTrustManager(Keys.PKI.authority());
        context.init(null, new TrustManager[] {trusting}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", scp.port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void settersOfAConnectingConnectionDoNotLoosen(Engine engine) throws Exception {
        Device stock = new Device("stock");
        Connection in = new Connection("in", "127.0.0.1", Ports.free());
        in.setTlsCipherSuites(OUTSIDE, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA");
        in.setTlsNeedClientAuth(false);
        stock.setKeyManager(Stock.keyManager(Keys.PKI, Role.SERVER));
        SecureTransport transport = Keys.transport(PROFILE, engine, Role.CLIENT).build();
        try (Node scp = Node.of(stock, "SCP", in);
                Node scu = Node.scu(transport)) {
            scp.device.bindConnections();
            Connection remote = Node.remote(transport, scp.port());
            loosen(scu.connection);
            loosen(remote);
            assertThatThrownBy(() -> scu.echo(remote)).isInstanceOf(SSLHandshakeException.class);
            remote.setTlsCipherSuites(OUTSIDE);
            assertThatThrownBy(() -> scu.echo(remote))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("profile bcp195-nd allows none of the cipher suites");
        }
    }

    @Test
    void aConnectionWithoutSuitesIsNotBoundInTheClear() throws Exception {
        try (Node scp = Node.scp(server(PROFILE))) {
            scp.connection.setTlsCipherSuites();
            assertThatThrownBy(() -> scp.device.rebindConnections())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("profile bcp195-nd")
                    .hasMessageContaining("plain DICOM");
            // Around the device: the port opens, but every connection is closed before a single octet is read.
            PolicyDevice.rebind(scp.connection);
            try (Node plain = Node.of(new Device("plain"), "PLAIN", new Connection("out", "127.0.0.1"))) {
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> plain.open(new Connection("remote", "127.0.0.1", scp.port())))
                            .isInstanceOf(IOException.class);
                }
            }
            assertThat(scp.accepted).isNotDone();
        }
    }

    @Test
    void aConnectionWithoutSuitesDoesNotConnectInTheClear() throws Exception {
        try (Node scp = Node.of(new Device("plain"), "SCP", new Connection("in", "127.0.0.1", Ports.free()));
                Node scu = Node.scu(client(PROFILE))) {
            scp.device.bindConnections();
            scu.connection.setTlsCipherSuites();
            assertThatThrownBy(() -> scu.echo(new Connection("remote", "127.0.0.1", scp.port())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("profile bcp195-nd")
                    .hasMessageContaining("plain DICOM");
        }
    }

    @Test
    void suitesOfNoneOfTheProfileAreAnError() throws Exception {
        try (Node scp = Node.scp(server(PROFILE))) {
            scp.connection.setTlsCipherSuites(OUTSIDE);
            assertThatThrownBy(() -> scp.device.rebindConnections())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(OUTSIDE)
                    .hasMessageContaining("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
            scp.connection.unbind();
            assertThatThrownBy(() -> scp.connection.bind()).isInstanceOf(IllegalArgumentException.class);
            TlsConnections.secure(server(PROFILE), scp.connection).setTlsProtocols("TLSv1.1");
            assertThatThrownBy(() -> scp.device.rebindConnections())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("[TLSv1.1]");
        }
    }

    @Test
    void otherKeysAndOtherTrustAreErrors() throws Exception {
        SecureTransport transport = server(PROFILE);
        PolicyDevice device = new PolicyDevice("scp", transport);
        assertThat(device.sslContext()).isSameAs(transport.sslContext());

        device.setKeyManager(Stock.keyManager(Keys.OTHER, Role.SERVER));
        assertContradiction(device, "key manager");
        device.setKeyManager(null);

        device.setTrustManager(SSLManagerFactory.createTrustManager(Keys.OTHER.authority()));
        assertContradiction(device, "trust manager");
        device.setTrustManager(null);

        device.setTrustStoreURL("file:/nowhere");
        assertContradiction(device, "trust store");
        device.setTrustStoreURL(null);

        device.setKeyStoreURL("file:/nowhere");
        assertContradiction(device, "key store");
        device.setKeyStoreURL(null);

        assertThatThrownBy(() -> device.setAuthorizedNodeCertificates("x", Keys.OTHER.authority()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("profile bcp195-nd");
        assertThatThrownBy(device::keyManagers).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(device::trustManagers).isInstanceOf(IllegalStateException.class);
        assertThat(device.sslContext()).isSameAs(transport.sslContext());
    }

    private static void assertContradiction(PolicyDevice device, String what) {
        assertThatThrownBy(device::sslContext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("profile bcp195-nd")
                .hasMessageContaining(what);
        assertThatThrownBy(device::bindConnections).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTransportForClientsDoesNotListen() {
        SecureTransport transport = client(PROFILE);
        PolicyDevice device = new PolicyDevice("scp", transport);
        device.addConnection(TlsConnections.secure(transport, new Connection("in", "127.0.0.1", 11112)));
        assertThatThrownBy(device::bindConnections)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was built for role");
    }

    @Test
    void secureFillsInTimeoutsAndLeavesThoseThatAreSet() {
        SecureTransport transport = server(DicomProfiles.BCP195_RFC9325);
        Connection connection = new Connection("in", "127.0.0.1", 11112);
        connection.setAcceptTimeout(1234);
        TlsConnections.secure(transport, connection);
        assertThat(connection.getAcceptTimeout()).isEqualTo(1234);
        assertThat(connection.getConnectTimeout()).isPositive();
        assertThat(connection.getRequestTimeout()).isGreaterThan((int) transport.handshakeTimeout().toMillis());
        assertThat(connection.getReleaseTimeout()).isPositive();
        assertThat(connection.isTlsNeedClientAuth()).isTrue();
        assertThat(connection.getTlsProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(connection.getTlsEndpointIdentificationAlgorithm())
                .isEqualTo(Connection.EndpointIdentificationAlgorithm.HTTPS);
    }

    @Test
    void twoDevicesWithDifferentProfilesInOneJvm() throws Exception {
        SecureTransport tls12 = Keys.transport(DicomProfiles.BCP195_EXTENDED, Engine.BC, Role.SERVER).build();
        SecureTransport newest = server(DicomProfiles.BCP195_RFC9325);
        SecureTransport client = client(DicomProfiles.BCP195_NON_DOWNGRADING);
        try (Node first = Node.scp(tls12);
                Node second = Node.scp(newest);
                Node scu = Node.scu(client)) {
            assertThat(scu.echo(Node.remote(client, first.port())).negotiated().version()).isEqualTo(TlsVersion.TLS_1_2);
            assertThat(scu.echo(Node.remote(client, second.port())).negotiated().version()).isEqualTo(TlsVersion.TLS_1_3);
            assertThat(first.accepted.get(5, TimeUnit.SECONDS).negotiated().profile()).isEqualTo("bcp195-ex");
            assertThat(second.accepted.get(5, TimeUnit.SECONDS).negotiated().profile()).isEqualTo("bcp195-rfc9325");
        }
    }

    @Test
    void connectionsOfOneDeviceWithDifferentProfiles() throws Exception {
        SecureTransport main = server(DicomProfiles.BCP195_RFC9325);
        SecureTransport old = Keys.transport(DicomProfiles.BCP195_EXTENDED, Engine.BC, Role.SERVER).build();
        SecureTransport tls12 = Keys.transport(DicomProfiles.BCP195_EXTENDED, Engine.BC, Role.CLIENT).build();
        SecureTransport client = client(DicomProfiles.BCP195_RFC9325);
        try (Node scp = Node.scp(main);
                Node modality = Node.scu(tls12);
                Node scu = Node.scu(client)) {
            PolicyDevice device = (PolicyDevice) scp.device;
            scp.connection.setTlsProtocols("TLSv1.3");
            device.rebindConnections();
            PolicyConnection own = new PolicyConnection("old modality", "127.0.0.1", Ports.free(), old);
            assertThatThrownBy(own::bind).isInstanceOf(IllegalStateException.class).hasMessageContaining("no device");
            device.addConnection(own);
            scp.ae.addConnection(own);
            own.bind();
            assertThat(device.transport(own)).isSameAs(old);
            assertThat(device.transport(scp.connection)).isSameAs(main);
            assertThat(device.sslContext()).as("of the device").isSameAs(main.sslContext());

            assertThat(modality.echo(Node.remote(tls12, own.getPort())).negotiated().version())
                    .isEqualTo(TlsVersion.TLS_1_2);
            assertThat(scp.accepted.get(5, TimeUnit.SECONDS).negotiated().profile()).isEqualTo("bcp195-ex");
            assertThatThrownBy(() -> modality.echo(Node.remote(tls12, scp.port())))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(scu.echo(Node.remote(client, scp.port())).negotiated().version()).isEqualTo(TlsVersion.TLS_1_3);

            assertThatThrownBy(() -> TlsConnections.secure(old, scp.connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PolicyConnection");
        }
    }

    @Test
    void aConnectionWithItsOwnProfileConnectsUnderIt() throws Exception {
        SecureTransport main = client(DicomProfiles.BCP195_RFC9325);
        SecureTransport old = Keys.transport(DicomProfiles.BCP195_EXTENDED, Engine.BC, Role.CLIENT).build();
        try (Node scp = Node.scp(server(DicomProfiles.BCP195_RFC9325));
                Node scu = Node.scu(main)) {
            PolicyConnection own = new PolicyConnection("to the old", "127.0.0.1", Connection.NOT_LISTENING, old);
            scu.device.addConnection(own);
            scu.ae.addConnection(own);
            AAssociateRQ request = new AAssociateRQ();
            request.setCalledAET("SCP");
            request.addPresentationContext(new PresentationContext(
                    1, UID.Verification, UID.ImplicitVRLittleEndian));
            Association association = scu.ae.connect(own, Node.remote(old, scp.port()), request);
            assertThat(AssociationSecurity.of(association).negotiated().profile()).isEqualTo("bcp195-ex");
            association.release();
            assertThat(scu.echo(Node.remote(main, scp.port())).negotiated().profile()).isEqualTo("bcp195-rfc9325");
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void reloadedCredentialsServeNewConnectionsAndOpenOnesGoOn(Engine engine) throws Exception {
        SecureTransport server = Keys.transport(PROFILE, engine, Role.SERVER).build();
        Trust both = Trust.authorities(Keys.PKI.authority(), Keys.OTHER.authority());
        SecureTransport client = Keys.transport(PROFILE, engine, Role.CLIENT).trust(both).build();
        try (Node scp = Node.scp(server);
                Node scu = Node.scu(client)) {
            Connection remote = Node.remote(client, scp.port());
            Association open = scu.open(remote);
            SecureTransport renewed = Keys.transport(PROFILE, engine, Role.SERVER)
                    .identity(Keys.identity(Keys.OTHER, Role.SERVER))
                    .build();
            ((PolicyDevice) scp.device).reload(renewed);

            assertThat(scu.echo(remote).peerCertificate()).contains(renewed.identity().entries().get(0).certificate());
            assertThat(Node.status(open.cecho())).as("the old association").isZero();
            open.release();

            assertThatThrownBy(() -> ((PolicyDevice) scp.device).reload(server(DicomProfiles.BCP195)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is under profile bcp195 instead of bcp195-nd");
        }
    }

    /** What a renewal job forgets to say again must not be gone. */
    @Test
    void aReloadForgetsNothing() throws Exception {
        Profile profile = DicomProfiles.BCP195_RFC9325;
        SecureTransport.Builder bare = Keys.transport(profile, Engine.JDK, Role.SERVER);
        SecureTransport full = Keys.transport(profile, Engine.JDK, Role.SERVER)
                .revocation(Revocation.ocsp())
                .peers(Peers.none().with(Set.of("SCU"), PeerTrait.parse("dns:localhost")))
                .build();
        PolicyDevice device = new PolicyDevice("scp", full);
        for (SecureTransport less : List.of(
                bare.build(), bare.revocation(Revocation.ocsp()).build(), bare.peers(Peers.none()).revocation(Revocation.ocsp().softFail()).build())) {
            assertThatThrownBy(() -> device.reload(less)).isInstanceOf(IllegalStateException.class);
            assertThat(device.transport()).isSameAs(full);
        }
        assertThatThrownBy(() -> device.reload(Keys.transport(profile, Engine.JDK, Role.SERVER).build()))
                .hasMessageContaining("has no list of peers")
                .hasMessageContaining("does not look at revocation");
    }

    @Test
    void aReloadInContradictionExchangesNothing() throws Exception {
        SecureTransport client = client(PROFILE);
        try (Node scp = Node.scp(server(PROFILE));
                Node scu = Node.scu(client)) {
            scp.connection.setTlsCipherSuites(OUTSIDE);
            SecureTransport before = ((PolicyDevice) scp.device).transport();
            assertThatThrownBy(() -> ((PolicyDevice) scp.device).reload(server(PROFILE)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(OUTSIDE);
            assertThat(((PolicyDevice) scp.device).transport()).isSameAs(before);
            assertThat(scu.echo(Node.remote(client, scp.port())).negotiated().profile()).isEqualTo(PROFILE.id());
        }
    }

    @Test
    void anAssociationHandlerThatAsksForNothingIsNotTaken() {
        PolicyDevice device = new PolicyDevice("scp", server(PROFILE));
        assertThatThrownBy(() -> device.setAssociationHandler(new AssociationHandler()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PolicyAssociationHandler");
        assertThat(device.getAssociationHandler()).isInstanceOf(PolicyAssociationHandler.class);
    }

    /** dcm4che opens an association on any connection, whatever protocol it is said to be for. */
    @Test
    void aConnectionForHl7IsNoWayAroundForDicom() throws Exception {
        try (Node scp = Node.of(new Device("plain"), "SCP", new Connection("in", "127.0.0.1", Ports.free()));
                Node scu = Node.scu(client(PROFILE))) {
            scp.device.bindConnections();
            Connection remote = new Connection("remote", "127.0.0.1", scp.port());
            remote.setProtocol(Connection.Protocol.HL7);
            scu.connection.setProtocol(Connection.Protocol.HL7);
            scu.connection.setTlsCipherSuites();
            assertThatThrownBy(() -> scu.echo(remote))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("plain DICOM");

            Connection loose = new Connection("loose", "127.0.0.1");
            loose.setProtocol(Connection.Protocol.HL7);
            scu.device.addConnection(loose);
            AAssociateRQ request = new AAssociateRQ();
            request.setCalledAET("SCP");
            request.addPresentationContext(
                    new PresentationContext(1, UID.Verification, UID.ImplicitVRLittleEndian));
            assertThatThrownBy(() -> scu.ae.connect(loose, remote, request)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aReloadThatDemandsLessIsRefused() {
        Profile profile = DicomProfiles.BCP195_RFC9325;
        PolicyDevice device = new PolicyDevice("scp", server(profile));
        SecureTransport less = Keys.transport(profile, Engine.JDK, Role.SERVER).clientAuthentication(false).build();
        assertThatThrownBy(() -> device.reload(less))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("demands no client certificates");
    }

    @Test
    void aConfiguredDeviceIsCopiedUnderThePolicy() throws Exception {
        SecureTransport transport = server(PROFILE);
        Device configured = new Device("configured");
        Connection in = new Connection("in", "127.0.0.1", Ports.free());
        ApplicationEntity ae = new ApplicationEntity("SCP");
        configured.addConnection(in);
        configured.addApplicationEntity(ae);
        ae.addConnection(in);
        ae.addTransferCapability(new TransferCapability(
                null, UID.Verification, TransferCapability.Role.SCP, UID.ImplicitVRLittleEndian));
        assertThatThrownBy(() -> PolicyDevice.of(configured, transport))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("plain DICOM");

        TlsConnections.secure(transport, in);
        configured.setTrustStoreURL("${jboss.server.config.url}/cacerts.p12");
        assertThatThrownBy(() -> PolicyDevice.of(configured, transport))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("trust store");

        configured.setTrustStoreURL(null);
        PolicyDevice device = PolicyDevice.of(configured, transport);
        assertThat(device.getDeviceName()).isEqualTo("configured");
        assertThat(device.getApplicationEntity("SCP").getConnections()).hasSize(1);
        assertThat(device.listConnections().get(0).getPort()).isEqualTo(in.getPort());

        in.setTlsCipherSuites(OUTSIDE);
        assertThatThrownBy(() -> device.reconfigure(configured))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(OUTSIDE);
        assertThatThrownBy(device::bindConnections).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void limitsAreMoreThanZero() {
        PolicyDevice device = new PolicyDevice("scp", server(PROFILE));
        assertThatThrownBy(() -> device.setStallLimit(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> device.setSilenceLimit(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("silence limit PT-1S is not positive");
        assertThat(device.stallLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(device.silenceLimit()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void keysAreNotSerialized() {
        PolicyDevice device = new PolicyDevice("scp", server(PROFILE));
        assertThatThrownBy(() -> new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(device))
                .isInstanceOf(NotSerializableException.class);
    }
}
