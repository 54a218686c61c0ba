package org.dicomtls.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.wire.HandshakeMessages;

/**
 * An engine under a policy. The JSSE engine behind it is made when the handshake begins; at a server, when the
 * ClientHello is complete, because what that engine is told depends on it.
 */
final class PolicyEngine extends SSLEngine {

    private final SecureTransport transport;
    private final PolicySettings settings;
    private boolean modeSet;
    private boolean begun;
    private Connection connection;
    private SSLEngine engine;
    private boolean established;
    private TlsRefusal refusal;
    private SSLException refusalDue;
    private AlertDescription alertDue;
    private boolean inboundClosed;
    private boolean outboundClosed;
    private boolean silenced;
    private boolean headShown;
    private byte[] record = new byte[0];
    private byte[] pending = new byte[0];
    private int recordsBeforeHello;
    private final RecordCount sent = new RecordCount();
    private final RecordCount received = new RecordCount();
    private KeyUse keys;

    PolicyEngine(SecureTransport transport, String host, int port) {
        super(host, port);
        this.transport = transport;
        this.settings = new PolicySettings(transport, Role.CLIENT);
    }

    synchronized Optional<Negotiated> negotiated() {
        return connection == null || !established ? Optional.empty() : connection.negotiated();
    }

    synchronized Optional<KeyUse> keyUse() {
        return Optional.ofNullable(keys);
    }

    /** Begins the handshake, once. A second call does nothing: renegotiation is refused by every profile. */
    @Override
    public synchronized void beginHandshake() throws SSLException {
        if (!modeSet) {
            throw new IllegalStateException("setUseClientMode was not called");
        }
        if (begun) {
            return;
        }
        begun = true;
        connection = new Connection(
                transport,
                settings,
                Optional.empty(),
                Optional.ofNullable(getPeerHost())
                        .map(host -> InetSocketAddress.createUnresolved(host, Math.max(0, getPeerPort()))));
        try {
            connection.requireSomething();
        } catch (TlsRefusal e) {
            throw refuse(e, AlertDescription.HANDSHAKE_FAILURE);
        }
        if (settings.role() == Role.CLIENT) {
            start();
        }
    }

    private void start() throws SSLException {
        try {
            String reference = settings.role() == Role.CLIENT
                    ? transport.hostIdentityName().orElse(getPeerHost())
                    : getPeerHost();
            SSLEngine made = connection.context().createSSLEngine(reference, getPeerPort());
            made.setUseClientMode(settings.role() == Role.CLIENT);
            made.setSSLParameters(connection.engineParameters());
            transport.binding().tune(made, connection.usable());
            made.setEnableSessionCreation(settings.enableSessionCreation());
            made.beginHandshake();
            engine = made;
        } catch (IOException e) {
            throw e instanceof SSLException ssl ? ssl : new SSLException(e.getMessage(), e);
        }
    }

    @Override
    public synchronized SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
            throws SSLException {
        if (!begun) {
            beginHandshake();
        }
        throwRefusalDue();
        if (source.hasRemaining()) {
            connection.gate.heard();
        }
        if (refusal != null) {
            inboundClosed = true;
            return new SSLEngineResult(Status.CLOSED, getHandshakeStatus(), 0, 0);
        }
        if (engine == null && outboundClosed) {
            return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        }
        boolean watching = connection.gate.watchesInbound() && !established;
        if (watching && !headShown) {
            int size = recordSize(source);
            if (source.remaining() < size) {
                if (engine == null) {
                    return new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0);
                }
            } else if (engine == null || engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                show(source, size);
            }
        }
        if (engine == null) {
            if (connection.gate.clientHello().isEmpty()) {
                // A ClientHello in several records: BCJSSE and SunJSSE get all of them, but only when it is complete.
                return collect(source);
            }
            start();
            SSLEngineResult replayed = replay(targets, offset, length);
            if (replayed != null) {
                return replayed;
            }
        }
        if (keys != null && keys.tooMuchReceived()) {
            throw connection.keysUsedUp(keys, 0);
        }
        int from = source.position();
        SSLEngineResult result = engineUnwraps(source, targets, offset, length);
        if (result.bytesConsumed() > 0) {
            headShown = false;
            received.feed(source, from, result.bytesConsumed());
        }
        return after(result);
    }

    private SSLEngineResult collect(ByteBuffer source) throws TlsRefusal {
        int size = recordSize(source);
        if (source.remaining() < size) {
            return new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0);
        }
        if (++recordsBeforeHello > TapSocket.MOST_RECORDS_BEFORE_HELLO) {
            TlsRefusal refused = connection.gate.tooMuch();
            throw refuse(refused, refused.alert().orElseThrow());
        }
        int before = pending.length;
        pending = java.util.Arrays.copyOf(pending, before + size);
        source.get(pending, before, size);
        headShown = false;
        return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_UNWRAP, size, 0);
    }

    private SSLEngineResult replay(ByteBuffer[] targets, int offset, int length) throws SSLException {
        ByteBuffer earlier = ByteBuffer.wrap(pending);
        pending = new byte[0];
        while (earlier.hasRemaining()) {
            SSLEngineResult result = engineUnwraps(earlier, targets, offset, length);
            if (result.getStatus() != Status.OK) {
                return after(result);
            }
        }
        return null;
    }

    private static int recordSize(ByteBuffer source) {
        if (source.remaining() < 5) {
            return 5;
        }
        int at = source.position();
        int type = source.get(at) & 0xFF;
        int size = 5 + ((source.get(at + 3) & 0xFF) << 8 | source.get(at + 4) & 0xFF);
        boolean tls = type >= HandshakeMessages.CHANGE_CIPHER_SPEC && type <= HandshakeMessages.APPLICATION_DATA;
        // What is no record is shown to the gate as it is, for it to say what it is.
        return tls && size <= HandshakeMessages.MAX_RECORD ? size : 5;
    }

    private void show(ByteBuffer source, int size) throws SSLException {
        if (record.length < size) {
            record = new byte[size];
        }
        source.duplicate().get(record, 0, size);
        headShown = true;
        try {
            connection.gate.received(record, 0, size);
        } catch (TlsRefusal e) {
            throw refuse(e, e.alert().orElse(AlertDescription.HANDSHAKE_FAILURE));
        }
    }

    private void throwRefusalDue() throws SSLException {
        if (refusalDue != null) {
            SSLException due = refusalDue;
            refusalDue = null;
            throw due;
        }
    }

    private TlsRefusal refuse(TlsRefusal refused, AlertDescription alert) {
        refusal = refused;
        alertDue = alert;
        inboundClosed = true;
        connection.report(refused);
        return refused;
    }

    @Override
    public synchronized SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
            throws SSLException {
        if (!begun) {
            beginHandshake();
        }
        throwRefusalDue();
        if (alertDue != null) {
            if (target.remaining() < 7) {
                return new SSLEngineResult(Status.BUFFER_OVERFLOW, HandshakeStatus.NEED_WRAP, 0, 0);
            }
            target.put(new byte[] {HandshakeMessages.ALERT, 3, 3, 0, 2, 2, (byte) alertDue.code()});
            alertDue = null;
            silenced = true;
            outboundClosed = true;
            return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 7);
        }
        if (engine == null || silenced) {
            return outboundClosed || refusal != null
                    ? new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0)
                    : new SSLEngineResult(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
        }
        if (keys != null && keys.tooMuchToSend(0) && holdsData(sources, offset, length)) {
            throw connection.keysUsedUp(keys, 0);
        }
        int from = target.position();
        SSLEngineResult result = engineWraps(sources, offset, length, target);
        sent.feed(target, from, result.bytesProduced());
        if (!established && connection.gate.watchesOutbound() && result.bytesProduced() > 0) {
            byte[] sent = new byte[result.bytesProduced()];
            ByteBuffer view = target.duplicate();
            view.position(from);
            view.get(sent);
            connection.gate.sent(sent, 0, sent.length);
        }
        return after(result);
    }

    /** These two are on the way of every record, and so do without lambdas, which JDK 25 puts on the heap. */
    private SSLEngineResult engineUnwraps(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
            throws SSLException {
        try {
            return engine.unwrap(source, targets, offset, length);
        } catch (SSLException | RuntimeException e) {
            throw thrown(e);
        }
    }

    private SSLEngineResult engineWraps(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
            throws SSLException {
        try {
            return engine.wrap(sources, offset, length, target);
        } catch (SSLException | RuntimeException e) {
            throw thrown(e);
        }
    }

    private SSLException thrown(Exception e) {
        if (e instanceof SSLException ssl) {
            return refusal == null ? failed(ssl) : ssl;
        }
        if (refusal != null || established) {
            throw (RuntimeException) e;
        }
        return failed(new SSLException(String.valueOf(e.getMessage()), e));
    }

    /** The engine has failed: in our words, and with an alert for the peer where the engine has none. */
    private SSLException failed(SSLException e) {
        if (established) {
            return connection.failedLater(e) instanceof TlsRefusal later ? later : e;
        }
        refusal = connection.report(connection.explain(e, Explanation.Stream.OPEN));
        inboundClosed = true;
        // Where SunJSSE has sent an alert it has closed its inbound side. Before 22 it neither sends nor closes when a
        // delegated task ends in anything but an SSLException (JDK-8293176), and would go on with its next message.
        if (engine != null && transport.engine() == Engine.JDK && !engine.isInboundDone()) {
            if (connection.gate.sendsInTheClear()) {
                alertDue = refusal.alert().orElse(AlertDescription.INTERNAL_ERROR);
            } else {
                engine.closeOutbound();
            }
        }
        return refusal;
    }

    private static boolean holdsData(ByteBuffer[] sources, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (sources[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private SSLEngineResult after(SSLEngineResult result) throws SSLException {
        if (!established && result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            try {
                connection.finish(engine.getSession(), Optional.ofNullable(engine.getApplicationProtocol()));
            } catch (TlsRefusal e) {
                // Everything is encrypted by now, so the engine itself has to tell the peer, and knows close_notify only.
                refusal = connection.report(e);
                inboundClosed = true;
                engine.closeOutbound();
                throw e;
            }
            established = true;
            keys = connection.keyUse(sent, received);
        } else if (keys != null
                && result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && result.getStatus() != Status.CLOSED
                && !engine.isOutboundDone()
                && keys.renewalDue(0)) {
            // On an established connection of TLS 1.3 that is how SunJSSE is asked for a KeyUpdate, which it wraps next.
            engine.beginHandshake();
            return new SSLEngineResult(
                    result.getStatus(), engine.getHandshakeStatus(), result.bytesConsumed(), result.bytesProduced());
        }
        return result;
    }

    @Override
    public synchronized Runnable getDelegatedTask() {
        Runnable task = engine == null ? null : engine.getDelegatedTask();
        return task == null
                ? null
                : () -> {
                    task.run();
                    taskDone();
                };
    }

    /**
     * SunJSSE tells of a failure in a task at the next call. Where it then seems to wait for the peer, which waits for
     * it, there would be no next call, so it is asked for it here.
     */
    private synchronized void taskDone() {
        if (refusal == null && !established && transport.engine() == Engine.JDK
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            try {
                engineUnwraps(ByteBuffer.allocate(0), new ByteBuffer[] {ByteBuffer.allocate(0)}, 0, 1);
            } catch (SSLException e) {
                refusalDue = e;
            }
        }
    }

    @Override
    public synchronized HandshakeStatus getHandshakeStatus() {
        if (alertDue != null || refusalDue != null) {
            return HandshakeStatus.NEED_WRAP;
        }
        if (silenced) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        if (engine == null) {
            return begun && refusal == null && !outboundClosed
                    ? HandshakeStatus.NEED_UNWRAP
                    : HandshakeStatus.NOT_HANDSHAKING;
        }
        return engine.getHandshakeStatus();
    }

    @Override
    public synchronized void closeInbound() throws SSLException {
        inboundClosed = true;
        if (begun && !established && refusal == null && !outboundClosed) {
            // The application has seen the end of the stream before the end of the handshake.
            refusal = connection.report(connection.explain(
                    new EOFException("the peer closed the connection"), Explanation.Stream.ENDED));
            if (engine != null) {
                engine.closeOutbound();
            } else {
                outboundClosed = true;
            }
            throw refusal;
        }
        if (engine != null && refusal == null) {
            engine.closeInbound();
        }
    }

    @Override
    public synchronized boolean isInboundDone() {
        return engine != null && refusal == null ? engine.isInboundDone() : inboundClosed;
    }

    @Override
    public synchronized void closeOutbound() {
        outboundClosed = true;
        if (engine != null) {
            engine.closeOutbound();
        }
        if (established) {
            connection.closed();
        }
    }

    @Override
    public synchronized boolean isOutboundDone() {
        if (alertDue != null) {
            return false;
        }
        if (engine == null) {
            return outboundClosed;
        }
        return engine.isOutboundDone() || silenced;
    }

    @Override
    public synchronized SSLSession getSession() {
        return engine == null ? NullSession.of(getPeerHost(), getPeerPort()) : engine.getSession();
    }

    @Override
    public synchronized SSLSession getHandshakeSession() {
        return engine == null ? null : engine.getHandshakeSession();
    }

    @Override
    public synchronized String getApplicationProtocol() {
        return engine == null ? null : engine.getApplicationProtocol();
    }

    @Override
    public synchronized String getHandshakeApplicationProtocol() {
        return engine == null ? null : engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        throw new UnsupportedOperationException(
                "application protocols of a policy engine are set by SSLParameters.setApplicationProtocols");
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return transport.supportedCipherSuites();
    }

    @Override
    public synchronized String[] getEnabledCipherSuites() {
        return settings.cipherSuites();
    }

    @Override
    public synchronized void setEnabledCipherSuites(String[] suites) {
        settings.cipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return transport.supportedProtocols();
    }

    @Override
    public synchronized String[] getEnabledProtocols() {
        return settings.protocols();
    }

    @Override
    public synchronized void setEnabledProtocols(String[] protocols) {
        settings.protocols(protocols);
    }

    @Override
    public synchronized SSLParameters getSSLParameters() {
        return settings.parameters();
    }

    @Override
    public synchronized void setSSLParameters(SSLParameters parameters) {
        settings.parameters(parameters);
    }

    @Override
    public synchronized void setUseClientMode(boolean mode) {
        if (begun && mode != getUseClientMode()) {
            throw new IllegalArgumentException("the handshake has begun, the mode cannot be changed any more");
        }
        modeSet = true;
        settings.role(mode ? Role.CLIENT : Role.SERVER);
    }

    @Override
    public synchronized boolean getUseClientMode() {
        return settings.role() == Role.CLIENT;
    }

    @Override
    public synchronized void setNeedClientAuth(boolean need) {
        settings.needClientAuth(need);
    }

    @Override
    public synchronized boolean getNeedClientAuth() {
        return settings.needClientAuth();
    }

    @Override
    public synchronized void setWantClientAuth(boolean want) {
        settings.wantClientAuth(want);
    }

    @Override
    public synchronized boolean getWantClientAuth() {
        return settings.wantClientAuth();
    }

    @Override
    public synchronized void setEnableSessionCreation(boolean flag) {
        settings.enableSessionCreation(flag);
    }

    @Override
    public synchronized boolean getEnableSessionCreation() {
        return settings.enableSessionCreation();
    }
}
