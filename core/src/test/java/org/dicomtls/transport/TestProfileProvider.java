package org.dicomtls.transport;

import java.util.List;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.ProfileProvider;

/** Registers the profiles of the tests, as a vendor registers his. */
public final class TestProfileProvider implements ProfileProvider {

    /** Called by the service loader. */
    public TestProfileProvider() {}

    @Override
    public List<Profile> profiles() {
        return List.of(TestProfiles.WIDE, TestProfiles.CARELESS);
    }
}
