package org.dicomtls.predict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.dicomtls.tls.SignatureScheme;
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
        return unable(client, Role.CLIENT).or(() -> unable(server, Role.SERVER)).orElseGet(() -> handshake(
                offer(client),
                client.keys(),
                client.engine().usable(Policy.of(client.profile())).schemes(),
                server,
                clientAuthentication));
    }

    /**
     * What one of our servers and a client that is known by its offer alone will come to.
     *
     * @param clientKeys the kinds of the client's keys; empty if it has no certificate
     * @param clientSchemes the schemes that the client can sign with
     * @param clientAuthentication whether the server demands a client certificate
     */
    public static Prediction answer(
            Offer offer,
            Set<KeyKind> clientKeys,
            Collection<SignatureScheme> clientSchemes,
            End server,
            boolean clientAuthentication) {
        return unable(server, Role.SERVER)
                .orElseGet(() -> handshake(offer, clientKeys, clientSchemes, server, clientAuthentication));
    }

    private static Prediction handshake(
            Offer offer,
            Set<KeyKind> clientKeys,
            Collection<SignatureScheme> clientSchemes,
            End server,
            boolean clientAuthentication) {
        if (server.keys().isEmpty()) {
            return refused("the server has no certificate");
        }
        Policy policy = Policy.of(server.profile());
        EngineModel.Usable served = server.engine().usable(policy);
        Negotiation answer = Negotiation.of(offer, policy, served, server.keys());
        if (answer.mismatch().isPresent()) {
            return refused(answer.mismatch().get().toString());
        }
        TlsVersion version = answer.version().orElseThrow();
        if (clientAuthentication) {
            Optional<String> problem = clientCertificate(clientKeys, clientSchemes, version, served);
            if (problem.isPresent()) {
                return refused(problem.get());
            }
        }
        CipherSuite suite = answer.suites().get(0);
        return established(version, suite, group(version, suite, offer, answer, server, served));
    }

    /** Why one of our ends cannot be built in that role, whatever the other end is; empty if it can. */
    public static Optional<Prediction> unable(End end, Role role) {
        Policy policy = Policy.of(end.profile());
        return unable(end, policy, role).or(() -> useless(end, end.engine().usable(policy), role));
    }

    /** The offer of one of our clients. */
    public static Offer offer(End client) {
        return offer(client.engine(), client.engine().usable(Policy.of(client.profile())));
    }

    /** A handshake that succeeds. */
    public static Prediction established(TlsVersion version, CipherSuite suite, Optional<NamedGroup> group) {
        return new Prediction(true, Optional.of(version), Optional.of(suite), group, "");
    }

    /** A handshake that fails, for that reason. */
    public static Prediction refused(String reason) {
        return new Prediction(false, Optional.empty(), Optional.empty(), Optional.empty(), reason);
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
            Set<KeyKind> keys, Collection<SignatureScheme> schemes, TlsVersion version, EngineModel.Usable served) {
        if (keys.isEmpty()) {
            return Optional.of("the server demands a client certificate and the client has none");
        }
        boolean signs = keys.stream()
                .anyMatch(k -> served.schemes().stream().anyMatch(s -> schemes.contains(s) && k.signs(s, version)));
        return signs
                ? Optional.empty()
                : Optional.of("the client has no certificate for a signature scheme that the server accepts: offered "
                        + keys + "; wanted " + Negotiation.list(served.schemes()));
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
        // Both engines go by the client's order, whatever that of the server is.
        List<NamedGroup> order = offer.groups().orElse(answer.groups());
        Optional<NamedGroup> share = offer.keyShares().stream().filter(answer.groups()::contains).findFirst();
        if (version.equals(TlsVersion.TLS_1_3) && server.engine().engine() == Engine.JDK && share.isPresent()) {
            // SunJSSE takes a share that is there; BCJSSE asks for the first group in common, if need be by a
            // HelloRetryRequest.
            return share;
        }
        return order.stream().filter(answer.groups()::contains).findFirst();
    }

    /** For example {@code TLSv1.3 TLS_AES_256_GCM_SHA384 x25519} or {@code refused: …}. */
    @Override
    public String toString() {
        return established
                ? version.orElseThrow() + " " + suite.orElseThrow() + group.map(g -> " " + g).orElse("")
                : "refused: " + reason;
    }
}
