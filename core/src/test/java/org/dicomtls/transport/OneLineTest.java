package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What exceptions say, made fit for a message of ours. */
class OneLineTest {

    @Test
    void namesOfExceptionsAndFurtherLinesAreLeftOut() {
        assertThat(PemFile.oneLine(new Exception("java.io.IOException: broken\nat somewhere"))).isEqualTo("broken");
        assertThat(PemFile.oneLine(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(PemFile.oneLine(new IllegalStateException(" "))).isEqualTo("IllegalStateException");
    }

    /** Engines repeat host names and the like in their messages; a search that takes the square of them would take hours. */
    @Test
    @Timeout(20)
    void whatAPeerMakesLongCostsNothing() {
        String name = "a".repeat(4 << 20);
        assertThat(PemFile.oneLine(new Exception("Illegal server name, name=" + name)))
                .startsWith("Illegal server name, name=aaa")
                .hasSizeLessThan(1000);
    }
}
