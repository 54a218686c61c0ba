package org.dicomtls.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.SecureTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/reading-refusals.md: it has every kind, and its code is code. */
class ReadingRefusalsTest {

    private static final Path GUIDE = Path.of("..", "docs", "reading-refusals.md");

    @Test
    void everyKindStandsInATableOnce() throws IOException {
        List<String> keys = new ArrayList<>();
        Matcher row = Pattern.compile("(?m)^\\| `((?!dicomtls)[a-z0-9-]+\\.[a-z0-9-]+)` \\|").matcher(Files.readString(GUIDE));
        while (row.find()) {
            keys.add(row.group(1));
        }
        assertThat(keys)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(RefusalKind.values()).map(RefusalKind::key).toList());
        assertThat(keys).allSatisfy(key -> assertThat(RefusalKind.of(key)).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MicrometerBinding", "RefusalLog"})
    void theCodeOfTheGuideIsCompiled(String name) throws IOException {
        String source = Files.readString(Path.of("src", "test", "java", "org", "dicomtls", "example", name + ".java"));
        String snippet = source.substring(
                source.indexOf("// tag::snippet[]\n") + "// tag::snippet[]\n".length(), source.indexOf("// end::snippet[]"));
        assertThat(Files.readString(GUIDE)).contains("```java\n" + snippet + "```\n");
    }

    @Test
    void itsListenerAndItsMetersHearOfARefusal() throws IOException {
        StringBuilder log = new StringBuilder();
        Profile profile = Profiles.named("test-wide");
        SecureTransport transport = SecureTransport.of(profile)
                .role(Role.CLIENT)
                .listener(new RefusalLog(log))
                .build();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MicrometerBinding(transport).bindTo(registry);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> transport.sslContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(java.net.ConnectException.class);
        assertThat(log)
                .hasToString("127.0.0.1:" + port + " refused, transport.connection-refused: nobody listens at 127.0.0.1:"
                        + port + "; remedy: start the server, or correct host and port; some firewalls answer like this"
                        + " too\n");
        assertThat(registry.get("dicomtls.refusals")
                        .tag("kind", "transport.connection-refused")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("dicomtls.handshakes").functionCounter().count()).isZero();
        assertThat(registry.get("dicomtls.connections").gauge().value()).isZero();
    }
}
