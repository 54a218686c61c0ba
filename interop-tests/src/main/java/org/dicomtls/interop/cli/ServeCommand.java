package org.dicomtls.interop.cli;

import java.io.IOException;
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
            defaultValue = "4096",
            description = "the most connections at once, in whatever state (default 4096)")
    private int connections;

    @Option(
            names = "--max-associations",
            paramLabel = "N",
            defaultValue = "1024",
            description = "the most connections past their handshake at once (default 1024); more wait for their turn")
    private int associations;

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
        limits();
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
        DicomServer server = start(secure, acceptor, sink, events);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            events.stopping(server.counters(), drain);
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

    private ServerLimits limits() {
        if (perAddress != null && perAddress > connections) {
            throw new UsageException("--max-per-address " + perAddress + " is more than --max-connections " + connections);
        }
        try {
            ServerLimits limits = ServerLimits.defaults()
                    .withConnections(connections)
                    .withHandshakes(handshakes)
                    .withEstablished(associations);
            return perAddress == null ? limits : limits.withPerAddress(perAddress);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private DicomServer start(SecureTransport secure, AcceptorOptions acceptor, StoreSink sink, Events events) {
        InetSocketAddress where = bind == null ? new InetSocketAddress(port) : new InetSocketAddress(address(bind), port);
        try {
            return DicomServer.on(ConnectionServer.secure(secure).bind(where).limits(limits()))
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
