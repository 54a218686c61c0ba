package org.dicomtls.interop.export;

import java.util.List;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.TlsVersion;

/**
 * A profile as the configuration of another system.
 *
 * @param text the configuration, with what it does not keep in its comments; ends with a line feed
 * @param outlooks how far it keeps the profile, for each release of the system that behaves in a way of its own
 */
public record Export(String text, List<Outlook> outlooks) {
    public Export {
        outlooks = List.copyOf(outlooks);
    }

    /**
     * Writes a profile for a system, each only as far as the system can express it.
     *
     * @throws IllegalArgumentException when something of the site cannot be written in the notation of the system; the
     *     message is one line
     * @throws CannotExpressException when the system has nothing of the profile
     */
    public static Export of(Format format, Profile profile, Role role, Site site) {
        Policy policy = Policy.of(profile);
        if (policy.versions().stream().noneMatch(v -> v.compareTo(TlsVersion.TLS_1_2) >= 0)) {
            throw new CannotExpressException(profile.id() + " has no version from TLS 1.2 on; " + format.title()
                    + " is not to be set to older ones");
        }
        if (role == Role.SERVER && site.credentials().isEmpty() && format != Format.LDIF) {
            throw new IllegalArgumentException("a server needs a certificate");
        }
        return format.exporter().export(policy, role, site);
    }
}
