package org.dicomtls.predict;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * How a server under a policy answers an offer. The enforcing server asks it of the ClientHello that came, and
 * prediction asks it of the ClientHello that would come, so that both give the same reasons.
 *
 * @param version the version that will be negotiated
 * @param suites the suites that can be negotiated, the server's preferred one first
 * @param groups the groups of ECDHE that can be negotiated, in the server's order; empty when only DHE is left
 * @param keys the kinds of the server's keys that fit
 * @param mismatch why nothing can be negotiated; the other components are then empty
 */
public record Negotiation(
        Optional<TlsVersion> version,
        List<CipherSuite> suites,
        List<NamedGroup> groups,
        Set<KeyKind> keys,
        Optional<Mismatch> mismatch) {

    private static final int MOST_LISTED = 12;

    /** How a server with that policy, that usable part of it, and keys of those kinds answers the offer. */
    public static Negotiation of(
            Offer offer, Policy policy, EngineModel.Usable server, Collection<KeyKind> keys) {
        Optional<TlsVersion> version =
                server.versions().stream().filter(offer.versions()::contains).findFirst();
        if (version.isEmpty()) {
            return refused(
                    Mismatch.Matter.VERSION,
                    "no common TLS version",
                    list(offer.versions()),
                    list(server.versions()),
                    firstExcluded(policy, Dimension.VERSION, offer.versions()),
                    AlertDescription.PROTOCOL_VERSION,
                    "enable " + list(server.versions()) + " at the client");
        }
        return version.get().equals(TlsVersion.TLS_1_3)
                ? tls13(offer, policy, server, keys)
                : tls12(version.get(), offer, policy, server, keys);
    }

    private static Negotiation tls13(
            Offer offer, Policy policy, EngineModel.Usable server, Collection<KeyKind> keys) {
        TlsVersion version = TlsVersion.TLS_1_3;
        List<CipherSuite> suites = server.suites().stream()
                .filter(CipherSuite::tls13)
                .filter(offer.suites()::contains)
                .toList();
        if (suites.isEmpty()) {
            return noSuite(offer, policy, server, version);
        }
        List<NamedGroup> offeredGroups = offer.groups().orElse(List.of());
        List<NamedGroup> groups =
                server.groups().stream().filter(offeredGroups::contains).toList();
        if (groups.isEmpty()) {
            return noGroup(offer, policy, server);
        }
        Optional<Negotiation> signature = signature(version, offer, policy, server, keys);
        return signature.orElseGet(() -> new Negotiation(
                Optional.of(version),
                suites,
                groups,
                fitting(keys, k -> signs(k, version, offer, server)),
                Optional.empty()));
    }

    private static Negotiation tls12(
            TlsVersion version, Offer offer, Policy policy, EngineModel.Usable server, Collection<KeyKind> keys) {
        Optional<Rule> secret = policy.demands(Property.EXTENDED_MASTER_SECRET_DEMANDED, Role.SERVER);
        if (secret.isPresent() && !offer.extendedMasterSecret()) {
            return refused(
                    Mismatch.Matter.EXTENDED_MASTER_SECRET,
                    "the client does not offer extended_master_secret",
                    version + " without it",
                    "extended_master_secret (RFC 7627)",
                    secret,
                    AlertDescription.HANDSHAKE_FAILURE,
                    "enable extended_master_secret at the client, or TLS 1.3");
        }
        Optional<Rule> renegotiation = policy.demands(Property.RENEGOTIATION_INFO_DEMANDED, Role.SERVER);
        if (renegotiation.isPresent() && !offer.renegotiationInfo()) {
            return refused(
                    Mismatch.Matter.RENEGOTIATION_INFO,
                    "the client does not signal renegotiation_info",
                    version + " without it",
                    "renegotiation_info or TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746)",
                    renegotiation,
                    AlertDescription.HANDSHAKE_FAILURE,
                    "enable secure renegotiation signalling at the client, or TLS 1.3");
        }
        List<CipherSuite> common = server.suites().stream()
                .filter(s -> !s.tls13())
                .filter(offer.suites()::contains)
                .toList();
        if (common.isEmpty()) {
            return noSuite(offer, policy, server, version);
        }
        Optional<List<NamedGroup>> offered = offer.groups();
        List<NamedGroup> groups = server.groups().stream()
                .filter(NamedGroup::ellipticCurve)
                .filter(g -> offered.isEmpty() || offered.get().contains(g))
                .toList();
        boolean finiteField = finiteField(offered, server);
        List<CipherSuite> keyed = common.stream()
                .filter(s -> s.keyExchange() != KeyExchange.ECDHE || !groups.isEmpty())
                .filter(s -> s.keyExchange() != KeyExchange.DHE || finiteField)
                .toList();
        if (keyed.isEmpty()) {
            return noGroup(offer, policy, server);
        }
        Predicate<KeyKind> curveKnown = k ->
                k.curve().isEmpty() || offered.isEmpty() || offered.get().contains(k.curve().get());
        Set<KeyKind> fitting = fitting(keys, k -> curveKnown.test(k) && signs(k, version, offer, server));
        List<CipherSuite> served = keyed.stream()
                .filter(s -> keys.stream().anyMatch(k -> k.serves(s)))
                .toList();
        if (served.isEmpty()) {
            return refused(
                    Mismatch.Matter.CERTIFICATE_KIND,
                    "no certificate of the server fits a common cipher suite",
                    list(common),
                    "suites for a certificate of " + list(keys),
                    Optional.empty(),
                    AlertDescription.HANDSHAKE_FAILURE,
                    "give the server a certificate of the other kind as well, or let the client offer suites for "
                            + list(keys));
        }
        List<CipherSuite> suites = served.stream()
                .filter(s -> fitting.stream().anyMatch(k -> k.serves(s)))
                .toList();
        if (suites.isEmpty()) {
            return signature(version, offer, policy, server, keys)
                    .orElseGet(() -> refused(
                            Mismatch.Matter.CERTIFICATE_KIND,
                            "the client does not accept the curve of the server's certificate",
                            list(offered.orElse(List.of())),
                            list(keys),
                            Optional.empty(),
                            AlertDescription.HANDSHAKE_FAILURE,
                            "let the client offer the certificate's curve in supported_groups"));
        }
        return new Negotiation(Optional.of(version), suites, groups, fitting, Optional.empty());
    }

    private static Set<KeyKind> fitting(Collection<KeyKind> keys, Predicate<KeyKind> fits) {
        return keys.stream().filter(fits).collect(Collectors.toUnmodifiableSet());
    }

    /** RFC 7919 §4: a client that names finite-field groups gets one of them, or no DHE suite. */
    private static boolean finiteField(Optional<List<NamedGroup>> offered, EngineModel.Usable server) {
        List<NamedGroup> named = offered.orElse(List.of()).stream()
                .filter(NamedGroup::finiteField)
                .toList();
        return named.isEmpty() || named.stream().anyMatch(server.groups()::contains);
    }

    private static boolean signs(KeyKind key, TlsVersion version, Offer offer, EngineModel.Usable server) {
        List<SignatureScheme> offered = offer.schemes().orElse(List.of());
        return server.schemes().stream().anyMatch(s -> offered.contains(s) && key.signs(s, version));
    }

    private static Optional<Negotiation> signature(
            TlsVersion version, Offer offer, Policy policy, EngineModel.Usable server, Collection<KeyKind> keys) {
        if (keys.stream().anyMatch(k -> signs(k, version, offer, server))) {
            return Optional.empty();
        }
        List<SignatureScheme> offered = offer.schemes().orElse(List.of());
        if (offered.stream().noneMatch(server.schemes()::contains)) {
            return Optional.of(refused(
                    Mismatch.Matter.SIGNATURE_SCHEME,
                    "no common signature scheme",
                    offered.isEmpty() ? "no signature_algorithms, which means SHA-1" : list(offered),
                    list(server.schemes()),
                    firstExcluded(policy, Dimension.SCHEME, offered).or(() -> policy.governs(Dimension.SCHEME)),
                    AlertDescription.HANDSHAKE_FAILURE,
                    "enable " + list(server.schemes()) + " at the client"));
        }
        return Optional.of(refused(
                Mismatch.Matter.CERTIFICATE_KIND,
                "no certificate of the server fits a common signature scheme",
                list(offered),
                "schemes for a certificate of " + list(keys),
                Optional.empty(),
                AlertDescription.HANDSHAKE_FAILURE,
                "give the server a certificate of another kind as well, or let the client accept schemes for "
                        + list(keys)));
    }

    private static Negotiation noSuite(
            Offer offer, Policy policy, EngineModel.Usable server, TlsVersion version) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        Dimension<CipherSuite> dimension = tls13 ? Dimension.SUITE_TLS13 : Dimension.SUITE_TLS12;
        List<CipherSuite> offered = offer.suites().stream()
                .filter(s -> !s.signalling() && !s.grease() && s.tls13() == tls13)
                .toList();
        List<CipherSuite> wanted =
                server.suites().stream().filter(s -> s.tls13() == tls13).toList();
        return refused(
                Mismatch.Matter.CIPHER_SUITE,
                "no common cipher suite for " + version,
                list(offered),
                list(wanted),
                firstExcluded(policy, dimension, offered).or(() -> policy.governs(dimension)),
                AlertDescription.HANDSHAKE_FAILURE,
                "enable one of " + list(wanted) + " at the client");
    }

    private static Negotiation noGroup(Offer offer, Policy policy, EngineModel.Usable server) {
        List<NamedGroup> offered = offer.groups().orElse(List.of());
        return refused(
                Mismatch.Matter.GROUP,
                "no common group for the key exchange",
                list(offered),
                list(server.groups()),
                firstExcluded(policy, Dimension.GROUP, offered).or(() -> policy.governs(Dimension.GROUP)),
                AlertDescription.HANDSHAKE_FAILURE,
                "enable one of " + list(server.groups()) + " at the client");
    }

    private static <T extends Comparable<? super T>> Optional<Rule> firstExcluded(
            Policy policy, Dimension<T> dimension, List<T> offered) {
        return offered.stream()
                .map(value -> policy.excludes(dimension, value))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Negotiation refused(
            Mismatch.Matter matter,
            String what,
            String offered,
            String wanted,
            Optional<Rule> rule,
            AlertDescription alert,
            String remedy) {
        return new Negotiation(
                Optional.empty(),
                List.of(),
                List.of(),
                Set.of(),
                Optional.of(new Mismatch(matter, what, offered, wanted, rule, alert, remedy)));
    }

    /** A list for people: a peer may offer hundreds of values, a message names the first few. */
    static String list(Collection<?> values) {
        if (values.isEmpty()) {
            return "none";
        }
        String named = values.stream().limit(MOST_LISTED).map(Object::toString).collect(Collectors.joining(", "));
        return values.size() > MOST_LISTED ? named + " and " + (values.size() - MOST_LISTED) + " more" : named;
    }
}
