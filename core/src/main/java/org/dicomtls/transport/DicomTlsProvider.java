package org.dicomtls.transport;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;

/**
 * Registers every profile as an SSLContext algorithm, e.g. {@code SSLContext.getInstance("DICOM-BCP195-ND",
 * new DicomTlsProvider())}, for code that takes a context by name. Such a context is to be initialised with a key
 * manager and a trust manager; it takes the keys and the trusted authorities from them.
 */
public final class DicomTlsProvider extends Provider {
    private static final long serialVersionUID = 1;

    /** The name of this provider. */
    public static final String NAME = "DicomTls";

    @SuppressWarnings("this-escape") // putService is how a provider says what it has
    public DicomTlsProvider() {
        super(NAME, "0.1", "SSLContexts under the DICOM security profiles of PS3.15 Annex B");
        for (Profile profile : Profiles.all()) {
            putService(new ContextService(this, profile));
        }
    }

    /** The name under which a profile is registered: {@code DICOM-} and its id in capitals. */
    public static String algorithm(Profile profile) {
        return "DICOM-" + profile.id().toUpperCase(Locale.ROOT);
    }

    private static final class ContextService extends Service {
        private final Profile profile;

        ContextService(Provider provider, Profile profile) {
            super(provider, "SSLContext", algorithm(profile), PolicyContext.ByName.class.getName(), List.of(), Map.of());
            this.profile = profile;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return new PolicyContext.ByName(profile);
        }
    }
}
