package org.dicomtls.interop.matrix;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.DicomServerListener;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.predict.Prediction;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.SecureTransport;

/** Runs every client against every server over loopback, with a PKI of its own in memory. */
public final class MatrixRun {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Is told how far a run is. */
    @FunctionalInterface
    public interface Progress {
        void at(int done, int total, String what);
    }

    private final List<Profile> profiles;
    private final List<MatrixEnd> ends;
    private final Progress progress;
    private final OwnEnds own = OwnEnds.of(TestPki.create(PkiOptions.defaults()), TIMEOUT);
    private final Map<SocketAddress, IOException> refusedByServer = new ConcurrentHashMap<>();

    private MatrixRun(List<Profile> profiles, List<MatrixEnd> ends, Progress progress) {
        this.profiles = profiles;
        this.ends = ends;
        this.progress = progress;
    }

    /** Runs all pairs of those ends, on as many threads as there are processors. */
    public static Matrix of(List<Profile> profiles, List<MatrixEnd> ends, Progress progress)
            throws IOException, InterruptedException {
        return new MatrixRun(profiles, ends, progress).run();
    }

    private record Server(MatrixEnd end, Optional<DicomServer> running, Optional<RuntimeException> refusal) {}

    private record Client(MatrixEnd end, Optional<SecureTransport> transport, Optional<RuntimeException> refusal) {}

    private Matrix run() throws IOException, InterruptedException {
        progress.at(0, ends.size() * ends.size(), "making keys and starting servers");
        List<Server> servers = new ArrayList<>();
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Client> clients = new ArrayList<>();
            for (MatrixEnd end : ends) {
                servers.add(start(end));
                clients.add(client(end));
            }
            long started = System.nanoTime();
            AtomicInteger done = new AtomicInteger();
            Map<String, Future<Cell>> cells = new LinkedHashMap<>();
            for (Client client : clients) {
                for (Server server : servers) {
                    cells.put(client.end() + " " + server.end(), pool.submit(() -> {
                        Cell cell = cell(client, server);
                        progress.at(done.incrementAndGet(), ends.size() * ends.size(), client.end() + " → " + server.end());
                        return cell;
                    }));
                }
            }
            List<Cell> finished = new ArrayList<>();
            for (Future<Cell> cell : cells.values()) {
                finished.add(cell.get());
            }
            return new Matrix(profiles, finished, Duration.ofNanos(System.nanoTime() - started));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cell did not finish: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
            for (Server server : servers) {
                server.running().ifPresent(running -> running.close(Duration.ofSeconds(1)));
            }
        }
    }

    private Client client(MatrixEnd end) {
        try {
            return new Client(end, Optional.of(own.transport(end, Role.CLIENT)), Optional.empty());
        } catch (CannotEnforceException | IllegalArgumentException e) {
            return new Client(end, Optional.empty(), Optional.of(e));
        }
    }

    private Server start(MatrixEnd end) throws IOException {
        SecureTransport transport;
        try {
            transport = own.transport(end, Role.SERVER);
        } catch (CannotEnforceException | IllegalArgumentException e) {
            return new Server(end, Optional.empty(), Optional.of(e));
        }
        DicomServer server = own.server(transport)
                .listener(new DicomServerListener() {
                    @Override
                    public void setupFailed(SocketAddress peer, IOException failure) {
                        refusedByServer.put(peer, failure);
                    }
                })
                .start();
        return new Server(end, Optional.of(server), Optional.empty());
    }

    private Cell cell(Client client, Server server) {
        Prediction predicted = Prediction.of(client.end().end(), server.end().end());
        Observation observed = client.refusal()
                .or(server::refusal)
                .map(refusal -> Observation.refused(Optional.empty(), String.valueOf(refusal.getMessage())))
                .orElseGet(() -> connect(
                        client.transport().orElseThrow(), server.running().orElseThrow().port()));
        return new Cell(client.end(), server.end(), predicted, observed);
    }

    private Observation connect(SecureTransport transport, int port) {
        return own.connect(
                transport, "localhost", port, MatrixRun::echo, client -> Optional.ofNullable(refusedByServer.get(client)));
    }

    private static String echo(SSLSocket socket) throws IOException {
        try (Association association = Association.open(
                socket, "MATRIX-SCU", "MATRIX-SCP", PresentationContext.verification(), TIMEOUT)) {
            String status = association.echo().toString();
            association.release();
            return status;
        }
    }
}
