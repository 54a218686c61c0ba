package org.dicomtls.interop.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.Peers;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;

/** Instances from one application entity to another on the same machine: ours, and those of others. */
final class StorePart {

    static final int PDU_LENGTH = 256 * 1024;

    private static final int MIB = 1 << 20;
    private static final int SMALL = 512 * 1024;
    /** Associations in one sample: one takes a tenth of a second, in which a machine is easily busy with something else. */
    private static final int TIMES = 4;
    private static final String DCMTK_PDU_LENGTH = "131072";
    private static final String PLAIN = "ours, plain";
    private static final String DCMTK_PLAIN = "DCMTK, plain";
    private static final String DCMTK_TLS = "DCMTK, TLS 1.3 (B.10)";
    private static final String DCM4CHE = "dcm4che";
    private static final Duration LONGEST_STORE = Duration.ofSeconds(60);
    private static final Map<String, String> NO_DELAY = Map.of("TCP_NODELAY", "1");

    private final Scale scale;
    private final List<Profile> profiles;
    private final Keys keys = Keys.of(Keys.Kind.RSA2048);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Tally tally = new Tally(
            Topic.STORE,
            "One association over loopback from connection to release (in a full run a sample is " + TIMES
                    + " of them); the SCP keeps nothing. Ours: both ends in one JVM. DCMTK:"
                    + " storescu to a storescp that runs on, TCP_NODELAY=1, less the shortest time that storescu takes for an instance of 1 KiB,"
                    + " so that starting a process does not count. Mutual authentication, RSA-2048.");
    private final Tally.Column large;
    private final Tally.Column small;
    private final Tally.Column largeCpu;

    StorePart(Scale scale, List<Profile> profiles) {
        this.scale = scale;
        this.profiles = profiles;
        this.large = tally.column("large", "1 instance of " + scale.instanceMib() + " MiB", "MB/s", true);
        this.small = tally.column("small", scale.instances() + " instances of 512 KiB", "MB/s", true);
        this.largeCpu = tally.column("large-cpu", "1 instance of " + scale.instanceMib() + " MiB, both ends", "MB/CPU s", true);
    }

    /** Sends files, and says how long it took: nanoseconds by the clock, and of the processors. */
    private interface Sending {
        long[] send(List<Path> files) throws IOException;
    }

    private final class Sender {
        private final String name;
        private final Sending sending;
        private final List<Path> one;
        private final List<Path> many;

        Sender(String name, Sending sending, List<Path> one, List<Path> many) {
            this.name = name;
            this.sending = sending;
            this.one = one;
            this.many = many;
        }

        Rounds.Subject subject() {
            return new Rounds.Subject(name, this::warmUp, this::sample);
        }

        private void warmUp() throws IOException {
            sample(Optional.empty(), Optional.empty(), one);
            sample(Optional.empty(), Optional.empty(), many);
        }

        private void sample() throws IOException {
            sample(Optional.of(large), Optional.of(largeCpu), one);
            sample(Optional.of(small), Optional.empty(), many);
        }

        private void sample(Optional<Tally.Column> wall, Optional<Tally.Column> cpu, List<Path> files) throws IOException {
            if (files.isEmpty()) {
                return;
            }
            long octets = 0;
            for (Path file : files) {
                octets += Files.size(file);
            }
            int times = scale.whole() ? TIMES : 1;
            long nanos = 0;
            long processorNanos = 0;
            for (int i = 0; i < times; i++) {
                long[] took = sending.send(files);
                nanos += took[0];
                processorNanos += took[1];
            }
            if (wall.isPresent()) {
                wall.get().add(name, times * octets * 1e3 / Processor.seen(nanos));
            }
            if (cpu.isPresent()) {
                cpu.get().add(name, times * octets * 1e3 / Processor.seen(processorNanos));
            }
        }
    }

    Part run(Rounds rounds, Path directory) throws Exception {
        try (Instances instances = new Instances(directory)) {
            List<Path> one = instances.make("large", 1, (long) scale.instanceMib() * MIB);
            List<Path> many = instances.make("small", scale.instances(), SMALL);
            List<Path> tiny = instances.make("tiny", 1, 1024);
            List<Sender> senders = new ArrayList<>();
            senders.add(new Sender("plain TCP, no DICOM", StorePart::copy, one, List.of()));
            ours(senders, one, many);
            dcmtk(senders, instances.directory(), tiny.get(0), one, many);
            openssl(senders, instances.directory(), one);
            dcm4che(senders, Files.createDirectories(instances.directory().resolve(DCM4CHE)), one);
            rounds.run("C-STORE", senders.stream().map(Sender::subject).toList());
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
        compare();
        return tally.part();
    }

    private void ours(List<Sender> senders, List<Path> one, List<Path> many) throws IOException {
        senders.add(new Sender(PLAIN, ours(Scp.plain(PDU_LENGTH)), one, many));
        for (Engine engine : Engine.values()) {
            for (Profile profile : profiles) {
                Optional<SecureTransport> server = Ends.policy(profile, engine, keys, Role.SERVER);
                Optional<SecureTransport> client = Ends.policy(profile, engine, keys, Role.CLIENT);
                if (server.isPresent() && client.isPresent()) {
                    senders.add(new Sender(
                            name(profile.id(), engine), ours(Scp.secure(server.get(), client.get(), PDU_LENGTH)), one, many));
                }
            }
        }
    }

    private static String name(String profile, Engine engine) {
        return "ours, " + profile + ", " + engine.id();
    }

    private Sending ours(Scp scp) {
        open.add(scp);
        return files -> {
            long used = Processor.own();
            long from = System.nanoTime();
            scp.store(files);
            long nanos = System.nanoTime() - from;
            return new long[] {nanos, Processor.ownSince(used)};
        };
    }

    private void dcmtk(List<Sender> senders, Path directory, Path tiny, List<Path> one, List<Path> many)
            throws IOException, InterruptedException {
        if (!Tool.installed("storescu") || !Tool.installed("storescp")) {
            tally.note("DCMTK is not installed: install " + Tool.bringing("storescu"));
            return;
        }
        Keys.PemFiles pem = keys.write(directory.resolve("pki"));
        senders.add(new Sender(DCMTK_PLAIN, storescu(tiny, List.of(), List.of()), one, many));
        senders.add(new Sender(
                DCMTK_TLS,
                storescu(
                        tiny,
                        List.of("+tls", pem.serverKey(), pem.server(), "+cf", pem.authority(), "--require-peer-cert",
                                "--profile-bcp195-nd"),
                        List.of("+tls", pem.clientKey(), pem.client(), "+cf", pem.authority(), "--require-peer-cert",
                                "--profile-bcp195-nd")),
                one,
                many));
    }

    private Sending storescu(Path tiny, List<String> server, List<String> client)
            throws IOException, InterruptedException {
        Tool.Server scp = Tool.serve(port -> {
            List<String> words = new ArrayList<>(List.of("storescp", "-q", "--ignore", "-pdu", DCMTK_PDU_LENGTH));
            words.addAll(server);
            words.add(String.valueOf(port));
            return words;
        });
        open.add(scp);
        List<String> scu = new ArrayList<>(List.of("storescu", "-q", "-pdu", DCMTK_PDU_LENGTH));
        scu.addAll(client);
        scu.addAll(List.of("localhost", String.valueOf(scp.port())));
        String what = client.isEmpty() ? "storescu" : "storescu under TLS";
        long[] least = {Long.MAX_VALUE};
        return files -> {
            // The least that starting it ever took: a start that was held up says nothing of the next one.
            least[0] = Math.min(least[0], storescu(scu, List.of(tiny), scp, what)[0]);
            long[] all = storescu(scu, files, scp, what);
            return new long[] {all[0] - Math.min(least[0], all[0] / 2), all[1]};
        };
    }

    private static long[] storescu(List<String> scu, List<Path> files, Tool.Server scp, String what) throws IOException {
        List<String> command = new ArrayList<>(scu);
        files.forEach(file -> command.add(file.toString()));
        long used = scp.processorNanos();
        Tool.Run run = scp.served(Tool.run(Optional.empty(), NO_DELAY, command), what);
        return new long[] {run.nanos(), run.processorNanos() + scp.processorNanos() - used};
    }

    private void openssl(List<Sender> senders, Path directory, List<Path> one) throws IOException, InterruptedException {
        if (!Tool.installed("openssl")) {
            tally.note("OpenSSL is not installed: install " + Tool.bringing("openssl"));
            return;
        }
        Keys.PemFiles pem = keys.write(directory.resolve("pki"));
        // s_client ends at a line that begins with a Q, as noise has some.
        Path zeros = directory.resolve("zeros");
        try (RandomAccessFile file = new RandomAccessFile(zeros.toFile(), "rw")) {
            file.setLength(Files.size(one.get(0)));
        }
        Tool.Server server = Tool.serve(port -> List.of(
                "openssl", "s_server", "-quiet", "-accept", "127.0.0.1:" + port, "-cert", pem.server(), "-key",
                pem.serverKey(), "-CAfile", pem.authority(), "-Verify", "2", "-tls1_3"));
        open.add(server);
        senders.add(new Sender(
                "openssl s_client to s_server, TLS 1.3, no DICOM",
                files -> {
                    long used = server.processorNanos();
                    Tool.Run run = server.served(
                            Tool.run(Optional.of(zeros), Map.of(), List.of(
                                    "openssl", "s_client", "-quiet", "-no_ign_eof", "-connect", "127.0.0.1:" + server.port(),
                                    "-cert", pem.client(), "-key", pem.clientKey(), "-CAfile", pem.authority(), "-tls1_3")),
                            "s_client");
                    return new long[] {run.nanos(), run.processorNanos() + server.processorNanos() - used};
                },
                one,
                List.of()));
    }

    /** Where its module was built: its SCU as it comes, on the JDK's TLS, to our SCP. Its own SCP keeps what it gets. */
    private void dcm4che(List<Sender> senders, Path directory, List<Path> one) throws IOException, InterruptedException {
        Optional<PeerConfiguration> found = Optional.empty();
        for (Peer peer : Peers.known()) {
            if (peer.id().equals(DCM4CHE)) {
                found = peer.configurations().stream().filter(c -> c.id().equals("tls13")).findFirst();
            }
        }
        if (found.isEmpty()) {
            tally.note("dcm4che takes part where its module was built");
            return;
        }
        TestPki pki = TestPki.create(PkiOptions.defaults());
        pki.write(directory.resolve("pki"));
        Profile profile = Profiles.named(HandshakePart.PROFILE);
        Scp scp = Scp.secure(
                AuditPart.transport(profile, Engine.JDK, pki, Role.SERVER),
                AuditPart.transport(profile, Engine.JDK, pki, Role.CLIENT),
                PDU_LENGTH);
        open.add(scp);
        PeerClient scu = found.get().client(new org.dicomtls.interop.peer.Bench(
                directory.resolve("pki"), directory, LONGEST_STORE, new PeerLog()));
        open.add(scu);
        senders.add(new Sender(
                "dcm4che SCU to our SCP, TLS 1.3, jdk",
                files -> {
                    long used = Processor.own();
                    long from = System.nanoTime();
                    PeerClient.Outcome outcome = stored(scu, scp.port(), files.get(0));
                    if (!outcome.succeeded()) {
                        throw new IOException("dcm4che does not store: " + outcome.words());
                    }
                    return new long[] {System.nanoTime() - from, Processor.ownSince(used)};
                },
                one,
                List.of()));
    }

    private static PeerClient.Outcome stored(PeerClient scu, int port, Path file) throws IOException {
        try {
            return scu.store("localhost", port, file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A file through a socket of this JVM: what no association can be faster than. */
    private static long[] copy(List<Path> files) throws IOException {
        try (ServerSocket listener = Loopback.listen();
                Socket sending = Loopback.connect(listener.getLocalPort());
                Socket taking = listener.accept()) {
            Thread reader = new Thread(() -> drain(taking), "bench-drain");
            reader.setDaemon(true);
            reader.start();
            byte[] buffer = new byte[PDU_LENGTH];
            long used = Processor.own();
            long from = System.nanoTime();
            try (InputStream in = Files.newInputStream(files.get(0));
                    OutputStream out = sending.getOutputStream()) {
                for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                    out.write(buffer, 0, got);
                }
                sending.shutdownOutput();
                reader.join();
            }
            long nanos = System.nanoTime() - from;
            return new long[] {nanos, Processor.ownSince(used)};
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void drain(Socket socket) {
        byte[] buffer = new byte[PDU_LENGTH];
        try {
            InputStream in = socket.getInputStream();
            int got = 0;
            while (got >= 0) {
                got = in.read(buffer);
            }
        } catch (IOException e) {
            // The sender sees that its stream was not taken.
        }
    }

    private void compare() {
        for (Tally.Column column : List.of(large, small)) {
            String what = column == large ? "large" : "small";
            String ours = name("bcp195-rfc9325", Engine.JDK);
            tally.ratio(
                    what + "-dcmtk", "TLS 1.3, engine jdk (bcp195-rfc9325), to DCMTK under TLS, " + what + " instances", column,
                    ours, DCMTK_TLS, column == large ? Ratio.Goal.least(1.5) : Optional.empty());
            tally.ratio(
                    what + "-plain", "TLS 1.3, engine jdk (bcp195-rfc9325), to our own plain rate, " + what + " instances",
                    column, ours, PLAIN, column == large ? Ratio.Goal.least(0.6) : Optional.empty());
            tally.ratio(
                    what + "-bc", "AES-GCM, engine bc to engine jdk (bcp195-rfc9325), " + what + " instances", column,
                    name("bcp195-rfc9325", Engine.BC), ours, Ratio.Goal.least(0.8));
            tally.ratio(
                    what + "-dcmtk-plain", "plain, ours to DCMTK, " + what + " instances", column, PLAIN, DCMTK_PLAIN,
                    Optional.empty());
        }
    }
}
