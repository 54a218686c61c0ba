package org.dicomtls.transport;

import java.util.List;
import java.util.stream.Collectors;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Rule;

/** A profile was asked for of which this JVM, with that engine, cannot honour every SHALL. */
public final class CannotEnforceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient List<Finding> findings;

    CannotEnforceException(String profile, Engine engine, String role, List<Finding> findings) {
        super("engine " + engine.id() + " on JDK " + Runtime.version().feature() + " cannot honour profile " + profile
                + " as " + role + ": "
                + findings.stream()
                        .map(f -> f.rule().id() + " (" + f.rule().clause() + "; expected " + f.expected() + "; "
                                + f.actual() + ")")
                        .collect(Collectors.joining("; ")));
        this.findings = List.copyOf(findings);
    }

    /** The rules that cannot be honoured, each with what is missing. */
    public List<Finding> findings() {
        return findings;
    }

    public List<Rule> rules() {
        return findings.stream().map(Finding::rule).toList();
    }
}
