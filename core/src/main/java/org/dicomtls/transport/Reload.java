package org.dicomtls.transport;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Watched files have changed.
 *
 * @param what what they hold
 * @param files the files
 * @param problem why what they hold now is not used; empty when it is in use from now on. As long as there is a problem
 *     the transport goes on with what it had
 */
public record Reload(What what, List<Path> files, Optional<String> problem) {

    /** What a transport reads from files. */
    public enum What {
        /** Its own keys and certificates. */
        IDENTITY("identity"),
        /** Whom it trusts. */
        TRUST("trust"),
        /** Revocation lists. */
        REVOCATION("revocation"),
        /** Who may use which AE title. */
        PEERS("peers");

        private final String title;

        What(String title) {
            this.title = title;
        }

        /** In words, for a message. */
        public String title() {
            return title;
        }
    }

    public Reload {
        files = List.copyOf(files);
    }

    /** Whether what the files hold is in use now. */
    public boolean taken() {
        return problem.isEmpty();
    }

    /** One line for a log. */
    @Override
    public String toString() {
        return what.title() + " from " + files + problem.map(p -> " is not in order, the one before stays in use: " + p)
                .orElse(" is in use now");
    }
}
