package org.dicomtls.interop.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** What {@code dicom-tls serve} does, in this process: the enforcing side as the one to be audited. */
final class ReferenceServer {

    private ReferenceServer() {}

    static DicomServer start(Profile profile, Engine engine, TestPki pki) throws IOException {
        Duration timeout = Duration.ofSeconds(10);
        SecureTransport transport = SecureTransport.of(profile)
                .engine(engine)
                .role(Role.SERVER)
                .identity(Identity.of(pki.good(Role.SERVER).stream()
                        .map(c -> new Identity.Entry(c.key(), c.chain()))
                        .toList()))
                .trust(Trust.authorities(pki.authority()))
                .handshakeTimeout(timeout)
                .build();
        return DicomServer.on(ConnectionServer.secure(transport).bind(InetAddress.getLoopbackAddress(), 0))
                .start();
    }
}
