package org.dicomtls.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.dicomtls.policy.Engine;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.predict.End;
import org.dicomtls.rule.Profile;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** Random policies derived from {@link TestProfiles#WIDE}, with engine and keys. */
record Derived(
        Set<TlsVersion> versions,
        Set<CipherSuite> suites,
        Set<NamedGroup> groups,
        Set<SignatureScheme> schemes,
        Engine engine,
        Set<String> keys) {

    static Arbitrary<Derived> any() {
        return Combinators.combine(
                        Arbitraries.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).set().ofMinSize(1),
                        Arbitraries.of(TestProfiles.SUITES).set().ofMinSize(1).ofMaxSize(9),
                        Arbitraries.of(TestProfiles.GROUPS).set().ofMinSize(2).ofMaxSize(6),
                        Arbitraries.of(TestProfiles.SCHEMES).set().ofMinSize(3).ofMaxSize(8),
                        Arbitraries.of(Engine.values()),
                        Arbitraries.of("RSA 2048", "EC secp256r1", "EC secp384r1").set().ofMinSize(1).ofMaxSize(2))
                .as(Derived::new);
    }

    Profile profile() {
        return TestProfiles.WIDE
                .derive("derived")
                .versions(versions.toArray(TlsVersion[]::new))
                .suites(suites.toArray(CipherSuite[]::new))
                .groups(groups.toArray(NamedGroup[]::new))
                .schemes(schemes.toArray(SignatureScheme[]::new))
                .build();
    }

    End end() {
        return new End(profile(), EngineModel.here(engine), identity(true).kinds());
    }

    Identity identity(boolean client) {
        List<Identity.Entry> entries = new ArrayList<>();
        for (String key : keys.stream().sorted().collect(Collectors.toList())) {
            entries.addAll((client ? TestCertificates.client(key) : TestCertificates.server(key)).entries());
        }
        return Identity.of(entries);
    }

    /** The transport; or the exception that says why there is none. */
    Object transport(boolean client) {
        try {
            return SecureTransport.of(profile())
                    .engine(engine)
                    .role(client ? org.dicomtls.rule.Role.CLIENT : org.dicomtls.rule.Role.SERVER)
                    .identity(identity(client))
                    .trust(TestCertificates.trust())
                    .build();
        } catch (CannotEnforceException | IllegalArgumentException e) {
            return e;
        }
    }
}
