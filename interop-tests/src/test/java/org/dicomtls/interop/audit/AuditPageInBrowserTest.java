package org.dicomtls.interop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Manner;
import org.dicomtls.interop.probe.Presented;
import org.dicomtls.interop.probe.Target;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page about a server whose certificate has markup in its subject, as a browser reads it. */
@Timeout(120)
class AuditPageInBrowserTest {

    @TempDir
    private Path directory;

    private static boolean installed(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void nothingOfAMarkupSubjectIsRendered() throws Exception {
        assumeTrue(installed("openssl", "version"), "skipped: install openssl");
        assumeTrue(installed("chromium", "--version"), "skipped: install chromium");
        TestPki pki = TestPki.create(PkiOptions.defaults());
        pki.write(directory.resolve("pki"));
        Credential marked = pki.flawed(Role.SERVER, Flaw.MARKUP_SUBJECT);
        assertThat(marked.certificate().getSubjectX500Principal().getName()).contains("<script");
        Path page = directory.resolve("audit.html");
        try (ForeignServer server = ForeignServer.start(
                port -> List.of(
                        "openssl", "s_server", "-accept", "127.0.0.1:" + port, "-quiet", "-cert",
                        directory.resolve("pki/flaws/server-markup-subject.pem").toString(), "-key",
                        directory.resolve("pki/flaws/server-markup-subject.key").toString()))) {
            Target target = new Target("127.0.0.1", server.port(), Duration.ofSeconds(1), Duration.ZERO);
            Audit audit = Audit.of(target, DicomProfiles.BCP195_RFC9325, Presented.NOTHING, new Manner(1, false));
            Files.writeString(page, AuditPage.of(audit));
        }
        String dom = dom(page);
        assertThat(dom).as("the subject is on the page, as text").contains("&lt;script");
        assertThat(dom).doesNotContain("<script").doesNotContain("<img").doesNotContain("onerror=\"");
        assertThat(dom).contains("<title>Audit of 127.0.0.1:");
    }

    /** The document after everything in it that could run has run. */
    private String dom(Path page) throws IOException, InterruptedException {
        Path out = directory.resolve("dom.html");
        Process process = new ProcessBuilder(
                        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--user-data-dir=" + directory.resolve("chromium"), "--dump-dom", page.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the browser ends").isTrue();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
