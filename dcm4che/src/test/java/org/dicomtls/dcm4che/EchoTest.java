package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every enforceable profile, every pair of engines, dcm4che at one end or at both. */
class EchoTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private interface Body {
        void run(SecureTransport client, SecureTransport server) throws Exception;
    }

    private static Stream<DynamicTest> everyPair(Body body) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : Keys.ENFORCEABLE) {
            for (Engine client : Engine.values()) {
                for (Engine server : Engine.values()) {
                    String name = profile.id() + ", client " + client.id() + ", server " + server.id();
                    tests.add(DynamicTest.dynamicTest(name, () -> {
                        if (server == Engine.JDK && Keys.BC_ONLY_AS_SERVER.contains(profile.id())) {
                            assertThatThrownBy(() -> Keys.transport(profile, server, Role.SERVER).build())
                                    .isInstanceOf(CannotEnforceException.class);
                            return;
                        }
                        body.run(
                                Keys.transport(profile, client, Role.CLIENT).build(),
                                Keys.transport(profile, server, Role.SERVER).build());
                    }));
                }
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> dcm4cheAtBothEnds() {
        return everyPair((client, server) -> {
            try (Node scp = Node.scp(server);
                    Node scu = Node.scu(client)) {
                AssociationSecurity requestor = scu.echo(Node.remote(client, scp.port()));
                AssociationSecurity acceptor = scp.accepted.get(10, TimeUnit.SECONDS);
                String profile = client.profile().id();
                assertThat(requestor.negotiated().profile()).isEqualTo(profile);
                assertThat(acceptor.negotiated().profile()).isEqualTo(profile);
                assertThat(requestor.negotiated().end()).isEqualTo(Role.CLIENT);
                assertThat(acceptor.negotiated().end()).isEqualTo(Role.SERVER);
                assertThat(requestor.negotiated().version()).isEqualTo(acceptor.negotiated().version());
                assertThat(requestor.negotiated().suite()).isEqualTo(acceptor.negotiated().suite());
                assertThat(requestor.peerCertificate().orElseThrow().getSubjectX500Principal().getName())
                        .contains("test server");
                assertThat(acceptor.peerCertificate().orElseThrow().getSubjectX500Principal().getName())
                        .contains("test client");
                assertThat(requestor.toString()).startsWith(profile + " TLSv1.").contains("peer CN=");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> dcm4cheAsScpWithTheReferenceScu() {
        return everyPair((client, server) -> {
            try (Node scp = Node.scp(server);
                    Socket socket = client.sslContext().getSocketFactory().createSocket("localhost", scp.port());
                    Association association = Association.open(
                            socket, "OTHER", "SCP", PresentationContext.verification(), TIMEOUT)) {
                assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
                association.release();
                assertThat(scp.accepted.get(10, TimeUnit.SECONDS).negotiated().profile())
                        .isEqualTo(server.profile().id());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> dcm4cheAsScuWithTheReferenceScp() {
        return everyPair((client, server) -> {
            DicomServer scp = DicomServer.on(ConnectionServer.secure(server).bind(InetAddress.getLoopbackAddress(), 0))
                    .start();
            try (Node scu = Node.scu(client)) {
                assertThat(scu.echo(Node.remote(client, scp.port())).negotiated().profile())
                        .isEqualTo(client.profile().id());
            } finally {
                scp.close(Duration.ofMillis(500));
            }
        });
    }
}
