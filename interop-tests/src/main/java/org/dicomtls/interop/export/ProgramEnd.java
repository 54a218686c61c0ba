package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.dicomtls.interop.probe.CommonFacts;
import org.dicomtls.policy.Policy;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * One end of a program: what it is set to and what it does by itself. It begins with everything as the policy wants it;
 * the libraries and programs take back what they do not have or cannot be set to, with the reason.
 */
final class ProgramEnd {

    private final Policy policy;
    private final Role role;
    private final Site site;

    private List<KeyKind> keys;
    private List<TlsVersion> versions;
    private List<CipherSuite> suites;
    private Set<NamedGroup> groups;
    private Set<SignatureScheme> schemes;
    private boolean peerAsked;
    private int leastDhe = 2048;
    private int leastRsa = 2048;
    private int leastEc = 256;
    private Set<HashAlgorithm> hashes = Set.of(HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512);
    private boolean resumption = true;
    private boolean unordered;
    private Optional<Boolean> serverNames = Optional.empty();
    private boolean applicationProtocols;
    private final Map<Property, Boolean> properties = new EnumMap<>(Property.class);
    private final Map<Object, String> because = new HashMap<>();

    /**
     * An end that is set as the policy wants it.
     *
     * @param lack the suites of the policy that its library does not have, and why
     */
    ProgramEnd(Policy policy, Role role, Site site, Predicate<CipherSuite> has, Function<CipherSuite, String> lack) {
        this.policy = policy;
        this.role = role;
        this.site = site;
        keys = site.credentials().stream().map(Site.Credential::kind).toList();
        versions = policy.versions().stream().filter(v -> v.compareTo(TlsVersion.TLS_1_2) >= 0).toList();
        suites = policy.suites().stream().filter(has).toList();
        groups = new LinkedHashSet<>(policy.groups());
        schemes = new LinkedHashSet<>(policy.schemes());
        peerAsked = role == Role.CLIENT || site.clientAuthentication();
        policy.suites().stream().filter(has.negate()).forEach(s -> because.put(s, lack.apply(s)));
        site();
    }

    /** What follows from the site, whatever the program. */
    private void site() {
        keeps(Property.STRICT_TLS);
        if (site.revoked().isPresent()) {
            keeps(Property.REVOCATION_STRATEGY);
        } else {
            refuses(Property.REVOCATION_STRATEGY, "no list of revoked certificates was given (--crl)");
        }
        if (role == Role.SERVER) {
            keeps(Property.TLS_PORT_SEPARATE, Property.CLIENT_AUTHENTICATION_SUPPORTED);
            properties.put(Property.CLIENT_AUTHENTICATION_REQUIRED, site.clientAuthentication());
            because.put(Property.CLIENT_AUTHENTICATION_REQUIRED, "--no-client-auth was given");
            properties.put(Property.RECOMMENDED_PORT, site.listen().port() == Site.DICOM_TLS_PORT);
            because.put(Property.RECOMMENDED_PORT, "the port is " + site.listen().port());
        } else {
            properties.put(Property.CLIENT_CERTIFICATE_PRESENTED, !site.credentials().isEmpty());
            because.put(Property.CLIENT_CERTIFICATE_PRESENTED, "no certificate was given");
        }
    }

    // ---- how a program is set, or cannot be

    /** The certificates that the program shows, in order of preference. */
    ProgramEnd keys(List<KeyKind> shown, String reason) {
        keys.stream().filter(k -> !shown.contains(k)).forEach(k -> because.put(k, reason));
        keys = List.copyOf(shown);
        return this;
    }

    ProgramEnd versions(Collection<TlsVersion> negotiated, String reason) {
        explain(versions, negotiated, reason);
        versions = List.copyOf(negotiated);
        return this;
    }

    /** All suites, in the program's own order. */
    ProgramEnd suites(List<CipherSuite> negotiated, String reason) {
        explain(suites, negotiated, reason);
        suites = List.copyOf(negotiated);
        return this;
    }

    ProgramEnd groups(Collection<NamedGroup> negotiated, String reason) {
        explain(groups, negotiated, reason);
        groups = Set.copyOf(negotiated);
        return this;
    }

    ProgramEnd schemes(Collection<SignatureScheme> negotiated, String reason) {
        explain(schemes, negotiated, reason);
        schemes = Set.copyOf(negotiated);
        return this;
    }

    private void explain(Collection<?> wanted, Collection<?> negotiated, String reason) {
        negotiated.stream().filter(v -> !wanted.contains(v)).forEach(v -> because.put(v, reason));
        wanted.stream().filter(v -> !negotiated.contains(v)).forEach(v -> because.putIfAbsent(v, reason));
    }

    /** The suites come in no order that could be relied upon. */
    ProgramEnd unordered(String reason) {
        unordered = true;
        return ordered(reason);
    }

    /** Why the order of suites is what it is. */
    ProgramEnd ordered(String reason) {
        for (Property property : List.of(
                Property.STRONG_SUITE_CHOSEN, Property.FORWARD_SECRECY_PREFERRED, Property.STRONGEST_SUITE_CHOSEN,
                Property.ECDHE_BEFORE_DHE, Property.SUITES_256_BIT_FIRST)) {
            because.put(property, reason);
        }
        return this;
    }

    ProgramEnd keeps(Property... kept) {
        for (Property property : kept) {
            properties.put(property, true);
        }
        return this;
    }

    ProgramEnd refuses(Property property, String reason) {
        properties.put(property, false);
        because.put(property, reason);
        return this;
    }

    /** Why the property does not hold, where that follows from the settings. */
    ProgramEnd reason(Property property, String reason) {
        because.put(property, reason);
        return this;
    }

    /** Nothing is claimed of it. */
    ProgramEnd unknown(Property property) {
        properties.remove(property);
        return this;
    }

    /** The smallest prime of DHE that is used or taken. */
    ProgramEnd dhe(int least, String reason) {
        leastDhe = least;
        because.put(Metric.DHE_BITS, reason);
        return this;
    }

    /** Certificates of the other end that are taken besides sound ones. */
    ProgramEnd takesWeakCertificates(int rsaBits, Collection<HashAlgorithm> weak, String reason) {
        leastRsa = rsaBits;
        because.put(Metric.RSA_CERTIFICATE_BITS, reason);
        Set<HashAlgorithm> all = new HashSet<>(hashes);
        all.addAll(weak);
        weak.forEach(h -> because.put(h, reason));
        hashes = all;
        return this;
    }

    /** No session is taken up again. */
    ProgramEnd withoutResumption() {
        resumption = false;
        return this;
    }

    /** A server that answers server_name, which means that it has made use of it. */
    ProgramEnd answersServerNames() {
        serverNames = Optional.of(true);
        return this;
    }

    /** An end with {@code dicom} as its only application protocol. */
    ProgramEnd speaksDicomByName() {
        applicationProtocols = true;
        return keeps(Property.ALPN_MISMATCH_REFUSED);
    }

    // ---- what comes of it

    /** The suites that it can negotiate: a server needs a certificate for them. */
    List<CipherSuite> usable() {
        return suites.stream()
                .filter(s -> versions.stream().anyMatch(v -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .filter(s -> s.tls13() || role == Role.CLIENT || keys.stream().anyMatch(k -> k.serves(s)))
                .toList();
    }

    private List<CipherSuite> tls12() {
        return usable().stream().filter(s -> !s.tls13()).toList();
    }

    private List<CipherSuite> tls13() {
        return usable().stream().filter(CipherSuite::tls13).toList();
    }

    EndModel model() {
        policy.suites().stream()
                .filter(suites::contains)
                .filter(s -> !usable().contains(s))
                .forEach(s -> because.putIfAbsent(s, unusable(s)));
        return new EndModel(facts(false), facts(true), because);
    }

    private String unusable(CipherSuite suite) {
        return because.entrySet().stream()
                .filter(e -> e.getKey() instanceof KeyKind kind && kind.serves(suite))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("no certificate with a key for " + suite.authentication() + " was given");
    }

    /** A server answers in no version for which it has no suite; a client offers it all the same. */
    private List<TlsVersion> negotiated() {
        return versions.stream()
                .filter(v -> role == Role.CLIENT || (v.equals(TlsVersion.TLS_1_3) ? !tls13().isEmpty() : !tls12().isEmpty()))
                .toList();
    }

    /** Whether all certificates that it shows are on elliptic curves. */
    boolean ellipticOnly() {
        return !keys.isEmpty() && keys.stream().allMatch(k -> k.algorithm().startsWith("E"));
    }

    private boolean dhe() {
        return usable().stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE);
    }

    private Facts facts(boolean accepting) {
        boolean tls13 = versions.contains(TlsVersion.TLS_1_3) && !tls13().isEmpty();
        boolean tls12 = !tls12().isEmpty();
        Facts.Builder facts = Facts.of(role)
                .supportsExactly(Dimension.VERSION, negotiated())
                .supportsExactly(Dimension.SUITE_TLS12, tls12())
                .supportsExactly(Dimension.SUITE_TLS13, tls13())
                .supportsExactly(
                        Dimension.GROUP,
                        groups.stream().filter(g -> tls13 || g.ellipticCurve()).toList())
                .supportsExactly(
                        Dimension.SCHEME,
                        schemes.stream().filter(s -> tls12 || s.tls13Handshake()).toList())
                .condition(Condition.TLS_1_2, tls12)
                .condition(Condition.TLS_1_3, tls13)
                .condition(Condition.DHE, dhe())
                .condition(Condition.CBC, tls12().stream().anyMatch(s -> s.mode() == CipherMode.CBC))
                .condition(Condition.RESUMPTION, resumption)
                .condition(Condition.ALPN, applicationProtocols)
                .condition(Condition.CLIENT_AUTHENTICATION, role == Role.CLIENT || site.clientAuthentication());
        serverNames.ifPresent(named -> facts.condition(Condition.SERVER_NAMES, named));
        groups.stream()
                .filter(NamedGroup::ellipticCurve)
                .mapToInt(NamedGroup::bits)
                .min()
                .ifPresent(bits -> facts.measured(Metric.ECDHE_BITS, bits, true));
        if (dhe()) {
            facts.measured(Metric.DHE_BITS, leastDhe, true);
        }
        if (accepting && peerAsked) {
            facts.measured(Metric.RSA_CERTIFICATE_BITS, leastRsa, true)
                    .measured(Metric.EC_CERTIFICATE_BITS, leastEc, true)
                    .supportsExactly(Dimension.CERTIFICATE_HASH, hashes);
        }
        if (tls12().stream().anyMatch(s -> s.mode() == CipherMode.CBC)) {
            facts.holds(Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC, false);
        }
        preferences(facts);
        properties.forEach(facts::holds);
        return facts.build();
    }

    private void preferences(Facts.Builder facts) {
        if (role == Role.CLIENT && !tls12().isEmpty()) {
            facts.holds(
                    Property.STRONG_SUITE_FIRST,
                    unordered ? tls12().stream().allMatch(CommonFacts::strong) : CommonFacts.strong(tls12().get(0)));
        } else if (role == Role.SERVER) {
            prefers(facts, Property.STRONG_SUITE_CHOSEN, tls12(), CommonFacts::strong, s -> true);
            prefers(
                    facts, Property.STRONGEST_SUITE_CHOSEN, tls12(), s -> s.bits() == 256,
                    s -> CommonFacts.strong(s) && s.mode() == CipherMode.GCM && s.cipher() == BulkCipher.AES);
        }
        prefers(facts, Property.FORWARD_SECRECY_PREFERRED, tls12(), CipherSuite::forwardSecret, s -> true);
        prefers(
                facts, Property.ECDHE_BEFORE_DHE, tls12(), s -> s.keyExchange() == KeyExchange.ECDHE,
                s -> s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE);
        prefers(facts, Property.SUITES_256_BIT_FIRST, tls12(), s -> s.bits() == 256, s -> true);
        prefers(facts, Property.SUITES_256_BIT_FIRST, tls13(), s -> s.bits() == 256, s -> true);
    }

    /** Whether the better ones come before all others, whatever the other end prefers. */
    private void prefers(
            Facts.Builder facts,
            Property property,
            List<CipherSuite> all,
            Predicate<CipherSuite> better,
            Predicate<CipherSuite> among) {
        List<CipherSuite> listed = new ArrayList<>(all.stream().filter(among).toList());
        long good = listed.stream().filter(better).count();
        if (good == 0) {
            if (!listed.isEmpty()
                    && (property == Property.STRONG_SUITE_CHOSEN || property == Property.FORWARD_SECRECY_PREFERRED)) {
                facts.holds(property, false);
            }
            return;
        }
        // A server is judged by its first choice among all of them, a client by the order of its offer.
        boolean kept = unordered
                ? good == listed.size()
                : role == Role.CLIENT ? listed.stream().limit(good).allMatch(better) : better.test(listed.get(0));
        facts.holds(property, kept);
    }
}
