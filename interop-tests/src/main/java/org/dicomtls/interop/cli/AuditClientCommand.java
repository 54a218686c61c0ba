package org.dicomtls.interop.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.probe.client.ClientCase;
import org.dicomtls.interop.probe.client.ClientSession;
import org.dicomtls.interop.probe.client.Identities;
import org.dicomtls.interop.probe.client.SessionFile;
import org.dicomtls.interop.report.Table;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls audit-client --listen PORT}. */
@Command(
        name = "audit-client",
        description = "Lets a client connect, misbehaves in one thing with each connection, and holds what the client does"
                + " against a profile, rule by rule.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The client is given ca.pem, and client-rsa or client-ecdsa, of --pki. It is to connect once for each case, by",
            "itself, by hand or by --script; every refusal it shows but in the control cases is right.",
            "",
            "Exit status: 0 conformant, or accepted for its waivers or baseline; 1 non-conformant; 2 undetermined;",
            "3 no client came; 64 usage."
        })
final class AuditClientCommand implements Callable<Integer> {

    private static final int BACKLOG = 50;
    private static final long TICK_MILLIS = 10;

    @Option(
            names = "--listen",
            paramLabel = "PORT",
            required = true,
            description = "the port to listen on, on every address; 0 for any that is free")
    private int port;

    @Option(
            names = "--profile",
            paramLabel = "ID",
            required = true,
            converter = Converters.ToProfile.class,
            description = "the profile; 'dicom-tls profiles' lists them")
    private Profile profile;

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            required = true,
            description = "a directory made by 'dicom-tls pki', for the name that the client connects to")
    private Path pki;

    @Option(
            names = "--cases",
            paramLabel = "ID",
            split = ",",
            description = "these cases only, by id or by number such as C28; the controls are added")
    private List<String> cases = List.of();

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "keep what was found there, and go on from it if it is there")
    private Path resume;

    @Option(
            names = "--script",
            paramLabel = "COMMAND",
            description = "run this once for each case, with {host} and {port} filled in, by sh -c")
    private String script;

    @Option(names = "--host", paramLabel = "NAME", defaultValue = "localhost", description = "what {host} is (default localhost)")
    private String host;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            converter = Converters.ToDuration.class,
            description = "the longest time for a connection, and for a run of the script (default 10)")
    private Duration timeout;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            converter = Converters.ToDuration.class,
            description = "without --script: how long to wait for the next connection (default an hour)")
    private Duration wait = Duration.ofHours(1);

    @Option(
            names = "--merge",
            paramLabel = "FILE",
            description = "a JSON report of the same node as a server, to be held by this report as well")
    private Path merge;

    @Mixin
    private AuditReportOptions reports;

    @Spec
    private CommandSpec spec;

    private PrintWriter live;

    @Override
    public Integer call() throws InterruptedException {
        reports.requireWritable();
        if (port < 0 || port > 65535) {
            throw new UsageException("--listen " + port + " is outside 0…65535");
        }
        if (!host.matches("[A-Za-z0-9.:_-]+")) {
            throw new UsageException("--host '" + host + "' is no host name and no address");
        }
        OnRecord record = reports.onRecord(List.of(profile), Role.CLIENT);
        Optional<OtherRole> other =
                merge == null ? Optional.empty() : Optional.of(OtherRole.read(merge, profile, Role.SERVER));
        // Standard output belongs to the report; what goes on is for those who sit before it.
        live = reports.report().jsonOnStandardOutput() ? spec.commandLine().getErr() : spec.commandLine().getOut();
        ClientSession session = session();
        try (ServerSocket listening = new ServerSocket(port, BACKLOG)) {
            plan(session, listening.getLocalPort());
            session.serve(listening);
            if (script == null) {
                await(session);
            } else {
                runScript(session, listening);
            }
        } catch (IOException e) {
            throw new UsageException("port " + port + ": " + e.getMessage(), e);
        }
        Acceptance acceptance = new Acceptance(Audit.of("client", profile, session.survey()), record);
        if (!session.met()) {
            spec.commandLine().getErr().println("dicom-tls: no client came");
            return ExitStatus.UNREACHABLE;
        }
        live.println();
        return reports.write(acceptance, other, spec.commandLine().getOut());
    }

    private ClientSession session() {
        try {
            if (!Files.isDirectory(pki)) {
                throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
            }
            ClientSession session = new ClientSession(Identities.directory(pki), cases, timeout, new Live());
            if (resume != null) {
                ReportOptions.requireWritableFile(resume.toString());
                new SessionFile(resume).resume(session);
            }
            return session;
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private void plan(ClientSession session, int listeningPort) {
        live.println(session.plan().size() + " cases; the client is to connect to port " + listeningPort
                + " once for each. It needs " + pki.resolve("ca.pem") + ", and " + pki.resolve("client-rsa.pem") + " or "
                + pki.resolve("client-ecdsa.pem") + " with its key.");
        for (ClientCase one : session.plan()) {
            Table.wrap(one.id() + ": " + one.title() + "; expected: " + one.expected(), Terminal.width() - 2)
                    .forEach(line -> live.println("  " + line));
        }
        live.println();
        say(session.next());
    }

    private void say(Optional<ClientCase> next) {
        if (script == null && next.isPresent()) {
            live.println("next: " + next.get().id() + ", " + next.get().title() + " — let the client connect now");
            live.flush();
        }
    }

    /** For a person: until all is done, or nobody comes any more. */
    private void await(ClientSession session) throws InterruptedException {
        int seen = session.finished();
        long last = System.nanoTime();
        while (!session.done()) {
            Thread.sleep(TICK_MILLIS);
            if (session.finished() != seen) {
                seen = session.finished();
                last = System.nanoTime();
                keep(session);
                say(session.next());
            } else if (System.nanoTime() - last > wait.toNanos()) {
                live.println("nobody came for " + wait.toSeconds() + " s");
                return;
            }
        }
        keep(session);
    }

    private void keep(ClientSession session) {
        if (resume == null) {
            return;
        }
        try {
            new SessionFile(resume).write(session);
        } catch (IOException e) {
            throw new UsageException(resume + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void runScript(ClientSession session, ServerSocket listening) throws InterruptedException {
        session.drive(
                listening,
                host,
                (name, number) -> run(script.replace("{host}", name).replace("{port}", Integer.toString(number))),
                () -> keep(session));
        if (!session.done()) {
            live.println("the script came to no connection any more");
        }
    }

    private void run(String command) throws InterruptedException {
        try {
            File nothing = new File("/dev/null");
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectInput(nothing)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UsageException("--script: " + e.getMessage(), e);
        }
    }

    /** What comes in, as it comes in. */
    private final class Live implements ClientSession.Listener {
        @Override
        public void finished(ClientCase one, boolean asExpected, String words, int done, int planned) {
            live.println("[" + done + "/" + planned + "] " + (asExpected ? "ok   " : "NOTE ") + one.id() + ", " + one.title()
                    + " → " + words);
            live.flush();
        }

        @Override
        public void skipped(ClientCase one, String why, int done, int planned) {
            live.println("[" + done + "/" + planned + "] left " + one.id() + ": " + why);
            live.flush();
        }

        @Override
        public void strange(InetAddress from, String what) {
            live.println("from " + from.getHostAddress() + ": " + what);
            live.flush();
        }
    }
}
