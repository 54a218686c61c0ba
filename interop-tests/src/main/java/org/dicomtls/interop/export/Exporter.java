package org.dicomtls.interop.export;

import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;

/** Writes the configuration of one system. */
interface Exporter {

    /**
     * The policy as that system can be set, for an end in that role.
     *
     * @throws IllegalArgumentException when something of the site cannot be written in the notation of the system; the
     *     message is one line
     */
    Export export(Policy policy, Role role, Site site);
}
