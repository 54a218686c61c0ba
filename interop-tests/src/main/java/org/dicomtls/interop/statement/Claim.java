package org.dicomtls.interop.statement;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.OwnEnd;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.EngineProbe;

/**
 * A profile that a product says it supports, on an engine of this JVM.
 *
 * @param policy the strictest reading of the profile, which is what an end under it uses
 * @param end what the engine was seen to make of it
 * @param broken for each role that was asked for, the SHALLs that the end does not keep in it; empty where it keeps all
 */
public record Claim(Policy policy, Engine engine, OwnEnd end, Map<Role, List<Finding>> broken) {

    public Claim {
        broken = Map.copyOf(broken);
    }

    /**
     * Finds out what can be claimed. Without an engine it is the one that keeps every SHALL in more of the roles, the JDK's
     * if they are even.
     *
     * @param roles at least one
     */
    public static Claim of(Profile profile, Optional<Engine> engine, Collection<Role> roles) {
        Policy policy = Policy.of(profile);
        return Stream.of(Engine.values())
                .filter(candidate -> engine.map(candidate::equals).orElse(true))
                .map(candidate -> on(policy, candidate, roles))
                .reduce((a, b) -> b.roles().size() > a.roles().size() ? b : a)
                .orElseThrow();
    }

    private static Claim on(Policy policy, Engine engine, Collection<Role> roles) {
        OwnEnd end = EngineProbe.of(policy, engine);
        Map<Role, List<Finding>> broken = new EnumMap<>(Role.class);
        roles.forEach(role -> broken.put(role, end.violated(List.of(role))));
        return new Claim(policy, engine, end, broken);
    }

    public Profile profile() {
        return policy.profile();
    }

    /** The ids of the SHALLs that are not kept in one of the roles that were asked for; each once. */
    public List<String> notKept() {
        return broken.values().stream()
                .flatMap(List::stream)
                .map(finding -> finding.rule().id())
                .distinct()
                .toList();
    }

    /** The roles in which every SHALL is kept; empty where there is nothing to claim. */
    public Set<Role> roles() {
        Set<Role> kept = EnumSet.noneOf(Role.class);
        broken.forEach((role, findings) -> {
            if (findings.isEmpty()) {
                kept.add(role);
            }
        });
        return kept;
    }
}
