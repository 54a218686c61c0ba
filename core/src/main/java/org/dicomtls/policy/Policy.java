package org.dicomtls.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * The strictest reading of a profile: what an end that keeps every SHALL and every SHOULD of it may use, in the order
 * in which it prefers it. Only a SHOULD that would take away what a SHALL demands gives way. Immutable.
 */
public final class Policy {

    /** The order of groups; it is SunJSSE 17's, which cannot be told another one per context. */
    private static final List<NamedGroup> GROUP_ORDER = List.of(
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1,
            NamedGroup.X448,
            NamedGroup.FFDHE2048,
            NamedGroup.FFDHE3072,
            NamedGroup.FFDHE4096,
            NamedGroup.FFDHE6144,
            NamedGroup.FFDHE8192);

    private static final List<Integer> SCHEME_ORDER = List.of(
            0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501,
            0x0601);

    private static final int MOST_KEPT = 64;

    /** Asked for again and again, for each handshake that is predicted above all, and a third of a millisecond to read. */
    private static final Map<Profile, Policy> LATEST =
            Collections.synchronizedMap(new LinkedHashMap<>(MOST_KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Profile, Policy> eldest) {
                    return size() > MOST_KEPT;
                }
            });

    private final Profile profile;
    private final List<Rule> rules;
    private final List<TlsVersion> versions;
    private final List<CipherSuite> suites;
    private final List<NamedGroup> groups;
    private final List<SignatureScheme> schemes;
    private final Set<HashAlgorithm> certificateHashes;

    private Policy(Profile profile) {
        this.profile = profile;
        this.rules = profile.effectiveRules();
        List<CipherSuite> tls13 = ordered(
                allowed(Dimension.SUITE_TLS13, CipherSuite.matching(CipherSuite::tls13)), suiteOrder());
        List<CipherSuite> tls12 = ordered(
                allowed(Dimension.SUITE_TLS12, CipherSuite.matching(s -> !s.tls13())), suiteOrder());
        List<TlsVersion> all = new ArrayList<>(
                ordered(allowed(Dimension.VERSION, TlsVersion.known()), Comparator.reverseOrder()));
        // A version without a suite is not used, whatever the rules say of the version itself.
        all.removeIf(v -> v.equals(TlsVersion.TLS_1_3) ? tls13.isEmpty() : tls12.isEmpty());
        this.versions = List.copyOf(all);
        List<CipherSuite> both = new ArrayList<>();
        if (versions.contains(TlsVersion.TLS_1_3)) {
            both.addAll(tls13);
        }
        if (versions.stream().anyMatch(v -> v.compareTo(TlsVersion.TLS_1_3) < 0)) {
            both.addAll(tls12);
        }
        this.suites = List.copyOf(both);
        this.groups = inOrder(
                allowed(
                        Dimension.GROUP,
                        NamedGroup.matching(g -> g.bits() >= least(g.finiteField() ? Metric.DHE_BITS : Metric.ECDHE_BITS))),
                GROUP_ORDER);
        this.schemes = inOrder(
                allowed(Dimension.SCHEME, SignatureScheme.matching(s -> true)),
                SCHEME_ORDER.stream().map(SignatureScheme::of).toList());
        this.certificateHashes = Set.copyOf(allowed(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.values())));
    }

    /** What the effective rules of that profile leave to use. */
    public static Policy of(Profile profile) {
        Policy known = LATEST.get(profile);
        // Profiles that are equal may still differ in what they say of themselves.
        if (known == null || known.profile != profile) {
            known = new Policy(profile);
            LATEST.put(profile, known);
        }
        return known;
    }

    public Profile profile() {
        return profile;
    }

    /** Newest first. */
    public List<TlsVersion> versions() {
        return versions;
    }

    /** Those of TLS 1.3 first; within a version in order of preference. */
    public List<CipherSuite> suites() {
        return suites;
    }

    /** The suites of TLS 1.3, or those of earlier versions, in order of preference. */
    public List<CipherSuite> suites(TlsVersion version) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        return suites.stream().filter(s -> s.tls13() == tls13).toList();
    }

    /** In order of preference. */
    public List<NamedGroup> groups() {
        return groups;
    }

    /** In order of preference. */
    public List<SignatureScheme> schemes() {
        return schemes;
    }

    /** Hash functions allowed under the signature of a certificate. */
    public Set<HashAlgorithm> certificateHashes() {
        return certificateHashes;
    }

    /** The least value that any rule demands of that metric, in bits; 0 when none does. */
    public int least(Metric metric) {
        return rules.stream()
                .filter(r -> binding(r))
                .map(Rule::constraint)
                .filter(Constraint.AtLeast.class::isInstance)
                .map(Constraint.AtLeast.class::cast)
                .filter(a -> a.metric() == metric)
                .mapToInt(Constraint.AtLeast::least)
                .max()
                .orElse(0);
    }

    /** The rule that demands that property of an end of that role, if one does. */
    public Optional<Rule> demands(Property property, Role role) {
        return rules.stream()
                .filter(r -> binding(r) && r.subject().binds(role))
                .filter(r -> r.constraint() instanceof Constraint.Holds holds && holds.property() == property)
                .min(Comparator.comparing(Rule::strength));
    }

    /** The rule that demands the least value of that metric of an end of that role, if one does. */
    public Optional<Rule> demands(Metric metric, Role role) {
        return rules.stream()
                .filter(r -> binding(r)
                        && r.subject().binds(role)
                        && r.constraint() instanceof Constraint.AtLeast a
                        && a.metric() == metric)
                .max(Comparator.<Rule>comparingInt(r -> ((Constraint.AtLeast) r.constraint()).least())
                        .thenComparing(Rule::strength, Comparator.reverseOrder()));
    }

    /** The first and strongest rule that keeps that value out, if one does. */
    public <T extends Comparable<? super T>> Optional<Rule> excludes(Dimension<T> dimension, T value) {
        return rules.stream()
                .filter(r -> binding(r) && excludes(r, dimension, value))
                .min(Comparator.comparing(Rule::strength));
    }

    /** The first rule that says something of that dimension, to be named when nothing of it is in common. */
    public Optional<Rule> governs(Dimension<?> dimension) {
        return rules.stream()
                .filter(Policy::binding)
                .filter(r -> r.constraint() instanceof Constraint.Permits<?> p && p.dimension() == dimension
                        || r.constraint() instanceof Constraint.Forbids<?> f && f.dimension() == dimension
                        || r.constraint() instanceof Constraint.Requires<?> q && q.dimension() == dimension)
                .min(Comparator.comparing(Rule::strength)
                        .thenComparing(r -> r.constraint() instanceof Constraint.Permits<?> ? 0 : 1));
    }

    private static boolean excludes(Rule rule, Dimension<?> dimension, Object value) {
        return rule.constraint() instanceof Constraint.Permits<?> p
                        && p.dimension() == dimension
                        && !p.allowed().contains(value)
                || rule.constraint() instanceof Constraint.Forbids<?> f
                        && f.dimension() == dimension
                        && f.denied().contains(value);
    }

    private static boolean binding(Rule rule) {
        return rule.strength() != Strength.MAY;
    }

    private <T extends Comparable<? super T>> List<T> allowed(Dimension<T> dimension, Collection<T> known) {
        Set<T> left = new LinkedHashSet<>(known);
        left.removeIf(value -> excludedBy(Strength.SHALL, dimension, value));
        Set<T> demanded = demanded(dimension);
        left.removeIf(value -> !demanded.contains(value) && excludedBy(Strength.SHOULD, dimension, value));
        return List.copyOf(left);
    }

    private boolean excludedBy(Strength strength, Dimension<?> dimension, Object value) {
        return rules.stream().anyMatch(r -> r.strength() == strength && excludes(r, dimension, value));
    }

    private <T extends Comparable<? super T>> Set<T> demanded(Dimension<T> dimension) {
        Set<T> all = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.strength() == Strength.SHALL
                    && rule.constraint() instanceof Constraint.Requires<?> requires
                    && requires.all()
                    && requires.dimension() == dimension) {
                requires.wanted().forEach(value -> all.add(dimension.type().cast(value)));
            }
        }
        return all;
    }

    /**
     * What the profile demands of the order comes first; the rest is the order that BCP 195 recommends (AES-256
     * before AES-128), with the suites for which no Java provider is fast, and those with a short tag, last.
     */
    private Comparator<CipherSuite> suiteOrder() {
        Comparator<CipherSuite> order = (a, b) -> 0;
        Set<Property> demanded = EnumSet.noneOf(Property.class);
        Stream.of(Property.SUITES_256_BIT_FIRST, Property.ECDHE_BEFORE_DHE, Property.AES_BEFORE_3DES)
                .filter(p -> Stream.of(Role.values()).anyMatch(role -> demands(p, role).isPresent()))
                .forEach(demanded::add);
        if (demanded.contains(Property.SUITES_256_BIT_FIRST)) {
            order = order.thenComparing(CipherSuite::bits, Comparator.reverseOrder());
        }
        if (demanded.contains(Property.AES_BEFORE_3DES)) {
            order = order.thenComparing(first(s -> s.cipher() == BulkCipher.AES));
        }
        return order.thenComparing(first(CipherSuite::forwardSecret))
                .thenComparing(first(s -> s.keyExchange() != KeyExchange.DHE))
                .thenComparing(first(s -> s.mode() == CipherMode.GCM && s.cipher() == BulkCipher.AES))
                .thenComparing(first(s -> s.mode() == CipherMode.POLY1305))
                .thenComparing(first(s -> s.mode() != CipherMode.CCM_8))
                .thenComparing(CipherSuite::bits, Comparator.reverseOrder())
                .thenComparing(first(s -> s.mode() == CipherMode.GCM))
                .thenComparing(first(s -> s.authentication() == Authentication.ECDSA))
                .thenComparing(CipherSuite::code, Comparator.reverseOrder());
    }

    private static Comparator<CipherSuite> first(Predicate<CipherSuite> property) {
        return Comparator.comparing(s -> !property.test(s));
    }

    private static <T> List<T> ordered(Collection<T> values, Comparator<? super T> order) {
        return values.stream().sorted(order).toList();
    }

    private static <T> List<T> inOrder(Collection<T> values, List<T> order) {
        return order.stream().filter(values::contains).toList();
    }

    @Override
    public String toString() {
        return profile.id() + " " + versions + " " + suites + " " + groups + " " + schemes;
    }
}
