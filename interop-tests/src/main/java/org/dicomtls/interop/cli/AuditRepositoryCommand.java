package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.dicomtls.interop.syslog.SyslogReceiver;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls audit-repository --listen PORT --profile ID --output FILE}. */
@Command(
        name = "audit-repository",
        description = "Receives audit messages by syslog over TLS (PS3.15 A.6) and appends them to a file, one a line. For labs:"
                + " it does nothing else with them. Runs until it is interrupted.",
        mixinStandardHelpOptions = true)
final class AuditRepositoryCommand implements Callable<Integer> {

    @Mixin
    private TransportOptions transport;

    @Option(names = "--listen", paramLabel = "PORT", required = true, description = "the port; 0 takes a free one")
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "the local address (default: all)")
    private String bind;

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "where the messages go")
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65535) {
            throw new UsageException("port " + port + " is outside 0…65535");
        }
        SecureTransport secure = transport.transport(Role.SERVER, true, TransportListener.NONE, builder -> {});
        InetSocketAddress where = new InetSocketAddress(bind == null ? null : ServeCommand.address(bind), port);
        SyslogReceiver receiver = start(secure, where);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                receiver.close();
            } catch (IOException e) {
                // Every message was written when it came.
            }
            stopped.countDown();
        }));
        PrintWriter out = spec.commandLine().getOut();
        out.println("listening on " + where.getAddress().getHostAddress() + ":" + receiver.port() + ", profile "
                + secure.profile().id() + ", engine " + secure.engine().id() + ", messages to " + output);
        out.flush();
        stopped.await();
        return ExitStatus.OK;
    }

    private SyslogReceiver start(SecureTransport secure, InetSocketAddress where) {
        try {
            return SyslogReceiver.start(secure, where, output);
        } catch (java.net.BindException e) {
            throw new UsageException("port " + port + " cannot be bound: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UsageException(output + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
