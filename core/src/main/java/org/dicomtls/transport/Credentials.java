package org.dicomtls.transport;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.dicomtls.policy.Engine;
import org.dicomtls.predict.KeyKind;

/**
 * What a connection goes by from its first octet to its last: our keys, whom we trust, what we know of revocation, and
 * who our peers are. Never changed; when a file changes, connections from then on get another one.
 */
final class Credentials {

    private final Identity identity;
    private final Trust trust;
    private final Peers peers;
    private final PolicyTrustManager trustManager;

    /** Of these credentials alone, because an engine may keep its contexts, and they hold the keys. */
    private final JsseBinding binding;

    private final PolicyKeyManager keys;
    private final Map<Set<KeyKind>, PolicyKeyManager> fitting = new ConcurrentHashMap<>();

    Credentials(Engine engine, Identity identity, Trust trust, Peers peers, PolicyTrustManager trustManager) {
        this.identity = identity;
        this.trust = trust;
        this.peers = peers;
        this.trustManager = trustManager;
        this.binding = JsseBinding.of(engine);
        this.keys = new PolicyKeyManager(binding.adapt(identity));
    }

    Identity identity() {
        return identity;
    }

    Trust trust() {
        return trust;
    }

    Peers peers() {
        return peers;
    }

    /**
     * The engine's context for a connection.
     *
     * @param kinds the kinds of key that fit the peer's offer, where that is known; an engine asks for "EC" and would be
     *     given a key of any curve
     */
    SSLContext context(Optional<Set<KeyKind>> kinds) throws GeneralSecurityException {
        PolicyKeyManager its =
                kinds.map(k -> fitting.computeIfAbsent(k, this::keyManager)).orElse(keys);
        try {
            return binding.context(its, trustManager);
        } catch (KeyManagementException e) {
            throw new GeneralSecurityException("keys not accepted: " + e.getMessage(), e);
        }
    }

    private PolicyKeyManager keyManager(Set<KeyKind> kinds) {
        return new PolicyKeyManager(binding.adapt(Identity.of(identity.entries().stream()
                .filter(entry -> kinds.contains(entry.kind()))
                .toList())));
    }
}
