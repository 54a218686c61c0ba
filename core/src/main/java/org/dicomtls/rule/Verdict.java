package org.dicomtls.rule;

/** What is known of one rule. "Not observed" is never "conforms". */
public enum Verdict {
    SATISFIED,
    VIOLATED,
    /** The facts do not decide it. */
    INCONCLUSIVE,
    /** Its condition is not met, or it binds the other role. */
    NOT_APPLICABLE
}
