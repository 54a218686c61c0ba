package org.dicomtls.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.HandshakeMessages;
import org.dicomtls.wire.Hello;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The peer of an {@link SSLEngine} gets an alert, whatever fails: also a delegated task, where SunJSSE before 22 sends none
 * and waits, or goes on as if nothing had happened (JDK-8293176).
 */
class EngineAlertTest {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static SSLEngine engine(Role role, Engine engine) {
        SecureTransport transport = role == Role.SERVER ? Transports.server(engine) : Transports.client(engine);
        return Provocation.engine(transport, role, p -> {});
    }

    /** Feeds the octets and runs the tasks, then demands the exception, and after it an alert and the end. */
    private static TlsRefusal refusedWithAlert(SSLEngine engine, byte[] octets) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(octets);
        TlsRefusal refusal = null;
        for (int step = 0; step < 20 && refusal == null; step++) {
            try {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                            task.run();
                        }
                    }
                    case NEED_WRAP -> engine.wrap(NOTHING, ByteBuffer.allocate(40_000));
                    default -> {
                        assertThat(in.hasRemaining()).as("the engine waits for its peer").isTrue();
                        engine.unwrap(in, ByteBuffer.allocate(20_000));
                    }
                }
            } catch (TlsRefusal e) {
                refusal = e;
            }
        }
        assertThat(refusal).as("a refusal").isNotNull();
        ByteBuffer out = ByteBuffer.allocate(1 << 17);
        SSLEngineResult last = null;
        for (int step = 0; step < 10 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; step++) {
            last = engine.wrap(NOTHING, out);
        }
        assertThat(last).as("something to write").isNotNull();
        assertThat(last.getStatus()).isEqualTo(SSLEngineResult.Status.CLOSED);
        assertThat(engine.isOutboundDone()).isTrue();
        assertThat(types(out)).contains(HandshakeMessages.ALERT);
        assertThat(engine.wrap(NOTHING, out).bytesProduced()).as("nothing after the end").isZero();
        return refusal;
    }

    private static java.util.List<Integer> types(ByteBuffer out) {
        java.util.List<Integer> types = new java.util.ArrayList<>();
        for (int at = 0; at + 5 <= out.position(); ) {
            types.add((int) out.get(at));
            at += 5 + ((out.get(at + 3) & 0xFF) << 8 | out.get(at + 4) & 0xFF);
        }
        return types;
    }

    /** A point of order 4: of the right length and not zero, so that only the engine finds it out. */
    private static byte[] one() {
        byte[] one = new byte[32];
        one[0] = 1;
        return one;
    }

    @ParameterizedTest
    @EnumSource
    void aServerTellsAClientWhoseShareIsOfSmallOrder(Engine engine) throws Exception {
        refusedWithAlert(engine(Role.SERVER, engine), Hello.clientTls13().keyShare(29, one()).record());
    }

    @ParameterizedTest
    @EnumSource
    void aClientTellsAServerWhoseShareIsOfSmallOrder(Engine engine) throws Exception {
        SSLEngine client = engine(Role.CLIENT, engine);
        client.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        client.wrap(NOTHING, out);
        ClientHello hello = RawServer.readHello(new ByteArrayInputStream(out.array(), 0, out.position()));
        refusedWithAlert(client, RawServer.record(Hello.serverTls13(0x1302, hello.sessionId(), 29, one())));
    }

    @ParameterizedTest
    @EnumSource
    void anEngineWhosePeerIsGoneSaysSo(Engine engine) throws Exception {
        SSLEngine server = engine(Role.SERVER, engine);
        server.beginHandshake();
        TlsRefusal refusal = catchThrowableOfType(TlsRefusal.class, server::closeInbound);
        assertThat(refusal.kind()).isEqualTo(RefusalKind.NOTHING_SENT);
        assertThat(server.isInboundDone()).isTrue();
        try {
            server.closeInbound();
        } catch (SSLException e) {
            throw new AssertionError("twice", e);
        }
    }
}
