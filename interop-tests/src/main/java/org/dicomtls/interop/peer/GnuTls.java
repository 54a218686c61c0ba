package org.dicomtls.interop.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

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

    /** The versions that the models were written for; others are measured. */
    static final String MODELLED = "3.7.";

    private static final String NEWEST =
            "TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256 TLS_AES_128_CCM_SHA256 ";

    private static final String NORMAL = NEWEST
            + """
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CCM TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_128_CCM TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
            TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
            TLS_RSA_WITH_AES_256_GCM_SHA384 TLS_RSA_WITH_AES_256_CCM TLS_RSA_WITH_AES_256_CBC_SHA
            TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_128_CCM TLS_RSA_WITH_AES_128_CBC_SHA
            TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_DHE_RSA_WITH_AES_256_CCM
            TLS_DHE_RSA_WITH_AES_256_CBC_SHA TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 TLS_DHE_RSA_WITH_AES_128_CCM
            TLS_DHE_RSA_WITH_AES_128_CBC_SHA
            """;

    private static final String SECURE256 =
            """
            TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_ECDHE_ECDSA_WITH_AES_256_CCM TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            TLS_RSA_WITH_AES_256_GCM_SHA384 TLS_RSA_WITH_AES_256_CCM TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
            TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_DHE_RSA_WITH_AES_256_CCM
            """;

    private static final String CAMELLIA_AND_CCM =
            """
            TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
            TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384 TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256
            TLS_DHE_RSA_WITH_AES_256_CCM TLS_DHE_RSA_WITH_AES_128_CCM
            TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384 TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256 TLS_RSA_WITH_AES_256_CCM
            TLS_RSA_WITH_AES_128_CCM
            """;

    private static final String ALL_VERSIONS = "TLSv1.3 TLSv1.2 TLSv1.1 TLSv1.0";
    private static final String GROUPS =
            "secp256r1 secp384r1 secp521r1 x25519 x448 ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192";
    private static final String SCHEMES =
            """
            rsa_pkcs1_sha256 rsa_pss_pss_sha256 rsa_pss_rsae_sha256 ecdsa_secp256r1_sha256 ed25519
            rsa_pkcs1_sha384 rsa_pss_pss_sha384 rsa_pss_rsae_sha384 ecdsa_secp384r1_sha384 ed448
            rsa_pkcs1_sha512 rsa_pss_pss_sha512 rsa_pss_rsae_sha512 ecdsa_secp521r1_sha512 rsa_pkcs1_sha1 ecdsa_sha1
            """;

    /** One priority string, and what it comes to; in both roles alike, but for how each chooses. */
    private record Priority(
            String id,
            String priority,
            String versions,
            String suites,
            String groups,
            String shares,
            String schemes,
            int leastRsaBits) {

        ClientModel client() {
            return ClientModel.of(Names.versions(versions).toArray(TlsVersion[]::new))
                    .suites(Names.suites(suites))
                    .groups(Names.groups(groups))
                    .keyShares(Names.groups(shares))
                    .schemes(Names.schemes(schemes))
                    .leastRsaBits(leastRsaBits)
                    .build();
        }

        /** It goes by the client's order in everything, and heeds RFC 7919. */
        ServerModel server() {
            List<CipherSuite> served = Names.suites(suites).stream()
                    .filter(s -> s.tls13() || org.dicomtls.predict.KeyKind.RSA.serves(s))
                    .toList();
            ServerModel.Builder builder = ServerModel.of(Names.versions(versions).toArray(TlsVersion[]::new))
                    .suites(served, Chooser.CLIENT)
                    .groups(Names.groups(groups), Chooser.CLIENT)
                    .sharesChosenBy(Chooser.CLIENT)
                    .retryChosenBy(Chooser.CLIENT)
                    .schemes(Names.schemes(schemes))
                    .leastRsaBits(leastRsaBits);
            if (served.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE)) {
                NamedGroup least = Names.groups(groups).stream().filter(NamedGroup::finiteField).findFirst().orElseThrow();
                builder.dhePrime(DhePrime.of(least)).namedFieldsHeeded(true);
            }
            return builder.build();
        }
    }

    private static final List<Priority> PRIORITIES = List.of(
            new Priority("normal", "NORMAL", ALL_VERSIONS, NORMAL, GROUPS, "secp256r1 x25519", SCHEMES, 0),
            // Its level of security wants RSA keys of 3072 bits in certificates.
            new Priority(
                    "secure256", "SECURE256", ALL_VERSIONS, SECURE256, "secp384r1 secp521r1 ffdhe8192", "secp384r1 ffdhe8192",
                    "rsa_pkcs1_sha384 rsa_pss_pss_sha384 rsa_pss_rsae_sha384 ecdsa_secp384r1_sha384 ed448"
                            + " rsa_pkcs1_sha512 rsa_pss_pss_sha512 rsa_pss_rsae_sha512 ecdsa_secp521r1_sha512",
                    3072),
            new Priority(
                    "camellia-ccm",
                    "NONE:+VERS-TLS1.2:+ECDHE-RSA:+DHE-RSA:+RSA:+CAMELLIA-256-GCM:+CAMELLIA-128-GCM:+AES-256-CCM:"
                            + "+AES-128-CCM:+AEAD:+GROUP-ALL:+SIGN-ALL",
                    "TLSv1.2", CAMELLIA_AND_CCM, GROUPS, "", SCHEMES, 0),
            new Priority(
                    "ffdhe",
                    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096",
                    "TLSv1.3", NEWEST, "ffdhe2048 ffdhe3072 ffdhe4096", "ffdhe2048", SCHEMES, 0));

    @Override
    public List<PeerConfiguration> configurations() throws InterruptedException {
        boolean modelled = presence().version().orElse("").startsWith(MODELLED);
        return PRIORITIES.stream().map(p -> configuration(p, modelled)).toList();
    }

    private static PeerConfiguration configuration(Priority way, boolean modelled) {
        return Configured.of(way.id(), way.priority())
                .calling(
                        Optional.of(way.client()).filter(m -> modelled),
                        bench -> new TunnelClient(bench, (host, port) -> cli(bench, host, port, way.priority())))
                .serving(
                        Optional.of(way.server()).filter(m -> modelled), bench -> server(bench, way.priority()))
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
    public static List<String> serv(Bench bench, int port, String priority) {
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
