package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.PresentationContext;

/** A client whose TLS is a command that carries standard input and output, and whose DICOM is this library's. */
final class TunnelClient implements PeerClient {

    private final Bench bench;
    private final CommandClient.Echo words;

    TunnelClient(Bench bench, CommandClient.Echo words) {
        this.bench = bench;
        this.words = words;
    }

    @Override
    public Outcome echo(String host, int port) throws IOException {
        return call(host, port, PresentationContext.verification(), Association::echo);
    }

    @Override
    public Outcome store(String host, int port, Path file) throws IOException {
        Part10 object = Part10.read(file);
        return call(host, port, PresentationContext.storing(List.of(object)), association -> association.store(object));
    }

    private Outcome call(String host, int port, List<PresentationContext> contexts, Associations.Operation operation)
            throws IOException {
        PeerProcess process = PeerProcess.piped(words.words(host, port), bench.log());
        return Associations.call(new PipedSocket(process, () -> { }), contexts, bench, operation);
    }

    @Override
    public void close() {
        // Each connection was a process of its own.
    }
}
