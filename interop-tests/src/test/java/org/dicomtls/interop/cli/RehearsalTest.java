package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the rehearsal fails, the commands start slowly, and nobody would hear of it. */
@Timeout(120)
class RehearsalTest {

    @Test
    void everyCommandOfItRuns(@TempDir Path directory) throws Exception {
        assertThat(new Rehearsal(directory).run()).isZero();
    }
}
