package org.dicomtls.interop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --max-connections 0                     | a limit of 0 connections
                    --max-handshakes 0                      | a limit of 0 handshakes
                    --max-associations 0                    | a limit of 0 established connections
                    --max-per-address 0                     | a limit of 0 connections of one address
                    --max-connections 4 --max-per-address 5 | --max-per-address 5 is more than --max-connections 4
                    --max-connections many                  | Invalid value for option '--max-connections'
                    --drain x                               | 'x' is not a time
                    --drain -1                              | '-1' is not a time
                    --handshake-timeout 0                   | a time of 0 is not possible
                    --record-limit 3                        | --record-limit: a limit of 3 records is outside 64…16777216
                    """)
    void aWrongLimitIsNamedInOneLine(String options, String message) {
        StringWriter err = new StringWriter();
        String line = "serve --profile bcp195 --port 0 --bind 127.0.0.1 " + options;
        int status = Main.run(line.split(" "), new PrintWriter(new StringWriter()), new PrintWriter(err, true));
        assertThat(status).as(err.toString()).isEqualTo(64);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("dicom-tls: ").contains(message);
    }

    @Test
    void asManyAssociationsAsTheHeapHolds() {
        int pdu = 256 * 1024;
        assertThat(ServeCommand.fitting(248L << 20, pdu)).as("-Xmx256m").isBetween(500, 600);
        assertThat(ServeCommand.fitting(4L << 30, pdu)).isEqualTo(1024);
        assertThat(ServeCommand.fitting(32L << 20, pdu)).isEqualTo(16);
    }
}
