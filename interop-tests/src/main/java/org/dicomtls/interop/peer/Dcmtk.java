package org.dicomtls.interop.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;

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

    @Override
    public List<PeerConfiguration> configurations() {
        return List.of(
                configuration("bcp195", "--profile-bcp195"),
                configuration("bcp195-nd", "--profile-bcp195-nd"),
                configuration("bcp195-ex", "--profile-bcp195-ex"),
                configuration("aes", "--profile-aes"),
                configuration("null", "--profile-null"));
    }

    private static Configured configuration(String id, String option) {
        return Configured.of(id, option)
                .serving(null, bench -> storescp(bench, option))
                .calling(null, bench -> scu(bench, option))
                .storing(Role.SERVER, Role.CLIENT);
    }

    /** A storescp that writes what it receives octet for octet into that directory. */
    static List<String> storescp(Bench bench, int port, Path kept, String... options) {
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
