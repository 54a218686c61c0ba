package org.dicomtls.interop.audit;

import java.util.Objects;
import org.dicomtls.rule.Profile;

/**
 * One server of a list, and what it is to be held against.
 *
 * @param aeTitle the AE title that is called
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Node(String aeTitle, String host, int port, Profile profile) {
    public Node {
        Objects.requireNonNull(aeTitle, "aeTitle");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(profile, "profile");
    }

    /** For example {@code pacs.example:2762}. */
    public String target() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** For example {@code PACS pacs.example:2762 bcp195-nd}. */
    @Override
    public String toString() {
        return aeTitle + " " + target() + " " + profile.id();
    }
}
