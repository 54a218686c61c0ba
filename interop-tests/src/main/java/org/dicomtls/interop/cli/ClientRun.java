package org.dicomtls.interop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.dicomtls.interop.report.Json;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.transport.Negotiated;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Refusal;

/** How one association that we opened went. */
final class ClientRun {

    private final String target;
    private final SecureTransport transport;
    private String outcome = "";
    private Negotiated negotiated;
    private String status;
    private Refusal refusal;

    ClientRun(String target, SecureTransport transport) {
        this.target = target;
        this.transport = transport;
    }

    ClientRun established(Negotiated what, String dimseStatus) {
        outcome = "established";
        negotiated = what;
        status = dimseStatus;
        return this;
    }

    /** TLS may have come about; the association has not, or not to its end. */
    ClientRun refused(Negotiated what, Refusal why) {
        outcome = switch (why.kind()) {
            case UNKNOWN_HOST, CONNECTION_REFUSED, UNREACHABLE -> "unreachable";
            default -> "refused";
        };
        negotiated = what;
        refusal = why;
        return this;
    }

    int exitStatus() {
        return switch (outcome) {
            case "established" -> "0000".equals(status) ? ExitStatus.OK : ExitStatus.REFUSED;
            case "unreachable" -> ExitStatus.UNREACHABLE;
            default -> ExitStatus.REFUSED;
        };
    }

    ObjectNode json(String schema) {
        ObjectNode json = Json.object()
                .put("schema", schema)
                .put("target", target)
                .put("profile", transport.profile().id())
                .put("engine", transport.engine().id())
                .put("outcome", outcome)
                .put("protocol", negotiated == null ? null : negotiated.version().name())
                .put("cipherSuite", negotiated == null ? null : negotiated.suite().name())
                .put("group", group().orElse(null))
                .put("signatureScheme", negotiated == null ? null : negotiated.scheme().map(SignatureScheme::name).orElse(null))
                .put("resumed", negotiated == null ? null : negotiated.resumed())
                .put("handshakeMillis", negotiated == null ? null : negotiated.handshake().toMillis());
        if (negotiated != null && !negotiated.peer().isEmpty()) {
            X509Certificate peer = negotiated.peer().get(0);
            json.putObject("peer")
                    .put("subject", peer.getSubjectX500Principal().getName())
                    .put("issuer", peer.getIssuerX500Principal().getName())
                    .put("notAfter", peer.getNotAfter().toInstant().toString())
                    .put("sha256", PeerText.fingerprint(peer));
        } else {
            json.putNull("peer");
        }
        json.put("status", status);
        if (refusal == null) {
            json.putNull("refusal");
        } else {
            RefusalJson.put(json.putObject("refusal"), refusal);
        }
        return json;
    }

    private Optional<String> group() {
        return negotiated == null
                ? Optional.empty()
                : negotiated.group().map(NamedGroup::name).or(() -> negotiated.dhBits().map(bits -> "DHE " + bits));
    }

    void print(PrintWriter out, PrintWriter err, Optional<String> what) {
        String under = " under " + transport.profile().id() + " (engine " + transport.engine().id() + ")";
        if (outcome.equals("established")) {
            out.println(what.orElse("association") + " " + target + under + ": status " + status);
            out.println("  " + negotiated.version() + "  " + negotiated.suite() + group().map(g -> "  " + g).orElse("")
                    + "  signature scheme " + negotiated.facts().get("scheme"));
            out.println("  server certificate: " + PeerText.certificate(negotiated.peer().get(0)));
        } else {
            err.println("dicom-tls: " + target + under + ": " + outcome + ": " + PeerText.clean(refusal.text()));
        }
    }
}
