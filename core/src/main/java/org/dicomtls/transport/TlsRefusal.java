package org.dicomtls.transport;

import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/** A refusal at or below TLS, as an exception that every JSSE application catches. */
public final class TlsRefusal extends SSLHandshakeException implements Refusal {
    private static final long serialVersionUID = 1;

    private final RefusalKind kind;
    private final Role end;
    private final boolean byPeer;
    private final Phase phase;
    private final transient Rule rule;
    private final String problem;
    private final String offered;
    private final String wanted;
    private final String remedy;
    private final transient AlertDescription alert;
    private transient volatile TransportConnection connection;
    private transient volatile Instant time;

    private TlsRefusal(Builder b, Throwable cause) {
        super(RefusalText.of(b.problem, b.offered, b.wanted, b.rule, b.alert, b.byPeer, b.remedy));
        kind = b.kind;
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

    static Builder at(Role end, Phase phase, RefusalKind kind, String problem) {
        return new Builder(end, phase, kind, problem);
    }

    /** Says on which connection it was noticed, and when; before it leaves the library, so every reader sees both. */
    void on(TransportConnection where, Instant when) {
        connection = where;
        time = when;
    }

    @Override
    public RefusalKind kind() {
        return kind;
    }

    @Override
    public Role end() {
        return end;
    }

    @Override
    public boolean byPeer() {
        return byPeer;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public Optional<Rule> rule() {
        return Optional.ofNullable(rule);
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public String offered() {
        return offered;
    }

    @Override
    public String wanted() {
        return wanted;
    }

    @Override
    public String remedy() {
        return remedy;
    }

    @Override
    public Optional<AlertDescription> alert() {
        return Optional.ofNullable(alert);
    }

    @Override
    public TransportConnection connection() {
        return connection;
    }

    @Override
    public Instant time() {
        return time;
    }

    @Override
    public String text() {
        return getMessage();
    }

    static final class Builder {
        private final Role end;
        private final Phase phase;
        private final RefusalKind kind;
        private final String problem;
        private boolean byPeer;
        private Rule rule;
        private String offered = "";
        private String wanted = "";
        private String remedy = "";
        private AlertDescription alert;

        private Builder(Role end, Phase phase, RefusalKind kind, String problem) {
            this.end = end;
            this.phase = phase;
            this.kind = kind;
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
    }
}
