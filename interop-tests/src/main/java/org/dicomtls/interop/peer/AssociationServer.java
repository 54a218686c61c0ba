package org.dicomtls.interop.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.dicomtls.interop.association.AssociationSummary;
import org.dicomtls.interop.association.ConnectionSetup;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DicomServerListener;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.server.ConnectionServer;

/** A server of a peer that has no DICOM of its own: TLS is the peer's, the association above it this library's. */
final class AssociationServer implements PeerServer {

    private final DicomServer server;
    private final Path kept;

    /** On any free port of loopback, with what the peer does to each connection. */
    AssociationServer(Bench bench, ConnectionSetup tls) throws IOException {
        this.kept = bench.directory().resolve("kept");
        PeerLog log = bench.log();
        this.server = DicomServer.on(ConnectionServer.plain().bind(InetAddress.getLoopbackAddress(), 0))
                .setup(tls)
                .setupTimeout(bench.timeout())
                .sink(StoreSink.toDirectory(kept))
                .listener(new DicomServerListener() {
                    @Override
                    public void setupFailed(SocketAddress peer, IOException failure) {
                        log.say("refused: " + failure);
                    }

                    @Override
                    public void associationClosed(SocketAddress peer, AssociationSummary summary) {
                        log.say("association " + summary.ending() + ", C-ECHO " + summary.echoes() + ", stored "
                                + summary.stored() + summary.failure().map(e -> ", " + e).orElse(""));
                    }
                })
                .start();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Optional<Path> stored(String sopInstance) throws IOException {
        return StoredFiles.find(kept, sopInstance);
    }

    @Override
    public void close() {
        server.close(Duration.ofMillis(500));
    }
}
