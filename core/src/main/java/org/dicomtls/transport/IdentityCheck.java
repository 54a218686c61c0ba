package org.dicomtls.transport;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;

/** Whether a transport can work with an identity: its profile allows every key, and its engine can use it. */
final class IdentityCheck {

    private final Policy policy;
    private final EngineModel.Usable usable;
    private final Set<Role> roles;
    private final Engine engine;
    private final Clock clock;

    IdentityCheck(
            Policy policy,
            EngineModel.Usable usable,
            Set<Role> roles,
            Engine engine,
            Clock clock) {
        this.policy = policy;
        this.usable = usable;
        this.roles = roles;
        this.engine = engine;
        this.clock = clock;
    }

    /** Why the profile or the engine rules it out; empty if neither does. */
    Optional<String> objection(Identity identity) {
        if (roles.equals(Set.of(Role.SERVER)) && identity.isEmpty()) {
            return Optional.of("a server needs a key and a certificate");
        }
        for (Identity.Entry entry : identity.entries()) {
            Optional<String> objected = objection(entry);
            if (objected.isPresent()) {
                return objected;
            }
        }
        return Optional.empty();
    }

    /** As {@link #objection}, or that a certificate is not valid now: nothing to exchange a valid one for. */
    Optional<String> objectionToReplacement(Identity identity) {
        Instant now = clock.instant();
        for (Identity.Entry entry : identity.entries()) {
            Instant from = entry.certificate().getNotBefore().toInstant();
            Instant until = entry.certificate().getNotAfter().toInstant();
            if (now.isBefore(from)) {
                return Optional.of("the certificate " + name(entry) + " is valid only from " + from
                        + "; it will be taken then");
            }
            if (now.isAfter(until)) {
                return Optional.of("the certificate " + name(entry) + " expired on " + until);
            }
        }
        return objection(identity);
    }

    private Optional<String> objection(Identity.Entry entry) {
        if (usable.versions().stream().noneMatch(v -> entry.kind().usable(v, usable))) {
            return Optional.of("profile " + policy.profile().id() + " can never use the key of " + name(entry) + " ("
                    + entry.kind() + "): no cipher suite and signature scheme of the profile fits it");
        }
        // Our own certificates are held to the same lengths as the peer's.
        CertificateStrength strength = new CertificateStrength(policy);
        try {
            for (Role role : roles) {
                strength.check(entry.chain(), role);
            }
        } catch (PeerCertificateException e) {
            return Optional.of("profile " + policy.profile().id() + " does not allow our own " + e.getMessage()
                    + e.rule().map(r -> " (" + r.id() + ", " + r.clause() + ")").orElse(""));
        }
        return JsseBinding.of(engine)
                .objection(entry, usable)
                .map(why -> "engine " + engine.id() + " cannot use the key of " + name(entry) + " (" + entry.kind() + "): "
                        + why);
    }

    private static String name(Identity.Entry entry) {
        return PeerCertificateException.name(entry.certificate().getSubjectX500Principal());
    }
}
