package org.dicomtls.interop.pki;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The openssl command as an independent witness. */
final class OpenSsl {
    record Output(int status, String text) {}

    private OpenSsl() {}

    static void assumeInstalled() throws InterruptedException {
        boolean installed;
        try {
            installed = run(List.of("version")).status() == 0;
        } catch (IOException e) {
            installed = false;
        }
        assumeTrue(installed, "skipped: install openssl");
    }

    static Output run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }
}
