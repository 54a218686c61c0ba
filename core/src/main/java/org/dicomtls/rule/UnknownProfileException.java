package org.dicomtls.rule;

import java.util.List;

/** Someone asked for a profile that does not exist. */
public final class UnknownProfileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownProfileException(String id, List<String> known) {
        super("unknown profile '" + id + "'; known: " + String.join(", ", known));
    }
}
