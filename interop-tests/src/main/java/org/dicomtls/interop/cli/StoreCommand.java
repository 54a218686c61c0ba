package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Socket;
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
import org.dicomtls.transport.KeyUse;
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
        ClientRun run;
        int before;
        do {
            before = next;
            run = client.run(contexts, (association, socket) -> store(association, socket, objects));
        } while (next < objects.size() && before < next && run.exitStatus() != ExitStatus.UNREACHABLE && pausing);
        report.write(run.json("dicom-tls/store/1"), out);
        if (!report.jsonOnStandardOutput()) {
            run.print(out, spec.commandLine().getErr(), Optional.of("C-STORE of " + objects.size() + " files,"));
        }
        return run.exitStatus();
    }

    /** The object that is stored next, and the status of the first that was not stored. */
    private int next;

    private DimseStatus worst = DimseStatus.SUCCESS;

    /** Whether the association ended before all were stored, because of its keys. */
    private boolean pausing;

    /** Stores all, or as many as the keys of the connection last for. */
    private String store(Association association, Socket socket, List<Part10> objects) throws IOException {
        pausing = false;
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            while (next < objects.size() && !pausing) {
                Part10 object = objects.get(next);
                progress.at(next, objects.size(), object.path().toString());
                DimseStatus status = association.store(object);
                next++;
                if (!status.isSuccess()) {
                    spec.commandLine().getErr().println("dicom-tls: " + object.path() + ": status " + status);
                    if (!status.isWarning() && worst.isSuccess()) {
                        worst = status;
                    }
                }
                pausing = KeyUse.of(socket).filter(KeyUse::nearlyUsedUp).isPresent() && next < objects.size();
            }
        }
        if (pausing) {
            spec.commandLine().getErr().println("dicom-tls: the keys of the connection are nearly used up after "
                    + next + " of " + objects.size() + " files; a new association is opened for the others");
        }
        return worst.toString();
    }
}
