package org.dicomtls.interop.clientaudit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Conclusion;
import org.dicomtls.interop.clientaudit.ForeignClient.Expected;
import org.dicomtls.interop.clientaudit.ForeignClient.Running;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.Dcmtk;
import org.dicomtls.interop.peer.Orthanc;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerProcess;
import org.dicomtls.interop.peer.PixelMed;
import org.dicomtls.interop.run.TestImage;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;

/** The clients of others that are audited, each as its documentation says that it is to be run. */
final class ForeignClients {

    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    private static final Path JAVA_17 = Path.of("/usr/lib/jvm/java-17-openjdk-" + ARCHITECTURE + "/bin/java");
    private static final Path JAVA_25 = Path.of("/usr/lib/jvm/temurin-25-jdk-" + ARCHITECTURE + "/bin/java");
    private static final Path PIXELMED = Path.of("/usr/share/java/pixelmed.jar");
    private static final Profile MODERN = DicomProfiles.BCP195_RFC9325;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final String OLD_VERSIONS = "RFC8996/tls10-forbidden RFC8996/tls11-forbidden";
    private static final String OLD_VERSIONS_9325 = OLD_VERSIONS + " RFC9325/tls10-forbidden RFC9325/tls11-forbidden";
    private static final String WEAK_CERTIFICATES = " RFC9325/certificate-sha1-md5-forbidden";
    private static final String SHA_1 = " RFC9325/sha1-md5-signatures-forbidden";
    private static final String WEAK_DHE = " RFC9325/dhe-2048";
    private static final String LEGACY_SERVERS = " RFC9325/renegotiation-info-demanded";
    private static final String OTHER_POINTS = " RFC9325/point-formats";

    /** Who offers an old version is not asked how it refuses that. */
    private static final String REFUSAL_UNSEEN = "RFC8996/protocol-version-alert ";

    private final Path pki;
    private final Path scratch;

    ForeignClients(Path pki, Path scratch) {
        this.pki = pki;
        this.scratch = scratch;
    }

    List<ForeignClient> all() {
        return Stream.of(dcmtk(), archives(), tools(), java()).flatMap(List::stream).toList();
    }

    private List<ForeignClient> dcmtk() {
        Expected old = broken(OLD_VERSIONS, REFUSAL_UNSEEN);
        Expected fine = Expected.of(Conclusion.CONFORMANT, "", "");
        Expected weak = broken("B11/dhe-2048", "");
        Expected oldest = broken("B3/suites-offered", "");
        List<ForeignClient> all = new ArrayList<>();
        for (String tool : List.of("echoscu", "storescu")) {
            all.add(dcmtk(tool, "--profile-bcp195", DicomProfiles.BCP195, old));
            all.add(dcmtk(tool, "--profile-bcp195-nd", DicomProfiles.BCP195_NON_DOWNGRADING, fine));
            all.add(dcmtk(tool, "--profile-bcp195-ex", DicomProfiles.BCP195_EXTENDED, weak));
            all.add(dcmtk(tool, "--profile-aes", DicomProfiles.AES, oldest));
        }
        return all;
    }

    private static Expected broken(String broken, String open) {
        return Expected.of(Conclusion.NON_CONFORMANT, broken, open);
    }

    private ForeignClient dcmtk(String tool, String option, Profile profile, Expected expected) {
        PeerConfiguration configuration = configuration(new Dcmtk(), option.replace("--profile-", ""));
        return new ForeignClient(
                tool + " " + option, "dcmtk", List.of(tool, "--version"), profile, expected,
                port -> tool.equals("storescu") ? storing(configuration) : calling(configuration));
    }

    private static PeerConfiguration configuration(Peer peer, String id) {
        try {
            return peer.configurations().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Bench bench() throws IOException {
        return new Bench(pki, Files.createTempDirectory(scratch, "client"), LONGEST, new PeerLog());
    }

    /** A client that does a C-ECHO each time. */
    private Running calling(PeerConfiguration configuration) throws IOException, InterruptedException {
        PeerClient client = configuration.client(bench());
        return new Running() {
            @Override
            public void connect(String host, int port) throws Exception {
                client.echo(host, port);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** A client that does a C-STORE each time. */
    private Running storing(PeerConfiguration configuration) throws IOException, InterruptedException {
        Bench bench = bench();
        PeerClient client = configuration.client(bench);
        Path file = TestImage.write(bench.directory()).file();
        return new Running() {
            @Override
            public void connect(String host, int port) throws Exception {
                client.store(host, port, file);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    private interface Words {
        List<String> of(String host, int port);
    }

    /** A client that is a command of its own each time. */
    private static Running command(Words words) {
        return new Running() {
            @Override
            public void connect(String host, int port) throws Exception {
                ChildProcess.run(words.of(host, port));
            }

            @Override
            public void close() {}
        };
    }

    private List<ForeignClient> archives() {
        return List.of(
                new ForeignClient(
                        "Orthanc", "orthanc", List.of("Orthanc", "--version"), MODERN,
                        broken(
                                OLD_VERSIONS_9325 + WEAK_CERTIFICATES + SHA_1 + WEAK_DHE + OTHER_POINTS,
                                REFUSAL_UNSEEN), port -> calling(configuration(new Orthanc(), "default"))),
                new ForeignClient(
                        "PixelMed on Java 17", "libpixelmed-java openjdk-17-jre-headless", java(JAVA_17, PIXELMED), MODERN,
                        broken(
                                "RFC9325/forward-secrecy-preferred" + WEAK_CERTIFICATES + SHA_1 + LEGACY_SERVERS,
                                ""), port -> calling(configuration(new PixelMed(), "java-17"))),
                new ForeignClient(
                        "PixelMed on Java 25", "libpixelmed-java temurin-25-jdk", java(JAVA_25, PIXELMED), MODERN,
                        broken(WEAK_CERTIFICATES + WEAK_DHE + LEGACY_SERVERS, ""),
                        port -> calling(configuration(new PixelMed(), "java-25"))));
    }

    private static List<String> java(Path java, Path jar) {
        return List.of("test", "-r", jar.toString(), "-a", "-x", java.toString());
    }

    private List<ForeignClient> tools() {
        List<String> openssl = List.of("openssl", "version");
        List<String> gnutls = List.of("gnutls-cli", "--version");
        return List.of(
                new ForeignClient(
                        "s_client", "openssl", openssl, MODERN,
                        broken(OLD_VERSIONS_9325 + WEAK_CERTIFICATES + OTHER_POINTS, REFUSAL_UNSEEN),
                        sClient()),
                new ForeignClient(
                        "s_client: strict", "openssl", openssl, MODERN, broken(OTHER_POINTS, ""),
                        sClient("-verify_return_error", "-verify_hostname", "localhost", "-x509_strict", "-min_protocol",
                                "TLSv1.2", "-cipher", "ECDHE+AESGCM")),
                new ForeignClient(
                        "gnutls-cli", "gnutls-bin", gnutls, MODERN,
                        broken(
                                OLD_VERSIONS_9325 + SHA_1 + WEAK_DHE + LEGACY_SERVERS
                                        + " RFC9325/forward-secrecy-preferred",
                                REFUSAL_UNSEEN),
                        gnutlsCli()),
                new ForeignClient(
                        "gnutls-cli: strict", "gnutls-bin", gnutls, MODERN,
                        Expected.of(Conclusion.CONFORMANT, "", ""),
                        gnutlsCli("--priority",
                                "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-RSA:-DHE-RSA:-AES-128-CBC:-AES-256-CBC:-SIGN-RSA-SHA1"
                                        + ":-SIGN-ECDSA-SHA1:%SAFE_RENEGOTIATION")));
    }

    private ForeignClient.Start sClient(String... more) {
        return port -> command((host, to) -> {
            List<String> words = new ArrayList<>(List.of(
                    "openssl", "s_client", "-connect", host + ":" + to, "-cert", pki + "/client-rsa.pem", "-key",
                    pki + "/client-rsa.key", "-CAfile", pki + "/ca.pem"));
            words.addAll(List.of(more));
            return words;
        });
    }

    private ForeignClient.Start gnutlsCli(String... more) {
        return port -> command((host, to) -> {
            List<String> words = new ArrayList<>(List.of(
                    "gnutls-cli", "--port", Integer.toString(to), "--x509cafile", pki + "/ca.pem", "--x509certfile",
                    pki + "/client-rsa.pem", "--x509keyfile", pki + "/client-rsa.key"));
            words.addAll(List.of(more));
            words.add(host);
            return words;
        });
    }

    private List<ForeignClient> java() {
        Expected java25 = broken(WEAK_CERTIFICATES + WEAK_DHE + LEGACY_SERVERS, "");
        Expected java17 = broken(WEAK_CERTIFICATES + WEAK_DHE + LEGACY_SERVERS + SHA_1, "");
        return List.of(
                jsse("JSSE of Java 17", JAVA_17, "openjdk-17-jre-headless", "plain", java17),
                jsse("JSSE of Java 17 that identifies hosts", JAVA_17, "openjdk-17-jre-headless", "https", java17),
                jsse("JSSE of Java 25", JAVA_25, "temurin-25-jdk", "plain", java25),
                jsse("JSSE of Java 25 that identifies hosts", JAVA_25, "temurin-25-jdk", "https", java25));
    }

    private ForeignClient jsse(String name, Path java, String missing, String kind, Expected expected) {
        return new ForeignClient(
                name, missing, List.of("test", "-x", java.toString()), MODERN, expected, port -> java(java, kind));
    }

    private Running java(Path java, String kind) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(scratch, "java");
        Path keys = directory.resolve("keys.p12");
        Path trusted = directory.resolve("trusted.p12");
        PeerProcess.require("openssl", "pkcs12", "-export", "-in", pki + "/client-rsa.pem", "-inkey",
                pki + "/client-rsa.key", "-out", keys.toString(), "-passout", "pass:changeit");
        PeerProcess.require(java.resolveSibling("keytool").toString(), "-importcert", "-noprompt", "-alias", "ca", "-file",
                pki + "/ca.pem", "-keystore", trusted.toString(), "-storepass", "changeit");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ChildProcess(List.of(
                java.toString(), "-XX:TieredStopAtLevel=1", "-Djavax.net.ssl.keyStore=" + keys,
                "-Djavax.net.ssl.keyStorePassword=changeit", "-Djavax.net.ssl.trustStore=" + trusted,
                "-Djavax.net.ssl.trustStorePassword=changeit", "-cp", classPath,
                JavaClient.class.getName(), kind));
    }
}
