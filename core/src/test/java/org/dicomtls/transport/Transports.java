package org.dicomtls.transport;

import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;

/** The transports that most tests need. */
public final class Transports {

    static final String RSA = "RSA 2048";
    static final String P256 = "EC secp256r1";

    private Transports() {}

    public static SecureTransport server(Engine engine) {
        return server(engine, TestProfiles.WIDE);
    }

    public static SecureTransport server(Engine engine, Profile profile) {
        return serverOf(engine, profile).build();
    }

    /** A server with an RSA and an ECDSA key that demands a client certificate. */
    public static SecureTransport.Builder serverOf(Engine engine, Profile profile) {
        return SecureTransport.of(profile)
                .engine(engine)
                .identity(TestCertificates.server(RSA).and(TestCertificates.server(P256)))
                .trust(TestCertificates.trust());
    }

    public static SecureTransport client(Engine engine) {
        return client(engine, TestProfiles.WIDE);
    }

    public static SecureTransport client(Engine engine, Profile profile) {
        return clientOf(engine, profile).build();
    }

    public static SecureTransport.Builder clientOf(Engine engine, Profile profile) {
        return SecureTransport.of(profile)
                .engine(engine)
                .identity(TestCertificates.client(P256))
                .trust(TestCertificates.trust());
    }
}
