package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a server that cannot be reached, from the exceptions that systems have for it. */
class UnreachableTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new UnknownHostException("pacs.example"),
                        "transport.unknown-host: host pacs.example is unknown; remedy: correct the host name, or the name"
                                + " service of this machine"),
                Arguments.of(
                        new ConnectException("Connection refused: connect"),
                        "transport.connection-refused: nobody listens at 192.0.2.7:2762; remedy: start the server, or"
                                + " correct host and port; some firewalls answer like this too"),
                Arguments.of(
                        new SocketTimeoutException("Connect timed out"),
                        "transport.unreachable: 192.0.2.7:2762 does not answer; remedy: look whether the machine is up, and"
                                + " for a firewall in between"),
                Arguments.of(
                        new NoRouteToHostException("No route to host"),
                        "transport.unreachable: 192.0.2.7:2762 cannot be reached: No route to host; remedy: look at the"
                                + " network and the routes of this machine"),
                Arguments.of(
                        new ConnectException("Network is unreachable"),
                        "transport.unreachable: 192.0.2.7:2762 cannot be reached: Network is unreachable; remedy: look at"
                                + " the network and the routes of this machine"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatThereIsToSay(IOException failure, String said) {
        TlsRefusal refusal = Explanation.unreachable(
                "192.0.2.7:2762", InetSocketAddress.createUnresolved("pacs.example", 2762), failure);
        assertThat(refusal.kind() + ": " + refusal.text()).isEqualTo(said);
        assertThat(refusal.phase()).isEqualTo(Refusal.Phase.TRANSPORT);
    }
}
