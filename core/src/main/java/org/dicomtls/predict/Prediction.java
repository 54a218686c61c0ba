package org.dicomtls.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;

/**
 * What two ends under policies will negotiate, or why nothing. A pure function of the two ends.
 *
 * @param established whether the handshake will succeed
 * @param version the version, if so
 * @param suite the suite, if so
 * @param group the group, if so; empty where the prime of DHE has no name
 * @param reason why the handshake will fail; empty if it will not
 */
public record Prediction(
        boolean established,
        Optional<TlsVersion> version,
        Optional<CipherSuite> suite,
        Optional<NamedGroup> group,
        String reason) {

    /** What a client and a server will come to, when the server demands a client certificate. */
    public static Prediction of(End client, End server) {
        return of(client, server, true);
    }

    /**
     * What a client and a server will come to.
     *
     * @param clientAuthentication whether the server demands a client certificate
     */
    public static Prediction of(End client, End server, boolean clientAuthentication) {
        Policy clientPolicy = Policy.of(client.profile());
        Policy serverPolicy = Policy.of(server.profile());
        Optional<Prediction> unable = unable(client, clientPolicy, Role.CLIENT)
                .or(() -> unable(server, serverPolicy, Role.SERVER));
        if (unable.isPresent()) {
            return unable.get();
        }
        EngineModel.Usable offered = client.engine().usable(clientPolicy);
        EngineModel.Usable served = server.engine().usable(serverPolicy);
        Optional<Prediction> useless = useless(client, offered, Role.CLIENT)
                .or(() -> useless(server, served, Role.SERVER));
        if (useless.isPresent()) {
            return useless.get();
        }
        if (server.keys().isEmpty()) {
            return refused("the server has no certificate");
        }
        Offer offer = offer(client.engine(), offered);
        Negotiation answer = Negotiation.of(offer, serverPolicy, served, server.keys());
        if (answer.mismatch().isPresent()) {
            return refused(answer.mismatch().get().toString());
        }
        TlsVersion version = answer.version().orElseThrow();
        if (clientAuthentication) {
            Optional<String> problem = clientCertificate(client, version, offered, served);
            if (problem.isPresent()) {
                return refused(problem.get());
            }
        }
        CipherSuite suite = answer.suites().get(0);
        return new Prediction(
                true, Optional.of(version), Optional.of(suite), group(version, suite, offer, answer, server, served), "");
    }

    private static Optional<Prediction> unable(End end, Policy policy, Role role) {
        List<Finding> violated = OwnEnd.modelled(policy, end.engine()).violated(List.of(role));
        return violated.isEmpty()
                ? Optional.empty()
                : Optional.of(refused("engine " + end.engine().engine().id() + " cannot honour " + end.profile().id()
                        + " as " + role.title() + ": "
                        + violated.stream().map(f -> f.rule().id()).collect(Collectors.joining(", "))));
    }

    /** A key that the profile can never use is refused when the transport is built. */
    private static Optional<Prediction> useless(End end, EngineModel.Usable usable, Role role) {
        return end.keys().stream()
                .filter(k -> usable.versions().stream().noneMatch(v -> k.usable(v, usable)))
                .findFirst()
                .map(k -> refused("the " + role.title() + "'s profile " + end.profile().id() + " can never use a key of "
                        + k));
    }

    /** The offer of one of our clients: everything usable, and key shares as its engine chooses them. */
    static Offer offer(EngineModel engine, EngineModel.Usable usable) {
        List<NamedGroup> groups = usable.groups();
        return new Offer(
                usable.versions(),
                usable.suites(),
                Optional.of(groups),
                Optional.of(usable.schemes()),
                usable.versions().contains(TlsVersion.TLS_1_3) ? keyShares(engine, groups) : List.of(),
                true,
                true);
    }

    /**
     * SunJSSE sends a share for the first curve of either kind (Montgomery, NIST) and, where there is neither, for
     * the first finite field; BCJSSE sends one for its first group.
     */
    private static List<NamedGroup> keyShares(EngineModel engine, List<NamedGroup> groups) {
        List<NamedGroup> shares = new ArrayList<>();
        for (NamedGroup group : groups) {
            boolean first = engine.engine() == Engine.BC
                    ? shares.isEmpty()
                    : shares.size() < 2 && shares.stream().noneMatch(s -> s.kind() == group.kind());
            if (first) {
                shares.add(group);
            }
        }
        return shares;
    }

    private static Optional<String> clientCertificate(
            End client, TlsVersion version, EngineModel.Usable offered, EngineModel.Usable served) {
        if (client.keys().isEmpty()) {
            return Optional.of("the server demands a client certificate and the client has none");
        }
        boolean signs = client.keys().stream()
                .anyMatch(k -> served.schemes().stream()
                        .anyMatch(s -> offered.schemes().contains(s) && k.signs(s, version)));
        return signs
                ? Optional.empty()
                : Optional.of("the client has no certificate for a signature scheme that the server accepts: offered "
                        + client.keys() + "; wanted " + Negotiation.list(served.schemes()));
    }

    private static Optional<NamedGroup> group(
            TlsVersion version,
            CipherSuite suite,
            Offer offer,
            Negotiation answer,
            End server,
            EngineModel.Usable served) {
        if (suite.keyExchange() == KeyExchange.DHE) {
            List<NamedGroup> offered = offer.groups().orElse(List.of());
            return served.groups().stream()
                    .filter(NamedGroup::finiteField)
                    .filter(offered::contains)
                    .findFirst()
                    .or(() -> Optional.of(NamedGroup.FFDHE2048));
        }
        if (version.equals(TlsVersion.TLS_1_3) && server.engine().engine() == Engine.JDK) {
            // SunJSSE takes a share that is there; BCJSSE asks for the first group in common, if need be by a
            // HelloRetryRequest, whether or not it is told to go by the order of groups.
            return offer.keyShares().stream()
                    .filter(answer.groups()::contains)
                    .findFirst()
                    .or(() -> answer.groups().stream().findFirst());
        }
        return answer.groups().stream().findFirst();
    }

    private static Prediction refused(String reason) {
        return new Prediction(false, Optional.empty(), Optional.empty(), Optional.empty(), reason);
    }

    /** For example {@code TLSv1.3 TLS_AES_256_GCM_SHA384 x25519} or {@code refused: …}. */
    @Override
    public String toString() {
        return established
                ? version.orElseThrow() + " " + suite.orElseThrow() + group.map(g -> " " + g).orElse("")
                : "refused: " + reason;
    }
}
