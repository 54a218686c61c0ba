package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.dicomtls.interop.pki.PkiException;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dicom-tls pki DIR}. */
@Command(
        name = "pki",
        description = "Makes a throw-away test PKI: ca, {server,client}-{rsa,ecdsa}, and under flaws/ one pair per named flaw.",
        mixinStandardHelpOptions = true)
final class PkiCommand implements Runnable {

    @Parameters(paramLabel = "DIR", description = "an empty directory, or one made by this command before")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        TestPki pki = TestPki.create(PkiOptions.defaults());
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            pki.write(directory, progress::at);
        } catch (PkiException e) {
            throw new UsageException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UsageException(directory + ": cannot be written: " + e.getMessage(), e);
        }
        out.println(directory + ": ca.pem, ca.key, ca.crl, {server,client}-{rsa,ecdsa}.{pem,key}, flaws/ (see flaws/README)");
        out.println("For tests only: the keys are not protected, and the certificates end in 30 days.");
    }
}
