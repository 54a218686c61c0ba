package org.dicomtls.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Means;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.wire.ClientHello;
import org.dicomtls.wire.HandshakeMessages;

/**
 * Finds out what an engine on this JVM makes of a policy, by letting it write a ClientHello under the policy and
 * reading it; so whatever the JVM's own configuration takes away is seen.
 */
public final class EngineProbe {

    private record Key(Profile profile, String policy, Engine engine) {}

    private static final int MOST_CACHED = 256;
    private static final Map<Key, OwnEnd> CACHE = new ConcurrentHashMap<>();
    private static final PolicyKeyManager NO_KEYS = new PolicyKeyManager(Identity.none());

    private EngineProbe() {}

    /** What that engine on this JVM makes of that policy. Asked once per policy and engine. */
    public static OwnEnd of(Policy policy, Engine engine) {
        if (CACHE.size() >= MOST_CACHED) {
            CACHE.clear(); // whoever derives profiles without end pays with asking again, not with memory
        }
        OwnEnd end = CACHE.computeIfAbsent(
                new Key(policy.profile(), policy.toString(), engine), key -> ask(policy, engine));
        return JsseBinding.of(engine).staples() ? end.keeping(Property.OCSP_STAPLING, Means.JVM_PROPERTY) : end;
    }

    private static OwnEnd ask(Policy policy, Engine engine) {
        EngineModel.Usable model = EngineModel.here(engine).usable(policy);
        return (model.versions().isEmpty() ? Optional.<ClientHello>empty() : capture(policy, engine, model))
                .map(hello -> OwnEnd.measured(policy, engine, seen(model, hello), hello))
                .orElseGet(() -> OwnEnd.unable(policy, engine));
    }

    private static EngineModel.Usable seen(EngineModel.Usable model, ClientHello hello) {
        List<NamedGroup> groups = hello.groups().orElse(List.of());
        List<SignatureScheme> schemes = hello.schemes().orElse(List.of());
        return new EngineModel.Usable(
                model.versions().stream().filter(hello.offeredVersions()::contains).toList(),
                model.suites().stream().filter(hello.suites()::contains).toList(),
                model.groups().stream().filter(groups::contains).toList(),
                model.schemes().stream().filter(schemes::contains).toList());
    }

    private static Optional<ClientHello> capture(Policy policy, Engine engine, EngineModel.Usable model) {
        try {
            JsseBinding binding = JsseBinding.of(engine);
            SSLContext context = binding.context(
                    NO_KEYS, new PolicyTrustManager(policy, Trust.none(), java.time.Clock.systemUTC()));
            SSLEngine client = context.createSSLEngine("localhost", 2762);
            client.setUseClientMode(true);
            var parameters = JsseBinding.parameters(model, model.versions(), model.suites());
            parameters.setAlgorithmConstraints(new Floor(new Floor.Names(policy, model)));
            client.setSSLParameters(parameters);
            binding.tune(client, model);
            ByteBuffer out = ByteBuffer.allocate(client.getSession().getPacketBufferSize() + 8192);
            client.wrap(ByteBuffer.allocate(0), out);
            ClientHello[] read = new ClientHello[1];
            new HandshakeMessages().feed(out.array(), 0, out.position(), new HandshakeMessages.Sink() {
                @Override
                public void message(int type, byte[] body) throws java.io.IOException {
                    read[0] = ClientHello.read(body);
                }

                @Override
                public void alert(int level, int description) {
                    // An engine that alerts instead of writing a hello has written no hello.
                }
            });
            return Optional.ofNullable(read[0]);
        } catch (SSLException | IllegalArgumentException e) {
            // "No appropriate protocol" and its like: the JVM's own configuration leaves nothing of the policy.
            return Optional.empty();
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("engine " + engine.id() + " does not work on this JVM: " + e.getMessage(), e);
        }
    }
}
