package org.dicomtls.interop.peer;

import java.util.Optional;

/**
 * Whether a peer is there.
 *
 * @param version what it calls its version; empty if it is not there
 * @param remedy what to do so that it is there, such as {@code install dcmtk}; empty if it is there
 */
public record Presence(Optional<String> version, String remedy) {

    /** It is there, in that version. */
    public static Presence installed(String version) {
        return new Presence(Optional.of(version), "");
    }

    /** It is not there. */
    public static Presence missing(String remedy) {
        return new Presence(Optional.empty(), remedy);
    }

    public boolean isInstalled() {
        return version.isPresent();
    }
}
