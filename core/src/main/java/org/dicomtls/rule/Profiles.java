package org.dicomtls.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** All profiles that the providers on the class path or module path bring. */
public final class Profiles {

    private Profiles() {}

    private static final class Loaded {
        static final Map<String, Profile> BY_ID = load();

        private static Map<String, Profile> load() {
            Map<String, Profile> byId = new LinkedHashMap<>();
            for (ProfileProvider provider :
                    ServiceLoader.load(ProfileProvider.class, ProfileProvider.class.getClassLoader())) {
                for (Profile profile : provider.profiles()) {
                    if (byId.putIfAbsent(profile.id(), profile) != null) {
                        throw new ServiceConfigurationError(
                                "profile id '" + profile.id() + "' of " + provider.getClass().getName()
                                        + " is taken by another provider");
                    }
                }
            }
            return Collections.unmodifiableMap(byId);
        }
    }

    /** Every profile, in the order of the providers. */
    public static List<Profile> all() {
        return List.copyOf(Loaded.BY_ID.values());
    }

    /**
     * The profile of that id.
     *
     * @throws UnknownProfileException when there is none; its message names those that there are
     */
    public static Profile named(String id) {
        Profile profile = Loaded.BY_ID.get(id);
        if (profile == null) {
            throw new UnknownProfileException(id, List.copyOf(Loaded.BY_ID.keySet()));
        }
        return profile;
    }
}
