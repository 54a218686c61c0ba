package org.dicomtls.interop.audit;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dicomtls.rule.Waiver;

/**
 * What the audit of one node of a list came to, without its findings.
 *
 * @param conclusion empty when there was no audit
 * @param failure why there was no audit: the node could not be reached, or this program failed
 * @param bug whether the failure is this program's
 * @param accepted as {@link Acceptance#accepted()}
 * @param broken how many SHALLs are broken, waived ones among them
 * @param unanswered how many of them are neither waived nor known
 * @param open how many SHALLs that questions can decide stayed open
 * @param connections how many were opened
 * @param millis how long it took
 * @param idleWaivers the rules whose waiver this node did not need
 */
public record NodeOutcome(
        Node node,
        Optional<Conclusion> conclusion,
        Optional<String> failure,
        boolean bug,
        boolean accepted,
        int broken,
        int unanswered,
        int open,
        int connections,
        long millis,
        Set<String> idleWaivers) {

    public NodeOutcome {
        idleWaivers = Set.copyOf(idleWaivers);
    }

    static NodeOutcome of(Node node, Acceptance acceptance, long millis) {
        Audit audit = acceptance.audit();
        return new NodeOutcome(
                node,
                Optional.of(audit.conclusion()),
                Optional.empty(),
                false,
                acceptance.accepted(),
                audit.broken().size(),
                acceptance.broken().size(),
                audit.open().size(),
                audit.survey().connections(),
                millis,
                acceptance.notNeeded().keySet().stream().map(Waiver::rule).collect(Collectors.toSet()));
    }

    static NodeOutcome failed(Node node, String reason, boolean bug, int connections, long millis) {
        return new NodeOutcome(
                node, Optional.empty(), Optional.of(reason), bug, false, 0, 0, 0, connections, millis, Set.of());
    }

    /** For example {@code non-conformant, accepted}. */
    public String words() {
        return conclusion
                .map(c -> c.title() + (accepted && c == Conclusion.NON_CONFORMANT ? ", accepted" : ""))
                .orElse(bug ? "failed" : "unreachable");
    }
}
