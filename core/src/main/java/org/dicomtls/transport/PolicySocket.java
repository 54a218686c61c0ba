package org.dicomtls.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/**
 * A socket under a policy. It holds the TCP socket and, from the handshake on, the engine's own socket on top of it;
 * the application never gets at the engine's, so no setter of it can loosen the policy. Everything that is not TLS
 * goes to the TCP socket.
 */
final class PolicySocket extends SSLSocket {

    private static final long FAREWELL_MILLIS = 500;
    private static final int FAREWELL_OCTETS = 1 << 18;
    private static final int VERDICT_MILLIS = 500;

    private final SecureTransport transport;
    private final Socket tcp;
    private final boolean autoClose;
    private final PolicySettings settings;
    private final Optional<IncomingConnection> incoming;
    private final ReentrantLock handshake = new ReentrantLock();
    private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
    private String peerHost;

    private volatile Connection connection;
    private volatile SSLSocket engine;
    private volatile boolean established;
    private volatile TlsRefusal refusal;
    private volatile ConnectionListener watcher = ConnectionListener.NONE;
    private volatile KeyUse keys;
    private InputStream input;
    private OutputStream output;

    PolicySocket(SecureTransport transport, Socket tcp, String peerHost, boolean autoClose, PolicySettings settings) {
        this(transport, tcp, peerHost, autoClose, settings, Optional.empty());
    }

    /** A server's end of a connection that somebody else has accepted, watches, and closes when the handshake fails. */
    static PolicySocket accepted(SecureTransport transport, IncomingConnection connection) {
        return new PolicySocket(
                transport,
                new Consumed(connection.tcp(), connection.octets()),
                null,
                true,
                new PolicySettings(transport, Role.SERVER),
                Optional.of(connection));
    }

    private PolicySocket(
            SecureTransport transport,
            Socket tcp,
            String peerHost,
            boolean autoClose,
            PolicySettings settings,
            Optional<IncomingConnection> incoming) {
        this.transport = transport;
        this.tcp = tcp;
        this.peerHost = peerHost;
        this.autoClose = autoClose;
        this.settings = settings;
        this.incoming = incoming;
    }

    Optional<Negotiated> negotiated() {
        Connection current = connection;
        return current == null || !established ? Optional.empty() : current.negotiated();
    }

    void watch(ConnectionListener listener) {
        watcher = listener;
        Connection current = connection;
        if (current != null) {
            current.watch(listener);
        }
    }

    Optional<KeyUse> keyUse() {
        return Optional.ofNullable(keys);
    }

    /**
     * Does the handshake, once. A second call does nothing: renegotiation is refused by every profile.
     *
     * @throws TlsRefusal when it fails, with the reason in the terms of the profile
     */
    @Override
    public void startHandshake() throws IOException {
        if (established) {
            return;
        }
        handshake.lock();
        try {
            if (refusal != null) {
                throw new SSLException("the connection was refused before: " + refusal.getMessage(), refusal);
            }
            if (!established) {
                if (!tcp.isConnected()) {
                    throw new SocketException("socket is not connected");
                }
                connect();
            }
        } finally {
            handshake.unlock();
        }
    }

    private void connect() throws IOException {
        Connection made = new Connection(
                transport,
                settings,
                TransportConnection.address(tcp.getLocalSocketAddress()),
                TransportConnection.address(tcp.getRemoteSocketAddress()));
        TapSocket tap = new TapSocket(
                tcp,
                made.gate,
                incoming.map(IncomingConnection::timeLeft).orElse(transport.handshakeTimeout()),
                autoClose);
        connection = made;
        made.watch(watcher);
        // Small flights go back and forth; Nagle's algorithm would make each of them wait.
        boolean delay = !tcp.getTcpNoDelay();
        try {
            tcp.setTcpNoDelay(true);
            made.requireSomething();
            if (settings.role() == Role.SERVER) {
                tap.awaitClientHello();
            }
            SSLSocket inner = layer(made, tap);
            engine = inner;
            inner.startHandshake();
            made.finish(inner.getSession(), Optional.ofNullable(inner.getApplicationProtocol()));
            TlsVersion version = made.negotiated().orElseThrow().version();
            tap.handshakeFinished(settings.role() == Role.CLIENT && version.equals(TlsVersion.TLS_1_3));
            keys = made.keyUse(tap.sent(), tap.received());
            if (delay) {
                tcp.setTcpNoDelay(false);
            }
            input = new Reading(inner.getInputStream(), tap);
            output = new Writing(inner.getOutputStream(), tap, transport.binding().fragment(version));
            established = true;
        } catch (IOException e) {
            throw failed(made, tap, e);
        } catch (RuntimeException e) {
            throw failed(made, tap, new SSLException(String.valueOf(e.getMessage()), e));
        }
        HandshakeCompletedEvent event = new HandshakeCompletedEvent(this, engine.getSession());
        listeners.forEach(listener -> listener.handshakeCompleted(event));
    }

    private TlsRefusal failed(Connection made, TapSocket tap, IOException e) {
        refusal = made.report(takenAway(e)
                .or(() -> Optional.ofNullable(tap.refusal()))
                .orElseGet(() -> made.explain(e, tap.stream())));
        made.closed(); // where it was established for a moment
        // A peer that was silent until now has had its time.
        abandon(refusal.kind() != RefusalKind.TIMEOUT);
        return refusal;
    }

    private Optional<TlsRefusal> takenAway(IOException failure) {
        return incoming.flatMap(IncomingConnection::takenAway)
                .map(why -> TlsRefusal.at(Role.SERVER, TlsRefusal.Phase.HANDSHAKE, RefusalKind.TIMEOUT, why)
                        .remedy("look whether the client speaks TLS at all, and whether it is overloaded")
                        .build(failure));
    }

    private SSLSocket layer(Connection made, TapSocket tap) throws IOException {
        SSLSocket inner = (SSLSocket) made.context()
                .getSocketFactory()
                .createSocket(tap, reference(), tcp.getPort(), autoClose);
        inner.setUseClientMode(settings.role() == Role.CLIENT);
        inner.setSSLParameters(made.engineParameters());
        transport.binding().tune(inner, made.usable());
        inner.setEnableSessionCreation(settings.enableSessionCreation());
        return inner;
    }

    /** The name by which the server is to be identified: configured, or that by which it was reached. */
    private String reference() {
        if (settings.role() == Role.SERVER) {
            return null;
        }
        return transport.hostIdentityName().orElseGet(() -> peerHost != null ? peerHost : host());
    }

    /** The host as it was given, never looked up backwards: a name from a PTR record is no identity (RFC 9525 §6.1). */
    private String host() {
        return tcp.getRemoteSocketAddress() instanceof InetSocketAddress remote ? remote.getHostString() : null;
    }

    /**
     * Closes the TCP connection in such a manner that the peer still gets the alert: what lies unread would turn the
     * close into a reset. Bounded in time and octets, because the peer may send on for ever.
     *
     * @param farewell whether there is anything to deliver; a peer that was silent until now has had its time
     */
    private void abandon(boolean farewell) {
        if (incoming.isPresent()) {
            leave(farewell);
            return;
        }
        try (Socket closing = tcp) {
            if (!farewell) {
                return;
            }
            closing.shutdownOutput();
            InputStream in = closing.getInputStream();
            byte[] sink = new byte[4096];
            long end = System.nanoTime() + FAREWELL_MILLIS * 1_000_000;
            for (int taken = 0; taken < FAREWELL_OCTETS; ) {
                int left = (int) ((end - System.nanoTime()) / 1_000_000);
                if (left <= 0) {
                    break;
                }
                closing.setSoTimeout(left);
                int got = in.read(sink);
                if (got < 0) {
                    break;
                }
                taken += got;
            }
        } catch (IOException e) {
            // The peer is gone, or does not go: closing was all that was left to do, and is done.
        }
    }

    /** The same for a connection that somebody else closes. */
    private void leave(boolean farewell) {
        try {
            if (farewell) {
                tcp.shutdownOutput();
            }
        } catch (IOException e) {
            // The peer is gone.
        }
    }

    /** Before anything is written: has the keys changed, or refuses to go on where they are used up and cannot be. */
    private void mindSending(int octets) throws IOException {
        renewKeys(octets);
        if (keys.tooMuchToSend(octets)) {
            throw connection.keysUsedUp(keys, octets);
        }
    }

    /** As for what is written. */
    private void mindReceiving() throws IOException {
        renewKeys(0);
        if (keys.tooMuchReceived()) {
            throw connection.keysUsedUp(keys, 0);
        }
    }

    private void renewKeys(int octets) throws IOException {
        if (keys.renewalDue(octets) && !engine.isOutputShutdown()) {
            // On an established connection of TLS 1.3 that is how SunJSSE is asked for a KeyUpdate.
            engine.startHandshake();
        }
    }

    private final class Reading extends InputStream {
        private final InputStream in;
        private final TapSocket tap;

        Reading(InputStream in, TapSocket tap) {
            this.in = in;
            this.tap = tap;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            mindReceiving();
            ConnectionListener watching = watcher;
            watching.receiving();
            try {
                int got = in.read(target, offset, length);
                tap.verdictIsOut();
                if (got < 0) {
                    watching.ended(tap.ended()
                            ? Optional.of(new EOFException("the peer closed the connection without close_notify"))
                            : Optional.empty());
                } else {
                    watching.received(target, offset, got);
                }
                return got;
            } catch (SocketTimeoutException e) {
                watching.received(target, offset, 0);
                throw e;
            } catch (IOException e) {
                IOException failure = connection.failedLater(e);
                watching.ended(Optional.of(failure));
                throw failure;
            }
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public long skip(long n) throws IOException {
            return in.skip(n);
        }

        @Override
        public void close() throws IOException {
            PolicySocket.this.close();
        }
    }

    private final class Writing extends OutputStream {
        private final OutputStream out;
        private final TapSocket tap;
        private final int fragment;

        Writing(OutputStream out, TapSocket tap, int fragment) {
            this.out = out;
            this.tap = tap;
            this.fragment = fragment;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            mindSending(length);
            ConnectionListener watching = watcher;
            watching.sending();
            try {
                int before = (length - 1) / fragment * fragment;
                if (before > 0) {
                    together(data, offset, before);
                }
                out.write(data, offset + before, length - before);
            } catch (IOException e) {
                throw failed(e);
            } finally {
                watching.sent();
            }
            requireWritten();
        }

        /** All but the last record: they go with it. */
        private void together(byte[] data, int offset, int length) throws IOException {
            tap.moreToCome(true);
            try {
                out.write(data, offset, length);
            } finally {
                tap.moreToCome(false);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw failed(e);
            }
            requireWritten();
        }

        /** One who reads at the same time may be the one who learns why. */
        private IOException failed(IOException failure) {
            return connection.failedWriting(failure, tap.awaitsVerdict() ? VERDICT_MILLIS : 0);
        }

        /** A server that closes while we write has often said why just before. */
        private void requireWritten() throws IOException {
            SocketException failure = tap.notWritten();
            if (failure == null) {
                return;
            }
            try {
                tap.setSoTimeout(VERDICT_MILLIS);
                input.read();
            } catch (TlsRefusal verdict) {
                verdict.addSuppressed(failure);
                throw verdict;
            } catch (IOException nothingSaid) {
                failure.addSuppressed(nothingSaid);
            }
            throw failed(failure);
        }

        @Override
        public void close() throws IOException {
            PolicySocket.this.close();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (isClosed()) {
            throw new SocketException("socket is closed");
        }
        return established ? input : new Lazy();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        if (isClosed()) {
            throw new SocketException("socket is closed");
        }
        return established ? output : new LazyOutput();
    }

    /** A stream that was asked for before the handshake: the first use of it does the handshake. */
    private final class Lazy extends InputStream {
        private InputStream ready() throws IOException {
            startHandshake();
            return input;
        }

        @Override
        public int read() throws IOException {
            return ready().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return ready().read(target, offset, length);
        }

        @Override
        public int available() throws IOException {
            return established ? input.available() : 0;
        }

        @Override
        public void close() throws IOException {
            PolicySocket.this.close();
        }
    }

    private final class LazyOutput extends OutputStream {
        private OutputStream ready() throws IOException {
            startHandshake();
            return output;
        }

        @Override
        public void write(int octet) throws IOException {
            ready().write(octet);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            ready().write(data, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (established) {
                output.flush();
            }
        }

        @Override
        public void close() throws IOException {
            PolicySocket.this.close();
        }
    }

    /**
     * Ends TLS with close_notify and closes the TCP connection. That takes half a second at most: where the peer takes
     * nothing more, either engine would wait for ever to write close_notify behind what is being written.
     */
    @Override
    public void close() throws IOException {
        SSLSocket current = engine;
        try {
            if (established && current != null) {
                end(current);
            }
        } finally {
            if (autoClose || !established) {
                tcp.close();
            }
            if (established) {
                connection.closed();
            }
        }
    }

    private void end(SSLSocket current) throws IOException {
        if (!autoClose) {
            current.close(); // the TCP connection is the application's
            return;
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ended.orTimeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS).whenComplete((done, late) -> {
            if (late != null) {
                cut();
            }
        });
        try {
            current.close();
        } catch (IOException e) {
            if (!ended.isDone()) {
                throw e;
            }
        } finally {
            ended.complete(null);
        }
    }

    /** Closes the TCP connection under a TLS that cannot be ended; whoever writes on it fails. */
    private void cut() {
        try {
            tcp.close();
        } catch (IOException e) {
            // Closing was all that was left to do.
        }
    }

    // ---- what an application may set: see PolicySettings

    @Override
    public String[] getSupportedCipherSuites() {
        return transport.supportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return settings.cipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        settings.cipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return transport.supportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return settings.protocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        settings.protocols(protocols);
    }

    @Override
    public SSLParameters getSSLParameters() {
        return settings.parameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        settings.parameters(parameters);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        if (connection != null && mode != getUseClientMode()) {
            throw new IllegalArgumentException("the handshake has begun, the mode cannot be changed any more");
        }
        settings.role(mode ? Role.CLIENT : Role.SERVER);
    }

    @Override
    public boolean getUseClientMode() {
        return settings.role() == Role.CLIENT;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        settings.needClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return settings.needClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        settings.wantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return settings.wantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        settings.enableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return settings.enableSessionCreation();
    }

    @Override
    public SSLSession getSession() {
        try {
            startHandshake();
        } catch (IOException e) {
            // JSSE's contract: an invalid session, not an exception.
            return NullSession.of(peerHost, tcp.getPort());
        }
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        SSLSocket current = engine;
        return current == null || established ? null : current.getHandshakeSession();
    }

    @Override
    public String getApplicationProtocol() {
        SSLSocket current = engine;
        return current == null ? null : current.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        SSLSocket current = engine;
        return current == null ? null : current.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLSocket, List<String>, String> selector) {
        throw new UnsupportedOperationException(
                "application protocols of a policy socket are set by SSLParameters.setApplicationProtocols");
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        listeners.add(java.util.Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (!listeners.remove(listener)) {
            throw new IllegalArgumentException("the listener was not registered");
        }
    }

    // ---- the TCP connection

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        try {
            tcp.connect(endpoint, timeout);
        } catch (IOException e) {
            boolean closedHere = "Socket closed".equals(e.getMessage());
            throw endpoint instanceof InetSocketAddress inet && !closedHere ? transport.unreachable(inet, e) : e;
        }
        if (peerHost == null && endpoint instanceof InetSocketAddress inet) {
            peerHost = inet.getHostString();
        }
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        tcp.bind(address);
    }

    @Override
    public InetAddress getInetAddress() {
        return tcp.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return tcp.getLocalAddress();
    }

    @Override
    public int getPort() {
        return tcp.getPort();
    }

    @Override
    public int getLocalPort() {
        return tcp.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return tcp.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return tcp.getLocalSocketAddress();
    }

    /** A policy socket has no channel: a channel would be a way around TLS. */
    @Override
    public SocketChannel getChannel() {
        return null;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        tcp.setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return tcp.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        tcp.setSoLinger(on, linger);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return tcp.getSoLinger();
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        throw new SocketException("urgent data would bypass TLS");
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        throw new SocketException("urgent data would bypass TLS");
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return false;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        SSLSocket current = engine;
        if (current != null) {
            current.setSoTimeout(timeout);
        } else {
            tcp.setSoTimeout(timeout);
        }
    }

    @Override
    public int getSoTimeout() throws SocketException {
        SSLSocket current = engine;
        return current != null ? current.getSoTimeout() : tcp.getSoTimeout();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        tcp.setSendBufferSize(size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return tcp.getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        tcp.setReceiveBufferSize(size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return tcp.getReceiveBufferSize();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        tcp.setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return tcp.getKeepAlive();
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        tcp.setTrafficClass(trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return tcp.getTrafficClass();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        tcp.setReuseAddress(on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return tcp.getReuseAddress();
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        tcp.setPerformancePreferences(connectionTime, latency, bandwidth);
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
        tcp.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return tcp.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return tcp.supportedOptions();
    }

    @Override
    public boolean isConnected() {
        return tcp.isConnected();
    }

    @Override
    public boolean isBound() {
        return tcp.isBound();
    }

    @Override
    public boolean isClosed() {
        return tcp.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        SSLSocket current = engine;
        return current != null && established ? current.isInputShutdown() : tcp.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        SSLSocket current = engine;
        return current != null && established ? current.isOutputShutdown() : tcp.isOutputShutdown();
    }

    @Override
    public void shutdownInput() throws IOException {
        if (established) {
            engine.shutdownInput();
        } else {
            tcp.shutdownInput();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (established) {
            engine.shutdownOutput();
        } else {
            tcp.shutdownOutput();
        }
    }

    @Override
    public String toString() {
        return "PolicySocket[" + transport.profile().id() + " " + transport.engine().id() + " " + tcp + "]";
    }
}
