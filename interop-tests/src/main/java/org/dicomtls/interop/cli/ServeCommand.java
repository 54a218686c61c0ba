package org.dicomtls.interop.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.dicomtls.interop.association.AcceptorOptions;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.association.DicomServer;
import org.dicomtls.interop.association.StoreSink;
import org.dicomtls.rule.Role;
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

    @Option(names = "--called", paramLabel = "AET", description = "accept this AE title only")
    private String called;

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
        SecureTransport secure = transport.transport(Role.SERVER, watch, events, builder -> {});
        acceptor = acceptor.withAdmission((connection, callingAeTitle) -> Negotiated.of(connection)
                .flatMap(negotiated -> secure.judge(negotiated, callingAeTitle)));
        StoreSink sink;
        try {
            sink = store == null ? StoreSink.discarding() : StoreSink.toDirectory(store);
        } catch (IOException e) {
            throw new UsageException(store + ": cannot be used to store: " + e.getMessage(), e);
        }
        try (ServerSocket listener = secure.sslContext().getServerSocketFactory().createServerSocket()) {
            listen(listener);
            DicomServer server = DicomServer.on(listener)
                    .setup(ServeCommand::handshake)
                    .setupTimeout(transport.timeout)
                    .acceptor(acceptor)
                    .sink(sink)
                    .listener(events)
                    .start();
            CountDownLatch interrupted = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                interrupted.countDown();
            }));
            events.listening(listener.getInetAddress().getHostAddress() + ":" + server.port(), secure);
            while (!interrupted.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
                // Connections look for themselves; this is for the time when there are none.
                secure.refresh();
            }
        }
        return ExitStatus.OK;
    }

    private void listen(ServerSocket listener) throws IOException {
        InetAddress address;
        try {
            address = bind == null ? null : InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new UsageException("--bind " + bind + ": unknown address", e);
        }
        try {
            listener.bind(new InetSocketAddress(address, port), 512);
        } catch (IOException e) {
            throw new UsageException("port " + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    /** Off the accept thread: a client that says nothing holds up nobody else. */
    static Socket handshake(Socket accepted) throws IOException {
        accepted.setTcpNoDelay(true);
        ((SSLSocket) accepted).startHandshake();
        return accepted;
    }
}
