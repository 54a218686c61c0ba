package org.dicomtls.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.TlsVersion;

/**
 * Says in the words of the profile why one connection failed, whatever an engine calls it. Where the engines have
 * different words for one thing, the words here are the same.
 */
final class Explanation {

    /** "Received fatal alert: handshake_failure" of SunJSSE; "(handshake_failure) Received fatal alert: …" since 22. */
    private static final Pattern RECEIVED = Pattern.compile("[Rr]eceived (?:fatal|handshake warning)[^:]*: *([a-z_]+)");

    /** What SunJSSE says of signatures, Finished messages and tags that are wrong. */
    private static final Pattern NOT_VERIFIED = Pattern.compile(
            "[Ii]nvalid .*signature|cannot be verified|[Tt]ag mismatch|bad_record_mac|AEAD|MAC|"
                    + "signature length|Signature (?:encoding|length)",
            Pattern.DOTALL);

    private static final int MOST_AUTHORITIES = 3;

    /** What became of the TCP connection below, as far as this end has seen. BCJSSE calls the end "handshake_failure(40)". */
    enum Stream {
        OPEN,
        ENDED,
        RESET
    }

    private final SecureTransport transport;
    private final PolicySettings settings;
    private final EngineModel.Usable usable;
    private final Gate gate;
    private final Identity identity;
    private boolean established;
    private boolean presentedNothing;

    Explanation(
            SecureTransport transport,
            PolicySettings settings,
            EngineModel.Usable usable,
            Gate gate,
            Identity identity) {
        this.transport = transport;
        this.settings = settings;
        this.usable = usable;
        this.gate = gate;
        this.identity = identity;
    }

    /** The handshake is finished at this end, and this end has shown a certificate, or none. */
    void finished(boolean withoutCertificate) {
        established = true;
        presentedNothing = withoutCertificate;
    }

    private String peer() {
        return settings.role().other().title();
    }

    private TlsRefusal.Builder at(Refusal.Phase phase, RefusalKind kind, String problem) {
        return TlsRefusal.at(settings.role(), phase, kind, problem);
    }

    /**
     * The refusal that a failure comes to, where the connection had come to that phase.
     *
     * @param stream what became of the TCP connection: engines have names of their own for its end
     */
    TlsRefusal of(IOException failure, Refusal.Phase phase, Stream stream) {
        TlsRefusal ours = find(failure, TlsRefusal.class);
        if (ours != null) {
            return ours;
        }
        PeerCertificateException certificate = find(failure, PeerCertificateException.class);
        if (certificate != null) {
            return at(
                            Refusal.Phase.PEER_CERTIFICATE,
                            RefusalKind.of(certificate.reason()),
                            Printable.of(certificate.getMessage(), 400))
                    .rule(certificate.rule())
                    .remedy(Connection.remedy(certificate.reason()))
                    .build(failure);
        }
        if (find(failure, SocketTimeoutException.class) != null) {
            return timeout(phase).build(failure);
        }
        if (settings.role() == Role.SERVER && (gate.emptyCertificate() || saysNoClientCertificate(failure))) {
            return noCertificate().build(failure);
        }
        Optional<AlertDescription> received = gate.alertReceived().or(() -> received(failure));
        if (received.isPresent()) {
            return byPeer(received.get(), phase).byPeer().alert(received.get()).build(failure);
        }
        boolean ended = stream == Stream.ENDED || find(failure, EOFException.class) != null || saysClosed(failure);
        if (stream == Stream.RESET || !ended && find(failure, SocketException.class) != null) {
            return at(phase, RefusalKind.RESET, "the connection to the " + peer() + " was reset" + during(phase))
                    .byPeer()
                    .remedy("read the log of the " + peer() + ", and look for a firewall or proxy in between that ends"
                            + " connections")
                    .build(failure);
        }
        if (ended) {
            return closed(phase).byPeer().build(failure);
        }
        return here(failure, phase).build(failure);
    }

    /** The refusal that a failure after the handshake comes to, where it is about TLS. */
    Optional<TlsRefusal> later(IOException failure) {
        if (find(failure, SocketTimeoutException.class) != null) {
            return Optional.empty();
        }
        TlsRefusal told = of(failure, Refusal.Phase.AFTER_HANDSHAKE, Stream.OPEN);
        return switch (told.kind()) {
            case CLOSED, RESET, FAILED -> Optional.empty();
            default -> Optional.of(told);
        };
    }

    /** What a failure to connect comes to. */
    static TlsRefusal unreachable(String address, InetSocketAddress server, IOException failure) {
        String said = String.valueOf(failure.getMessage());
        TlsRefusal.Builder refusal;
        if (failure instanceof UnknownHostException) {
            refusal = unreachable(RefusalKind.UNKNOWN_HOST, "host " + Printable.of(server.getHostString(), 80) + " is unknown")
                    .remedy("correct the host name, or the name service of this machine");
        } else if (failure instanceof ConnectException && said.contains("refused")) {
            refusal = unreachable(RefusalKind.CONNECTION_REFUSED, "nobody listens at " + address)
                    .remedy("start the server, or correct host and port; some firewalls answer like this too");
        } else if (failure instanceof SocketTimeoutException) {
            refusal = unreachable(RefusalKind.UNREACHABLE, address + " does not answer")
                    .remedy("look whether the machine is up, and for a firewall in between");
        } else {
            refusal = unreachable(RefusalKind.UNREACHABLE, address + " cannot be reached: " + Printable.of(said, 80))
                    .remedy("look at the network and the routes of this machine");
        }
        return refusal.build();
    }

    private static TlsRefusal.Builder unreachable(RefusalKind kind, String problem) {
        return TlsRefusal.at(Role.CLIENT, Refusal.Phase.TRANSPORT, kind, problem);
    }

    private static String during(Refusal.Phase phase) {
        return phase == Refusal.Phase.AFTER_HANDSHAKE ? "" : " during the handshake";
    }

    private TlsRefusal.Builder timeout(Refusal.Phase phase) {
        String within = " within " + transport.handshakeTimeout().toMillis() + " ms";
        return at(phase, RefusalKind.TIMEOUT, "the " + peer() + " did not finish the handshake" + within)
                .offered(gate.heardAnything() ? "" : "nothing")
                .remedy("look whether it speaks TLS at all, and whether it is overloaded");
    }

    /** The end of the stream where none should be. */
    private TlsRefusal.Builder closed(Refusal.Phase phase) {
        if (!gate.heardAnything() && phase != Refusal.Phase.AFTER_HANDSHAKE) {
            return settings.role() == Role.SERVER
                    ? at(
                                    Refusal.Phase.TRANSPORT,
                                    RefusalKind.NOTHING_SENT,
                                    "the client closed the connection before it sent anything")
                            .remedy("nothing to do for health checks and port scanners; else read the log of the client")
                    : at(
                                    Refusal.Phase.HELLO,
                                    RefusalKind.CLOSED,
                                    "the server closed the connection without an answer to our hello")
                            .offered(offer())
                            .remedy("look whether the port is for plain DICOM; else read the log of the server: many"
                                    + " close without an alert when they find nothing in common");
        }
        return at(phase, RefusalKind.CLOSED, "the " + peer() + " closed the connection" + during(phase))
                .remedy("read the log of the " + peer() + "; many close without an alert when they find nothing in common");
    }

    /** The client had to prove itself and has not. */
    TlsRefusal.Builder noCertificate() {
        return at(
                        Refusal.Phase.PEER_CERTIFICATE,
                        RefusalKind.CERTIFICATE_NONE,
                        "the " + peer() + " presented no certificate")
                .offered("no certificate")
                .wanted("a certificate issued by " + authorities())
                .rule(transport.policy()
                        .demands(Property.CLIENT_AUTHENTICATION_REQUIRED, Role.SERVER)
                        .or(() -> transport.policy()
                                .demands(Property.CLIENT_AUTHENTICATION_SUPPORTED, Role.SERVER)))
                .remedy("configure a certificate and key at the " + peer() + ", issued by an authority that this end trusts;"
                        + " one that is issued by another is not presented");
    }

    private String authorities() {
        List<String> names = transport.authorities().stream()
                .map(authority -> PeerCertificateException.name(authority.getSubjectX500Principal()))
                .distinct()
                .toList();
        return names.size() <= MOST_AUTHORITIES && !names.isEmpty()
                ? String.join(" or ", names)
                : "one of the " + names.size() + " trusted authorities";
    }

    private String offer() {
        return list(usable.versions()) + "; " + list(usable.suites()) + "; " + list(usable.groups());
    }

    private static String list(List<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    // ---- alerts of the peer

    private TlsRefusal.Builder byPeer(AlertDescription alert, Refusal.Phase phase) {
        boolean asked = settings.role() == Role.CLIENT && presentedNothing();
        return switch (alert.code()) {
            case 0, 90 -> closed(phase);
            case 40, 71 -> asked && (established || gate.certificateRequested())
                    ? ownMissing()
                    : settings.role() == Role.CLIENT && gate.version().isEmpty() ? nothingAcceptable() : ended(phase);
            case 70 -> at(Refusal.Phase.HELLO, RefusalKind.VERSION, "the " + peer() + " accepts none of the TLS versions"
                            + " offered")
                    .offered(list(usable.versions()))
                    .remedy("enable " + list(usable.versions()) + " at the " + peer());
            case 42, 46 -> asked ? ownMissing() : ownRefused(RefusalKind.OWN_CERTIFICATE_REFUSED);
            case 116 -> settings.role() == Role.CLIENT ? ownMissing() : ownRefused(RefusalKind.OWN_CERTIFICATE_REFUSED);
            case 41, 43, 49, 111, 113, 114 -> ownRefused(RefusalKind.OWN_CERTIFICATE_REFUSED);
            case 44 -> ownRefused(RefusalKind.OWN_CERTIFICATE_REVOKED);
            case 45 -> ownRefused(RefusalKind.OWN_CERTIFICATE_EXPIRED);
            case 48 -> ownRefused(RefusalKind.OWN_CERTIFICATE_UNKNOWN_CA);
            case 20, 21, 51 -> at(phase, RefusalKind.INTEGRITY, "the " + peer() + " could not verify what this end sent")
                    .remedy("look for a device in between that changes what is sent, and check that the private key of this"
                            + " end belongs to its certificate");
            case 86 -> at(Refusal.Phase.HELLO, RefusalKind.DOWNGRADE, "the " + peer() + " has a higher TLS version than"
                            + " was offered, and takes this for a downgrade")
                    .offered(list(usable.versions()))
                    .remedy("offer all versions at once instead of trying one after the other");
            case 112 -> at(Refusal.Phase.HELLO, RefusalKind.SERVER_NAME, "the " + peer() + " does not know the host name"
                            + " that it was asked for")
                    .offered(gate.clientHello().map(h -> names(h.serverNames())).orElse(""))
                    .remedy("connect by a name that the " + peer() + " has, or by its address");
            case 120 -> at(Refusal.Phase.HELLO, RefusalKind.APPLICATION_PROTOCOL, "the " + peer() + " has none of the"
                            + " application protocols offered")
                    .offered(String.join(", ", settings.applicationProtocols()))
                    .remedy("offer the protocol that the " + peer() + " has, or none: DICOM needs no ALPN");
            default -> ended(phase);
        };
    }

    /** By an alert that says no more. */
    private TlsRefusal.Builder ended(Refusal.Phase phase) {
        String log = "read the log of the " + peer();
        if (established) {
            // A server of TLS 1.3 judges the client when that has long finished.
            boolean verdict = settings.role() == Role.CLIENT
                    && gate.version().filter(TlsVersion.TLS_1_3::equals).isPresent();
            return at(phase, RefusalKind.CONNECTION_ALERT, "the " + peer() + " ended the connection")
                    .remedy(verdict ? "look whether it accepts our certificate; " + log : log);
        }
        if (gate.version().isEmpty()) {
            return at(phase, RefusalKind.ALERT, "the " + peer() + " ended the handshake").remedy(log);
        }
        return at(phase, RefusalKind.ALERT, "the " + peer() + " ended the handshake after the hellos")
                .offered(gate.version().get() + " with " + gate.suite().orElseThrow()
                        + gate.group().map(group -> " and " + group).orElse(""))
                .remedy("look whether it accepts our certificate, and whether the private key of this end belongs to it; "
                        + log);
    }

    private TlsRefusal.Builder nothingAcceptable() {
        return at(Refusal.Phase.HELLO, RefusalKind.NOTHING_ACCEPTABLE, "the " + peer() + " found nothing acceptable in"
                        + " what was offered, or missed a certificate")
                .offered(offer())
                .remedy("compare the offer with the profile of the " + peer()
                        + ", and look whether it demands a certificate");
    }

    /** Whether this end, a client, has shown no certificate, as far as that can be known. */
    private boolean presentedNothing() {
        return identity.isEmpty() || gate.emptyCertificate() || established && presentedNothing;
    }

    private TlsRefusal.Builder ownMissing() {
        return identity.isEmpty()
                ? at(
                                Refusal.Phase.OWN_CERTIFICATE,
                                RefusalKind.OWN_CERTIFICATE_NONE,
                                "the " + peer() + " demands a " + settings.role().title() + " certificate")
                        .offered("no certificate")
                        .remedy("configure a certificate and key at this end, issued by an authority that the " + peer()
                                + " trusts")
                : at(
                                Refusal.Phase.OWN_CERTIFICATE,
                                RefusalKind.OWN_CERTIFICATE_NONE,
                                "the " + peer() + " demands a certificate, and none of ours fits what it accepts")
                        .offered(list(identity.entries()))
                        .remedy("configure a certificate of an authority and a kind that the " + peer() + " accepts");
    }

    private TlsRefusal.Builder ownRefused(RefusalKind kind) {
        return at(Refusal.Phase.OWN_CERTIFICATE, kind, "the " + peer() + " refused our certificate")
                .offered(list(identity.entries()))
                .remedy(
                        switch (kind) {
                            case OWN_CERTIFICATE_UNKNOWN_CA -> "let the " + peer() + " trust the issuer of our certificate";
                            case OWN_CERTIFICATE_EXPIRED -> "renew our certificate, or correct the clock of the " + peer();
                            case OWN_CERTIFICATE_REVOKED -> "get a new certificate from its issuer";
                            default -> "look at the dates, usages, key, issuer and names of our certificate, and read the"
                                    + " log of the " + peer();
                        });
    }

    private static String names(List<String> names) {
        return Printable.of(String.join(", ", names), 80);
    }

    // ---- failures at this end that neither the gate nor our managers have found

    private TlsRefusal.Builder here(IOException failure, Refusal.Phase phase) {
        Optional<AlertDescription> raised = raised(failure);
        String said = said(failure);
        if (raised.isPresent() && raised.get().code() == 71 && transport.engine() == Engine.BC
                && settings.role() == Role.CLIENT && gate.dhBits().isPresent() && gate.group().isEmpty()) {
            return at(
                            Refusal.Phase.KEY_EXCHANGE,
                            RefusalKind.DHE_UNNAMED,
                            "engine bc accepts DHE with the primes of RFC 7919 and RFC 3526 only, and the server has one of its own")
                    .offered("a prime of " + gate.dhBits().get() + " bits that has no name")
                    .wanted("ffdhe2048 or larger")
                    .alert(AlertDescription.INSUFFICIENT_SECURITY)
                    .remedy("use engine jdk, or give the server the parameters of ffdhe2048; for the whole JVM"
                            + " -Dorg.bouncycastle.jsse.client.dh.unrestrictedGroups=true lifts it");
        }
        if (established && asksForNewHandshake(failure)) {
            return at(Refusal.Phase.AFTER_HANDSHAKE, RefusalKind.RENEGOTIATION, "the " + peer() + " asked for a new handshake"
                            + " on the established connection")
                    .offered("renegotiation")
                    .wanted("a new connection instead")
                    .rule(transport.policy().demands(Property.RENEGOTIATION_REFUSED, settings.role()))
                    .remedy("switch renegotiation off at the " + peer());
        }
        if (raised.filter(a -> a.code() == 20 || a.code() == 51).isPresent() || NOT_VERIFIED.matcher(said).find()) {
            return established
                    ? at(Refusal.Phase.AFTER_HANDSHAKE, RefusalKind.RECORD_DAMAGED, "a record of the " + peer()
                                    + " was changed on its way")
                            .remedy("look for faulty hardware, or an attacker, between the two ends")
                    : at(Refusal.Phase.HANDSHAKE, RefusalKind.INTEGRITY, "what the " + peer() + " sent does not verify:"
                                    + " its signature, or its Finished message")
                            .remedy("check that the private key of the " + peer() + " belongs to its certificate, and look"
                                    + " for a device in between that changes what is sent");
        }
        if (said.contains("generate secret")) {
            return at(
                            Refusal.Phase.KEY_EXCHANGE,
                            RefusalKind.INVALID_SHARE,
                            "the public value of the " + peer() + " for the key exchange is not valid")
                    .rule(transport.policy().demands(Property.INVALID_KEY_SHARES_REFUSED, settings.role()))
                    .remedy("update the TLS software of the " + peer());
        }
        if (said.contains("parse server certificates") || said.contains("parse client certificates")
                || said.contains("end-of-contents") || said.contains("Empty server certificate")) {
            return at(Refusal.Phase.PEER_CERTIFICATE, RefusalKind.CERTIFICATE_INVALID, "the certificate of the " + peer()
                            + " cannot be read")
                    .remedy("issue a valid certificate");
        }
        if (said.contains("no selectable cipher suite") || said.contains("no cipher suites in common")) {
            return at(
                            Refusal.Phase.OWN_CERTIFICATE,
                            RefusalKind.CERTIFICATE_KIND,
                            "engine " + transport.engine().id() + " can use no key of this end for what the client offers")
                    .offered(list(identity.entries()))
                    .remedy("look whether the key usage of our certificate has digitalSignature");
        }
        if (find(failure, SSLProtocolException.class) != null
                || raised.filter(a -> PROTOCOL_ALERTS.contains(a.code())).isPresent()) {
            return at(phase, RefusalKind.PROTOCOL, "the " + peer() + " broke the rules of TLS" + during(phase))
                    .remedy("update the TLS software of the " + peer());
        }
        return at(phase, RefusalKind.FAILED, "engine " + transport.engine().id() + " failed: " + Printable.of(said, 160))
                .remedy("look at the cause of this exception, and report it if it is not the peer's doing");
    }

    private static final List<Integer> PROTOCOL_ALERTS = List.of(10, 22, 47, 50, 109, 110);

    /** SunJSSE finds its constraints sealed; BCJSSE refuses by itself. */
    private boolean asksForNewHandshake(IOException failure) {
        return gate.version().filter(v -> v.compareTo(TlsVersion.TLS_1_3) < 0).isPresent()
                && find(failure, SSLHandshakeException.class) != null;
    }

    private static boolean saysNoClientCertificate(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).contains("Empty client certificate chain")
                    || t instanceof TlsFatalAlert bc && bc.getAlertDescription() == 116) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysClosed(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("terminated the handshake")
                || message.contains("terminated the connection")
                || message.contains("closing inbound before receiving peer's close_notify")
                || message.contains("Inbound closed before receiving close_notify")
                || failure instanceof org.bouncycastle.tls.TlsNoCloseNotifyException;
    }

    /** What the engine says, without the alert that SunJSSE puts in front since 22, and BCJSSE's class names. */
    private static String said(Throwable failure) {
        return PemFile.oneLine(failure).replaceFirst("^(?:\\([a-z_]+\\) |(?:org\\.bouncycastle\\.[\\w.]+|java\\.[\\w.]+): )", "");
    }

    /** The alert that the engine has raised, where it says so. */
    private static Optional<AlertDescription> raised(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof TlsFatalAlert bc) {
                return Optional.of(new AlertDescription(bc.getAlertDescription()));
            }
            Matcher sun = Pattern.compile("^\\(([a-z_]+)\\) ").matcher(String.valueOf(t.getMessage()));
            if (sun.find()) {
                return AlertDescription.named(sun.group(1));
            }
        }
        return Optional.empty();
    }

    /** The alert that the peer has sent, where the engine says so; BCJSSE throws such as plain IOExceptions. */
    static Optional<AlertDescription> received(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof TlsFatalAlertReceived bc) {
                // BCJSSE takes the peer's octet for a signed one.
                return Optional.of(new AlertDescription(bc.getAlertDescription() & 0xFF));
            }
            Matcher sun = RECEIVED.matcher(String.valueOf(t.getMessage()));
            if (sun.find()) {
                return AlertDescription.named(sun.group(1));
            }
        }
        return Optional.empty();
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> wanted) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (wanted.isInstance(t)) {
                return wanted.cast(t);
            }
        }
        return null;
    }
}
