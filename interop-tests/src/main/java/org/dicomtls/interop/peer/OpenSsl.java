package org.dicomtls.interop.peer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

/**
 * {@code openssl s_server} and {@code s_client} as the TLS end of an association: they are the two ends of a tunnel, and
 * the DICOM that goes through it is spoken by this library's association, which knows nothing of TLS.
 */
public final class OpenSsl implements Peer {

    @Override
    public String id() {
        return "openssl";
    }

    @Override
    public String title() {
        return "OpenSSL";
    }

    @Override
    public Presence presence() throws InterruptedException {
        return PeerProcess.said(List.of("openssl", "version"))
                .map(said -> Presence.installed(Versions.in(said)))
                .orElse(Presence.missing("install openssl"));
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(
                configuration("default", KeyKind.RSA),
                configuration("tls12", KeyKind.RSA, "-tls1_2", "-cipher", "ECDHE+AESGCM"),
                configuration("tls13", KeyKind.RSA, "-tls1_3"),
                configuration("dhe", KeyKind.RSA, "-tls1_2", "-cipher", "DHE+AESGCM"),
                configuration(
                        "ccm", KeyKind.ECDSA, "-cipher", "ECDHE+AESCCM", "-ciphersuites",
                        "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"),
                configuration(
                        "ecdsa", KeyKind.ECDSA, "-groups", "P-384:P-256", "-sigalgs",
                        "ECDSA+SHA384:ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256", "-min_protocol", "TLSv1.2", "-cipher",
                        "ECDHE+AESGCM"),
                configuration(
                        "legacy", KeyKind.RSA, "-min_protocol", "TLSv1", "-max_protocol", "TLSv1.1", "-cipher",
                        "ALL:@SECLEVEL=0"));
    }

    private static Configured configuration(String id, KeyKind kind, String... options) {
        return Configured.of(id, options.length == 0 ? "no options" : String.join(" ", options))
                .serving(null, bench -> server(bench, kind, options))
                .calling(null, bench -> client(bench, kind, options))
                .storing(Role.SERVER, Role.CLIENT);
    }

    /** The command line of a server on that port of loopback. */
    static List<String> sServer(Bench bench, KeyKind kind, int port, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "openssl", "s_server", "-quiet", "-accept", "127.0.0.1:" + port, "-cert",
                bench.certificate(Role.SERVER, kind).toString(), "-key", bench.key(Role.SERVER, kind).toString()));
        words.addAll(List.of(options));
        return words;
    }

    /** The options by which it demands a client certificate. */
    static List<String> demanding(Bench bench) {
        return List.of("-Verify", "3", "-verify_return_error", "-CAfile", bench.authority().toString());
    }

    /** The command line of a client. */
    static List<String> sClient(Bench bench, KeyKind kind, String host, int port, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "openssl", "s_client", "-quiet", "-connect", host + ":" + port, "-cert",
                bench.certificate(Role.CLIENT, kind).toString(), "-key", bench.key(Role.CLIENT, kind).toString(), "-CAfile",
                bench.authority().toString(), "-verify_return_error"));
        words.addAll(List.of(options));
        return words;
    }

    private static PeerClient client(Bench bench, KeyKind kind, String... options) {
        return new TunnelClient(bench, (host, port) -> sClient(bench, kind, host, port, options));
    }

    /**
     * A server of its own process for each connection, because one that goes on says nothing of where a connection ends
     * and the next one begins.
     */
    private static PeerServer server(Bench bench, KeyKind kind, String... options) throws IOException {
        return new AssociationServer(bench, accepted -> {
            int port = bench.freePort();
            List<String> words = sServer(bench, kind, port, options);
            words.addAll(demanding(bench));
            words.addAll(List.of("-naccept", "1"));
            PeerProcess process = PeerProcess.piped(words, bench.log());
            Socket tls;
            try {
                tls = connect(process, port, bench);
            } catch (IOException e) {
                process.close();
                throw e;
            }
            pump(accepted, tls);
            pump(tls, accepted);
            return new PipedSocket(process, (Closeable) () -> {
                tls.close();
                accepted.close();
            });
        });
    }

    /** Connects as soon as it listens; one connection is all that it takes. */
    private static Socket connect(PeerProcess process, int port, Bench bench) throws IOException {
        long end = System.nanoTime() + bench.timeout().toNanos();
        while (true) {
            boolean alive = process.isAlive();
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException notYet) {
                if (!alive || System.nanoTime() > end) {
                    throw new IOException("s_server does not listen" + bench.log().last(3), notYet);
                }
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
    }

    /** Carries octets one way until that way ends. */
    private static void pump(Socket from, Socket to) {
        Thread thread = new Thread(
                () -> {
                    try {
                        InputStream in = from.getInputStream();
                        OutputStream out = to.getOutputStream();
                        in.transferTo(out);
                        to.shutdownOutput();
                    } catch (IOException gone) {
                        // Either end is gone; the other one sees it by what is closed next.
                    }
                },
                "peer-tunnel-" + from.getPort() + "-" + to.getPort());
        thread.setDaemon(true);
        thread.start();
    }
}
