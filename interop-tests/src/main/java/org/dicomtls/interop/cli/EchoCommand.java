package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dicomtls.interop.association.PresentationContext;
import org.dicomtls.interop.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dicom-tls echo HOST:PORT --profile ID}. */
@Command(name = "echo", description = "C-ECHO under a profile.", mixinStandardHelpOptions = true)
final class EchoCommand implements Callable<Integer> {

    @Mixin
    private ClientOptions client;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        ClientRun run = client.run(
                PresentationContext.verification(), (association, socket) -> association.echo().toString());
        ObjectNode json = run.json("dicom-tls/echo/1");
        report.write(json, out);
        if (!report.jsonOnStandardOutput()) {
            run.print(out, spec.commandLine().getErr(), Optional.of("C-ECHO"));
        }
        return run.exitStatus();
    }
}
