package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.PeerTrait;
import org.dicomtls.transport.Peers;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.TlsRefusal;
import org.dicomtls.transport.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals are told at both ends, in the terms of the profile, and the next association works. */
class RefusalTest {

    private static final Profile PROFILE = DicomProfiles.BCP195_NON_DOWNGRADING;

    private final Events atServer = new Events();
    private final Events atClient = new Events();

    private SecureTransport.Builder client(Engine engine) {
        return Keys.transport(PROFILE, engine, Role.CLIENT).listener(atClient);
    }

    private SecureTransport.Builder server(Engine engine) {
        return Keys.transport(PROFILE, engine, Role.SERVER).listener(atServer);
    }

    private static void stillWorks(Node scp, Engine engine) throws Exception {
        SecureTransport good = Keys.transport(PROFILE, engine, Role.CLIENT).build();
        try (Node scu = Node.scu(good)) {
            scu.echo(Node.remote(good, scp.port()));
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void noCommonVersion(Engine engine) throws Exception {
        SecureTransport tls13 = server(engine).build();
        SecureTransport tls12 = SecureTransport.of(DicomProfiles.BCP195_EXTENDED)
                .engine(Engine.BC)
                .role(Role.CLIENT)
                .identity(Keys.identity(Keys.PKI, Role.CLIENT))
                .trust(Trust.authorities(Keys.PKI.authority()))
                .listener(atClient)
                .build();
        try (Node scp = Node.scp(tls13);
                Node scu = Node.scu(tls12)) {
            scp.connection.setTlsProtocols("TLSv1.3");
            scp.device.rebindConnections();
            assertThatThrownBy(() -> scu.echo(Node.remote(tls12, scp.port())))
                    .isInstanceOf(TlsRefusal.class)
                    .hasMessageContaining("version");
            assertThat(atServer.refusal().text())
                    .contains("no common TLS version", "offered: TLSv1.2", "wanted: TLSv1.3");
            assertThat(atClient.refusal().byPeer()).isTrue();
            // dcm4che itself sees it where the remote Connection says what the peer has.
            Connection remote = Node.remote(tls13, scp.port());
            remote.setTlsProtocols("TLSv1.3");
            assertThatThrownBy(() -> scu.echo(remote))
                    .isInstanceOf(IncompatibleConnectionException.class);
            stillWorks(scp, engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientOfAnUnknownAuthority(Engine engine) throws Exception {
        // Both authorities have the same name, so that the client does not keep its certificate to itself.
        SecureTransport stranger = client(engine)
                .identity(Keys.identity(Keys.OTHER, Role.CLIENT))
                .build();
        try (Node scp = Node.scp(server(engine).build());
                Node scu = Node.scu(stranger)) {
            assertThatThrownBy(() -> scu.echo(Node.remote(stranger, scp.port()))).isInstanceOf(TlsRefusal.class);
            assertThat(atServer.refusal().text()).contains("not among the trusted authorities", "remedy");
            assertThat(atClient.refusal().phase()).isEqualTo(TlsRefusal.Phase.OWN_CERTIFICATE);
            stillWorks(scp, engine);
        }
    }

    /** The server names the authorities that it trusts, and the client has no certificate of any. */
    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientWithoutACertificateThatFits(Engine engine) throws Exception {
        SecureTransport stranger = client(engine)
                .identity(Keys.identity(List.of(Keys.PKI.flawed(Role.CLIENT, Flaw.UNKNOWN_CA))))
                .build();
        try (Node scp = Node.scp(server(engine).build());
                Node scu = Node.scu(stranger)) {
            assertThatThrownBy(() -> scu.echo(Node.remote(stranger, scp.port()))).isInstanceOf(TlsRefusal.class);
            assertThat(atServer.refusal().text()).contains("the client presented no certificate", "remedy");
            assertThat(atClient.refusal().byPeer()).isTrue();
            stillWorks(scp, engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aServerOfAnUnknownAuthority(Engine engine) throws Exception {
        SecureTransport elsewhere =
                client(engine).trust(Trust.authorities(Keys.OTHER.authority())).build();
        try (Node scp = Node.scp(server(engine).build());
                Node scu = Node.scu(elsewhere)) {
            assertThatThrownBy(() -> scu.echo(Node.remote(elsewhere, scp.port())))
                    .isInstanceOf(TlsRefusal.class)
                    .hasMessageContaining("not among the trusted authorities");
            assertThat(atServer.refusal().byPeer()).isTrue();
            stillWorks(scp, engine);
        }
    }

    /** The client's handshake is over when the server refuses; dcm4che hears of it with the first read. */
    @ParameterizedTest
    @EnumSource(Engine.class)
    void noClientCertificateInTls13(Engine engine) throws Exception {
        SecureTransport bare = client(engine).identity(Identity.none()).build();
        try (Node scp = Node.scp(server(engine).build());
                Node scu = Node.scu(bare)) {
            Throwable thrown = catchThrowable(() -> scu.echo(Node.remote(bare, scp.port())));
            assertThat(thrown).isInstanceOf(TlsRefusal.class);
            Refusal refusal = atClient.refusal();
            assertThat(refusal.text()).contains("the server demands a client certificate", "remedy");
            assertThat(refusal.phase()).isEqualTo(TlsRefusal.Phase.OWN_CERTIFICATE);
            assertThat(atServer.refusal().text()).contains("the client presented no certificate");
            stillWorks(scp, engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void plainDicomToTheTlsPort(Engine engine) throws Exception {
        try (Node scp = Node.scp(server(engine).build());
                Node plain = Node.of(new Device("plain"), "PLAIN", new Connection("out", "127.0.0.1"))) {
            Connection remote = new Connection("remote", "127.0.0.1", scp.port());
            assertThatThrownBy(() -> plain.echo(remote)).isInstanceOf(IOException.class);
            assertThat(atServer.refusal().text())
                    .contains("the client speaks plain DICOM where TLS is spoken", "switch TLS on at the client");
            stillWorks(scp, engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void silentClientsEndInTimeAndDelayNobody(Engine engine) throws Exception {
        Duration time = Duration.ofSeconds(2);
        try (Node scp = Node.scp(server(engine).handshakeTimeout(time).build())) {
            long start = System.nanoTime();
            Socket[] silent = new Socket[10];
            for (int i = 0; i < silent.length; i++) {
                silent[i] = new Socket("127.0.0.1", scp.port());
                silent[i].setSoTimeout(20_000);
            }
            stillWorks(scp, engine);
            assertThat(System.nanoTime() - start).as("not behind the silent").isLessThan(time.toNanos());
            for (Socket one : silent) {
                assertThat(one.getInputStream().read()).as("closed by the server").isEqualTo(-1);
                one.close();
            }
            assertThat(atServer.refusal().text()).contains("did not finish the handshake within 2000 ms");
            stillWorks(scp, engine);
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aClientThatDiesInMidTransferLeavesNothingBehind(Engine engine) throws Exception {
        SecureTransport client = client(engine).build();
        try (Node scp = Node.scp(server(engine).build());
                Node scu = Node.scu(client)) {
            Association association = scu.open(Node.remote(client, scp.port()));
            assertThatThrownBy(() -> Node.status(association.cstore(
                            Node.STORAGE,
                            "2.25.1",
                            0,
                            (out, transferSyntax) -> {
                                out.write(new byte[1_000_000]);
                                association.getSocket().close();
                                out.write(new byte[1_000_000]);
                            },
                            UID.ImplicitVRLittleEndian)))
                    .isInstanceOf(IOException.class);
            long end = System.nanoTime() + 10_000_000_000L;
            while (scp.device.getNumberOfOpenAssociations() > 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(scp.device.getNumberOfOpenAssociations()).isZero();
            assertThat(scp.stored).as("half an object").isNotDone();
            stillWorks(scp, engine);
        }
    }

    /** A verdict of the site's own, before A-ASSOCIATE-AC. */
    @Test
    void anAeTitleThatDoesNotGoWithItsCertificate() throws Exception {
        SecureTransport client = client(Engine.JDK).build();
        try (Node scp = Node.scp(server(Engine.JDK).build());
                Node scu = Node.scu(client)) {
            scp.device.setAssociationHandler(new PolicyAssociationHandler() {
                @Override
                protected void judge(Association association, AAssociateRQ request, AssociationSecurity security)
                        throws AAssociateRJ {
                    String name = security.peerCertificate().orElseThrow().getSubjectX500Principal().getName();
                    if (!name.contains("CN=" + request.getCallingAET())) {
                        throw new AAssociateRJ(
                                AAssociateRJ.RESULT_REJECTED_PERMANENT,
                                AAssociateRJ.SOURCE_SERVICE_USER,
                                AAssociateRJ.REASON_CALLING_AET_NOT_RECOGNIZED);
                    }
                }
            });
            assertThatThrownBy(() -> scu.echo(Node.remote(client, scp.port()))).isInstanceOf(AAssociateRJ.class);
            for (Refusal refusal : new Refusal[] {atServer.refusal(), atClient.refusal()}) {
                assertThat(refusal.kind()).isEqualTo(RefusalKind.ASSOCIATION_REJECTED);
                assertThat(refusal.byPeer()).isEqualTo(refusal.end() == Role.CLIENT);
                assertThat(refusal.callingAeTitle()).contains("SCU");
                assertThat(refusal.problem()).contains("A-ASSOCIATE-RJ", "calling-AE-title-not-recognized");
            }
        }
    }

    /** The list of peers of the transport is asked without any code. */
    @Test
    void anAeTitleThatTheListOfPeersDoesNotGiveToItsCertificate() throws Exception {
        SecureTransport client = client(Engine.JDK).build();
        for (String title : new String[] {"SCU", "ANOTHER"}) {
            try (Node scp = Node.scp(server(Engine.JDK)
                            .peers(Peers.none().with(Set.of(title), PeerTrait.parse("dns:localhost")))
                            .build());
                    Node scu = Node.scu(client)) {
                Connection remote = Node.remote(client, scp.port());
                if (title.equals("SCU")) {
                    scu.echo(remote);
                } else {
                    assertThatThrownBy(() -> scu.echo(remote))
                            .isInstanceOfSatisfying(AAssociateRJ.class, e -> assertThat(e.getReason())
                                    .isEqualTo(AAssociateRJ.REASON_CALLING_AET_NOT_RECOGNIZED));
                }
            }
        }
    }

    @Test
    void anAssociationWithoutTlsHasNoSecurity() throws Exception {
        try (Node scp = Node.of(new Device("plain"), "SCP", new Connection("in", "127.0.0.1", Ports.free()));
                Node scu = Node.of(new Device("plain2"), "SCU", new Connection("out", "127.0.0.1"))) {
            scp.device.bindConnections();
            Association association = scu.open(new Connection("remote", "127.0.0.1", scp.port()));
            assertThatThrownBy(() -> AssociationSecurity.of(association))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is not on TLS under a profile");
            association.release();
        }
    }
}
