package org.dicomtls.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.TlsVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DICOM associations on TLS under a named profile. What comes from {@link #sslContext()} cannot be loosened by
 * anything that the application does with it later; it can be narrowed. Keys, trust, revocation lists and peers may be
 * read from files again when these change; all else never changes. Safe for use by many threads.
 */
public final class SecureTransport {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    /** Enough for a handshake over a slow line; far less than a scheduler needs to hang. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /** Enough to pick up new files within seconds; seldom enough to cost nothing. */
    public static final Duration DEFAULT_LOOK_INTERVAL = Duration.ofSeconds(1);

    private final Profile profile;
    private final Policy policy;
    private final Engine engine;
    private final EngineModel.Usable usable;
    private final Set<Role> roles;
    private final CurrentCredentials credentials;
    private final boolean clientCertificateDemanded;
    private final boolean hostIdentityChecked;
    private final Optional<String> hostIdentityName;
    private final Duration handshakeTimeout;
    private final Reports reports;
    private final long recordLimit;
    private final Clock clock;
    private final List<Finding> partial;
    private final JsseBinding binding;
    private final Floor.Names floorNames;
    private final SSLContext context;

    private SecureTransport(
            Builder b,
            Policy policy,
            Engine engine,
            EngineModel.Usable usable,
            List<Finding> partial,
            IdentityCheck identityCheck) {
        this.profile = b.profile;
        this.policy = policy;
        this.engine = engine;
        this.usable = usable;
        this.roles = Set.copyOf(b.roles);
        this.clientCertificateDemanded = b.clientAuthentication;
        this.hostIdentityChecked = b.hostIdentity.orElseGet(
                () -> policy.demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT).isPresent());
        this.hostIdentityName = b.hostIdentityName;
        this.handshakeTimeout = b.handshakeTimeout;
        this.recordLimit = b.recordLimit;
        this.clock = b.clock;
        this.reports = new Reports(clock.instant(), b.listeners);
        this.partial = List.copyOf(partial);
        this.binding = JsseBinding.of(engine);
        this.floorNames = new Floor.Names(policy, usable);
        this.credentials = new CurrentCredentials(
                policy,
                engine,
                new CurrentCredentials.Sources(b.identity, b.trust, b.revocation, b.peers),
                identityCheck,
                new CurrentCredentials.Pace(b.lookInterval, b.patience),
                b.clock,
                reports);
        this.context = new PolicyContext(this);
        for (Waiver waiver : profile.waivers()) {
            LOG.warn(
                    "profile {} sets rule {} aside{}: {} ({})",
                    profile.id(),
                    waiver.rule(),
                    waiver.until().map(day -> " until " + day).orElse(""),
                    waiver.reason(),
                    waiver.owner());
        }
        for (Finding finding : this.partial) {
            LOG.warn(
                    "profile {} on engine {} does not honour rule {} ({}): {}",
                    profile.id(),
                    engine.id(),
                    finding.rule().id(),
                    finding.rule().clause(),
                    finding.actual());
        }
    }

    /** Starts a transport under that profile. */
    public static Builder of(Profile profile) {
        return new Builder(profile);
    }

    /** A transport in the making. */
    public static final class Builder {
        private final Profile profile;
        private Engine engine;
        private Set<Role> roles = EnumSet.allOf(Role.class);
        private Watched<Identity> identity = Watched.unchanging(Identity.none());
        private Watched<Trust> trust = Watched.unchanging(Trust.none());
        private Watched<Revocation> revocation = Watched.unchanging(Revocation.unchecked());
        private Watched<Peers> peers = Watched.unchanging(Peers.any());
        private Duration lookInterval = DEFAULT_LOOK_INTERVAL;
        private Duration patience = WatchedValue.PATIENCE;
        private boolean clientAuthentication = true;
        private Optional<Boolean> hostIdentity = Optional.empty();
        private Optional<String> hostIdentityName = Optional.empty();
        private Duration handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT;
        private long recordLimit = Long.MAX_VALUE;
        private final List<TransportListener> listeners = new ArrayList<>();
        private Clock clock = Clock.systemUTC();
        private final Set<String> accepted = new java.util.LinkedHashSet<>();

        private Builder(Profile profile) {
            this.profile = Objects.requireNonNull(profile, "profile");
        }

        /** The engine; without this, the JDK's if it can honour the profile, else Bouncy Castle's. */
        public Builder engine(Engine value) {
            engine = Objects.requireNonNull(value, "engine");
            return this;
        }

        /** Uses the transport in that role only, so that only the rules of that role must be honoured. */
        public Builder role(Role value) {
            roles = EnumSet.of(value);
            return this;
        }

        /** The keys of this node; a server needs at least one. */
        public Builder identity(Identity value) {
            return identity(Watched.unchanging(Objects.requireNonNull(value, "identity")));
        }

        /**
         * The keys of this node, read again when their files change. Connections that there are go on, those that begin
         * later use the new keys; nothing is bound anew. What cannot be read, what the profile does not allow, and what is
         * not valid now is not taken, and {@link TransportListener#reloaded} says so.
         */
        public Builder identity(Watched<Identity> value) {
            identity = Objects.requireNonNull(value, "identity");
            return this;
        }

        /** Whom this node trusts. */
        public Builder trust(Trust value) {
            return trust(Watched.unchanging(Objects.requireNonNull(value, "trust")));
        }

        /** Whom this node trusts, read again when the files change. */
        public Builder trust(Watched<Trust> value) {
            trust = Objects.requireNonNull(value, "trust");
            return this;
        }

        /** How long watched files that are not in order must stay so before it is reported; for tests. */
        Builder patience(Duration value) {
            patience = value;
            return this;
        }

        /** How this node finds out whether a peer's certificate was revoked; without this it does not. */
        public Builder revocation(Revocation value) {
            return revocation(Watched.unchanging(Objects.requireNonNull(value, "revocation")));
        }

        /** How this node finds out whether a peer's certificate was revoked, read again when the files change. */
        public Builder revocation(Watched<Revocation> value) {
            revocation = Objects.requireNonNull(value, "revocation");
            return this;
        }

        /**
         * Which of the trusted peers may connect, and under which AE titles; without this, all under any. The titles are
         * known only when the association is asked for: whoever serves it asks {@link SecureTransport#judge}.
         */
        public Builder peers(Peers value) {
            return peers(Watched.unchanging(Objects.requireNonNull(value, "peers")));
        }

        /** As {@link #peers(Peers)}, read again when the file changes. */
        public Builder peers(Watched<Peers> value) {
            peers = Objects.requireNonNull(value, "peers");
            return this;
        }

        /**
         * The least time between two looks at watched files when connections begin; a second unless this is set, and with
         * zero every connection looks.
         */
        public Builder lookInterval(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("look interval " + value + " is negative");
            }
            lookInterval = value;
            return this;
        }

        /**
         * Whether servers demand a client certificate; they do unless this is set to false.
         *
         * @throws IllegalArgumentException at {@link #build()} if the profile does not allow it
         */
        public Builder clientAuthentication(boolean value) {
            clientAuthentication = value;
            return this;
        }

        /**
         * Whether clients check that the server's certificate carries the host name or address that they connect to (RFC
         * 9525). Without this they do if the profile asks for it, as those on RFC 9325 do.
         */
        public Builder verifyHost(boolean value) {
            hostIdentity = Optional.of(value);
            return this;
        }

        /**
         * Lets clients check that the server's certificate carries that name, wherever they connect to.
         *
         * @param name a DNS name, with A-labels or other letters, or an IP address
         */
        public Builder verifyHost(String name) {
            if (!HostIdentity.possible(name)) {
                throw new IllegalArgumentException("'" + Printable.of(name, 80)
                        + "' is neither a DNS name nor an IP address that a certificate could carry");
            }
            hostIdentity = Optional.of(true);
            hostIdentityName = Optional.of(name);
            return this;
        }

        /** The longest time that a whole handshake may take. */
        public Builder handshakeTimeout(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("handshake timeout " + value + " is not positive");
            }
            handshakeTimeout = value;
            return this;
        }

        /**
         * Lowers the number of records under one key; without this it is what the cipher suite allows (2^24 for
         * AES-GCM). Then TLS 1.3 changes its keys, and a connection of TLS 1.2 ends; so does one of TLS 1.3 on engine bc
         * if the limit is below the 2^20 records after which that engine changes keys by itself.
         *
         * @throws IllegalArgumentException when it is below 64 or above {@link KeyUse#MOST_RECORDS}
         */
        public Builder recordLimit(long records) {
            if (records < KeyUse.LEAST_LIMIT || records > KeyUse.MOST_RECORDS) {
                throw new IllegalArgumentException("a limit of " + records + " records is outside " + KeyUse.LEAST_LIMIT
                        + "…" + KeyUse.MOST_RECORDS);
            }
            recordLimit = records;
            return this;
        }

        /** Who is told of connections; each call adds one. */
        public Builder listener(TransportListener value) {
            listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /** The clock by which certificates are valid; for tests. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Accepts that this rule is not honoured. The claim to the profile is then partial, and {@link
         * SecureTransport#partialClaim()} says so.
         */
        public Builder acceptPartial(String... rules) {
            accepted.addAll(List.of(rules));
            return this;
        }

        /**
         * The transport.
         *
         * @throws CannotEnforceException when the engine cannot honour a SHALL; it names every such rule
         * @throws IllegalArgumentException when the parts do not fit together: a key that the profile can never use,
         *     client authentication switched off where the profile requires it
         */
        public SecureTransport build() {
            Policy policy = Policy.of(profile);
            checkClientAuthentication(policy);
            for (String rule : accepted) {
                if (profile.rule(rule).isEmpty()) {
                    throw new IllegalArgumentException("profile " + profile.id() + " has no rule " + rule);
                }
            }
            List<Engine> candidates = engine != null ? List.of(engine) : List.of(Engine.values());
            CannotEnforceException first = null;
            for (Engine candidate : candidates) {
                OwnEnd able = EngineProbe.of(policy, candidate);
                List<Finding> violated = able.violated(roles);
                List<Finding> refused = violated.stream()
                        .filter(f -> !accepted.contains(f.rule().id()))
                        .toList();
                if (refused.isEmpty()) {
                    IdentityCheck check = new IdentityCheck(policy, able.usable(), Set.copyOf(roles), candidate, clock);
                    check.objection(identity.first()).ifPresent(why -> {
                        throw new IllegalArgumentException(why);
                    });
                    checkPeers();
                    return new SecureTransport(this, policy, candidate, able.usable(), violated, check);
                }
                if (first == null) {
                    first = new CannotEnforceException(profile.id(), candidate, roleTitle(), refused);
                }
            }
            throw first;
        }

        private String roleTitle() {
            return roles.size() == 2 ? "client and server" : roles.iterator().next().title();
        }

        private void checkClientAuthentication(Policy policy) {
            policy.demands(Property.CLIENT_AUTHENTICATION_REQUIRED, Role.SERVER).ifPresent(rule -> {
                if (!clientAuthentication && roles.contains(Role.SERVER)) {
                    throw new IllegalArgumentException("profile " + profile.id()
                            + " requires client authentication, it cannot be switched off (" + rule.id() + ", "
                            + rule.clause() + ")");
                }
            });
        }

        /** Who presents no certificate is on no list. */
        private void checkPeers() {
            if (peers.first().listed() && roles.contains(Role.SERVER) && !clientAuthentication) {
                throw new IllegalArgumentException("a list of peers goes by their certificates, so client authentication"
                        + " cannot be switched off with it");
            }
        }
    }

    /** The context: give it to whatever takes an SSLContext. It cannot be initialised again. */
    public SSLContext sslContext() {
        return context;
    }

    /**
     * Shakes hands as a server, in the calling thread, on a connection that the caller has accepted. After a refusal the
     * output is shut down and the connection is still there: the caller closes it, but takes for a moment what still
     * comes in, since closing with octets unread is a reset and would take the alert away from the client.
     *
     * @return a socket of which {@link Negotiated#of(Socket)} tells what was negotiated; closing it closes the connection
     * @throws TlsRefusal when the handshake fails, or the connection was taken away
     * @throws IllegalStateException when this transport was built for the role client alone
     */
    public Socket accept(IncomingConnection connection) throws IOException {
        if (!roles.contains(Role.SERVER)) {
            throw new IllegalStateException(
                    "profile " + profile.id() + ": this transport was built for the role client alone");
        }
        PolicySocket socket = PolicySocket.accepted(this, connection);
        socket.startHandshake();
        return socket;
    }

    public Profile profile() {
        return profile;
    }

    public Policy policy() {
        return policy;
    }

    public Engine engine() {
        return engine;
    }

    public Set<Role> roles() {
        return roles;
    }

    /** The part of the policy that the engine uses on this JVM. */
    public EngineModel.Usable usable() {
        return usable;
    }

    /**
     * In what this transport demands less of peers than another one, for those who exchange the transport of something in
     * use, such as a device whose certificate was renewed. Keys and trusted certificates may be others.
     *
     * @return a phrase for each, to follow "the next transport"; empty if it demands as much or more
     */
    public List<String> weakerThan(SecureTransport before) {
        List<String> weaker = new ArrayList<>();
        less(weaker, !profile.equals(before.profile), "is under profile " + profile.id() + " instead of " + before.profile.id());
        less(weaker, !roles.containsAll(before.roles), "does not serve as " + before.roles);
        less(
                weaker,
                before.clientCertificateDemanded && !clientCertificateDemanded,
                "demands no client certificates");
        less(weaker, before.hostIdentityChecked && !hostIdentityChecked, "checks no host identities");
        before.hostIdentityName
                .filter(name -> !hostIdentityName.equals(Optional.of(name)))
                .ifPresent(name -> weaker.add("does not ask servers for the name " + name));
        less(
                weaker,
                before.credentials.current().peers().listed()
                        && !credentials.current().peers().listed(),
                "has no list of peers");
        weaker.addAll(credentials.revocation().weakerThan(before.credentials.revocation()));
        List<String> accepted = before.partial.stream().map(f -> f.rule().id()).toList();
        partial.stream()
                .map(f -> f.rule().id())
                .filter(rule -> !accepted.contains(rule))
                .forEach(rule -> weaker.add("does not honour " + rule));
        less(weaker, recordLimit > before.recordLimit, "allows more records under one key");
        return weaker;
    }

    private static void less(List<String> weaker, boolean is, String how) {
        if (is) {
            weaker.add(how);
        }
    }

    /** The rules that are not honoured because the caller accepted it; empty for a full claim. */
    public List<Finding> partialClaim() {
        return partial;
    }

    /** The keys in use now. */
    public Identity identity() {
        return credentials.current().identity();
    }

    /** Whom this node trusts now. */
    public Trust trust() {
        return credentials.current().trust();
    }

    /**
     * Looks at watched files and at dates of expiry now. Connections that begin do so by themselves, so this is for
     * applications that want to hear of a change, or of a certificate that is about to end, while nobody connects: call it
     * from a scheduler, every minute or so. It reads files and must not be called where that may not block.
     */
    public void refresh() {
        credentials.refresh();
    }

    /**
     * Judges whether the peer of a connection may call itself by that AE title, according to the {@link Peers} of this
     * transport: a server asks it of the calling AE title before it accepts an association, and rejects with "calling AE
     * title not recognized" (PS3.8 §9.3.4). A refusal is logged and told to the listener.
     *
     * @param negotiated what the handshake of that connection came to
     * @return why it may not; empty if it may
     */
    public Optional<AssociationRefusal> judge(Negotiated negotiated, String aeTitle) {
        Credentials now = credentials.now();
        Optional<String> objection;
        try {
            List<X509Certificate> path = negotiated.peer().isEmpty() || !now.peers().listed()
                    ? List.of()
                    : now.trust()
                            .path(negotiated.peer().toArray(X509Certificate[]::new), Date.from(clock.instant()));
            objection = now.peers().objection(path, aeTitle).map(why -> path.isEmpty()
                    ? why
                    : "certificate " + PeerCertificateException.name(path.get(0).getSubjectX500Principal())
                            + " (SHA-256 " + PeerCertificateException.fingerprint(path.get(0)) + "): " + why);
        } catch (PeerCertificateException e) {
            objection = Optional.of(e.getMessage());
        }
        Optional<AssociationRefusal> refusal = objection.map(why -> AssociationRefusal.on(
                        negotiated.connection(), RefusalKind.ASSOCIATION_AE_TITLE, why)
                .offered("AE title " + Printable.of(aeTitle.strip(), 16))
                .remedy("correct the AE title of the " + negotiated.end().other().title()
                        + ", or the list of peers of this end")
                .build());
        refusal.ifPresent(this::report);
        return refusal;
    }

    /** Whether servers demand a client certificate. */
    public boolean clientCertificateDemanded() {
        return clientCertificateDemanded;
    }

    public boolean hostIdentityChecked() {
        return hostIdentityChecked;
    }

    Optional<String> hostIdentityName() {
        return hostIdentityName;
    }

    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** The most records under one key, where that is fewer than the cipher suite allows. */
    long recordLimit() {
        return recordLimit;
    }

    Clock clock() {
        return clock;
    }

    JsseBinding binding() {
        return binding;
    }

    Floor.Names floorNames() {
        return floorNames;
    }

    /** What a connection that begins now goes by. */
    Credentials credentials() {
        return credentials.now();
    }

    String[] supportedCipherSuites() {
        return usable.suites().stream().map(CipherSuite::name).toArray(String[]::new);
    }

    String[] supportedProtocols() {
        return usable.versions().stream().map(TlsVersion::jsseName).toArray(String[]::new);
    }

    /** What became of the connections of this transport so far. */
    public Counters counters() {
        return reports.counters();
    }

    /**
     * Tells log, listeners and counters of a refusal that whoever speaks DICOM on a connection of this transport has
     * noticed. Refusals of TLS are reported by the library itself.
     */
    public void report(AssociationRefusal refusal) {
        reports.refused(refusal);
    }

    /**
     * Tells log, listeners and counters that a server turned a connection away before any TLS: it has too many, or is
     * shutting down.
     *
     * @param accepted the connection; it is looked at and not touched
     * @param problem what is wrong, in one clause, without anything that the peer sent
     */
    public Refusal turnedAway(Socket accepted, RefusalKind kind, String problem) {
        TlsRefusal refusal = TlsRefusal.at(Role.SERVER, Refusal.Phase.TRANSPORT, kind, problem)
                .remedy(
                        kind == RefusalKind.TOO_MANY_CONNECTIONS
                                ? "look who holds the connections; raise the limit if they are needed"
                                : "connect again later")
                .build();
        Instant now = clock.instant();
        refusal.on(
                TransportConnection.begun(
                        this,
                        Role.SERVER,
                        TransportConnection.address(accepted.getLocalSocketAddress()),
                        TransportConnection.address(accepted.getRemoteSocketAddress()),
                        now),
                now);
        reports.refused(refusal);
        return refusal;
    }

    /**
     * Tells log, listeners and counters that a server could not be reached, and attaches what there is to say of it to the
     * failure, which stays the exception that applications know.
     */
    <E extends IOException> E unreachable(InetSocketAddress server, E failure) {
        Instant now = clock.instant();
        TransportConnection about =
                TransportConnection.begun(this, Role.CLIENT, Optional.empty(), Optional.of(server), now);
        TlsRefusal refusal = Explanation.unreachable(about.peerText(), server, failure);
        refusal.on(about, now);
        reports.refused(refusal);
        failure.addSuppressed(refusal);
        return failure;
    }

    /** Whose certificates are trusted at this moment. */
    List<X509Certificate> authorities() {
        return List.copyOf(credentials.now().trust().authorities());
    }

    Reports reports() {
        return reports;
    }

    /** What is accepted of certificates, for reports: least lengths in bits and hash functions. */
    String certificateFloor() {
        List<String> parts = new ArrayList<>();
        parts.add("RSA ≥ " + policy.least(Metric.RSA_CERTIFICATE_BITS));
        parts.add("EC ≥ " + policy.least(Metric.EC_CERTIFICATE_BITS));
        parts.add(policy.certificateHashes().stream().sorted().toList().toString());
        return String.join(", ", parts);
    }

    @Override
    public String toString() {
        return "SecureTransport[" + profile.id() + " on " + engine.id() + ", " + certificateFloor() + "]";
    }
}
