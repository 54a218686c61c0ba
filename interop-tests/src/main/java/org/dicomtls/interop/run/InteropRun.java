package org.dicomtls.interop.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.dicomtls.interop.peer.Peers;
import org.dicomtls.interop.peer.Ports;
import org.dicomtls.interop.peer.Presence;
import org.dicomtls.interop.peer.ServerModel;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.run.InteropCell.Logs;
import org.dicomtls.interop.run.InteropCell.Store;
import org.dicomtls.interop.run.InteropCell.Traffic;
import org.dicomtls.policy.Engine;
import org.dicomtls.interop.report.Scratch;
import org.dicomtls.predict.Prediction;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.SecureTransport;

/**
 * Runs every profile on every engine in both roles against every configuration of every peer, over loopback, with a PKI
 * made for the run. A peer is started once in each role for all cells that need it; some run side by side.
 *
 * <p>What fails is tried again for one known defect only: SunJSSE fails once in 256 handshakes of TLS 1.3 with a finite
 * field, because it drops leading zeros of the shared secret (RFC 8446 §7.4.1; docs/engines.md).
 */
public final class InteropRun {

    /** Nothing that a peer is told to do may take longer than so many timeouts, whatever its code does. */
    private static final int MOST_TIMEOUTS = 4;

    private static final Duration TO_BE_KEPT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 20;
    private static final int MOST_WORKERS = 4;
    private static final int MOST_ATTEMPTS = 3;
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
    private final ScheduledExecutorService watches = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "dicom-tls-interop-watch");
        thread.setDaemon(true);
        return thread;
    });
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
            TestPki.create(PkiOptions.defaults()).writeGood(pki);
        }
        this.own = OwnEnds.of(pki, place.timeout());
    }

    /**
     * Where a run takes place.
     *
     * @param pki a directory that {@code dicom-tls pki} wrote, for devices that were given keys of it beforehand; empty for
     *     one that is made for the run
     * @param host the name by which peers reach this machine, as in the certificates of the PKI
     * @param timeout the longest time for a handshake, for an answer, and for the start of a peer
     */
    public record Place(Optional<Path> pki, String host, Duration timeout) {
        /** On this machine alone, with 20 s. */
        public static final Place LOOPBACK = new Place(Optional.empty(), "localhost", Duration.ofSeconds(20));
    }

    /** One of our ends, or why it cannot be. */
    private record Built<T>(Optional<T> end, String refusal) {}

    /**
     * Runs all of it.
     *
     * @throws IOException when the run itself has no place to work in, or its PKI cannot be used; what a peer cannot do is
     *     in its cells
     * @throws IllegalArgumentException when ids are none or not different, or a peer cannot even say what it is; the
     *     message is one line
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
        try (Scratch scratch = Scratch.create("dicom-tls-interop-" + ProcessHandle.current().pid() + "-")) {
            return new InteropRun(ends, place, scratch.directory(), progress).run(profiles, peers);
        }
    }

    private Interop run(List<Profile> profiles, List<Peer> peers) throws IOException, InterruptedException {
        long started = System.nanoTime();
        progress.at(0, 1, "looking for peers");
        Peers.requireDifferent(peers);
        List<Here> here = new ArrayList<>();
        List<Interop.Absent> absent = new ArrayList<>();
        for (Peer peer : peers) {
            try {
                Presence presence = peer.presence();
                if (presence.isInstalled()) {
                    here.add(new Here(peer, presence.version().orElseThrow(), stations(peer)));
                } else {
                    absent.add(new Interop.Absent(peer.id(), peer.title(), presence.remedy()));
                }
            } catch (RuntimeException | LinkageError e) {
                throw new IllegalArgumentException("peer '" + peer.id() + "' cannot say what it is: " + e, e);
            }
        }
        List<Station> stations = here.stream().flatMap(h -> h.stations().stream()).toList();
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
            return new Interop(profiles, here.stream().map(Here::report).toList(), absent, cells, Duration.ofNanos(System.nanoTime() - started));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cell did not finish: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
            watches.shutdownNow();
            pool.awaitTermination(place.timeout().toMillis(), TimeUnit.MILLISECONDS);
            servers.values().forEach(server -> server.end().ifPresent(OwnServer::close));
        }
    }

    private List<Station> stations(Peer peer) throws InterruptedException {
        List<Station> stations = new ArrayList<>();
        List<PeerConfiguration> configurations = peer.configurations();
        Peers.requireIds("configurations of " + peer.id(), configurations.stream().map(PeerConfiguration::id).toList());
        for (PeerConfiguration configuration : configurations) {
            for (Role role : configuration.roles()) {
                stations.add(new Station(peer, configuration, role));
            }
        }
        return stations;
    }

    /** A peer that is there, with what is to be run of it. */
    private record Here(Peer peer, String version, List<Station> stations) {
        Interop.Present report() {
            Map<String, Interop.Setting> settings = new LinkedHashMap<>();
            for (Station station : stations) {
                String id = station.configuration.id();
                Map<Role, Interop.Model> models = new EnumMap<>(Role.class);
                models.putAll(settings.containsKey(id) ? settings.get(id).models() : Map.of());
                station.model.ifPresent(model -> models.put(station.role, model));
                settings.put(id, new Interop.Setting(id, station.configuration.title(), models));
            }
            return new Interop.Present(peer.id(), peer.title(), version, List.copyOf(settings.values()));
        }
    }

    private void build() throws IOException {
        for (MatrixEnd end : ends) {
            clients.put(end, built(() -> own.transport(end, Role.CLIENT)));
            Path kept = scratch.resolve("own-" + end.toString().replace('/', '-'));
            servers.put(end, built(() -> new OwnServer(own, end, Ports.address(place.host()), kept)));
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
            Bench bench = new Bench(pki, directory, place.host(), place.timeout(), log);
            String why;
            try {
                if (role == Role.SERVER) {
                    asServer(bench, order);
                } else {
                    asClient(bench, order);
                }
                why = "";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            } catch (RuntimeException | LinkageError e) {
                why = "the peer's own code failed: " + e;
            }
            // What could not even begin is not as predicted, and says why.
            for (MatrixEnd end : order) {
                if (!cells.containsKey(end)) {
                    add(cell(
                            end,
                            Prediction.refused("the peer was not run, so nothing was predicted"),
                            new Seen(Observation.refused(Optional.empty(), "not run: " + why), Store.failed("not run")),
                            0,
                            List.of(),
                            log.since(0)));
                }
            }
            return ends.stream().map(cells::get).toList();
        }

        private void asServer(Bench bench, List<MatrixEnd> order) throws IOException, InterruptedException {
            try (PeerServer server = watched(() -> configuration.serve(bench))) {
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
        }

        private void asClient(Bench bench, List<MatrixEnd> order) throws IOException, InterruptedException {
            try (PeerClient client = watched(() -> configuration.client(bench))) {
                boolean measured = configuration.clientModel().isEmpty();
                ClientModel known = measured
                        ? ClientModel.of(watched(() -> Measurement.hello(client, bench))).build()
                        : configuration.clientModel().get();
                model = Optional.of(new Interop.Model(ModelJson.of(known), measured));
                for (MatrixEnd end : order) {
                    Prediction predicted = PeerPrediction.of(known, end.end());
                    run(end, predicted, servers.get(end).refusal(), said -> ofClient(end, client, bench, said));
                }
            }
        }

        private interface Task<T> {
            T run() throws IOException, InterruptedException;
        }

        /** Interrupts what takes longer than anything may. */
        private <T> T watched(Task<T> task) throws IOException, InterruptedException {
            Duration longest = place.timeout().multipliedBy(MOST_TIMEOUTS);
            Thread here = Thread.currentThread();
            AtomicBoolean late = new AtomicBoolean();
            ScheduledFuture<?> watch = watches.schedule(
                    () -> {
                        late.set(true);
                        here.interrupt();
                    },
                    longest.toMillis(),
                    TimeUnit.MILLISECONDS);
            try {
                return task.run();
            } catch (InterruptedException e) {
                if (!late.get()) {
                    throw e;
                }
                throw new IOException("the peer did not return within " + longest.toSeconds() + " s", e);
            } finally {
                watch.cancel(false);
                if (late.get()) {
                    Thread.interrupted(); // it may have come to its end at that very moment
                }
            }
        }

        private record Seen(Observation observation, Store store) {}

        private interface Meeting {
            Seen meet(PeerLog own) throws IOException, InterruptedException;
        }

        private void run(MatrixEnd end, Prediction predicted, String refusal, Meeting meeting)
                throws IOException, InterruptedException {
            PeerLog said = new PeerLog();
            long mark = log.mark();
            if (!refusal.isEmpty()) {
                Seen seen = new Seen(Observation.refused(Optional.empty(), refusal), Store.NONE);
                add(cell(end, predicted, seen, 1, said.since(0), log.since(mark)));
                return;
            }
            int most = dropsZeros(end, predicted) ? MOST_ATTEMPTS : 1;
            for (int attempt = 1; ; attempt++) {
                Seen seen = watched(() -> meeting.meet(said));
                InteropCell cell = cell(end, predicted, seen, attempt, said.since(0), log.since(mark));
                if (cell.agrees() || attempt == most) {
                    add(cell);
                    return;
                }
            }
        }

        private InteropCell cell(
                MatrixEnd end,
                Prediction predicted,
                Seen seen,
                int attempts,
                List<String> ownWords,
                List<String> peerWords) {
            return new InteropCell(
                    end, role.other(), peer.id(), configuration.id(), traffic, predicted, seen.observation(), seen.store(),
                    attempts, new Logs(ownWords, peerWords));
        }

        private void add(InteropCell cell) {
            cells.put(cell.own(), cell);
            progress.at(done.incrementAndGet(), total, cell.title());
        }

        /** One of our clients calls the peer. */
        private Seen atServer(MatrixEnd end, PeerServer server, PeerLog said) throws IOException, InterruptedException {
            SecureTransport transport = clients.get(end).end().orElseThrow();
            if (traffic == Traffic.LINE) {
                Observation seen = own.connect(
                        transport, server.host(), server.port(), InteropRun.this::line, peer -> Optional.empty());
                said.say(seen.established() ? seen.echo() : seen.reason());
                return new Seen(seen, Store.NONE);
            }
            Optional<TestImage> image =
                    traffic == Traffic.ECHO_AND_STORE ? Optional.of(TestImage.write(scratch)) : Optional.empty();
            List<DimseStatus> storing = new ArrayList<>();
            Observation observation = own.connect(
                    transport,
                    server.host(),
                    server.port(),
                    socket -> echoAndStore(socket, image, storing),
                    peer -> Optional.empty());
            said.say(observation.established()
                    ? "C-ECHO " + observation.echo() + ", C-STORE " + storing
                    : observation.reason());
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

    /** The defect that {@link InteropRun} speaks of. */
    private static boolean dropsZeros(MatrixEnd end, Prediction predicted) {
        return end.engine() == Engine.JDK
                && predicted.version().equals(Optional.of(TlsVersion.TLS_1_3))
                && predicted.group().map(NamedGroup::finiteField).orElse(false);
    }

    private String line(SSLSocket socket) throws IOException {
        byte[] sent = (LINE + "\n").getBytes(StandardCharsets.US_ASCII);
        socket.setSoTimeout((int) place.timeout().toMillis());
        socket.getOutputStream().write(sent);
        String back = new String(socket.getInputStream().readNBytes(sent.length), StandardCharsets.US_ASCII);
        return back.equals(LINE + "\n") ? InteropCell.LINE_CAME_BACK : "something else came back";
    }

    private String echoAndStore(SSLSocket socket, Optional<TestImage> image, List<DimseStatus> storing)
            throws IOException {
        List<PresentationContext> contexts = new ArrayList<>(PresentationContext.verification());
        if (image.isPresent()) {
            contexts.add(new PresentationContext(3, Uid.SECONDARY_CAPTURE, List.of(Uid.EXPLICIT_VR_LITTLE_ENDIAN)));
        }
        try (Association association = Association.open(socket, "DICOM-TLS", "ANY-SCP", contexts, place.timeout())) {
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
