package org.dicomtls.interop.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.transport.SecureTransport;

/** Our own SCP, which keeps nothing, and our own SCU beside it; on plain TCP or under a policy. */
final class Scp implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final DicomServer server;
    private final Optional<SecureTransport> client;
    private final int pduLength;

    private Scp(Optional<SecureTransport> server, Optional<SecureTransport> client, int pduLength) throws IOException {
        this.client = client;
        this.pduLength = pduLength;
        ConnectionServer.Builder connections =
                server.map(ConnectionServer::secure).orElseGet(ConnectionServer::plain);
        this.server = DicomServer.on(connections.bind(Loopback.address(), 0))
                .acceptor(AcceptorOptions.defaults().withMaxPduLength(pduLength))
                .sink(StoreSink.discarding())
                .start();
    }

    static Scp plain(int pduLength) throws IOException {
        return new Scp(Optional.empty(), Optional.empty(), pduLength);
    }

    static Scp secure(SecureTransport server, SecureTransport client, int pduLength) throws IOException {
        return new Scp(Optional.of(server), Optional.of(client), pduLength);
    }

    int port() {
        return server.port();
    }

    private Socket connect() throws IOException {
        Socket tcp = Loopback.connect(port());
        if (client.isEmpty()) {
            return tcp;
        }
        SSLSocket tls = (SSLSocket)
                client.get().sslContext().getSocketFactory().createSocket(tcp, "localhost", port(), true);
        tls.startHandshake();
        return tls;
    }

    /** One association with one C-ECHO, from the connection to its end. */
    void echo() throws IOException {
        try (Association association = Association.open(
                connect(), "BENCH-SCU", "BENCH-SCP", PresentationContext.verification(), TIMEOUT, pduLength)) {
            require(association.echo());
            association.release();
        }
    }

    /** One association that stores those files, from the connection to its end. */
    void store(List<Path> files) throws IOException {
        List<Part10> instances = new ArrayList<>();
        for (Path file : files) {
            instances.add(Part10.read(file));
        }
        try (Association association = Association.open(
                connect(), "BENCH-SCU", "BENCH-SCP", PresentationContext.storing(instances), TIMEOUT, pduLength)) {
            for (Part10 instance : instances) {
                require(association.store(instance));
            }
            association.release();
        }
    }

    private static void require(DimseStatus status) throws IOException {
        if (!status.isSuccess()) {
            throw new IOException("the SCP answered with status " + status);
        }
    }

    @Override
    public void close() {
        server.close(Duration.ofSeconds(1));
    }
}
