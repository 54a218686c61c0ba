package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.peer.Peer;
import org.dicomtls.interop.peer.Peers;
import org.dicomtls.interop.run.Interop;
import org.dicomtls.interop.run.InteropJUnit;
import org.dicomtls.interop.run.InteropPage;
import org.dicomtls.interop.run.InteropRun;
import org.dicomtls.interop.run.InteropText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls interop}. */
@Command(
        name = "interop",
        description = "Runs every enforceable profile against every peer that is installed, in both roles and on both engines,"
                + " with a C-ECHO and a C-STORE, and compares each outcome with its prediction.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A peer of your own is a class that implements org.dicomtls.interop.peer.Peer, found through",
            "DICOM_TLS_CLASS_PATH; or a JSON file that describes it; or one command, such as",
            "  --peer 'my-scp --port {port} --cert {cert} --key {key} --ca {ca} --dir {dir}'",
            "  --peer 'my-scu echo {host} {port} --cert {cert} --key {key} --ca {ca}'",
            "",
            "Exit status: 0 all as predicted; 1 not so; 3 no peer is there; 64 usage."
        })
final class InteropCommand implements Callable<Integer> {

    @Mixin
    private EndsOptions ends;

    @Option(
            names = "--peers",
            paramLabel = "ID,…",
            split = ",",
            description = "these of the known peers only; without it all of them, or none if --peer names others")
    private List<String> known = new ArrayList<>();

    @Option(
            names = "--peer",
            paramLabel = "CLASS|FILE|COMMAND",
            description = "a peer of your own; repeatable")
    private List<String> own = new ArrayList<>();

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description = "a directory made by 'dicom-tls pki', for devices that were given keys of it; without it, one is made")
    private Path pki;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "the name by which peers reach this machine; another than localhost listens on every address")
    private String host;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            converter = Converters.ToDuration.class,
            description = "the longest time for a handshake, for an answer, and for the start of a peer (default 20)")
    private Duration timeout;

    @Mixin
    private ReportOptions report;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the report as JUnit XML, a test case a connection")
    private String junit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        report.requireWritable(html, junit);
        if (!host.matches("[A-Za-z0-9._-]+")) {
            throw new UsageException("--host '" + host + "' is no host name");
        }
        if (pki != null && !Files.isDirectory(pki)) {
            throw new UsageException(pki + ": no such directory; 'dicom-tls pki " + pki + "' makes one");
        }
        List<Peer> peers = peers();
        Interop run;
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            run = InteropRun.of(
                    ends.profiles(), ends.engines(), peers, new InteropRun.Place(Optional.ofNullable(pki), host, timeout),
                    progress::at);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        return write(run);
    }

    private List<Peer> peers() {
        try {
            List<Peer> found = Peers.known();
            List<Peer> peers = new ArrayList<>();
            for (String id : known) {
                peers.add(found.stream()
                        .filter(peer -> peer.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new UsageException("unknown peer '" + id + "'; known: "
                                + found.stream().map(Peer::id).collect(Collectors.joining(", ")))));
            }
            if (known.isEmpty() && own.isEmpty()) {
                peers.addAll(found);
            }
            List<Peer> all = Stream.concat(peers.stream().distinct(), Peers.named(own).stream()).toList();
            Peers.requireDifferent(all);
            return all;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private int write(Interop run) {
        PrintWriter out = spec.commandLine().getOut();
        report.write(run.json(), out);
        if (html != null) {
            ReportOptions.file(html, InteropPage.of(run));
        }
        if (junit != null) {
            ReportOptions.file(junit, InteropJUnit.of(run));
        }
        if (!report.jsonOnStandardOutput()) {
            InteropText.lines(run, Terminal.width()).forEach(out::println);
            if (html != null) {
                out.println("The page: " + html);
            }
        }
        if (run.peers().isEmpty()) {
            return ExitStatus.UNREACHABLE;
        }
        return run.disagreeing().isEmpty() ? ExitStatus.OK : ExitStatus.REFUSED;
    }
}
