package org.dicomtls.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Evaluation;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.ClientHello;

/**
 * Our own end under a policy, judged by the rules of its profile: what it keeps, by what means, and what it cannot
 * keep. Known either from the ClientHello that the engine of this JVM wrote, or from the engine's model.
 */
public final class OwnEnd {

    private final Policy policy;
    private final Engine engine;
    private final EngineModel.Usable usable;
    private final Optional<ClientHello> hello;

    /** What somebody keeps of whom the policy and the engine know nothing. */
    private final Map<Property, Means> more;

    private OwnEnd(
            Policy policy,
            Engine engine,
            EngineModel.Usable usable,
            Optional<ClientHello> hello,
            Map<Property, Means> more) {
        this.policy = policy;
        this.engine = engine;
        this.usable = usable;
        this.hello = hello;
        this.more = Map.copyOf(more);
    }

    /** An end on an engine of that model, whether or not it is at hand. */
    public static OwnEnd modelled(Policy policy, EngineModel model) {
        return new OwnEnd(policy, model.engine(), model.usable(policy), Optional.empty(), Map.of());
    }

    /** An end whose engine was seen to write that ClientHello under the policy. */
    public static OwnEnd measured(Policy policy, Engine engine, EngineModel.Usable usable, ClientHello hello) {
        return new OwnEnd(policy, engine, usable, Optional.of(hello), Map.of());
    }

    /** An end whose engine could not write a ClientHello under the policy. */
    public static OwnEnd unable(Policy policy, Engine engine) {
        return new OwnEnd(
                policy,
                engine,
                new EngineModel.Usable(List.of(), List.of(), List.of(), List.of()),
                Optional.empty(),
                Map.of());
    }

    /**
     * This end, of which it is known besides that it keeps a property and by what means: a property of the JVM that was
     * set, or something that the application has configured.
     */
    public OwnEnd keeping(Property property, Means means) {
        Map<Property, Means> kept = new EnumMap<>(Property.class);
        kept.putAll(more);
        kept.put(property, means);
        return new OwnEnd(policy, engine, usable, hello, kept);
    }

    /** The part of the policy that the engine uses; empty lists when it can use none of it. */
    public EngineModel.Usable usable() {
        return usable;
    }

    /** The ClientHello that the engine writes under the policy, if it can write one. */
    public Optional<ClientHello> clientHello() {
        return hello;
    }

    /** Everything that is known of our own end in that role. */
    public Facts facts(Role role) {
        Facts.Builder facts = Facts.of(role)
                .supportsExactly(Dimension.VERSION, usable.versions())
                .supportsExactly(
                        Dimension.SUITE_TLS13,
                        usable.suites().stream().filter(CipherSuite::tls13).toList())
                .supportsExactly(
                        Dimension.SUITE_TLS12,
                        usable.suites().stream().filter(s -> !s.tls13()).toList())
                .supportsExactly(Dimension.GROUP, usable.groups())
                .supportsExactly(Dimension.SCHEME, usable.schemes())
                .supportsExactly(Dimension.CERTIFICATE_HASH, policy.certificateHashes())
                .measured(Metric.RSA_CERTIFICATE_BITS, policy.least(Metric.RSA_CERTIFICATE_BITS), true)
                .measured(Metric.EC_CERTIFICATE_BITS, policy.least(Metric.EC_CERTIFICATE_BITS), true)
                .measured(Metric.DHE_BITS, policy.least(Metric.DHE_BITS), true)
                .measured(
                        Metric.ECDHE_BITS,
                        usable.groups().stream()
                                .filter(NamedGroup::ellipticCurve)
                                .mapToInt(NamedGroup::bits)
                                .min()
                                .orElse(policy.least(Metric.ECDHE_BITS)),
                        true)
                .condition(Condition.TLS_1_2, usable.versions().contains(TlsVersion.TLS_1_2))
                .condition(Condition.TLS_1_3, usable.versions().contains(TlsVersion.TLS_1_3))
                .condition(Condition.DHE, dhe())
                .condition(Condition.CBC, usable.suites().stream().anyMatch(s -> s.mode() == CipherMode.CBC))
                .condition(Condition.RESUMPTION, false)
                .condition(Condition.ALPN, false)
                .condition(Condition.SERVER_NAMES, false)
                .condition(Condition.CLIENT_AUTHENTICATION, true);
        properties(role).forEach((property, kept) -> facts.holds(property, kept.holds()));
        return facts.build();
    }

    /** The verdict on every effective rule of the profile for our own end in that role. */
    public List<Finding> findings(Role role) {
        return Evaluation.of(policy.profile().effectiveRules(), facts(role));
    }

    /** The SHALLs that our own end breaks in one of these roles; each once. */
    public List<Finding> violated(Collection<Role> roles) {
        List<Finding> violated = new ArrayList<>();
        for (Role role : roles) {
            for (Finding finding : findings(role)) {
                if (finding.breaksConformance()
                        && violated.stream().noneMatch(f -> f.rule().equals(finding.rule()))) {
                    violated.add(finding);
                }
            }
        }
        return violated;
    }

    /** By what our own end keeps a rule, in words: {@code hello gate}, {@code engine, as delivered} … */
    public Means means(Rule rule, Role role) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Attested) {
            return Means.ATTESTED;
        } else if (constraint instanceof Constraint.Holds holds) {
            return Optional.ofNullable(properties(role).get(holds.property()))
                    .map(Kept::means)
                    .orElseGet(() -> unkept(holds.property()));
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return switch (atLeast.metric()) {
                case RSA_CERTIFICATE_BITS, EC_CERTIFICATE_BITS -> Means.CERTIFICATE_CHECK;
                case DHE_BITS -> Means.GATE;
                case ECDHE_BITS -> Means.CONTEXT;
            };
        } else if (constraint instanceof Constraint.Permits<?> p && p.dimension() == Dimension.CERTIFICATE_HASH
                || constraint instanceof Constraint.Forbids<?> f && f.dimension() == Dimension.CERTIFICATE_HASH
                || constraint instanceof Constraint.Requires<?> r && r.dimension() == Dimension.CERTIFICATE_HASH) {
            return Means.CERTIFICATE_CHECK;
        }
        return Means.CONTEXT;
    }

    private Means unkept(Property property) {
        return switch (property) {
            // BCJSSE 1.84 staples nothing, whatever is set.
            case OCSP_STAPLING -> engine == Engine.JDK ? Means.JVM_PROPERTY : Means.NONE;
            case REVOCATION_STRATEGY, HOST_IDENTITY_CHECKED, UNKNOWN_SERVER_NAME_REFUSED, ALPN_MISMATCH_REFUSED,
                    INTEGRITY_FAILURE_ABORTS, RECOMMENDED_PORT, TLS_PORT_SEPARATE, DICOMWEB_PORT_SEPARATE,
                    P_256_FOR_ECDSA, SAME_CERTIFICATE_ON_RENEGOTIATION -> Means.APPLICATION;
            default -> Means.NONE;
        };
    }

    private record Kept(boolean holds, Means means) {}

    /**
     * The properties of our own end that something in this library, or a measured engine, keeps. Each stands in a test
     * of its own; what is not here is not claimed.
     */
    private Map<Property, Kept> properties(Role role) {
        Map<Property, Kept> kept = new EnumMap<>(Property.class);
        boolean client = role == Role.CLIENT;
        kept.put(Property.PREFERS_TLS_1_3, new Kept(true, Means.GATE));
        kept.put(
                Property.ATTEMPTS_TLS_1_3,
                new Kept(
                        seen(h -> !usable.versions().contains(TlsVersion.TLS_1_3)
                                || h.offeredVersions().contains(TlsVersion.TLS_1_3)),
                        Means.CONTEXT));
        kept.put(Property.NO_VERSION_FALLBACK, new Kept(true, Means.ENGINE));
        kept.put(Property.PROTOCOL_VERSION_ALERT, new Kept(true, Means.GATE));
        kept.put(Property.ANY_RECORD_VERSION, new Kept(true, Means.ENGINE));
        kept.put(Property.DOWNGRADE_SENTINEL, new Kept(true, client ? Means.GATE : Means.ENGINE));
        kept.put(Property.STRICT_TLS, new Kept(true, Means.GATE));

        List<CipherSuite> tls12 = usable.suites().stream().filter(s -> !s.tls13()).toList();
        kept.put(Property.FORWARD_SECRECY_PREFERRED, new Kept(ordered(CipherSuite::forwardSecret), Means.CONTEXT));
        boolean strong = tls12.isEmpty() || recommended(tls12.get(0));
        kept.put(Property.STRONG_SUITE_FIRST, new Kept(strong, Means.CONTEXT));
        kept.put(Property.STRONG_SUITE_CHOSEN, new Kept(strong, Means.CONTEXT));
        kept.put(Property.STRONGEST_SUITE_CHOSEN, new Kept(strongestFirst(), Means.CONTEXT));
        kept.put(Property.SUITES_256_BIT_FIRST, new Kept(ordered(s -> s.bits() >= 256), Means.CONTEXT));
        kept.put(
                Property.ECDHE_BEFORE_DHE,
                new Kept(ordered(s -> s.keyExchange() != KeyExchange.DHE), Means.CONTEXT));
        kept.put(
                Property.AES_BEFORE_3DES,
                new Kept(ordered(s -> s.cipher() != BulkCipher.TRIPLE_DES), Means.CONTEXT));
        if (tls12.stream().noneMatch(s -> s.mode() == CipherMode.CBC)) {
            kept.put(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC, new Kept(true, Means.CONTEXT));
        }
        if (!dhe()) {
            kept.put(Property.DHE_SIZE_SET_EXPLICITLY, new Kept(true, Means.CONTEXT));
        }

        kept.put(Property.NO_COMPRESSION, new Kept(true, Means.GATE));
        kept.put(Property.NO_TRUNCATED_HMAC, new Kept(true, Means.ENGINE));
        kept.put(
                Property.EXTENDED_MASTER_SECRET,
                new Kept(seen(h -> tls12.isEmpty() || h.extendedMasterSecret()), Means.ENGINE));
        kept.put(
                Property.RENEGOTIATION_INFO,
                new Kept(seen(h -> tls12.isEmpty() || h.renegotiationInfo()), Means.ENGINE));
        kept.put(
                Property.EXTENDED_MASTER_SECRET_DEMANDED,
                new Kept(policy.demands(Property.EXTENDED_MASTER_SECRET_DEMANDED, role).isPresent(), Means.GATE));
        kept.put(
                Property.RENEGOTIATION_INFO_DEMANDED,
                new Kept(policy.demands(Property.RENEGOTIATION_INFO_DEMANDED, role).isPresent(), Means.GATE));
        kept.put(Property.RENEGOTIATION_REFUSED, new Kept(true, Means.CONTEXT));
        kept.put(Property.SERVER_NAME_SUPPORTED, new Kept(true, Means.ENGINE));
        kept.put(Property.ALPN_SUPPORTED, new Kept(true, Means.ENGINE));
        kept.put(Property.NO_EARLY_DATA, new Kept(true, Means.ENGINE));
        kept.put(Property.NO_POST_HANDSHAKE_AUTHENTICATION, new Kept(true, Means.ENGINE));
        kept.put(
                Property.SUPPORTED_GROUPS_SENT,
                new Kept(seen(h -> h.groups().isPresent()), Means.ENGINE));
        kept.put(
                Property.POINT_FORMATS_UNCOMPRESSED,
                new Kept(seen(ClientHello::pointFormatsUncompressed), Means.ENGINE));
        kept.put(Property.INVALID_KEY_SHARES_REFUSED, new Kept(true, Means.ENGINE));
        kept.put(Property.NO_KEY_SHARE_REUSE, new Kept(true, Means.ENGINE));
        kept.put(Property.NO_FIXED_DH_CERTIFICATE_TYPES, new Kept(true, Means.ENGINE));

        kept.put(Property.CLIENT_AUTHENTICATION_SUPPORTED, new Kept(true, Means.CONTEXT));
        kept.put(Property.CLIENT_AUTHENTICATION_REQUIRED, new Kept(true, Means.CONTEXT));
        kept.put(Property.CLIENT_CERTIFICATE_PRESENTED, new Kept(true, Means.CONTEXT));
        kept.put(Property.RSA_CERTIFICATE_SUPPORTED, new Kept(rsa(), Means.CONTEXT));
        kept.put(Property.CERTIFICATE_PATH_VALIDATED, new Kept(true, Means.CERTIFICATE_CHECK));
        kept.put(Property.CERTIFICATE_ATTRIBUTES_TOLERATED, new Kept(true, Means.CERTIFICATE_CHECK));
        kept.put(Property.DIRECT_TRUST_SUPPORTED, new Kept(true, Means.CERTIFICATE_CHECK));
        kept.put(Property.HOST_IDENTITY_CHECKABLE, new Kept(true, Means.CERTIFICATE_CHECK));
        if (policy.demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT).isPresent()) {
            kept.put(Property.HOST_IDENTITY_CHECKED, new Kept(true, Means.CERTIFICATE_CHECK));
        }
        kept.put(Property.KEY_LIMITS_HONOURED, new Kept(true, Means.RECORD_COUNT));
        kept.put(Property.COUNTER_NONCES, new Kept(true, Means.ENGINE));
        more.forEach((property, means) -> kept.put(property, new Kept(true, means)));
        return kept;
    }

    /** Whether the hello shows it; a model stands for an engine that was seen to do what JSSE engines do. */
    private boolean seen(Predicate<ClientHello> trait) {
        return hello.map(trait::test).orElse(true);
    }

    private boolean dhe() {
        return usable.suites().stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE);
    }

    private boolean rsa() {
        return usable.schemes().stream().anyMatch(s -> s.keyType().equals("RSA"));
    }

    private static boolean recommended(CipherSuite suite) {
        return suite.forwardSecret() && suite.cipher() == BulkCipher.AES && suite.mode() == CipherMode.GCM;
    }

    /** Whether, of AES-GCM suites that differ in nothing else, the one with the longer key stands first. */
    private boolean strongestFirst() {
        List<CipherSuite> gcm = usable.suites().stream().filter(OwnEnd::recommended).toList();
        for (int i = 0; i < gcm.size(); i++) {
            for (CipherSuite later : gcm.subList(i + 1, gcm.size())) {
                if (later.bits() > gcm.get(i).bits()
                        && later.keyExchange() == gcm.get(i).keyExchange()
                        && later.authentication() == gcm.get(i).authentication()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether, within each version, all suites with the property stand before all without. */
    private boolean ordered(Predicate<CipherSuite> property) {
        boolean over = false;
        boolean tls13 = true;
        for (CipherSuite suite : usable.suites()) {
            if (tls13 && !suite.tls13()) {
                tls13 = false;
                over = false;
            }
            boolean has = property.test(suite);
            if (has && over) {
                return false;
            }
            over |= !has;
        }
        return true;
    }

}
