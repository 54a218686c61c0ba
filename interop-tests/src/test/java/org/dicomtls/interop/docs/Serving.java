package org.dicomtls.interop.docs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.dicomtls.rule.Profile;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.server.ServerLimits;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import org.dicomtls.transport.Trust;

/** What docs/serve.md and docs/reading-refusals.md show. */
final class Serving {

    private Serving() {}

    private interface Archive {
        void serve(Socket connection, Negotiated negotiated) throws IOException;
    }

    static ConnectionServer server(SecureTransport transport, Archive archive) throws IOException {
        ConnectionServer server = ConnectionServer.secure(transport)
                .bind(new InetSocketAddress(2762))
                .limits(ServerLimits.defaults().withEstablished(200))
                .drain(Duration.ofSeconds(60))
                .start(connection -> archive.serve(connection.socket(), connection.negotiated().orElseThrow()));
        return server;
    }

    private record RefusalLog(Appendable log) implements TransportListener {}

    static SecureTransport listening(Profile profile, Identity identity, Trust trust) {
        SecureTransport transport = SecureTransport.of(profile)
                .identity(identity)
                .trust(trust)
                .listener(new RefusalLog(System.out))
                .build();
        return transport;
    }
}
