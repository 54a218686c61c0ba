package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.client.Connecting;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** What {@code dicom-tls echo} does, in this process: the enforcing side as the one to be audited. */
record OwnClient(SecureTransport transport) implements Connecting {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** @throws org.dicomtls.transport.CannotEnforceException when that engine cannot honour that profile */
    static OwnClient of(Profile profile, Engine engine, TestPki pki) {
        return of(profile, engine, pki, pki.good(Role.CLIENT));
    }

    /** With these certificates only. */
    static OwnClient of(Profile profile, Engine engine, TestPki pki, List<Credential> own) {
        return new OwnClient(SecureTransport.of(profile)
                .engine(engine)
                .role(Role.CLIENT)
                .identity(Identity.of(own.stream()
                        .map(c -> new Identity.Entry(c.key(), c.chain()))
                        .toList()))
                .trust(Trust.authorities(pki.authority()))
                .handshakeTimeout(TIMEOUT)
                .build());
    }

    @Override
    public void connect(String host, int port) throws IOException {
        try (Socket tcp = new Socket()) {
            tcp.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
            tcp.setTcpNoDelay(true);
            try (Socket socket = transport.sslContext().getSocketFactory().createSocket(tcp, host, port, true)) {
                ((SSLSocket) socket).startHandshake();
                try (Association association = Association.open(
                        socket, "DICOM-TLS", "ANY-SCP", PresentationContext.verification(), TIMEOUT)) {
                    association.echo();
                    association.release();
                }
            }
        }
    }
}
