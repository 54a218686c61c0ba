package org.dicomtls.interop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.dicomtls.interop.matrix.Matrix;
import org.dicomtls.interop.matrix.MatrixPage;
import org.dicomtls.interop.matrix.MatrixRun;
import org.dicomtls.interop.matrix.MatrixText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dicom-tls matrix}. */
@Command(
        name = "matrix",
        description = "Runs every enforceable profile against every other, both engines, RSA and ECDSA certificates,"
                + " with a C-ECHO over loopback, and compares each outcome with its prediction.",
        mixinStandardHelpOptions = true)
final class MatrixCommand implements Callable<Integer> {

    @Mixin
    private EndsOptions ends;

    @Mixin
    private ReportOptions report;

    @Option(names = "--html", paramLabel = "FILE", description = "write the report as one self-contained HTML page")
    private String html;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        report.requireWritable(html);
        PrintWriter out = spec.commandLine().getOut();
        Matrix matrix;
        try (Terminal.Progress progress = new Terminal.Progress(spec.commandLine().getErr())) {
            matrix = MatrixRun.of(ends.profiles(), Matrix.ends(ends.profiles(), ends.engines()), progress::at);
        }
        report.write(matrix.json(), out);
        if (html != null) {
            ReportOptions.file(html, MatrixPage.of(matrix));
        }
        if (!report.jsonOnStandardOutput()) {
            MatrixText.lines(matrix, Terminal.width()).forEach(out::println);
            if (html != null) {
                out.println("The page: " + html);
            }
        }
        return matrix.disagreeing().isEmpty() ? ExitStatus.OK : ExitStatus.REFUSED;
    }
}
