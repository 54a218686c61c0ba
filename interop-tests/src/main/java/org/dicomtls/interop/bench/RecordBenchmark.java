package org.dicomtls.interop.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.dicomtls.interop.report.Logs;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One record of 16 KiB from engine to engine in memory, under TLS 1.3 with AES-256-GCM: its time and its heap. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {

    private static final String SUITE = "TLS_AES_256_GCM_SHA384";
    /** Fits into a record of either engine: SunJSSE puts 16367 octets into one at most. */
    private static final int RECORD = 16_000;
    private static final int MOST_FLIGHTS = 100;

    /** Which engines: a policy's, or bare ones. */
    public enum Subject {
        JDK_POLICY,
        JDK_BARE,
        BC_POLICY,
        BC_BARE
    }

    @Param
    public Subject subject;

    private SSLEngine sending;
    private SSLEngine taking;
    private ByteBuffer data;
    private ByteBuffer record;
    private ByteBuffer taken;

    @Setup
    public void connect() throws SSLException {
        Logs.quiet();
        Keys keys = Keys.of(Keys.Kind.P256);
        sending = engine(keys, Role.CLIENT);
        taking = engine(keys, Role.SERVER);
        data = ByteBuffer.allocate(RECORD);
        record = ByteBuffer.allocate(RECORD + 4096);
        taken = ByteBuffer.allocate(RECORD + 4096);
        handshake();
    }

    private SSLEngine engine(Keys keys, Role role) {
        SSLContext context = switch (subject) {
            case JDK_POLICY -> policy(Engine.JDK, keys, role);
            case BC_POLICY -> policy(Engine.BC, keys, role);
            case JDK_BARE -> Ends.bare(Ends.Bare.JDK, keys, role);
            case BC_BARE -> Ends.bare(Ends.Bare.BC_ON_JDK, keys, role);
        };
        SSLEngine engine = context.createSSLEngine("localhost", 2762);
        engine.setUseClientMode(role == Role.CLIENT);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        engine.setEnabledCipherSuites(new String[] {SUITE});
        if (role == Role.SERVER) {
            engine.setNeedClientAuth(true);
        }
        return engine;
    }

    private static SSLContext policy(Engine engine, Keys keys, Role role) {
        return Ends.build(Profiles.named("bcp195-rfc9325"), engine, keys, role).sslContext();
    }

    private void handshake() throws SSLException {
        sending.beginHandshake();
        taking.beginHandshake();
        ByteBuffer there = ByteBuffer.allocate(1 << 17);
        ByteBuffer back = ByteBuffer.allocate(1 << 17);
        for (int flights = 0; flights < MOST_FLIGHTS; flights++) {
            step(sending, back, there);
            step(taking, there, back);
            if (over(sending) && over(taking) && there.position() == 0 && back.position() == 0) {
                return;
            }
        }
        throw new SSLException("no end of the handshake");
    }

    private static boolean over(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** As far as an engine gets with what the other one has written. */
    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        for (int turns = 0; turns < MOST_FLIGHTS; turns++) {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
                continue;
            }
            in.flip();
            taken.clear();
            SSLEngineResult result = in.hasRemaining() ? engine.unwrap(in, taken) : null;
            in.compact();
            if (result == null || result.getStatus() != SSLEngineResult.Status.OK) {
                return;
            }
        }
    }

    /** There, and taken. */
    @Benchmark
    public int record() throws SSLException {
        data.clear();
        record.clear();
        taken.clear();
        sending.wrap(data, record);
        record.flip();
        while (record.hasRemaining()) {
            taking.unwrap(record, taken); // one record; once in a million BCJSSE puts a KeyUpdate before it
        }
        if (taken.position() != RECORD) {
            throw new SSLException("of a record only " + taken.position() + " octets came out");
        }
        return taken.position();
    }
}
