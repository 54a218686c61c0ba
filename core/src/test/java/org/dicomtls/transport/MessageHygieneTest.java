package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.dicomtls.policy.Engine;
import org.dicomtls.transport.RawClient.Api;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends gets into messages only clean and short. */
class MessageHygieneTest {

    private static final int LONGEST = 2_000;

    static Stream<Arguments> names() {
        return Stream.of(Engine.values())
                .flatMap(e -> Stream.of("\u001b[31mred\u001b[0m", "two\nlines\r\n", "nul\u0000", "\u202egnp.exe", "x".repeat(10_000))
                        .map(n -> Arguments.of(e, n)));
    }

    private static void clean(String text) {
        assertThat(text).hasSizeLessThan(LONGEST);
        assertThat(text.codePoints().filter(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                .as("control characters of '%s'", text)
                .isEmpty();
    }

    private static Identity named(String name) {
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
        return Certificate.of(subject, Transports.P256).selfSigned().with();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSubjectOfAClientIsCleaned(Engine engine, String name) throws Exception {
        List<Refusal> told = new ArrayList<>();
        SecureTransport transport = Transports.serverOf(engine, TestProfiles.WIDE)
                .listener(new TransportListener() {
                    @Override
                    public void refused(Refusal refusal) {
                        told.add(refusal);
                    }
                })
                .build();
        try (Accepting server = new Accepting(transport.sslContext())) {
            try (SSLSocket client = (SSLSocket) PlainJsse.context(named(name))
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                client.startHandshake();
                client.getInputStream().read();
            } catch (java.io.IOException e) {
                // Refused, as it should be.
            }
            TlsRefusal refusal = server.next().refusal();
            assertThat(refusal.problem()).endsWith("it is self-signed and not among the trusted certificates");
            clean(refusal.getMessage());
            assertThat(told).hasSize(1);
            assertThat(told.get(0)).isSameAs(refusal);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHelloOfThousandsOfSuitesMakesAShortMessage(Engine engine) throws Exception {
        int[] suites = new int[5_000];
        for (int i = 0; i < suites.length; i++) {
            suites[i] = 0x6000 + i;
        }
        TlsRefusal refusal = RawClient.send(
                        Api.SOCKET, Transports.server(engine), Hello.clientTls12().suites(suites).with(0xFF01, 0).record())
                .refused();
        assertThat(refusal.problem()).isEqualTo("no common cipher suite for TLSv1.2");
        // Twelve are named, and one of the five thousand is GREASE.
        assertThat(refusal.offered()).endsWith(" and 4987 more");
        clean(refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void octetsThatAreNoTlsAreNotRepeated(Engine engine) throws Exception {
        byte[] escape = "\u001b[2J\u001b[31mowned\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        TlsRefusal refusal = RawClient.send(Api.SOCKET, Transports.server(engine), escape).refused();
        clean(refusal.getMessage());
        assertThat(refusal.offered()).isEqualTo("octets that begin with 1B");
    }

    @Test
    void cutsAfterTheLastWholeCharacter() {
        assertThat(Printable.of("aééé😀😀", 5)).isEqualTo("aééé😀…");
        assertThat(Printable.of("exact", 5)).isEqualTo("exact");
    }

    @Test
    void replacesWhatATerminalWouldObey() {
        assertThat(Printable.of("a\u001bb\nc\u0085d\u202ee\u007f", 50)).isEqualTo("a?b?c?d?e?");
    }
}
