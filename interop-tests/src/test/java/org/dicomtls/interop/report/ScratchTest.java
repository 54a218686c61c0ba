package org.dicomtls.interop.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a run ends, nothing of it stays. */
@Timeout(60)
class ScratchTest {

    /** A run that ends only when it is made to. */
    public static final class Endless {
        public static void main(String[] arguments) throws Exception {
            Scratch scratch = Scratch.create("dicom-tls-scratch-test");
            Files.writeString(Files.createDirectory(scratch.directory().resolve("keys")).resolve("a.key"), "secret");
            Process child = new ProcessBuilder("sleep", "300").start();
            System.out.println(scratch.directory() + " " + child.pid());
            Thread.sleep(300_000);
        }
    }

    @Test
    void aRunThatIsToldToEndLeavesNoFilesAndNoProcesses() throws Exception {
        Process run = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .replace(";", File.pathSeparator),
                        Endless.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = run.inputReader()) {
            String[] words = said.readLine().split(" ");
            Path directory = Path.of(words[0]);
            ProcessHandle child = ProcessHandle.of(Long.parseLong(words[1])).orElseThrow();
            assertThat(directory.resolve("keys/a.key")).exists();
            run.destroy(); // SIGTERM, as of a CI that has waited long enough
            assertThat(run.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(directory).doesNotExist();
            child.onExit().get(10, TimeUnit.SECONDS);
        } finally {
            run.destroyForcibly();
        }
    }

    @Test
    void aRunThatIsOverLeavesNoFiles() throws Exception {
        Path directory;
        try (Scratch scratch = Scratch.create("dicom-tls-scratch-test")) {
            directory = scratch.directory();
            Files.writeString(directory.resolve("a"), "b");
        }
        assertThat(directory).doesNotExist();
    }
}
