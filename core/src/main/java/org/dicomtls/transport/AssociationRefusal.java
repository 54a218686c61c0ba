package org.dicomtls.transport;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;

/**
 * Why there is no association, or no longer one, on a connection whose TLS was established. This library speaks no DICOM;
 * whoever does makes it, gives it to {@link SecureTransport#report(AssociationRefusal)}, and so it reaches the same listeners, logs
 * and counters in the same shape as the refusals of TLS.
 */
public final class AssociationRefusal extends IOException implements Refusal {
    private static final long serialVersionUID = 1;

    private final RefusalKind kind;
    private final transient TransportConnection connection;
    private final transient Instant time;
    private final boolean byPeer;
    private final String problem;
    private final String offered;
    private final String wanted;
    private final String remedy;
    private final String calling;
    private final String called;
    private final transient Rule rule;

    private AssociationRefusal(Builder b, Throwable cause) {
        super(RefusalText.of(b.problem, b.offered, b.wanted, b.rule, null, b.byPeer, b.remedy), cause);
        kind = b.kind;
        connection = b.connection;
        time = Instant.now();
        byPeer = b.byPeer;
        problem = b.problem;
        offered = b.offered;
        wanted = b.wanted;
        remedy = b.remedy;
        calling = b.calling;
        called = b.called;
        rule = b.rule;
    }

    /**
     * A refusal in the making.
     *
     * @param connection of {@link Negotiated#connection()}
     * @param kind one of the kinds {@code association.…}
     * @param problem what is wrong, in one clause; cleaned and cut
     */
    public static Builder on(TransportConnection connection, RefusalKind kind, String problem) {
        return new Builder(connection, kind, problem);
    }

    /** The parts of a refusal; all texts are cleaned and cut, since most of them come from the peer. */
    public static final class Builder {
        private static final int LONGEST = 200;

        private final TransportConnection connection;
        private final RefusalKind kind;
        private final String problem;
        private boolean byPeer;
        private String offered = "";
        private String wanted = "";
        private String remedy = "";
        private String calling;
        private String called;
        private Rule rule;

        private Builder(TransportConnection connection, RefusalKind kind, String problem) {
            this.connection = Objects.requireNonNull(connection, "connection");
            this.kind = Objects.requireNonNull(kind, "kind");
            if (!kind.key().startsWith("association.")) {
                throw new IllegalArgumentException(kind + " is no kind of association refusal");
            }
            this.problem = Printable.of(problem, LONGEST);
        }

        /** The peer refused; without this, we did. */
        public Builder byPeer() {
            byPeer = true;
            return this;
        }

        public Builder offered(String value) {
            offered = Printable.of(value, LONGEST);
            return this;
        }

        public Builder wanted(String value) {
            wanted = Printable.of(value, LONGEST);
            return this;
        }

        public Builder remedy(String value) {
            remedy = Printable.of(value, LONGEST);
            return this;
        }

        public Builder rule(Rule value) {
            rule = value;
            return this;
        }

        /** The AE titles of requestor and acceptor. */
        public Builder aeTitles(String callingAeTitle, String calledAeTitle) {
            calling = Printable.of(callingAeTitle, 16);
            called = Printable.of(calledAeTitle, 16);
            return this;
        }

        public AssociationRefusal build() {
            return build(null);
        }

        public AssociationRefusal build(Throwable cause) {
            return new AssociationRefusal(this, cause);
        }
    }

    @Override
    public RefusalKind kind() {
        return kind;
    }

    @Override
    public Phase phase() {
        return Phase.ASSOCIATION;
    }

    @Override
    public Role end() {
        return connection.end();
    }

    @Override
    public boolean byPeer() {
        return byPeer;
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

    /** None: TLS was established. */
    @Override
    public Optional<AlertDescription> alert() {
        return Optional.empty();
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
    public Optional<String> callingAeTitle() {
        return Optional.ofNullable(calling);
    }

    @Override
    public Optional<String> calledAeTitle() {
        return Optional.ofNullable(called);
    }

    @Override
    public String text() {
        return getMessage();
    }
}
