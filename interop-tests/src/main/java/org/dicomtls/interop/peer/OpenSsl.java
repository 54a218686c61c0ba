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
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * {@code openssl s_server} and {@code s_client} as the TLS end of an association: they are the two ends of a tunnel, and
 * the DICOM that goes through it is spoken by this library's association, which knows nothing of TLS.
 */
public final class OpenSsl implements Peer {

    /** The versions that the models were written for; others are measured. */
    static final String MODELLED = "3.0.";

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

    /** One way to run both ends. */
    private record Way(String id, KeyKind kind, Optional<ClientModel> client, Optional<ServerModel> server, List<String> options) {

        /** Its hello names schemes of TLS 1.3 only, its CertificateRequest two more. */
        static Way tls13(List<NamedGroup> groups, String... options) {
            Way same = of(
                    "tls13", KeyKind.RSA, List.of(TlsVersion.TLS_1_3), OpenSslModels.TLS_1_3_SUITES, groups,
                    OpenSslModels.TLS_1_3_SCHEMES, options);
            ServerModel server = OpenSslModels.server(
                            List.of(TlsVersion.TLS_1_3), OpenSslModels.TLS_1_3_SUITES, groups, OpenSslModels.TLS_1_3_SCHEMES,
                            org.dicomtls.predict.KeyKind.RSA)
                    .clientSchemes(Names.joined(
                            OpenSslModels.TLS_1_3_SCHEMES, Names.schemes("ecdsa_sha224 rsa_pkcs1_sha224")))
                    .build();
            return new Way(same.id(), same.kind(), same.client(), Optional.of(server), same.options());
        }

        /** Modelled alike in both roles, but for how each chooses. */
        static Way of(
                String id,
                KeyKind kind,
                List<TlsVersion> versions,
                List<CipherSuite> suites,
                List<NamedGroup> groups,
                List<SignatureScheme> schemes,
                String... options) {
            org.dicomtls.predict.KeyKind key = kind == KeyKind.RSA
                    ? org.dicomtls.predict.KeyKind.RSA
                    : org.dicomtls.predict.KeyKind.ECDSA_P256;
            return new Way(
                    id,
                    kind,
                    Optional.of(OpenSslModels.client(versions, suites, groups, schemes, key).build()),
                    Optional.of(OpenSslModels.server(versions, suites, groups, schemes, key).build()),
                    List.of(options));
        }
    }

    @Override
    public List<PeerConfiguration> configurations() throws InterruptedException {
        boolean modelled = presence().version().orElse("").startsWith(MODELLED);
        return ways().stream().map(way -> configuration(way, modelled)).toList();
    }

    private static List<Way> ways() {
        List<TlsVersion> both = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
        List<TlsVersion> offered = TlsVersion.known().stream().filter(v -> v.compareTo(TlsVersion.TLS_1_0) >= 0).toList();
        List<CipherSuite> gcm = Names.suites("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
                + " TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        return List.of(
                Way.of(
                        "default", KeyKind.RSA, offered,
                        Names.joined(OpenSslModels.TLS_1_3_SUITES, OpenSslModels.TLS_1_2_SUITES),
                        OpenSslModels.GROUPS, OpenSslModels.SCHEMES),
                Way.of(
                        "tls12", KeyKind.RSA, List.of(TlsVersion.TLS_1_2), gcm, OpenSslModels.CURVES, OpenSslModels.SCHEMES,
                        "-tls1_2", "-cipher", "ECDHE+AESGCM"),
                Way.tls13(
                        Names.groups("ffdhe3072 secp384r1 secp256r1"), "-tls1_3", "-groups", "ffdhe3072:P-384:P-256"),
                Way.of(
                        "dhe", KeyKind.RSA, List.of(TlsVersion.TLS_1_2),
                        Names.suites("TLS_DHE_DSS_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"
                                + " TLS_DHE_DSS_WITH_AES_128_GCM_SHA256 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
                        List.of(), OpenSslModels.SCHEMES, "-tls1_2", "-cipher", "DHE+AESGCM"),
                Way.of(
                        "ccm", KeyKind.ECDSA, offered,
                        Names.suites("TLS_AES_128_CCM_SHA256 TLS_AES_128_CCM_8_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"
                                + " TLS_ECDHE_ECDSA_WITH_AES_256_CCM TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
                                + " TLS_ECDHE_ECDSA_WITH_AES_128_CCM"),
                        OpenSslModels.GROUPS, OpenSslModels.SCHEMES, "-cipher", "ECDHE+AESCCM", "-ciphersuites",
                        "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"),
                Way.of(
                        "ecdsa", KeyKind.ECDSA, both, Names.joined(OpenSslModels.TLS_1_3_SUITES, gcm),
                        Names.groups("secp384r1 secp256r1"),
                        Names.schemes("ecdsa_secp384r1_sha384 ecdsa_secp256r1_sha256 rsa_pss_rsae_sha256 rsa_pkcs1_sha256"),
                        "-groups", "P-384:P-256", "-sigalgs", "ECDSA+SHA384:ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256",
                        "-min_protocol", "TLSv1.2", "-cipher", "ECDHE+AESGCM"),
                Way.of(
                        "legacy", KeyKind.RSA, List.of(TlsVersion.TLS_1_1),
                        Names.suites("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA TLS_RSA_WITH_AES_128_CBC_SHA"),
                        OpenSslModels.CURVES, List.of(), "-min_protocol", "TLSv1", "-max_protocol", "TLSv1.1", "-cipher",
                        "ECDHE-RSA-AES256-SHA:AES128-SHA:@SECLEVEL=0"));
    }

    private static PeerConfiguration configuration(Way way, boolean modelled) {
        String[] options = way.options().toArray(String[]::new);
        return Configured.of(way.id(), options.length == 0 ? "no options" : String.join(" ", options))
                .serving(way.server().filter(m -> modelled), bench -> server(bench, way.kind(), options))
                .calling(way.client().filter(m -> modelled), bench -> client(bench, way.kind(), options))
                .storing(Role.SERVER, Role.CLIENT);
    }

    /** The command line of a server on that port of loopback. */
    public static List<String> sServer(Bench bench, KeyKind kind, int port, String... options) {
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
                    } catch (IOException gone) {
                        // Either end is gone; the other one is to see it.
                    }
                    try {
                        to.shutdownOutput();
                    } catch (IOException gone) {
                        // It was the other one that is gone.
                    }
                },
                "peer-tunnel-" + from.getPort() + "-" + to.getPort());
        thread.setDaemon(true);
        thread.start();
    }
}
