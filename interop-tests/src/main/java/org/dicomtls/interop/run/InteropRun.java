package org.dicomtls.interop.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.association.Uid;
import org.dicomtls.interop.matrix.MatrixEnd;
import org.dicomtls.interop.matrix.Observation;
import org.dicomtls.interop.matrix.OwnEnds;
import org.dicomtls.interop.peer.Bench;
import org.dicomtls.interop.peer.ClientModel;
import org.dicomtls.interop.peer.Measurement;
import org.dicomtls.interop.peer.ModelJson;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.PeerClient;
import org.dicomtls.interop.peer.PeerConfiguration;
import org.dicomtls.interop.peer.PeerLog;
import org.dicomtls.interop.peer.PeerPrediction;
import org.dicomtls.interop.peer.PeerServer;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.run.InteropCell.Logs;
import org.dicomtls.interop.run.InteropCell.Store;
import org.dicomtls.interop.run.InteropCell.Traffic;
import org.dicomtls.policy.Engine;
import org.dicomtls.predict.Prediction;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.SecureTransport;

/**
 * Runs every profile on every engine in both roles against every configuration of every peer, over loopback, with a PKI
 * made for the run. A peer is started once in each role for all cells that need it; some run side by side.
 */
public final class InteropRun {

    /** The longest time for a handshake, an answer, or the start of a peer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final Duration TO_BE_KEPT = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 20;
    private static final int MOST_WORKERS = 4;
    private static final String LINE = "Every octet of this line is to come back.";

    /** Is told how far a run is. */
    @FunctionalInterface
    public interface Progress {
        /** Nobody is told. */
        Progress NONE = (done, total, what) -> { };

        void at(int done, int total, String what);
    }

    private final List<MatrixEnd> ends;
    private final Place place;
    private final Progress progress;
    private final Path scratch;
    private final Path pki;
    private final OwnEnds own;
    private final AtomicInteger done = new AtomicInteger();
    private int total;

    private final Map<MatrixEnd, Built<OwnServer>> servers = new LinkedHashMap<>();
    private final Map<MatrixEnd, Built<SecureTransport>> clients = new LinkedHashMap<>();

    private InteropRun(List<MatrixEnd> ends, Place place, Path scratch, Progress progress) throws IOException {
        this.ends = ends;
        this.place = place;
        this.progress = progress;
        this.scratch = scratch;
        this.pki = place.pki().orElse(scratch.resolve("pki"));
        if (place.pki().isEmpty()) {
            TestPki.create(PkiOptions.defaults()).write(pki);
        }
        this.own = OwnEnds.of(pki, TIMEOUT);
    }

    /**
     * Where a run takes place.
     *
     * @param pki a directory that {@code dicom-tls pki} wrote, for devices that were given keys of it beforehand; empty for
     *     one that is made for the run
     * @param host the name by which peers reach this machine, as in the certificates of the PKI
     */
    public record Place(Optional<Path> pki, String host) {
        /** On this machine alone. */
        public static final Place LOOPBACK = new Place(Optional.empty(), "localhost");

        InetAddress address() throws IOException {
            return host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.getByName("0.0.0.0");
        }
    }

    /** One of our ends, or why it cannot be. */
    private record Built<T>(Optional<T> end, String refusal) {}

    /**
     * Runs all of it.
     *
     * @throws IOException when the run itself has no place to work in, or its PKI cannot be used; what a peer cannot do is
     *     in its cells
     */
    public static Interop of(
            List<Profile> profiles, List<Engine> engines, List<Peer> peers, Place place, Progress progress)
            throws IOException, InterruptedException {
        List<MatrixEnd> ends = new ArrayList<>();
        for (Profile profile : profiles) {
            for (Engine engine : engines) {
                ends.add(new MatrixEnd(profile, engine, MatrixEnd.Certificates.BOTH));
            }
        }
        Path scratch = Files.createTempDirectory("dicom-tls-interop-");
        try {
            return new InteropRun(ends, place, scratch, progress).run(profiles, peers);
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Interop run(List<Profile> profiles, List<Peer> peers) throws IOException, InterruptedException {
        long started = System.nanoTime();
        progress.at(0, 1, "looking for peers");
        Map<Peer, String> here = new LinkedHashMap<>();
        Map<Peer, List<PeerConfiguration>> configured = new HashMap<>();
        List<Interop.Absent> absent = new ArrayList<>();
        List<Station> stations = new ArrayList<>();
        for (Peer peer : peers) {
            Presence presence = peer.presence();
            if (!presence.isInstalled()) {
                absent.add(new Interop.Absent(peer.id(), peer.title(), presence.remedy()));
                continue;
            }
            List<PeerConfiguration> configurations = peer.configurations();
            for (PeerConfiguration configuration : configurations) {
                for (Role role : configuration.roles()) {
                    stations.add(new Station(peer, configuration, role));
                }
            }
            here.put(peer, presence.version().orElseThrow());
            configured.put(peer, configurations);
        }
        total = stations.size() * ends.size();
        ExecutorService pool = Executors.newFixedThreadPool(
                Math.max(2, Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors() + 1)));
        try {
            build();
            List<Future<List<InteropCell>>> running = new ArrayList<>();
            for (int i = 0; i < stations.size(); i++) {
                Station station = stations.get(i);
                int first = i; // not all at the same server of ours at the same time
                running.add(pool.submit(() -> station.visit(rotated(first))));
            }
            List<InteropCell> cells = new ArrayList<>();
            for (Future<List<InteropCell>> one : running) {
                cells.addAll(one.get());
            }
            List<Interop.Present> present = new ArrayList<>();
            here.forEach((peer, version) -> present.add(new Interop.Present(
                    peer.id(), peer.title(), version, settings(peer, configured.get(peer), stations))));
            return new Interop(profiles, present, absent, cells, Duration.ofNanos(System.nanoTime() - started));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cell did not finish: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
            pool.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            servers.values().forEach(server -> server.end().ifPresent(OwnServer::close));
        }
    }

    private static List<Interop.Setting> settings(
            Peer peer, List<PeerConfiguration> configurations, List<Station> stations) {
        List<Interop.Setting> settings = new ArrayList<>();
        for (PeerConfiguration configuration : configurations) {
            Map<Role, Interop.Model> models = new EnumMap<>(Role.class);
            for (Station station : stations) {
                if (station.peer == peer && station.configuration == configuration) {
                    station.model.ifPresent(model -> models.put(station.role, model));
                }
            }
            settings.add(new Interop.Setting(configuration.id(), configuration.title(), models));
        }
        return settings;
    }

    private void build() throws IOException {
        for (MatrixEnd end : ends) {
            clients.put(end, built(() -> own.transport(end, Role.CLIENT)));
            servers.put(end, built(() -> new OwnServer(own, end, place.address(), scratch.resolve("own-" + end.toString().replace('/', '-')))));
        }
    }

    private interface Building<T> {
        T build() throws IOException;
    }

    private static <T> Built<T> built(Building<T> building) throws IOException {
        try {
            return new Built<>(Optional.of(building.build()), "");
        } catch (CannotEnforceException | IllegalArgumentException e) {
            return new Built<>(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private List<MatrixEnd> rotated(int by) {
        List<MatrixEnd> rotated = new ArrayList<>(ends);
        Collections.rotate(rotated, by);
        return rotated;
    }

    /** A configuration of a peer in one role: started once, it meets all our ends. */
    private final class Station {
        private final Peer peer;
        private final PeerConfiguration configuration;
        private final Role role;
        private final Traffic traffic;
        private final PeerLog log = new PeerLog();
        private final Map<MatrixEnd, InteropCell> cells = new LinkedHashMap<>();
        private volatile Optional<Interop.Model> model = Optional.empty();

        Station(Peer peer, PeerConfiguration configuration, Role role) {
            this.peer = peer;
            this.configuration = configuration;
            this.role = role;
            this.traffic = !configuration.speaksDicom(role)
                    ? Traffic.LINE
                    : configuration.stores(role) ? Traffic.ECHO_AND_STORE : Traffic.ECHO;
        }

        /** The cells in the order of our ends, in whichever order they were run. */
        List<InteropCell> visit(List<MatrixEnd> order) throws IOException, InterruptedException {
            Path directory = Files.createDirectories(
                    scratch.resolve(peer.id() + "-" + configuration.id() + "-" + role.title()));
            Bench bench = new Bench(pki, directory, place.host(), TIMEOUT, log);
            try {
                if (role == Role.SERVER) {
                    try (PeerServer server = configuration.serve(bench)) {
                        boolean measured = configuration.serverModel().isEmpty();
                        ServerModel known = measured
                                ? Measurement.model(Measurement.habits(server)).build()
                                : configuration.serverModel().get();
                        model = Optional.of(new Interop.Model(ModelJson.of(known), measured));
                        for (MatrixEnd end : order) {
                            Prediction predicted = PeerPrediction.of(end.end(), known);
                            run(end, predicted, clients.get(end).refusal(), said -> atServer(end, server, said));
                        }
                    }
                } else {
                    try (PeerClient client = configuration.client(bench)) {
                        boolean measured = configuration.clientModel().isEmpty();
                        ClientModel known = measured
                                ? ClientModel.of(Measurement.hello(client, bench)).build()
                                : configuration.clientModel().get();
                        model = Optional.of(new Interop.Model(ModelJson.of(known), measured));
                        for (MatrixEnd end : order) {
                            Prediction predicted = PeerPrediction.of(known, end.end());
                            run(end, predicted, servers.get(end).refusal(), said -> ofClient(end, client, bench, said));
                        }
                    }
                }
            } catch (IOException e) {
                // What it could not even begin is not as predicted, and says why.
                for (MatrixEnd end : order) {
                    if (!cells.containsKey(end)) {
                        add(end, Prediction.refused("the peer was not run, so nothing was predicted"), new Seen(
                                Observation.refused(Optional.empty(), "not run: " + e.getMessage()),
                                Store.failed("not run")), List.of(), log.since(0));
                    }
                }
            }
            return ends.stream().map(cells::get).toList();
        }

        private record Seen(Observation observation, Store store) {}

        private interface Meeting {
            Seen meet(PeerLog own) throws IOException, InterruptedException;
        }

        private void run(MatrixEnd end, Prediction predicted, String refusal, Meeting meeting)
                throws IOException, InterruptedException {
            PeerLog said = new PeerLog();
            long mark = log.mark();
            Seen seen = refusal.isEmpty()
                    ? meeting.meet(said)
                    : new Seen(Observation.refused(Optional.empty(), refusal), Store.NONE);
            add(end, predicted, seen, said.since(0), log.since(mark));
        }

        private void add(MatrixEnd end, Prediction predicted, Seen seen, List<String> ownWords, List<String> peerWords) {
            InteropCell cell = new InteropCell(
                    end, role.other(), peer.id(), configuration.id(), traffic, predicted, seen.observation(), seen.store(),
                    new Logs(ownWords, peerWords));
            cells.put(end, cell);
            progress.at(done.incrementAndGet(), total, cell.title());
        }

        /** One of our clients calls the peer. */
        private Seen atServer(MatrixEnd end, PeerServer server, PeerLog said) throws IOException, InterruptedException {
            SecureTransport transport = clients.get(end).end().orElseThrow();
            if (traffic == Traffic.LINE) {
                return new Seen(
                        own.connect(transport, server.host(), server.port(), InteropRun::line, peer -> Optional.empty()), Store.NONE);
            }
            Optional<TestImage> image =
                    traffic == Traffic.ECHO_AND_STORE ? Optional.of(TestImage.write(scratch)) : Optional.empty();
            List<DimseStatus> storing = new ArrayList<>();
            Observation observation = own.connect(
                    transport, server.host(), server.port(), socket -> echoAndStore(socket, image, storing), peer -> Optional.empty());
            said.say(observation.established() ? "C-ECHO " + observation.echo() + ", C-STORE " + storing : observation.reason());
            if (!observation.established() || image.isEmpty()) {
                return new Seen(observation, Store.NONE);
            }
            if (storing.isEmpty() || !storing.get(0).isSuccess()) {
                return new Seen(observation, Store.failed("status " + storing));
            }
            return new Seen(observation, compare(image.get(), server::stored));
        }

        /** The peer calls one of our servers. */
        private Seen ofClient(MatrixEnd end, PeerClient client, Bench bench, PeerLog said)
                throws IOException, InterruptedException {
            OwnServer server = servers.get(end).end().orElseThrow();
            server.inUse().lockInterruptibly();
            long mark = server.log().mark();
            try {
                server.begin();
                PeerClient.Outcome outcome = client.echo(bench.host(), server.port());
                Observation observation = server.observation(outcome.succeeded(), outcome.words());
                if (!observation.established() || traffic != Traffic.ECHO_AND_STORE) {
                    return new Seen(observation, Store.NONE);
                }
                TestImage image = TestImage.write(scratch);
                server.begin();
                PeerClient.Outcome stored = client.store(bench.host(), server.port(), image.file());
                server.settle();
                return new Seen(
                        observation,
                        stored.succeeded() ? compare(image, server::stored) : Store.failed("the peer: " + stored.words()));
            } finally {
                server.log().since(mark).forEach(said::say);
                server.inUse().unlock();
            }
        }
    }

    private static String line(SSLSocket socket) throws IOException {
        byte[] sent = (LINE + "\n").getBytes(StandardCharsets.US_ASCII);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.getOutputStream().write(sent);
        String back = new String(socket.getInputStream().readNBytes(sent.length), StandardCharsets.US_ASCII);
        return back.equals(LINE + "\n") ? InteropCell.LINE_CAME_BACK : "something else came back";
    }

    private static String echoAndStore(SSLSocket socket, Optional<TestImage> image, List<DimseStatus> storing)
            throws IOException {
        List<PresentationContext> contexts = new ArrayList<>(PresentationContext.verification());
        if (image.isPresent()) {
            contexts.add(new PresentationContext(3, Uid.SECONDARY_CAPTURE, List.of(Uid.EXPLICIT_VR_LITTLE_ENDIAN)));
        }
        try (Association association = Association.open(socket, "DICOM-TLS", "ANY-SCP", contexts, TIMEOUT)) {
            String status = association.echo().toString();
            if (image.isPresent()) {
                storing.add(association.store(Part10.read(image.get().file())));
            }
            association.release();
            return status;
        }
    }

    private interface Keeper {
        Optional<Path> stored(String sopInstance) throws IOException, InterruptedException;
    }

    /** Waits a moment for the file: some peers answer before they have written it. */
    private static Store compare(TestImage image, Keeper keeper) throws InterruptedException {
        long end = System.nanoTime() + TO_BE_KEPT.toNanos();
        String why = "the instance is not to be found";
        while (true) {
            try {
                Optional<Path> file = keeper.stored(image.sopInstance());
                if (file.isPresent()) {
                    return image.hasSamePixels(file.get())
                            ? Store.IDENTICAL
                            : new Store(Store.Outcome.DIFFERENT, "the pixels that were kept are others");
                }
            } catch (IOException e) {
                why = "what was kept cannot be read: " + e.getMessage();
            }
            if (System.nanoTime() > end) {
                return Store.failed(why);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
