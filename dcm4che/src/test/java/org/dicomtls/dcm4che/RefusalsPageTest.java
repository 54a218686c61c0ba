package org.dicomtls.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.SSLManagerFactory;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.refusals.Failure;
import org.dicomtls.interop.refusals.FaultyPeer;
import org.dicomtls.interop.refusals.RefusalsPage;
import org.dicomtls.interop.refusals.Seen;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.Test;

/** What dcm4che by itself says of the failures of {@code docs/refusals.md}; written there when asked to. */
class RefusalsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "refusals.md");
    private static final int MOST_LINES = 2;
    private static final int SETTLED_MILLIS = 700;

    private static final String[] SUITES = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
    };

    /** Lines of the log that name a failure. */
    private static final Pattern TELLING = Pattern.compile("Exception|A-ABORT|A-ASSOCIATE-RJ|[Ff]ailed|WARN|ERROR");

    @Test
    void dcm4cheSaysSomethingOfEveryFailure() throws Exception {
        RefusalsPage page = RefusalsPage.read(PAGE);
        if (Boolean.getBoolean("docs.write")) {
            for (Failure failure : Failure.values()) {
                for (Role role : Role.values()) {
                    if (failure.concerns(role)) {
                        page.says(failure, role, "dcm4che", role == Role.SERVER ? server(failure) : client(failure));
                    }
                }
            }
            page.write(PAGE);
        }
        assertThat(page.all("dcm4che")).doesNotContainValue("(not asked)");
    }

    private static Device device(Role role, boolean withCertificate) throws Exception {
        Device device = new Device("stock");
        if (withCertificate) {
            Credential credential = Keys.PKI.good(role, KeyKind.RSA);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "it", credential.key(), new char[] {'x'}, credential.chain().toArray(X509Certificate[]::new));
            device.setKeyManager(SSLManagerFactory.createKeyManager(store, new char[] {'x'}));
        }
        device.setTrustManager(SSLManagerFactory.createTrustManager(Keys.PKI.authority()));
        return device;
    }

    private static Connection secure(Connection connection) {
        connection.setTlsProtocols("TLSv1.2", "TLSv1.3");
        connection.setTlsCipherSuites(SUITES);
        connection.setTlsNeedClientAuth(true);
        connection.setConnectTimeout(3_000);
        connection.setRequestTimeout(3_000);
        connection.setAcceptTimeout(3_000);
        connection.setReleaseTimeout(3_000);
        return connection;
    }

    private static String server(Failure failure) throws Exception {
        Connection connection = secure(new Connection("in", "127.0.0.1", Ports.free()));
        try (Node scp = Node.of(device(Role.SERVER, true), "SCP", connection)) {
            scp.device.bindConnections();
            Seen[] seen = new Seen[1];
            String log = logged(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), scp.port())) {
                    seen[0] = failure.peer(Role.SERVER, Keys.PKI).orElseThrow().on(socket);
                }
            });
            return words(log, Optional.empty(), Optional.of(seen[0]));
        }
    }

    private static String client(Failure failure) throws Exception {
        Optional<FaultyPeer> peer = failure.peer(Role.CLIENT, Keys.PKI);
        try (ServerSocket listener = peer.isEmpty() ? null : new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Node scu = Node.of(
                        device(Role.CLIENT, !failure.withoutCertificate()),
                        "SCU",
                        secure(new Connection("out", "127.0.0.1")))) {
            int port = listener == null ? Ports.free() : listener.getLocalPort();
            CompletableFuture<Optional<Seen>> serving = CompletableFuture.supplyAsync(() -> {
                if (listener == null) {
                    return Optional.empty();
                }
                try (Socket socket = listener.accept()) {
                    return Optional.of(peer.get().on(socket));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Exception[] thrown = new Exception[1];
            String log = logged(() -> {
                try {
                    scu.echo(secure(new Connection("remote", "localhost", port)));
                } catch (Exception e) {
                    thrown[0] = e;
                }
            });
            return words(log, Optional.ofNullable(thrown[0]), serving.get(30, TimeUnit.SECONDS));
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    /** What the logger of the tests prints meanwhile. */
    private static String logged(Action action) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        System.setErr(new PrintStream(octets, true, StandardCharsets.UTF_8));
        try {
            action.run();
            int size = -1;
            while (size != octets.size()) {
                size = octets.size();
                Thread.sleep(SETTLED_MILLIS);
            }
        } finally {
            System.setErr(before);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    private static String words(String log, Optional<Exception> thrown, Optional<Seen> seen) {
        List<String> told = new ArrayList<>();
        thrown.ifPresent(e -> told.add(e.toString()));
        log.lines()
                .filter(line -> !line.startsWith("\t") && TELLING.matcher(line).find())
                .map(line -> line.replaceFirst("^\\[[^]]*] ", "")
                        .replaceFirst("^INFO org\\.dcm4che3\\.net\\.Association - \\S+ ", ""))
                .forEach(told::add);
        List<String> lines = told.stream()
                .map(line -> line.replaceAll(":\\d{4,5}\\b", ":PORT").replaceAll("\\(\\d+\\)", "(N)").replace('`', '\'').strip())
                .map(line -> line.length() > 240 ? line.substring(0, 240) + "…" : line)
                .distinct()
                .limit(MOST_LINES)
                .map(line -> "`" + line + "`")
                .toList();
        boolean unmoved = seen.filter(s -> s.accepted() || s.nothing()).isPresent();
        return (lines.isEmpty() || unmoved ? "(nothing)" : String.join(" ", lines))
                + seen.filter(s -> !s.text().isEmpty()).map(s -> "; on the wire " + s).orElse("");
    }
}
