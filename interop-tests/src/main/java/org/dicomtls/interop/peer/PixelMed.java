package org.dicomtls.interop.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;

/**
 * PixelMed, an old Java modality. What it offers is what its Java offers, so there is a configuration for each Java that
 * is found: the running one, and those of Debian's and Temurin's packages.
 */
public final class PixelMed implements Peer {

    private static final Path JAR = Path.of("/usr/share/java/pixelmed.jar");
    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    private static final List<CipherSuite> ONLY = Names.suites("TLS_RSA_WITH_AES_128_CBC_SHA");
    private static final Map<Integer, Path> KNOWN = Map.of(
            17, Path.of("/usr/lib/jvm/java-17-openjdk-" + ARCHITECTURE + "/bin/java"),
            25, Path.of("/usr/lib/jvm/temurin-25-jdk-" + ARCHITECTURE + "/bin/java"));

    @Override
    public String id() {
        return "pixelmed";
    }

    @Override
    public String title() {
        return "PixelMed";
    }

    @Override
    public Presence presence() throws InterruptedException {
        if (!Files.isReadable(JAR)) {
            return Presence.missing("install libpixelmed-java");
        }
        try {
            return Presence.installed(JAR.toRealPath().getFileName().toString().replaceAll("\\D*(\\d+)\\D*", "$1"));
        } catch (IOException e) {
            return Presence.installed("unknown");
        }
    }

    @Override
    public List<PeerConfiguration> configurations() {
        Map<Integer, Path> found = new TreeMap<>();
        KNOWN.forEach((version, java) -> {
            if (Files.isExecutable(java)) {
                found.put(version, java);
            }
        });
        found.putIfAbsent(
                Runtime.version().feature(), Path.of(System.getProperty("java.home"), "bin", "java"));
        List<PeerConfiguration> all = new ArrayList<>();
        found.forEach((version, java) -> all.add(Configured.of("java-" + version, "on Java " + version)
                .serving(serverModel(version), bench -> server(bench, java))
                .calling(clientModel(version), bench -> new Client(bench, java))
                .storing(Role.SERVER, Role.CLIENT)));
        return all;
    }

    /** Of the suites that Java supports it takes all but TLS_RSA_WITH_AES_128_CBC_SHA out, if that is among them. */
    private static Optional<ClientModel> clientModel(int java) {
        return java == 17
                ? Optional.of(ClientModel.of(TlsVersion.TLS_1_2)
                        .suites(ONLY)
                        .schemes(JavaModels.schemes(java))
                        .build())
                : JavaModels.client(java, org.dicomtls.predict.KeyKind.RSA);
    }

    /** It asks for no client certificate. */
    private static Optional<ServerModel> serverModel(int java) {
        Optional<ServerModel.Builder> builder = java == 17
                ? Optional.of(ServerModel.of(TlsVersion.TLS_1_2)
                        .suites(ONLY, Chooser.SERVER)
                        .schemes(JavaModels.schemes(java)))
                : JavaModels.server(java, org.dicomtls.predict.KeyKind.RSA);
        return builder.map(b -> b.clientCertificateDemanded(false).build());
    }

    /** Java's own properties are all the configuration that it has. */
    private static List<String> java(Bench bench, Path java, Role role) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        words.addAll(List.of(KeyStores.options(bench, role, KeyKind.RSA)));
        return words;
    }

    private static PeerServer server(Bench bench, Path java) throws IOException, InterruptedException {
        Path kept = Files.createDirectories(bench.directory().resolve("kept"));
        int port = bench.freePort();
        List<String> words = java(bench, java, Role.SERVER);
        words.addAll(List.of(
                "-cp", JAR.toString(), "com.pixelmed.network.StorageSOPClassSCPDispatcher", Integer.toString(port), "ANY-SCP",
                kept.toString(), "SECURE"));
        return ProcessServer.start(words, port, kept, bench);
    }

    /** One Java for all calls, and another one after a call that did not end. */
    private static final class Client implements PeerClient {

        private final Bench bench;
        private final List<String> words;
        private Optional<Java> java = Optional.empty();

        Client(Bench bench, Path java) throws IOException, InterruptedException {
            this.bench = bench;
            words = java(bench, java, Role.CLIENT);
            words.addAll(List.of("-cp", JAR + ":" + ownClasses(), PixelMedScu.class.getName()));
            this.java = Optional.of(new Java(words, bench));
        }

        private static Path ownClasses() throws IOException {
            try {
                return Path.of(
                        PixelMedScu.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            } catch (URISyntaxException e) {
                throw new IOException("the classes of this program are not in files", e);
            }
        }

        @Override
        public Outcome echo(String host, int port) throws IOException, InterruptedException {
            return order("echo\t" + host + "\t" + port);
        }

        @Override
        public Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
            return order("store\t" + host + "\t" + port + "\t" + file);
        }

        private Outcome order(String order) throws IOException, InterruptedException {
            if (java.isEmpty()) {
                java = Optional.of(new Java(words, bench));
            }
            Optional<String> said = java.get().order(order);
            if (said.isEmpty()) {
                close(); // or its late answer would be taken for that of the next order
                return Outcome.failed("not done within " + bench.timeout().toSeconds() + " s");
            }
            return said.get().equals("done") ? Outcome.SUCCEEDED : Outcome.failed(said.get());
        }

        @Override
        public void close() {
            java.ifPresent(Java::close);
            java = Optional.empty();
        }
    }

    /** A Java that takes orders. */
    private static final class Java implements AutoCloseable {

        private final Bench bench;
        private final PeerProcess process;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        Java(List<String> words, Bench bench) throws IOException, InterruptedException {
            this.bench = bench;
            process = PeerProcess.piped(words, bench.log());
            Thread reader = new Thread(this::read, "pixelmed-answers");
            reader.setDaemon(true);
            reader.start();
            String first = answers.poll(2 * bench.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!PixelMedScu.READY.equals(first)) {
                process.close();
                throw new IOException("PixelMed's Java does not start" + bench.log().last(3));
            }
        }

        private void read() {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(process.out(), StandardCharsets.UTF_8))) {
                in.lines().forEach(answers::add);
            } catch (IOException | UncheckedIOException e) {
                // It has ended.
            }
            answers.add("PixelMed has ended");
        }

        /** Its answer, if it comes in time. */
        Optional<String> order(String order) throws IOException, InterruptedException {
            process.in().write((order + "\n").getBytes(StandardCharsets.UTF_8));
            process.in().flush();
            return Optional.ofNullable(answers.poll(bench.timeout().toMillis(), TimeUnit.MILLISECONDS));
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
