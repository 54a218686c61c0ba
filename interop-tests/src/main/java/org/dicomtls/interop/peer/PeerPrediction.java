package org.dicomtls.interop.peer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.dicomtls.interop.peer.ServerModel.DhePrime;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.predict.End;
import org.dicomtls.predict.KeyKind;
import org.dicomtls.predict.Offer;
import org.dicomtls.predict.Prediction;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/** What one of our ends and a peer will come to. A pure function of the end and the peer's model. */
public final class PeerPrediction {

    /** The RSA keys of a test PKI, whose authority is an RSA key whatever the keys below it are. */
    private static final int RSA_BITS = 2048;

    private final End own;
    private final Policy policy;
    private final EngineModel.Usable usable;
    private final Offer offer;
    private final ServerModel server;

    private PeerPrediction(End own, ServerModel server) {
        this.own = own;
        this.policy = Policy.of(own.profile());
        this.usable = own.engine().usable(policy);
        this.offer = Prediction.offer(own);
        this.server = server;
    }

    /** A peer's client at one of our servers, which demands a client certificate. */
    public static Prediction of(ClientModel client, End server) {
        Prediction answer = Prediction.answer(client.offer(), client.keys(), client.signs(), server, true);
        return answer.established() && client.leastRsaBits() > RSA_BITS ? shortKey(client.leastRsaBits()) : answer;
    }

    /** One of our clients at a peer's server. */
    public static Prediction of(End client, ServerModel server) {
        return Prediction.unable(client, Role.CLIENT)
                .orElseGet(() -> new PeerPrediction(client, server).atServer());
    }

    private Prediction atServer() {
        Optional<TlsVersion> version =
                server.versions().stream().filter(offer.versions()::contains).findFirst();
        if (version.isEmpty()) {
            return Prediction.refused("no common TLS version: the client offers " + offer.versions() + ", the peer takes "
                    + server.versions());
        }
        Prediction answer =
                version.get().equals(TlsVersion.TLS_1_3) ? tls13(version.get()) : tls12(version.get());
        if (answer.established() && server.clientCertificateDemanded()) {
            return clientCertificate(version.get()).orElse(answer);
        }
        return answer;
    }

    private static Prediction shortKey(int least) {
        return Prediction.refused("the peer wants RSA keys of at least " + least
                + " bits in the whole certificate chain; those of the test PKI have " + RSA_BITS);
    }

    private Prediction tls13(TlsVersion version) {
        Optional<CipherSuite> suite =
                chosen(server.suiteChooser(), server.suites(), offer.suites(), CipherSuite::tls13);
        if (suite.isEmpty()) {
            return noSuite(version);
        }
        List<NamedGroup> offered = offer.groups().orElse(List.of());
        Optional<NamedGroup> group = chosen(server.shareChooser(), server.groups(), offer.keyShares(), g -> true)
                .or(() -> chosen(server.retryChooser(), server.groups(), offered, g -> true));
        if (group.isEmpty()) {
            return Prediction.refused("no common group for the key exchange: the client offers " + offered + ", the peer takes " + server.groups());
        }
        if (server.keys().stream().noneMatch(key -> signs(key, version))) {
            return noScheme();
        }
        return Prediction.established(version, suite.get(), group);
    }

    private Prediction tls12(TlsVersion version) {
        Optional<Prediction> missing = demanded(
                        Property.EXTENDED_MASTER_SECRET_DEMANDED, server.extendedMasterSecret(), "extended_master_secret")
                .or(() -> demanded(
                        Property.RENEGOTIATION_INFO_DEMANDED, server.renegotiationInfo(), "renegotiation_info"));
        if (missing.isPresent()) {
            return missing.get();
        }
        Optional<CipherSuite> suite = chosen(
                server.suiteChooser(), server.suites(), offer.suites(), s -> !s.tls13() && isUsable(s, version));
        if (suite.isEmpty()) {
            return noSuite(version);
        }
        return switch (suite.get().keyExchange()) {
            case ECDHE -> Prediction.established(version, suite.get(), curve());
            case DHE -> finiteField(version, suite.get());
            default -> Prediction.established(version, suite.get(), Optional.empty());
        };
    }

    private boolean isUsable(CipherSuite suite, TlsVersion version) {
        boolean exchange = switch (suite.keyExchange()) {
            case ECDHE -> curve().isPresent();
            case DHE -> prime().isPresent();
            default -> true;
        };
        return exchange
                && server.keys().stream()
                        .anyMatch(key -> key.serves(suite)
                                && (suite.keyExchange() == KeyExchange.RSA || signs(key, version))
                                && key.curve()
                                        .map(c -> offer.groups().map(g -> g.contains(c)).orElse(true))
                                        .orElse(true));
    }

    private Optional<NamedGroup> curve() {
        return chosen(
                server.groupChooser(), server.groups(), offer.groups().orElse(server.groups()), NamedGroup::ellipticCurve);
    }

    /** The prime that the server sends for DHE, where it can use DHE at all. */
    private Optional<DhePrime> prime() {
        List<NamedGroup> named = offer.groups().orElse(List.of()).stream()
                .filter(NamedGroup::finiteField)
                .toList();
        if (server.dhePrime().isEmpty() || !server.namedFieldsHeeded() || named.isEmpty()) {
            return server.dhePrime();
        }
        return chosen(server.groupChooser(), server.groups(), named, g -> true)
                .map(DhePrime::of);
    }

    private Prediction finiteField(TlsVersion version, CipherSuite suite) {
        DhePrime prime = prime().orElseThrow();
        int least = policy.least(Metric.DHE_BITS);
        if (prime.bits() < least) {
            return Prediction.refused("the peer's prime for DHE has " + prime.bits() + " bits, fewer than " + least
                    + policy.demands(Metric.DHE_BITS, Role.CLIENT).map(PeerPrediction::cited).orElse(""));
        }
        if (own.engine().engine() == Engine.BC && !prime.published()) {
            // docs/engines.md: BCJSSE refuses it unless a property of the JVM says otherwise.
            return Prediction.refused("the peer's prime for DHE is none of RFC 7919 or RFC 3526, and engine bc takes no other");
        }
        return Prediction.established(version, suite, prime.group());
    }

    private static String cited(Rule rule) {
        return " (" + rule.id() + ", " + rule.clause() + ")";
    }

    private Optional<Prediction> demanded(Property property, boolean answered, String extension) {
        return answered
                ? Optional.empty()
                : policy.demands(property, Role.CLIENT)
                        .map(rule -> Prediction.refused("the peer does not answer " + extension + cited(rule)));
    }

    private boolean signs(KeyKind key, TlsVersion version) {
        return server.schemes().stream()
                .anyMatch(s -> offer.schemes().orElse(List.of()).contains(s) && key.signs(s, version));
    }

    private Optional<Prediction> clientCertificate(TlsVersion version) {
        if (server.leastRsaBits() > RSA_BITS) {
            return Optional.of(shortKey(server.leastRsaBits()));
        }
        Set<KeyKind> keys = own.keys();
        boolean signs = keys.stream()
                .anyMatch(key -> usable.schemes().stream()
                        .anyMatch(s -> server.clientSchemes().contains(s) && key.signs(s, version)));
        return signs
                ? Optional.empty()
                : Optional.of(Prediction.refused("the peer takes no client certificate of " + keys));
    }

    private static <T> Optional<T> chosen(Chooser by, List<T> ofServer, List<T> ofClient, Predicate<T> fits) {
        List<T> order = by == Chooser.SERVER ? ofServer : ofClient;
        List<T> other = by == Chooser.SERVER ? ofClient : ofServer;
        return order.stream().filter(other::contains).filter(fits).findFirst();
    }

    private Prediction noSuite(TlsVersion version) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        return Prediction.refused("no common cipher suite for " + version + ": the client offers "
                + offer.suites().stream().filter(s -> s.tls13() == tls13).toList() + ", the peer takes "
                + server.suites().stream().filter(s -> s.tls13() == tls13).toList());
    }

    private Prediction noScheme() {
        return Prediction.refused("no common signature scheme: the client offers " + offer.schemes().orElse(List.of())
                + ", the peer signs with " + server.schemes());
    }
}
