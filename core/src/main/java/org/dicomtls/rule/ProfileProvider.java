package org.dicomtls.rule;

import java.util.List;

/**
 * Brings profiles into {@link Profiles}. Implementations are found by {@link java.util.ServiceLoader}, so a vendor
 * or a hospital ships its own in a jar.
 */
public interface ProfileProvider {

    /** The profiles, in the order in which they are to be listed. Ids must be unique over all providers. */
    List<Profile> profiles();
}
