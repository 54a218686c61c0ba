package org.dicomtls.interop.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.rule.Role;
import org.dicomtls.server.ConnectionServer;
import org.dicomtls.server.ServerLimits;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls serve --profile ID --port N}. */
@Command(
        name = "serve",
        description = "A reference SCP under a profile: C-ECHO and C-STORE. Runs until it is interrupted.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private static final int LOOK_SECONDS = 5;

    /** Measured on both engines: 76 to 89 KiB an association without a P-DATA-TF, 21 MiB for everything else. */
    private static final long HEAP_OF_ASSOCIATION = 96 * 1024;

    private static final long HEAP_OF_SERVER = 48L << 20;

    private static final int OTHER_DESCRIPTORS = 64;

    @Mixin
    private TransportOptions transport;

    @Option(names = "--port", paramLabel = "N", required = true, description = "the port; 0 takes a free one")
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "the local address (default: all)")
    private String bind;

    @Option(names = "--store", paramLabel = "DIR", description = "keep what is stored; without it, it is discarded")
    private Path store;

    @Mixin
    private AuditTrailOptions audit;

    @Option(names = "--called", paramLabel = "AET", description = "accept this AE title only")
    private String called;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "the most connections at once, in whatever state (default: as many as there are file descriptors"
                    + " for, at most 4096)")
    private Integer connections;

    @Option(
            names = "--max-associations",
            paramLabel = "N",
            description = "the most connections past their handshake at once (default: what fits into the heap, at most 1024);"
                    + " more wait for their turn")
    private Integer associations;

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            description = "the most connections of one address at once (default: an eighth of the places is kept for others)")
    private Integer perAddress;

    @Option(
            names = "--max-handshakes",
            paramLabel = "N",
            defaultValue = "128",
            description = "the most handshakes at once (default 128); more wait for their turn")
    private int handshakes;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "SECONDS",
            converter = Converters.ToDuration.class,
            description = "the longest time from the connection to the end of the handshake (default: as --timeout)")
    private Duration handshakeTimeout;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "5",
            converter = Converters.ToDurationOrNone.class,
            description = "how long associations may go on after SIGTERM or SIGINT, before they are aborted (default 5)")
    private Duration drain;

    @Option(
            names = "--watch",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "read keys, trust, revocation lists and peers again when their files change (default), or with"
                    + " --no-watch do not")
    private boolean watch;

    @Option(
            names = "--json",
            paramLabel = "-",
            description = "with -, print every event as one JSON object on a line of standard output, and nothing else there")
    private String json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65535) {
            throw new UsageException("port " + port + " is outside 0…65535");
        }
        AcceptorOptions acceptor = AcceptorOptions.defaults();
        if (called != null) {
            try {
                acceptor = acceptor.withCalledAeTitles(Set.of(AeTitle.require(called)));
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage(), e);
            }
        }
        if (json != null && !json.equals("-")) {
            throw new UsageException("--json " + json + ": events go to standard output only, use --json -");
        }
        Events events = new Events(spec.commandLine().getOut(), json != null);
        int fitting = fitting(Runtime.getRuntime().maxMemory(), acceptor.maxPduLength());
        int descriptors = descriptors();
        ServerLimits limits = limits(descriptors, fitting);
        PrintWriter err = spec.commandLine().getErr();
        if (limits.established() > fitting) {
            err.println("dicom-tls: " + limits.established() + " associations may need more than the heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, into which " + fitting
                    + " fit; give it more by -Xmx, or lower --max-associations");
        }
        if (limits.connections() > descriptors) {
            err.println("dicom-tls: there are file descriptors for " + descriptors + " connections, not for "
                    + limits.connections() + "; raise the limit of the system (ulimit -n), or lower --max-connections");
        }
        transport.handshakeTimeout = Optional.ofNullable(handshakeTimeout);
        StoreSink sink;
        try {
            sink = store == null ? StoreSink.discarding() : StoreSink.toDirectory(store);
        } catch (IOException e) {
            throw new UsageException(store + ": cannot be used to store: " + e.getMessage(), e);
        }
        Optional<AuditTrailOptions.Trail> trail = audit.start(transport, Optional.ofNullable(called), events);
        SecureTransport secure = transport.transport(
                Role.SERVER, watch, events, builder -> trail.ifPresent(t -> builder.listener(t.listener())));
        acceptor = acceptor.withAdmission((connection, callingAeTitle) -> Negotiated.of(connection)
                .flatMap(negotiated -> secure.judge(negotiated, callingAeTitle)));
        DicomServer server = start(secure, acceptor, limits, sink, events);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            trail.ifPresent(t -> t.sink().close());
            events.stopped(server.counters());
            stopped.countDown();
        }));
        events.listening((bind == null ? "0.0.0.0" : address(bind).getHostAddress()) + ":" + server.port(), secure);
        while (!stopped.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
            // Connections look for themselves; this is for the time when there are none.
            secure.refresh();
        }
        return ExitStatus.OK;
    }

    /** How many associations there can be at once, each with a P-DATA-TF of full length in memory, before it runs out. */
    static int fitting(long heap, int pduLength) {
        long fit = (heap - HEAP_OF_SERVER) / (pduLength + HEAP_OF_ASSOCIATION);
        return (int) Math.max(16, Math.min(ServerLimits.defaults().established(), fit));
    }

    /** For how many connections there are file descriptors, when some are left for everything else. */
    private static int descriptors() {
        int most = ServerLimits.defaults().connections();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - OTHER_DESCRIPTORS;
            most = (int) Math.max(8, Math.min(most, left));
        }
        return most;
    }

    private ServerLimits limits(int descriptors, int fitting) {
        int all = connections == null ? descriptors : connections;
        if (perAddress != null && perAddress > all) {
            throw new UsageException("--max-per-address " + perAddress + " is more than --max-connections " + all);
        }
        try {
            ServerLimits limits = ServerLimits.defaults()
                    .withConnections(all)
                    .withHandshakes(handshakes)
                    .withEstablished(associations == null ? fitting : associations);
            return perAddress == null ? limits : limits.withPerAddress(perAddress);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private DicomServer start(
            SecureTransport secure, AcceptorOptions acceptor, ServerLimits limits, StoreSink sink, Events events) {
        InetSocketAddress where = bind == null ? new InetSocketAddress(port) : new InetSocketAddress(address(bind), port);
        try {
            return DicomServer.on(ConnectionServer.secure(secure).bind(where).limits(limits))
                    .acceptor(acceptor)
                    .sink(sink)
                    .listener(events)
                    .drain(drain)
                    .start();
        } catch (IOException e) {
            throw new UsageException("port " + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    static InetAddress address(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new UsageException("--bind " + name + ": unknown address", e);
        }
    }
}
