package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dicomtls.interop.association.Association;
import org.dicomtls.interop.association.DimseStatus;
import org.dicomtls.interop.association.Part10;
import org.dicomtls.interop.association.Part10Exception;
import org.dicomtls.interop.association.PresentationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls store HOST:PORT --profile ID FILE…}. */
@Command(name = "store", description = "C-STORE of DICOM files under a profile.", mixinStandardHelpOptions = true)
final class StoreCommand implements Callable<Integer> {

    @Mixin
    private ClientOptions client;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "DICOM files (PS3.10)")
    private List<Path> files;

    @Mixin
    private ReportOptions report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        report.requireWritable();
        PrintWriter out = spec.commandLine().getOut();
        List<Part10> objects = new ArrayList<>();
        for (Path file : files) {
            try {
                objects.add(Part10.read(file));
            } catch (Part10Exception e) {
                throw new UsageException(e.getMessage(), e);
            } catch (NoSuchFileException e) {
                throw new UsageException(file + ": no such file", e);
            } catch (IOException e) {
                throw new UsageException(file + ": cannot be read: " + e.getMessage(), e);
            }
        }
        List<PresentationContext> contexts;
        try {
            contexts = PresentationContext.storing(objects);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
        ClientRun run = client.run(contexts, association -> store(association, objects));
        report.write(run.json("dicom-tls/store/1"), out);
        if (!report.jsonOnStandardOutput()) {
            run.print(out, spec.commandLine().getErr(), Optional.of("C-STORE of " + objects.size() + " files,"));
        }
        return run.exitStatus();
    }

    /** Stores all; the status is that of the first that is not stored. */
    private String store(Association association, List<Part10> objects) throws IOException {
        DimseStatus worst = DimseStatus.SUCCESS;
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            for (int i = 0; i < objects.size(); i++) {
                progress.at(i, objects.size(), objects.get(i).path().toString());
                DimseStatus status = association.store(objects.get(i));
                if (!status.isSuccess()) {
                    spec.commandLine().getErr().println("dicom-tls: " + objects.get(i).path() + ": status " + status);
                    if (!status.isWarning() && worst.isSuccess()) {
                        worst = status;
                    }
                }
            }
        }
        return worst.toString();
    }
}
