package org.dicomtls.interop.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

/**
 * {@code gnutls-cli} as the TLS end of an association that this library speaks, and {@code gnutls-serv}, which has no way
 * to hand on what it receives: it sends the octets back, and so the connection is what can be tried.
 */
public final class GnuTls implements Peer {

    @Override
    public String id() {
        return "gnutls";
    }

    @Override
    public String title() {
        return "GnuTLS";
    }

    @Override
    public Presence presence() throws InterruptedException {
        return PeerProcess.said(List.of("gnutls-cli", "--version"))
                .map(said -> Presence.installed(Versions.in(said)))
                .orElse(Presence.missing("install gnutls-bin"));
    }

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(
                configuration("normal", "NORMAL"),
                configuration("secure256", "SECURE256"),
                configuration(
                        "camellia-ccm",
                        "NONE:+VERS-TLS1.2:+ECDHE-RSA:+DHE-RSA:+RSA:+CAMELLIA-256-GCM:+CAMELLIA-128-GCM:+AES-256-CCM:"
                                + "+AES-128-CCM:+AEAD:+GROUP-ALL:+SIGN-ALL"),
                configuration(
                        "ffdhe",
                        "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096"));
    }

    private static Configured configuration(String id, String priority) {
        return Configured.of(id, priority)
                .calling(null, bench -> new TunnelClient(bench, (host, port) -> cli(bench, host, port, priority)))
                .serving(null, bench -> server(bench, priority))
                .storing(Role.CLIENT)
                .echoingLines();
    }

    private static PeerServer server(Bench bench, String priority) throws IOException, InterruptedException {
        int port = bench.freePort();
        List<String> words = serv(bench, port, priority);
        words.addAll(List.of("--require-client-cert", "--verify-client-cert", "--x509cafile", bench.authority().toString()));
        return ProcessServer.start(words, port, bench.directory(), bench);
    }

    /** The command line of a server that sends back what it receives. */
    static List<String> serv(Bench bench, int port, String priority) {
        return new ArrayList<>(List.of(
                "gnutls-serv", "--port", Integer.toString(port), "--echo", "--priority", priority, "--x509certfile",
                bench.certificate(Role.SERVER, KeyKind.RSA).toString(), "--x509keyfile",
                bench.key(Role.SERVER, KeyKind.RSA).toString()));
    }

    /** The command line of a client; nothing but the server's octets goes to its standard output. */
    static List<String> cli(Bench bench, String host, int port, String priority) {
        return new ArrayList<>(List.of(
                "gnutls-cli", "--logfile=/dev/stderr", "--port", Integer.toString(port), "--x509cafile",
                bench.authority().toString(), "--x509certfile", bench.certificate(Role.CLIENT, KeyKind.RSA).toString(),
                "--x509keyfile", bench.key(Role.CLIENT, KeyKind.RSA).toString(), "--priority", priority, host));
    }
}
