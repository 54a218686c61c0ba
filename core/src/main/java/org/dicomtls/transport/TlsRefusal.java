package org.dicomtls.transport;

import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/**
 * Why a connection did not come about, in terms of the profile: which end refused, in which phase, by which rule,
 * what was offered, what was wanted, and what to change.
 */
public final class TlsRefusal extends SSLHandshakeException {
    private static final long serialVersionUID = 1;

    /** How far the connection had come. */
    public enum Phase {
        /** Before any TLS: no connection, or the peer does not speak TLS. */
        TRANSPORT,
        /** The hellos. */
        HELLO,
        /** The key exchange. */
        KEY_EXCHANGE,
        /** The peer's certificate. */
        PEER_CERTIFICATE,
        /** Our certificate, as the peer saw it. */
        OWN_CERTIFICATE,
        /** Elsewhere in the handshake. */
        HANDSHAKE,
        /** The handshake was finished here; the peer refused at its end (TLS 1.3 shows it on the first read). */
        AFTER_HANDSHAKE,
        /** TLS is established; who the peer is does not go with the association that it asks for. */
        ASSOCIATION
    }

    private final Role end;
    private final boolean byPeer;
    private final Phase phase;
    private final transient Rule rule;
    private final String problem;
    private final String offered;
    private final String wanted;
    private final String remedy;
    private final transient AlertDescription alert;

    private TlsRefusal(Builder b, Throwable cause) {
        super(b.message());
        end = b.end;
        byPeer = b.byPeer;
        phase = b.phase;
        rule = b.rule;
        problem = b.problem;
        offered = b.offered;
        wanted = b.wanted;
        remedy = b.remedy;
        alert = b.alert;
        if (cause != null) {
            initCause(cause);
        }
    }

    static Builder at(Role end, Phase phase, String problem) {
        return new Builder(end, phase, problem);
    }

    /** The end at which this exception was made. */
    public Role end() {
        return end;
    }

    /** Whether the other end refused; otherwise this one did. */
    public boolean byPeer() {
        return byPeer;
    }

    public Phase phase() {
        return phase;
    }

    /** The rule that refuses; absent where any TLS would, or where the peer's reason is not known. */
    public Optional<Rule> rule() {
        return Optional.ofNullable(rule);
    }

    /** What is wrong, in one clause. */
    public String problem() {
        return problem;
    }

    /** What was offered; empty where that says nothing. */
    public String offered() {
        return offered;
    }

    /** What would have been taken; empty where that says nothing. */
    public String wanted() {
        return wanted;
    }

    /** What to change; empty where nobody can say. */
    public String remedy() {
        return remedy;
    }

    /** The alert that was sent (by us) or received (by the peer). */
    public Optional<AlertDescription> alert() {
        return Optional.ofNullable(alert);
    }

    static final class Builder {
        private final Role end;
        private final Phase phase;
        private final String problem;
        private boolean byPeer;
        private Rule rule;
        private String offered = "";
        private String wanted = "";
        private String remedy = "";
        private AlertDescription alert;

        private Builder(Role end, Phase phase, String problem) {
            this.end = end;
            this.phase = phase;
            this.problem = problem;
        }

        Builder byPeer() {
            byPeer = true;
            return this;
        }

        Builder rule(Optional<Rule> value) {
            rule = value.orElse(null);
            return this;
        }

        Builder offered(String value) {
            offered = value;
            return this;
        }

        Builder wanted(String value) {
            wanted = value;
            return this;
        }

        Builder remedy(String value) {
            remedy = value;
            return this;
        }

        Builder alert(AlertDescription value) {
            alert = value;
            return this;
        }

        TlsRefusal build() {
            return new TlsRefusal(this, null);
        }

        TlsRefusal build(Throwable cause) {
            return new TlsRefusal(this, cause);
        }

        private String message() {
            StringBuilder text = new StringBuilder(problem);
            part(text, "offered", offered);
            part(text, "wanted", wanted);
            if (rule != null) {
                part(text, "rule", rule.id() + " (" + rule.clause() + ")");
            }
            if (alert != null) {
                part(text, byPeer ? "alert received" : "alert sent", alert.toString());
            }
            part(text, "remedy", remedy);
            return text.toString();
        }

        private static void part(StringBuilder text, String name, String value) {
            if (!value.isEmpty()) {
                text.append("; ").append(name).append(": ").append(value);
            }
        }
    }
}
