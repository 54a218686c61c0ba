package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.dicomtls.audittrail.AuditDeliveryListener;
import org.dicomtls.audittrail.AuditMessage;
import org.dicomtls.interop.association.AssociationDescription;
import org.dicomtls.interop.association.AssociationSummary;
import org.dicomtls.interop.association.DicomServerListener;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.server.ServerCounters;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.transport.Expiry;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.Reload;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.TransportListener;

/** What happens at the reference SCP, one line each: for people, or as JSON of schema {@code dicom-tls/serve/1}. */
final class Events implements DicomServerListener, TransportListener, AuditDeliveryListener {

    private final PrintWriter out;
    private final boolean json;

    Events(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    private void print(ObjectNode event, String text) {
        String line = json ? event.toString() : text;
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private static ObjectNode event(String name) {
        return Json.object().put("schema", "dicom-tls/serve/1").put("event", name);
    }

    /** Without a name: looking one up would wait for a name service. */
    private static String address(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : peer.toString();
    }

    void listening(String address, SecureTransport transport) {
        ObjectNode event = event("listening")
                .put("address", address)
                .put("profile", transport.profile().id())
                .put("engine", transport.engine().id())
                .put("clientCertificateRequired", transport.clientCertificateDemanded());
        event.set("certificates", Json.names(transport.identity().kinds()));
        print(
                event,
                "listening on " + address + ", profile " + transport.profile().id() + ", engine "
                        + transport.engine().id() + ", client certificate "
                        + (transport.clientCertificateDemanded() ? "required" : "not asked for") + ", certificates "
                        + transport.identity().kinds());
    }

    @Override
    public void draining(ServerCounters counters, Duration patience) {
        print(
                event("stopping").put("connections", counters.open()).put("drainSeconds", patience.toMillis() / 1000.0),
                "stopping: no more connections are accepted; " + counters.serving() + " associations have up to "
                        + patience.toMillis() / 1000.0 + " s");
    }

    void stopped(ServerCounters counters) {
        print(
                event("stopped")
                        .put("accepted", counters.accepted())
                        .put("turnedAway", counters.turnedAway())
                        .put("failedHandshakes", counters.failedHandshakes())
                        .put("established", counters.established())
                        .put("failedAccepts", counters.failedAccepts()),
                "stopped: " + counters.accepted() + " connections accepted, " + counters.established()
                        + " established, " + counters.failedHandshakes() + " refused in the handshake, "
                        + counters.turnedAway() + " turned away");
    }

    @Override
    public void delivered(long messages) {
        print(event("auditDelivered").put("messages", messages), messages + " audit messages delivered");
    }

    @Override
    public void interrupted(String why, long unproven, Duration retryIn) {
        print(
                event("auditInterrupted")
                        .put("problem", why)
                        .put("sentAgain", unproven)
                        .put("retrySeconds", retryIn.toMillis() / 1000.0),
                why + "; " + unproven + " messages will be sent again, next attempt in " + retryIn.toMillis() / 1000.0 + " s");
    }

    @Override
    public void notRecorded(AuditMessage message, String why) {
        print(event("auditNotRecorded").put("problem", why), "AUDIT MESSAGE LOST: " + why);
    }

    @Override
    public void damaged(long messages, String what) {
        print(
                event("auditDamaged").put("messages", messages).put("problem", what),
                "AUDIT MESSAGES LOST: " + what);
    }

    @Override
    public void reloaded(Reload reload) {
        ObjectNode event = event("reloaded").put("what", reload.what().title());
        event.set("files", Json.names(reload.files()));
        event.put("problem", reload.problem().map(PeerText::clean).orElse(null));
        print(event, PeerText.clean(reload.toString()));
    }

    @Override
    public void expiring(Expiry expiry) {
        print(
                event("expiring")
                        .put("use", expiry.use().title())
                        .put("subject", PeerText.clean(expiry.certificate().getSubjectX500Principal().getName()))
                        .put("sha256", PeerText.fingerprint(expiry.certificate()))
                        .put("notAfter", expiry.end().toString())
                        .put("withinDays", expiry.within()),
                PeerText.clean(expiry.toString()));
    }

    @Override
    public void refused(SocketAddress peer, String reason) {
        print(event("refused").put("peer", address(peer)).put("problem", reason), address(peer) + " refused: " + reason);
    }

    @Override
    public void setupFailed(SocketAddress peer, IOException failure) {
        ObjectNode event = event("refused").put("peer", address(peer));
        Optional<Refusal> refusal = Refusal.in(failure);
        String why;
        if (refusal.isPresent()) {
            why = PeerText.clean(refusal.get().text());
            RefusalJson.put(event, refusal.get());
        } else {
            why = failure instanceof SocketTimeoutException
                    ? "no handshake in time"
                    : PeerText.clean(String.valueOf(failure.getMessage()));
            event.put("problem", why);
        }
        print(event, address(peer) + " refused: " + why);
    }

    @Override
    public void associationOpened(Socket connection, AssociationDescription association) {
        Optional<Negotiated> negotiated = Negotiated.of(connection);
        String calling = PeerText.clean(association.callingAeTitle());
        String called = PeerText.clean(association.calledAeTitle());
        String client = negotiated
                .filter(n -> !n.peer().isEmpty())
                .map(n -> PeerText.clean(n.peer().get(0).getSubjectX500Principal().getName()))
                .orElse(null);
        print(
                event("association")
                        .put("peer", address(association.peer()))
                        .put("calling", calling)
                        .put("called", called)
                        .put("protocol", negotiated.map(n -> n.version().name()).orElse(null))
                        .put("cipherSuite", negotiated.map(n -> n.suite().name()).orElse(null))
                        .put("group", negotiated.flatMap(Negotiated::group).map(NamedGroup::name).orElse(null))
                        .put("signatureScheme", negotiated.flatMap(Negotiated::scheme).map(SignatureScheme::name).orElse(null))
                        .put("resumed", negotiated.map(Negotiated::resumed).orElse(null))
                        .put("handshakeMillis", negotiated.map(n -> n.handshake().toMillis()).orElse(null))
                        .put("client", client),
                address(association.peer()) + " association from " + calling + " to " + called
                        + negotiated
                                .map(n -> ", " + n.version() + " " + n.suite() + n.group().map(g -> " " + g).orElse(""))
                                .orElse("")
                        + (client == null ? ", no client certificate" : ", client " + client));
    }

    @Override
    public void associationClosed(SocketAddress peer, AssociationSummary summary) {
        String ending = summary.ending().name().toLowerCase(Locale.ROOT);
        String problem = summary.failure()
                .map(f -> PeerText.clean(String.valueOf(f.getMessage())))
                .orElse(null);
        print(
                event("closed")
                        .put("peer", address(peer))
                        .put("ending", ending)
                        .put("kind", kind(summary.ending()).map(RefusalKind::key).orElse(null))
                        .put("echoes", summary.echoes())
                        .put("stored", summary.stored())
                        .put("problem", problem),
                address(peer) + " " + ending + ", " + summary.echoes() + " C-ECHO, " + summary.stored() + " C-STORE"
                        + (problem == null ? "" : ": " + problem));
    }

    /** The kind of refusal that such an ending is, if it is one. */
    private static Optional<RefusalKind> kind(AssociationSummary.Ending ending) {
        return switch (ending) {
            case RELEASED, ABORTED_HERE -> Optional.empty();
            case REJECTED -> Optional.of(RefusalKind.ASSOCIATION_REJECTED);
            case KEYS_USED_UP -> Optional.of(RefusalKind.KEYS_USED_UP);
            case ABORTED_BY_PEER -> Optional.of(RefusalKind.ASSOCIATION_ABORTED);
            case PROTOCOL_ERROR -> Optional.of(RefusalKind.ASSOCIATION_PROTOCOL_ERROR);
            case TIMED_OUT -> Optional.of(RefusalKind.ASSOCIATION_TIMEOUT);
            case CONNECTION_LOST -> Optional.of(RefusalKind.ASSOCIATION_CLOSED);
        };
    }
}
