package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.dicomtls.interop.bench.Bench;
import org.dicomtls.interop.bench.BenchPage;
import org.dicomtls.interop.bench.BenchReport;
import org.dicomtls.interop.bench.BenchText;
import org.dicomtls.interop.bench.Scale;
import org.dicomtls.interop.bench.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls bench}. */
@Command(
        name = "bench",
        description = "Measures how fast it is on this machine, and what it is compared with in the same run: the bare"
                + " engines, DCMTK, OpenSSL, testssl.sh, sslscan. Takes about half an hour on a machine that does nothing else.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    @Option(
            names = "--only",
            paramLabel = "a,b,…",
            split = ",",
            description = "these parts only: a policy against bare engine, b C-STORE, c handshakes, d audits, e growth")
    private List<String> only = new ArrayList<>();

    @Option(names = "--quick", description = "a rough look in a minute or two")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "how often everything is measured, turn by turn (default 5)")
    private Integer rounds;

    @Mixin
    private ReportOptions report;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        report.requireWritable(html);
        Set<Topic> topics = topics();
        Scale scale = scale();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Bench.busy().ifPresent(load -> err.println("dicom-tls: the load average is " + load
                + ": the machine is not quiet, and figures of this run are not worth much"));
        BenchReport measured;
        try (Terminal.Progress progress = new Terminal.Progress(err)) {
            measured = new Bench(scale, progress::at).run(topics);
        } catch (IOException e) {
            err.println("dicom-tls: the run ended early: " + e.getMessage());
            return ExitStatus.UNDETERMINED;
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
        report.write(measured.json(), out);
        if (html != null) {
            ReportOptions.file(html, BenchPage.of(measured));
        }
        if (!report.jsonOnStandardOutput()) {
            BenchText.lines(measured, Terminal.width()).forEach(out::println);
            if (html != null) {
                out.println();
                out.println("The page: " + html);
            }
        }
        return ExitStatus.OK;
    }

    private Set<Topic> topics() {
        if (only.isEmpty()) {
            return EnumSet.allOf(Topic.class);
        }
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        for (String id : only) {
            topics.add(Topic.of(id)
                    .orElseThrow(() -> new UsageException("--only " + id + ": unknown part; known: a, b, c, d, e")));
        }
        return topics;
    }

    private Scale scale() {
        Scale scale = quick ? Scale.QUICK : Scale.FULL;
        try {
            return rounds == null ? scale : scale.withRounds(rounds);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
