package org.dicomtls.interop.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dicomtls.interop.audit.Acceptance;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.interop.audit.AuditJson;
import org.dicomtls.interop.audit.AuditPage;
import org.dicomtls.interop.audit.Audits;
import org.dicomtls.interop.audit.AuditsText;
import org.dicomtls.interop.audit.Node;
import org.dicomtls.interop.audit.NodeOutcome;
import org.dicomtls.interop.audit.OnRecord;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.interop.probe.UnreachableException;
import org.dicomtls.rule.Role;
import org.dicomtls.interop.report.Json;

/** The audits of all servers of a list, side by side. */
final class ManyAudits {

    static final int DEFAULT_NODES = 16;
    static final int MOST_NODES = 64;

    private final AuditOptions options;
    private final PrintWriter out;
    private final PrintWriter err;

    ManyAudits(AuditOptions options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /**
     * Checks the whole list, asks the servers, writes the reports, and returns the exit status.
     *
     * @param atATime how many servers at a time
     * @param reports where the reports of single servers go; may be null
     */
    int run(Path file, int atATime, Path reports) throws InterruptedException, IOException {
        options.check();
        TargetList list = TargetList.read(file);
        if (!list.errors().isEmpty()) {
            list.errors().forEach(error -> err.println("dicom-tls: " + error));
            return ExitStatus.USAGE;
        }
        OnRecord record = options.reports().onRecord(list.nodes().stream().map(Node::profile).distinct().toList(), Role.SERVER);
        Presented presented = options.presented();
        if (reports != null) {
            requireDirectory(reports);
        }
        try (Audits audits = new Audits(list.nodes(), parts())) {
            ask(audits, record, presented, atATime, reports);
            write(audits);
            if (!options.reports().report().jsonOnStandardOutput()) {
                AuditsText.lines(audits.outcomes(), record, Terminal.width()).forEach(out::println);
            }
            return status(audits.outcomes());
        }
    }

    private Set<Audits.Part> parts() {
        Set<Audits.Part> parts = EnumSet.noneOf(Audits.Part.class);
        if (options.reports().report().isAsked()) {
            parts.add(Audits.Part.JSON);
        }
        options.reports().html().ifPresent(name -> parts.add(Audits.Part.HTML));
        options.reports().junit().ifPresent(name -> parts.add(Audits.Part.JUNIT));
        return parts;
    }

    private void ask(Audits audits, OnRecord record, Presented presented, int atATime, Path reports)
            throws InterruptedException {
        List<Node> nodes = audits.nodes();
        List<String> names = ReportNames.of(nodes);
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(atATime, nodes.size()));
        try (Terminal.Progress progress = new Terminal.Progress(err)) {
            progress.at(0, nodes.size(), "nodes");
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                int index = i;
                tasks.add(() -> {
                    one(audits, index, record, presented, reports == null ? null : reports.resolve(names.get(index)));
                    progress.at(audits.done(), nodes.size(), nodes.get(index).aeTitle());
                    return null;
                });
            }
            for (Future<Void> future : pool.invokeAll(tasks)) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UsageException usage) {
                throw usage;
            }
            throw new IllegalStateException("an audit failed: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** One server; whatever it does, and whatever we do wrong with it, is a matter of this server alone. */
    private void one(Audits audits, int index, OnRecord record, Presented presented, Path stem) throws InterruptedException {
        Node node = audits.nodes().get(index);
        long started = System.nanoTime();
        Target target = new Target(
                node.host(), node.port(), options.timeout(), options.delay(), options.calling(), node.aeTitle());
        try {
            Audit audit = Audit.of(target, node.profile(), presented, options.manner());
            Acceptance acceptance = new Acceptance(audit, record.of(node.profile()));
            if (stem != null) {
                ReportOptions.file(stem + ".json", Json.text(AuditJson.of(acceptance)));
                ReportOptions.file(stem + ".html", AuditPage.of(acceptance));
            }
            audits.audited(index, acceptance, millis(started));
        } catch (UnreachableException e) {
            audits.unreachable(index, String.valueOf(e.getMessage()), target.connections(), millis(started));
        } catch (IOException e) {
            throw new UsageException("a report cannot be kept: " + e.getMessage(), e);
        } catch (UsageException e) {
            throw e;
        } catch (RuntimeException e) {
            audits.failed(index, e.toString(), target.connections(), millis(started));
        }
    }

    private static long millis(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }

    private interface Report {
        void to(Writer writer) throws IOException;
    }

    private void write(Audits audits) throws IOException {
        if (options.reports().report().jsonOnStandardOutput()) {
            audits.json(out);
        } else if (options.reports().report().file().isPresent()) {
            write(options.reports().report().file().get(), audits::json);
        }
        if (options.reports().html().isPresent()) {
            write(options.reports().html().get(), audits::html);
        }
        if (options.reports().junit().isPresent()) {
            write(options.reports().junit().get(), audits::junit);
        }
    }

    private static void write(String name, Report report) {
        try (BufferedWriter writer = Files.newBufferedWriter(Path.of(name))) {
            report.to(writer);
        } catch (IOException e) {
            throw new UsageException(name + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static void requireDirectory(Path reports) {
        try {
            Files.createDirectories(reports);
        } catch (IOException e) {
            throw new UsageException(reports + ": cannot be made a directory for reports", e);
        }
        if (!Files.isWritable(reports)) {
            throw new UsageException(reports + ": cannot be written");
        }
    }

    private static int status(List<NodeOutcome> outcomes) {
        if (outcomes.stream().anyMatch(NodeOutcome::bug)) {
            return ExitStatus.BUG;
        }
        if (outcomes.stream().anyMatch(o -> o.unanswered() > 0)) {
            return ExitStatus.REFUSED;
        }
        if (outcomes.stream().anyMatch(o -> o.conclusion().isEmpty())) {
            return ExitStatus.UNREACHABLE;
        }
        return outcomes.stream().allMatch(NodeOutcome::accepted) ? ExitStatus.OK : ExitStatus.UNDETERMINED;
    }
}
