package org.dicomtls.profiles;

import java.util.List;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.ProfileProvider;

/** Brings the profiles of {@link DicomProfiles} into {@link org.dicomtls.rule.Profiles}. */
public final class DicomProfileProvider implements ProfileProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DicomProfileProvider() {}

    @Override
    public List<Profile> profiles() {
        return DicomProfiles.all();
    }
}
