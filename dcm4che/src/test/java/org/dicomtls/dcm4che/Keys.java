package org.dicomtls.dcm4che;

import java.util.List;
import java.util.Set;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.policy.Engine;
import org.dicomtls.profiles.DicomProfiles;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** Keys and transports of the tests; made when first needed. */
final class Keys {

    static final TestPki PKI = TestPki.create(PkiOptions.defaults());
    static final TestPki OTHER = TestPki.create(PkiOptions.ecdsaOnly());

    /** All but basic and aes, which no engine of today can honour. */
    static final List<Profile> ENFORCEABLE = DicomProfiles.all().stream()
            .filter(p -> !p.id().equals("basic") && !p.id().equals("aes"))
            .toList();

    /** The JDK's engine has no CCM and no Camellia. */
    static final Set<String> BC_ONLY_AS_SERVER = Set.of("bcp195-mod", "bcp195-mod-2023", "cryptrec-hs");

    private Keys() {}

    static Identity identity(TestPki pki, Role role) {
        return identity(pki.good(role));
    }

    static Identity identity(List<Credential> credentials) {
        return Identity.of(credentials.stream()
                .map(c -> new Identity.Entry(c.key(), c.chain()))
                .toList());
    }

    /** A transport of that role with good keys of both kinds, not built yet. */
    static SecureTransport.Builder transport(Profile profile, Engine engine, Role role) {
        return SecureTransport.of(profile)
                .engine(engine)
                .role(role)
                .identity(identity(PKI, role))
                .trust(Trust.authorities(PKI.authority()));
    }
}
