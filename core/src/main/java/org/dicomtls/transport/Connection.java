package org.dicomtls.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Negotiation;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * One connection under a policy, whether it is used through a socket or an engine: its gate, its floor, the verdict
 * after the handshake, and the words for a failure.
 */
final class Connection {

    private final SecureTransport transport;
    private final PolicySettings settings;
    private final EngineModel.Usable usable;
    private final Credentials credentials;
    final Gate gate;
    private final Explanation explanation;
    private final Floor floor;
    private final TransportConnection about;
    private final long begun = System.nanoTime();
    private final FlightRecorder.Handshake recording = FlightRecorder.INSTANCE.begin();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile TransportListener watcher = TransportListener.NONE;
    private volatile Negotiated negotiated;
    private TlsRefusal later;

    /** The addresses are those of the two ends, as far as they are known. */
    Connection(
            SecureTransport transport,
            PolicySettings settings,
            Optional<InetSocketAddress> local,
            Optional<InetSocketAddress> peer) {
        this.transport = transport;
        this.about = TransportConnection.begun(transport, settings.role(), local, peer, transport.clock().instant());
        this.settings = settings;
        this.usable = settings.usable();
        this.credentials = transport.credentials();
        this.gate = new Gate(settings, transport.policy(), usable, credentials.identity().kinds());
        this.explanation = new Explanation(transport, settings, usable, gate, credentials.identity());
        this.floor = new Floor(transport.floorNames());
    }

    /** Lets a listener of this connection alone be told of it, beside those of the transport. */
    void watch(TransportListener listener) {
        watcher = listener;
    }

    EngineModel.Usable usable() {
        return usable;
    }

    /** Fails where the application has narrowed versions and suites until they have nothing in common. */
    void requireSomething() throws TlsRefusal {
        if (!transport.roles().contains(settings.role())) {
            // Whether the engine can honour what the profile demands of that role was never asked.
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HELLO,
                            RefusalKind.WRONG_ROLE,
                            "this transport was built for the role " + transport.roles().iterator().next().title())
                    .offered("the role " + settings.role().title())
                    .wanted("the role " + transport.roles().iterator().next().title())
                    .remedy("build the SecureTransport for both roles, or one for each")
                    .build();
        }
        if (usable.versions().isEmpty()) {
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HELLO,
                            RefusalKind.NOTHING_ENABLED,
                            "the protocols and the cipher suites that the application enabled do not go together")
                    .offered(String.join(", ", settings.protocols()) + " with "
                            + Printable.of(String.join(", ", settings.cipherSuites()), 200))
                    .wanted("a version with at least one suite of it")
                    .remedy("enable suites of an enabled version, or leave both to the profile")
                    .build();
        }
    }

    Optional<Negotiated> negotiated() {
        return Optional.ofNullable(negotiated);
    }

    SSLContext context() throws IOException {
        try {
            return credentials.context(gate.negotiation().map(Negotiation::keys));
        } catch (GeneralSecurityException e) {
            throw new SSLHandshakeException("engine " + transport.engine().id() + " gives no context: " + e.getMessage());
        }
    }

    /**
     * What the engine is told for this connection. A server is told only what the ClientHello leaves to choose: BCJSSE
     * would otherwise follow the client's order of versions, SunJSSE use X25519 with clients that do not offer it.
     */
    SSLParameters engineParameters() {
        List<TlsVersion> versions = usable.versions();
        List<CipherSuite> suites = usable.suites();
        Optional<Negotiation> answer = gate.negotiation();
        if (answer.isPresent() && answer.get().version().isPresent()) {
            suites = answer.get().suites();
            if (answer.get().version().get().equals(TlsVersion.TLS_1_3)) {
                versions = List.of(TlsVersion.TLS_1_3);
            } else if (versions.contains(TlsVersion.TLS_1_3)) {
                // TLS 1.3 stays enabled, since the engine marks a lower choice by the downgrade sentinel only then.
                List<CipherSuite> both = new ArrayList<>(usable.suites());
                both.removeIf(s -> !s.tls13());
                both.addAll(suites);
                suites = both;
            }
        }
        return settings.engineParameters(floor, versions, suites);
    }

    /**
     * The verdict after the engine's handshake: nothing outside the policy was negotiated, and who had to prove
     * himself has done so.
     */
    Negotiated finish(SSLSession session, Optional<String> applicationProtocol) throws TlsRefusal {
        gate.close();
        TlsVersion version = TlsVersion.named(session.getProtocol())
                .orElseThrow(() -> outside("version " + session.getProtocol()));
        CipherSuite suite = CipherSuite.named(session.getCipherSuite())
                .orElseThrow(() -> outside("cipher suite " + session.getCipherSuite()));
        if (!usable.versions().contains(version) || !usable.suites().contains(suite)) {
            throw outside(version + " with " + suite);
        }
        Optional<String> chosen = applicationProtocol.filter(p -> !p.isEmpty());
        if (chosen.isPresent() && !settings.offers(chosen.get())) {
            // BCJSSE takes whatever a server acknowledges (RFC 7301 §3.2 lets it choose from the offer only).
            throw TlsRefusal.at(
                            settings.role(),
                            TlsRefusal.Phase.HANDSHAKE,
                            RefusalKind.APPLICATION_PROTOCOL,
                            "the server chose an application protocol that was not offered")
                    .offered(Printable.of(chosen.get(), 40))
                    .wanted(settings.parameters().getApplicationProtocols().length == 0
                            ? "none"
                            : String.join(", ", settings.parameters().getApplicationProtocols()))
                    .rule(transport.policy().demands(Property.ALPN_MISMATCH_REFUSED, settings.role()))
                    .remedy("update the TLS software of the server: it may choose from the offer only")
                    .build();
        }
        List<X509Certificate> peer = peer(session);
        if (peer.isEmpty() && (settings.role() == Role.CLIENT || settings.needClientAuth())) {
            throw explanation.noCertificate().build();
        }
        if (version.compareTo(TlsVersion.TLS_1_3) < 0) {
            floor.seal();
        }
        transport.binding().forget(session);
        explanation.finished(session.getLocalCertificates() == null);
        negotiated = new Negotiated(
                about,
                version,
                suite,
                gate.group(),
                gate.dhBits(),
                gate.scheme().or(() -> onlyScheme(version, session, peer)),
                peer,
                chosen,
                gate.resumed(),
                Duration.ofNanos(System.nanoTime() - begun));
        transport.reports().established(negotiated, recording);
        Reports.tell(watcher, listener -> listener.established(negotiated));
        return negotiated;
    }

    /** In TLS 1.3 the scheme is encrypted; where the server's key leaves no choice, it is known all the same. */
    private Optional<SignatureScheme> onlyScheme(TlsVersion version, SSLSession session, List<X509Certificate> peer) {
        Certificate[] own = session.getLocalCertificates();
        Optional<Certificate> server = settings.role() == Role.CLIENT
                ? peer.stream().map(Certificate.class::cast).findFirst()
                : Optional.ofNullable(own).filter(chain -> chain.length > 0).map(chain -> chain[0]);
        if (server.isEmpty() || gate.clientHello().isEmpty()) {
            return Optional.empty();
        }
        KeyKind kind = KeyKind.of(server.get().getPublicKey());
        List<SignatureScheme> possible = gate.clientHello().get().schemes().orElse(List.of()).stream()
                .filter(usable.schemes()::contains)
                .filter(scheme -> kind.signs(scheme, version))
                .toList();
        return possible.size() == 1 ? Optional.of(possible.get(0)) : Optional.empty();
    }

    private static List<X509Certificate> peer(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private TlsRefusal outside(String what) {
        return TlsRefusal.at(
                        settings.role(),
                        TlsRefusal.Phase.HANDSHAKE,
                        RefusalKind.OUTSIDE_POLICY,
                        "the engine negotiated outside the policy")
                .offered(what)
                .wanted(usable.versions() + " with " + usable.suites())
                .remedy("report it: the engine did what it was told not to do")
                .build();
    }

    /** What counts the use of the keys, once the handshake is finished. */
    KeyUse keyUse(RecordCount sent, RecordCount received) {
        long limit = Math.min(transport.recordLimit(), KeyUse.limit(negotiated.suite()));
        return new KeyUse(sent, received, transport.binding().renewal(negotiated.version(), limit), limit, this::keysNearlyUsedUp);
    }

    /** Why an established connection should be brought to its end; reported the first time. */
    private TlsRefusal keysNearlyUsedUp(KeyUse keys) {
        return keysUsedUp(keys, "nearly used up", "");
    }

    /**
     * Why an established connection is given up; reported the first time.
     *
     * @param octets what was still to be sent
     */
    TlsRefusal keysUsedUp(KeyUse keys, int octets) {
        return keysUsedUp(keys, "used up", octets == 0 ? "" : ", " + octets + " octets to be sent");
    }

    private TlsRefusal keysUsedUp(KeyUse keys, String howFar, String more) {
        TlsRefusal refusal = TlsRefusal.at(
                        settings.role(),
                        TlsRefusal.Phase.AFTER_HANDSHAKE,
                        RefusalKind.KEYS_USED_UP,
                        "the keys of the connection are " + howFar + ", and " + negotiated.version() + " on engine "
                                + transport.engine().id() + " cannot change them")
                .offered(keys.sent() + " records sent, " + keys.received() + " received" + more)
                .wanted("at most " + keys.limit() + " records of " + negotiated.suite() + " under one key (RFC 9325 §4.4)")
                .rule(transport.policy().demands(Property.KEY_LIMITS_HONOURED, settings.role()))
                .remedy("open a new association for what is left; TLSv1.3 changes keys without one")
                .build();
        return keys.tell() ? report(refusal) : refusal;
    }

    /** Tells the listener and the log of a refusal, and returns it to be thrown. */
    TlsRefusal report(TlsRefusal refusal) {
        refusal.on(about, transport.clock().instant());
        transport.reports().refused(refusal);
        Reports.tell(watcher, listener -> listener.refused(refusal));
        return refusal;
    }

    /** Tells that the connection, which was established, is closed. */
    void closed() {
        if (negotiated != null && !closed.getAndSet(true)) {
            Closed end = new Closed(negotiated, Duration.ofNanos(System.nanoTime() - begun));
            transport.reports().closed(end);
            Reports.tell(watcher, listener -> listener.closed(end));
        }
    }

    /** A failure of the handshake in our words. */
    TlsRefusal explain(IOException failure, Explanation.Stream stream) {
        return explanation.of(failure, Refusal.Phase.HANDSHAKE, stream);
    }

    /**
     * A failure on the established connection: where it is about TLS (the peer's alert, which in TLS 1.3 may be about the
     * handshake; renegotiation; a record that does not verify), it is told once, in our words. Where the connection
     * merely ended or broke the failure stays as it is.
     */
    synchronized IOException failedLater(IOException failure) {
        if (later == null) {
            later = explanation.later(failure).map(this::report).orElse(null);
            notifyAll();
        }
        return later == null ? worded(failure) : later;
    }

    /**
     * A write that failed, perhaps because another thread has just read what the peer has against the connection: then
     * that is the reason.
     *
     * @param millis how long to wait for it
     */
    synchronized IOException failedWriting(IOException failure, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (long left = millis; later == null && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return later == null ? worded(failure) : later;
    }

    /** BCJSSE has no word for a connection that ends within a record; for SunJSSE it is an end like any other. */
    private IOException worded(IOException failure) {
        if (!(failure instanceof EOFException) || failure.getMessage() != null) {
            return failure;
        }
        EOFException cut = new EOFException(
                "the " + settings.role().other().title() + " ended the connection within a TLS record");
        cut.initCause(failure);
        return cut;
    }

    static String remedy(PeerCertificateException.Reason reason) {
        return switch (reason) {
            case UNKNOWN_CA -> "trust that issuer at this end, or give the peer a certificate of a trusted one";
            case EXPIRED -> "renew the certificate, or correct the clock of this end";
            case NOT_YET_VALID -> "correct the clocks of both ends";
            case TOO_WEAK -> "issue a new certificate that meets the profile";
            case WRONG_USAGE -> "issue a certificate for this role";
            case WRONG_HOST -> "connect by a name that the certificate carries, or issue one with this name";
            case REVOKED -> "issue another certificate for the peer, if it is still one";
            case STATUS_UNKNOWN -> "give this end a current revocation list, or let it reach the OCSP responder";
            case NOT_LISTED -> "put it on the list of peers of this end, if it is to be one";
            case INVALID -> "issue a valid certificate";
        };
    }
}
