package org.dicomtls.interop.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.dicomtls.interop.cli.OwnWords;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.refusals.Failure;
import org.dicomtls.interop.refusals.RefusalsPage;
import org.dicomtls.rule.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/refusals.md} says what dicom-tls says; the words of others are written by the same class when asked to. */
class RefusalsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "refusals.md");

    private static TestPki pki;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeKeys() {
        pki = TestPki.create(PkiOptions.defaults());
    }

    @Test
    void thePageSaysWhatWeSay() throws Exception {
        boolean write = Boolean.getBoolean("docs.write");
        RefusalsPage page = RefusalsPage.read(PAGE);
        RefusalsPage now = RefusalsPage.read(PAGE);
        try (OtherWords others = write ? new OtherWords(pki, directory) : null) {
            for (Failure failure : Failure.values()) {
                for (Role role : Role.values()) {
                    if (failure.concerns(role)) {
                        now.says(failure, role, "dicom-tls", OwnWords.of(failure, role, pki));
                        if (write) {
                            now.says(failure, role, "DCMTK", others.dcmtk(failure, role));
                            now.says(failure, role, "OpenSSL", others.openssl(failure, role));
                        }
                    }
                }
            }
        }
        if (write) {
            now.write(PAGE);
            return;
        }
        assertThat(page.all("dicom-tls")).as(PAGE + "; its preface says how to write it anew").isEqualTo(now.all("dicom-tls"));
        assertThat(PAGE).content().isEqualTo(now.text());
    }

    @Test
    void nobodyIsLeftOut() throws IOException {
        RefusalsPage page = RefusalsPage.read(PAGE);
        assertThat(Failure.values()).hasSize(25);
        for (String who : RefusalsPage.WHO) {
            assertThat(page.all(who)).as(who).doesNotContainValue("(not asked)");
        }
    }
}
