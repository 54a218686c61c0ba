package org.dicomtls.interop.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.dicomtls.interop.cli.OwnWords;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.refusals.Failure;
import org.dicomtls.interop.refusals.FaultyPeer;
import org.dicomtls.interop.refusals.Seen;
import org.dicomtls.rule.Role;

/** What DCMTK and OpenSSL print of a failure. */
final class OtherWords implements AutoCloseable {

    private static final int MOST_LINES = 6;
    private static final int MOST_ATTEMPTS = 5;
    private static final int SETTLED_MILLIS = 700;
    private static final String CIPHERS = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
            + "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256";

    /** Lines of DCMTK that say that something is wrong. */
    private static final Predicate<String> DCMTK =
            Pattern.compile("^(?:[EWF]:|D:.*(?:TLS alert|[Rr]ejecting|A-ABORT|Abort)|I: (?:Association Rejected|Result|Reason))")
                    .asPredicate();

    private static final Predicate<String> OPENSSL = Pattern.compile(
                    "error:[0-9A-F]+:|verify error:num|errno=")
            .asPredicate();

    private final TestPki pki;
    private final Path directory;

    OtherWords(TestPki pki, Path directory) throws IOException {
        this.pki = pki;
        this.directory = directory;
        Command.assumeInstalled("dcmtk", "echoscu", "storescp");
        Command.assumeInstalled("openssl", "openssl");
        pki.write(directory);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    String dcmtk(Failure failure, Role role) throws Exception {
        if (role == Role.SERVER) {
            return server(failure, DCMTK, port -> List.of(
                    "storescp", "-d", "--ignore", "+tls", file("server-rsa.key"), file("server-rsa.pem"), "+cf",
                    file("ca.pem"), "--require-peer-cert", "--profile-bcp195-nd", "-ta", "3", "-td", "3",
                    Integer.toString(port)));
        }
        return client(failure, DCMTK, port -> {
            List<String> words = new ArrayList<>(List.of("echoscu", "-d", "-to", "3", "-ta", "3", "-td", "3"));
            words.addAll(
                    failure.withoutCertificate()
                            ? List.of("+tla")
                            : List.of("+tls", file("client-rsa.key"), file("client-rsa.pem")));
            words.addAll(List.of(
                    "+cf", file("ca.pem"), "--require-peer-cert", "--profile-bcp195-nd", "localhost",
                    Integer.toString(port)));
            return words;
        });
    }

    String openssl(Failure failure, Role role) throws Exception {
        if (failure == Failure.REJECTED) {
            return "(speaks no DICOM)";
        }
        if (role == Role.SERVER) {
            return server(failure, OPENSSL, port -> List.of(
                    "openssl", "s_server", "-accept", Integer.toString(port), "-cert", file("server-rsa.pem"), "-key",
                    file("server-rsa.key"), "-CAfile", file("ca.pem"), "-Verify", "3", "-verify_return_error", "-cipher",
                    CIPHERS));
        }
        return client(failure, OPENSSL, port -> {
            List<String> words = new ArrayList<>(List.of(
                    "timeout", "8", "openssl", "s_client", "-connect", "localhost:" + port, "-CAfile", file("ca.pem"),
                    "-verify_return_error", "-verify_hostname", "localhost", "-ign_eof", "-cipher", CIPHERS));
            if (!failure.withoutCertificate()) {
                words.addAll(List.of("-cert", file("client-rsa.pem"), "-key", file("client-rsa.key")));
            }
            return words;
        });
    }

    private interface CommandLine {
        List<String> on(int port);
    }

    private String server(Failure failure, Predicate<String> telling, CommandLine line) throws Exception {
        // Another process may take the port between the look and the start.
        for (int attempt = 1; ; attempt++) {
            int port = Ports.free();
            try (Command server = Command.start(line.on(port))) {
                if (listening(port, server)) {
                    int before = settled(server).size();
                    Seen seen;
                    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        seen = failure.peer(Role.SERVER, pki).orElseThrow().on(connection);
                    }
                    List<String> lines = settled(server);
                    return words(lines.subList(Math.min(before, lines.size()), lines.size()), telling, Optional.of(seen), port);
                }
                if (attempt == MOST_ATTEMPTS) {
                    throw new AssertionError("does not listen: " + server.lines());
                }
            }
        }
    }

    private static boolean listening(int port, Command server) throws Exception {
        for (int i = 0; i < 200 && server.isAlive(); i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.shutdownOutput();
                return server.isAlive();
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        return false;
    }

    private static List<String> settled(Command command) throws InterruptedException {
        List<String> before = command.lines();
        for (int i = 0; i < 20; i++) {
            Thread.sleep(SETTLED_MILLIS);
            List<String> now = command.lines();
            if (now.size() == before.size()) {
                return now;
            }
            before = now;
        }
        return before;
    }

    private String client(Failure failure, Predicate<String> telling, CommandLine line) throws Exception {
        Optional<FaultyPeer> peer = failure.peer(Role.CLIENT, pki);
        if (peer.isEmpty()) {
            int port = Ports.free();
            return words(lines(Command.run(line.on(port))), telling, Optional.empty(), port);
        }
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Seen> serving = CompletableFuture.supplyAsync(() -> {
                try (Socket connection = listener.accept()) {
                    return peer.get().on(connection);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            int port = listener.getLocalPort();
            List<String> lines = lines(Command.run(line.on(port)));
            return words(lines, telling, Optional.of(serving.get(30, TimeUnit.SECONDS)), port);
        }
    }

    private static List<String> lines(Command.Result result) {
        List<String> lines = new ArrayList<>(result.err().lines().toList());
        lines.addAll(result.out().lines().toList());
        return lines;
    }

    private String words(List<String> lines, Predicate<String> telling, Optional<Seen> seen, int port) {
        List<String> told = lines.stream()
                .filter(telling)
                .map(text -> text.replace(directory.toString(), "PKI").replace(Integer.toString(port), "PORT"))
                .map(text -> text.replaceAll("^[0-9A-F]{8,16}:", "").replaceAll(":\\.\\./[^:]*:\\d+:", " ").strip())
                .distinct()
                .limit(MOST_LINES)
                .map(text -> "`" + text.replace('`', '\'') + "`")
                .toList();
        String wire = seen.filter(s -> !s.text().isEmpty()).map(s -> "; on the wire " + s).orElse("");
        // What is said when our peer then ends the connection does not count.
        boolean unmoved = seen.filter(s -> s.accepted() || s.nothing()).isPresent();
        return (told.isEmpty() || unmoved ? "(nothing)" : String.join(" ", told)) + wire;
    }

    @Override
    public void close() {
        // The directory belongs to the test, and every process has ended.
    }
}
