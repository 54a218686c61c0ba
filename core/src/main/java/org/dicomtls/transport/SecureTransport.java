package org.dicomtls.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.predict.KeyKind;
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
 * anything that the application does with it later; it can be narrowed. Immutable and safe for use by many threads.
 */
public final class SecureTransport {

    private static final Logger LOG = LoggerFactory.getLogger("org.dicomtls.transport");

    /** Enough for a handshake over a slow line; far less than a scheduler needs to hang. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    private final Profile profile;
    private final Policy policy;
    private final Engine engine;
    private final EngineModel.Usable usable;
    private final Set<Role> roles;
    private final Identity identity;
    private final Trust trust;
    private final boolean clientCertificateDemanded;
    private final boolean hostIdentityChecked;
    private final Optional<String> hostIdentityName;
    private final Duration handshakeTimeout;
    private final Reports reports;
    private final Clock clock;
    private final List<Finding> partial;
    private final JsseBinding binding;
    private final Floor.Names floorNames;
    private final PolicyKeyManager keyManager;
    private final Map<Set<KeyKind>, PolicyKeyManager> keyManagers = new ConcurrentHashMap<>();
    private final PolicyTrustManager trustManager;
    private final SSLContext context;

    private SecureTransport(Builder b, Policy policy, Engine engine, EngineModel.Usable usable, List<Finding> partial) {
        this.profile = b.profile;
        this.policy = policy;
        this.engine = engine;
        this.usable = usable;
        this.roles = Set.copyOf(b.roles);
        this.identity = b.identity;
        this.trust = b.trust;
        this.clientCertificateDemanded = b.clientAuthentication;
        this.hostIdentityChecked = b.hostIdentity.orElseGet(
                () -> policy.demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT).isPresent());
        this.hostIdentityName = b.hostIdentityName;
        this.handshakeTimeout = b.handshakeTimeout;
        this.clock = b.clock;
        this.reports = new Reports(clock.instant(), b.listeners);
        this.partial = List.copyOf(partial);
        this.binding = JsseBinding.of(engine);
        this.floorNames = new Floor.Names(policy, usable);
        this.keyManager = new PolicyKeyManager(binding.adapt(identity));
        this.trustManager = new PolicyTrustManager(policy, () -> trust, b.clock);
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
        private Identity identity = Identity.none();
        private Trust trust = Trust.none();
        private boolean clientAuthentication = true;
        private Optional<Boolean> hostIdentity = Optional.empty();
        private Optional<String> hostIdentityName = Optional.empty();
        private Duration handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT;
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
            identity = Objects.requireNonNull(value, "identity");
            return this;
        }

        /** Whom this node trusts. */
        public Builder trust(Trust value) {
            trust = Objects.requireNonNull(value, "trust");
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

        /** Lets clients check that the server's certificate carries that name, wherever they connect to. */
        public Builder verifyHost(String name) {
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
                    checkIdentity(policy, able.usable());
                    return new SecureTransport(this, policy, candidate, able.usable(), violated);
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

        private void checkIdentity(Policy policy, EngineModel.Usable usable) {
            if (roles.equals(EnumSet.of(Role.SERVER)) && identity.isEmpty()) {
                throw new IllegalArgumentException("a server needs a key and a certificate");
            }
            for (Identity.Entry entry : identity.entries()) {
                if (usable.versions().stream().noneMatch(v -> entry.kind().usable(v, usable))) {
                    throw new IllegalArgumentException("profile " + profile.id() + " can never use the key of "
                            + PeerCertificateException.name(entry.certificate().getSubjectX500Principal()) + " ("
                            + entry.kind() + "): no cipher suite and signature scheme of the profile fits it");
                }
                strength(policy, entry);
            }
        }

        /** Our own certificates are held to the same lengths as the peer's. */
        private void strength(Policy policy, Identity.Entry entry) {
            try {
                PolicyTrustManager check = new PolicyTrustManager(policy, () -> trust, clock);
                for (Role role : roles) {
                    check.strength(entry.chain(), role);
                }
            } catch (PeerCertificateException e) {
                throw new IllegalArgumentException("profile " + profile.id() + " does not allow our own "
                        + e.getMessage()
                        + e.rule().map(r -> " (" + r.id() + ", " + r.clause() + ")").orElse(""));
            }
        }
    }

    /** The context: give it to whatever takes an SSLContext. It cannot be initialised again. */
    public SSLContext sslContext() {
        return context;
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

    /** The rules that are not honoured because the caller accepted it; empty for a full claim. */
    public List<Finding> partialClaim() {
        return partial;
    }

    public Identity identity() {
        return identity;
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

    Clock clock() {
        return clock;
    }

    JsseBinding binding() {
        return binding;
    }

    Floor.Names floorNames() {
        return floorNames;
    }

    /**
     * The engine's context for a connection.
     *
     * @param fitting the kinds of key that fit the peer's offer, where that is known; an engine asks for "EC" and
     *     would be given a key of any curve
     */
    SSLContext engineContext(Optional<Set<KeyKind>> fitting) throws GeneralSecurityException {
        PolicyKeyManager keys = fitting.map(kinds -> keyManagers.computeIfAbsent(kinds, this::keyManager))
                .orElse(keyManager);
        try {
            return binding.context(keys, trustManager);
        } catch (KeyManagementException e) {
            throw new GeneralSecurityException("keys not accepted: " + e.getMessage(), e);
        }
    }

    private PolicyKeyManager keyManager(Set<KeyKind> kinds) {
        return new PolicyKeyManager(binding.adapt(Identity.of(identity.entries().stream()
                .filter(entry -> kinds.contains(entry.kind()))
                .toList())));
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
        return List.of(trustManager.getAcceptedIssuers());
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
