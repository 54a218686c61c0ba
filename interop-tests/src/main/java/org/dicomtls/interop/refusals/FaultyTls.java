package org.dicomtls.interop.refusals;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.dicomtls.interop.pki.Credential;

/**
 * A peer without any policy that does whole handshakes: it shows its certificate whoever asks, and believes everybody. By
 * Bouncy Castle's engine, whose alerts are the same on every JDK.
 */
final class FaultyTls {

    /** An A-ASSOCIATE-RQ for Verification. */
    private static final byte[] A_ASSOCIATE_RQ = associateRequest();

    private static final byte[] A_ABORT = {7, 0, 0, 0, 0, 4, 0, 0, 0, 0};

    private static final int PATIENCE_MILLIS = 6_000;

    private final SSLContext context;
    private final String[] versions;

    FaultyTls(Optional<Credential> credential, String... versions) {
        this.versions = versions.clone();
        try {
            context = SSLContext.getInstance("TLS", new BouncyCastleJsseProvider(false, new BouncyCastleProvider()));
            context.init(
                    credential.map(c -> new KeyManager[] {new Insistent(c)}).orElse(new KeyManager[0]),
                    new TrustManager[] {new Credulous()},
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle gives no context", e);
        }
    }

    Seen client(Socket tcp) throws IOException {
        try (SSLSocket socket = layer(tcp, true)) {
            socket.startHandshake();
            socket.getOutputStream().write(A_ASSOCIATE_RQ);
            socket.getOutputStream().flush();
            // In TLS 1.3 the server's verdict comes now.
            if (socket.getInputStream().read() < 0) {
                return Seen.CLOSES;
            }
            socket.getOutputStream().write(A_ABORT);
            socket.getOutputStream().flush();
            return Seen.goesOn("it takes the certificate and answers the A-ASSOCIATE-RQ");
        } catch (IOException e) {
            return Seen.of(e);
        }
    }

    /** A server that demands a client certificate, or does not care. */
    Seen server(Socket tcp, boolean demanding) throws IOException {
        try (SSLSocket socket = layer(tcp, false)) {
            socket.setNeedClientAuth(demanding);
            socket.startHandshake();
            return socket.getInputStream().read() == 1
                    ? Seen.goesOn("it takes the certificate and sends an A-ASSOCIATE-RQ")
                    : Seen.goesOn("it takes the certificate");
        } catch (IOException e) {
            return Seen.of(e);
        }
    }

    /** A server that is at fault only after the handshake. */
    Seen then(Socket tcp, Failure.Talk talk) throws IOException {
        try (SSLSocket socket = layer(tcp, false)) {
            socket.startHandshake();
            talk.on(socket);
            return new Seen("");
        } catch (IOException e) {
            return Seen.of(e);
        }
    }

    private SSLSocket layer(Socket tcp, boolean client) throws IOException {
        tcp.setSoTimeout(PATIENCE_MILLIS);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", tcp.getPort(), true);
        socket.setUseClientMode(client);
        socket.setEnabledProtocols(versions);
        // Without DHE, whose primes Bouncy Castle takes by name only: that would be a fault of its own.
        socket.setEnabledCipherSuites(Arrays.stream(socket.getEnabledCipherSuites())
                .filter(suite -> !suite.startsWith("TLS_DHE_"))
                .toArray(String[]::new));
        return socket;
    }

    private static byte[] associateRequest() {
        byte[] syntaxes = new Octets()
                .u8(1, 0, 0, 0)
                .raw(item(0x30, ascii("1.2.840.10008.1.1")))
                .raw(item(0x40, ascii("1.2.840.10008.1.2")))
                .get();
        byte[] user = new Octets()
                .raw(item(0x51, new byte[] {0, 0, 0x40, 0}))
                .raw(item(0x52, ascii("1.2.826.0.1.3680043.10.1")))
                .get();
        byte[] body = new Octets()
                .u16(1, 0)
                .raw(ascii(String.format("%-16s%-16s", "ANY-SCP", "DICOM-TLS")))
                .raw(new byte[32])
                .raw(item(0x10, ascii("1.2.840.10008.3.1.1.1")))
                .raw(item(0x20, syntaxes))
                .raw(item(0x50, user))
                .get();
        return new Octets().u8(1, 0).u16(0, body.length).raw(body).get();
    }

    private static byte[] item(int type, byte[] content) {
        return new Octets().u8(type, 0).vector16(content).get();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Insistent extends X509ExtendedKeyManager {
        private final Credential credential;

        Insistent(Credential credential) {
            this.credential = credential;
        }

        private String fits(String... types) {
            String algorithm = credential.certificate().getPublicKey().getAlgorithm();
            return Arrays.stream(types).anyMatch(type -> type.startsWith(algorithm) || type.endsWith(algorithm)
                            || algorithm.equals("EC") && type.contains("ECDSA"))
                    ? "it"
                    : null;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return fits(types);
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return fits(types);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return fits(type);
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return fits(type);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return credential.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return credential.key();
        }
    }

    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
