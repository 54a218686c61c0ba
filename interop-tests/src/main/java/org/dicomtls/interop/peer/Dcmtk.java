package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code storescp}, {@code echoscu} and {@code storescu} of DCMTK with each of its security profiles. */
public final class Dcmtk implements Peer {

    private static final List<String> TOOLS = List.of("storescp", "echoscu", "storescu");

    @Override
    public String id() {
        return "dcmtk";
    }

    @Override
    public String title() {
        return "DCMTK";
    }

    @Override
    public Presence presence() throws InterruptedException {
        Optional<String> version = Optional.empty();
        for (String tool : TOOLS) {
            Optional<List<String>> said = PeerProcess.said(List.of(tool, "--version"));
            if (said.isEmpty()) {
                return Presence.missing("install dcmtk");
            }
            version = said.get().stream().map(Versions::first).flatMap(Optional::stream).findFirst();
        }
        return Presence.installed(version.orElse("unknown"));
    }

    /** The versions that the models were written for, on OpenSSL 3.0; others are measured. */
    static final String MODELLED = "3.6.7";

    /** What it has OpenSSL support, and in TLS 1.2 takes in this order. */
    private static final List<NamedGroup> GROUPS = Names.groups(
            "secp256r1 secp256k1 secp384r1 secp521r1 sect283k1 sect283r1 sect409k1 sect409r1 sect571k1 sect571r1"
                    + " brainpoolP256r1 brainpoolP384r1 brainpoolP512r1");

    static final String FOUR =
            """
            TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
            TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
            """;

    /** As a server it puts the longer keys first, and with each length DHE before ECDHE. */
    static final String FOUR_SERVED =
            """
            TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
            TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
            """;

    static final String CBC = "TLS_RSA_WITH_AES_128_CBC_SHA";
    static final List<TlsVersion> ALL = Names.versions("TLSv1.3 TLSv1.2 TLSv1.1 TLSv1.0");
    private static final List<TlsVersion> NEW = Names.versions("TLSv1.3 TLSv1.2");
    private static final List<TlsVersion> TLS_1_2 = Names.versions("TLSv1.2");

    @Override
    public List<PeerConfiguration> configurations() throws InterruptedException {
        boolean modelled = presence().version().equals(Optional.of(MODELLED));
        return List.of(
                configuration(modelled, "bcp195", ALL, FOUR + CBC, FOUR_SERVED + CBC),
                configuration(modelled, "bcp195-nd", NEW, FOUR, FOUR_SERVED),
                configuration(
                        modelled, "bcp195-ex", TLS_1_2,
                        FOUR + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", FOUR_SERVED),
                configuration(modelled, "aes", TLS_1_2, CBC, CBC),
                configuration(modelled, "null", TLS_1_2, "TLS_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_NULL_SHA"));
    }

    private static Configured configuration(
            boolean modelled, String id, List<TlsVersion> versions, String offered, String served) {
        String option = "--profile-" + id;
        return Configured.of(id, option)
                .serving(modelled ? Optional.of(server(versions, served)) : Optional.empty(), bench -> storescp(bench, option))
                .calling(modelled ? Optional.of(client(versions, offered)) : Optional.empty(), bench -> scu(bench, option))
                .storing(Role.SERVER, Role.CLIENT);
    }

    static ClientModel client(List<TlsVersion> versions, String suites) {
        List<CipherSuite> older = Names.suites(suites);
        boolean curves = older.stream().anyMatch(s -> s.keyExchange() == KeyExchange.ECDHE);
        return OpenSslModels.client(
                        versions, withTls13(versions, older), curves ? GROUPS : List.of(), OpenSslModels.WEAK_SCHEMES,
                        org.dicomtls.predict.KeyKind.RSA)
                .build();
    }

    /** Without {@code +dp} it brings a prime of its own for DHE. */
    static ServerModel server(List<TlsVersion> versions, String suites) {
        List<CipherSuite> older = Names.suites(suites);
        ServerModel.Builder builder = OpenSslModels.server(
                        versions, withTls13(versions, older), GROUPS, OpenSslModels.WEAK_SCHEMES,
                        org.dicomtls.predict.KeyKind.RSA)
                .suites(withTls13(versions, older), Chooser.SERVER)
                .groups(GROUPS, Chooser.SERVER);
        if (older.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE)) {
            builder.dhePrime(new DhePrime(2048, Optional.empty(), false));
        }
        return builder.build();
    }

    private static List<CipherSuite> withTls13(List<TlsVersion> versions, List<CipherSuite> older) {
        return versions.contains(TlsVersion.TLS_1_3)
                ? Names.joined(OpenSslModels.TLS_1_3_SUITES, older)
                : older;
    }

    /** A storescp that writes what it receives octet for octet into that directory. */
    public static List<String> storescp(Bench bench, int port, Path kept, String... options) {
        List<String> words = new ArrayList<>(List.of("storescp", "-d", "+B", "-od", kept.toString()));
        words.addAll(security(bench, Role.SERVER));
        words.addAll(List.of(options));
        words.add(Integer.toString(port));
        return words;
    }

    private static PeerServer storescp(Bench bench, String option) throws IOException, InterruptedException {
        Path kept = Files.createDirectories(bench.directory().resolve("kept"));
        int port = bench.freePort();
        return ProcessServer.start(storescp(bench, port, kept, option), port, kept, bench);
    }

    private static PeerClient scu(Bench bench, String option) {
        return new CommandClient(
                bench,
                (host, port) -> scu("echoscu", bench, option, host, port),
                Optional.of((host, port, file) -> {
                    List<String> words = scu("storescu", bench, option, host, port);
                    words.add(file.toString());
                    return words;
                }));
    }

    /** The command line of {@code echoscu} or {@code storescu}, to which files may be added. */
    static List<String> scu(String tool, Bench bench, String option, String host, int port) {
        String seconds = Long.toString(Math.max(1, bench.timeout().toSeconds() - 1));
        List<String> words = new ArrayList<>(List.of(tool, "-d", "-to", seconds, "-ta", seconds));
        words.addAll(security(bench, Role.CLIENT));
        words.addAll(List.of(option, host, Integer.toString(port)));
        return words;
    }

    private static List<String> security(Bench bench, Role role) {
        return List.of(
                "+tls", bench.key(role, KeyKind.RSA).toString(), bench.certificate(role, KeyKind.RSA).toString(), "+cf",
                bench.authority().toString(), "--require-peer-cert");
    }
}
