package org.dicomtls.interop.peer;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

/**
 * The JSSE of the running Java as it comes, without any policy of ours: what every Java system does that sets nothing.
 * It runs in this process; the DICOM above it is this library's.
 */
public final class Jsse implements Peer {

    @Override
    public String id() {
        return "jsse";
    }

    @Override
    public String title() {
        return "JSSE defaults";
    }

    @Override
    public Presence presence() {
        return Presence.installed("Java " + Runtime.version().feature());
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(configuration("rsa", KeyKind.RSA), configuration("ecdsa", KeyKind.ECDSA));
    }

    private static Configured configuration(String id, KeyKind kind) {
        int java = Runtime.version().feature();
        org.dicomtls.predict.KeyKind key = kind == KeyKind.RSA
                ? org.dicomtls.predict.KeyKind.RSA
                : org.dicomtls.predict.KeyKind.ECDSA_P256;
        return Configured.of(id, "SSLContext.getInstance(\"TLS\") with a certificate of kind " + kind.id())
                .serving(
                        JavaModels.server(java, key).map(ServerModel.Builder::build), bench -> server(bench, kind))
                .calling(
                        JavaModels.client(java, key), bench -> new Client(bench, context(bench, Role.CLIENT, kind)))
                .storing(Role.SERVER, Role.CLIENT);
    }

    private static PeerServer server(Bench bench, KeyKind kind) throws IOException {
        SSLSocketFactory sockets = context(bench, Role.SERVER, kind).getSocketFactory();
        return new AssociationServer(bench, accepted -> {
            SSLSocket tls = (SSLSocket) sockets.createSocket(accepted, null, true);
            tls.setNeedClientAuth(true);
            tls.startHandshake();
            return tls;
        });
    }

    private static SSLContext context(Bench bench, Role role, KeyKind kind) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KeyStores.own(bench, role, kind), KeyStores.password());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(KeyStores.trusted(bench));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("JSSE takes no key of kind " + kind.id() + ": " + e.getMessage(), e);
        }
    }

    private record Client(Bench bench, SSLContext context) implements PeerClient {
        @Override
        public Outcome echo(String host, int port) {
            return call(host, port, PresentationContext.verification(), Association::echo);
        }

        @Override
        public Outcome store(String host, int port, Path file) throws IOException {
            Part10 object = Part10.read(file);
            return call(host, port, PresentationContext.storing(List.of(object)), a -> a.store(object));
        }

        private Outcome call(
                String host, int port, List<PresentationContext> contexts, Associations.Operation operation) {
            try (Socket socket = context.getSocketFactory().createSocket(host, port)) {
                socket.setSoTimeout((int) bench.timeout().toMillis());
                ((SSLSocket) socket).startHandshake();
                return Associations.call(socket, contexts, bench, operation);
            } catch (IOException e) {
                bench.log().say(e.toString());
                return Outcome.failed(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            // A context holds nothing that could be closed.
        }
    }
}
