package org.dicomtls.interop.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.policy.Engine;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.CannotEnforceException;
import org.dicomtls.transport.Identity;
import org.dicomtls.transport.SecureTransport;
import org.dicomtls.transport.Trust;

/** Contexts of either kind: a policy's, and those that an application makes of the engine alone. */
final class Ends {

    private Ends() {}

    /** How an application sets an engine up that knows no policy. */
    enum Bare {
        /** SunJSSE as it comes. */
        JDK(Engine.JDK, "bare jdk"),
        /** BCJSSE with Bouncy Castle's own cryptography, as its documentation has it. */
        BC(Engine.BC, "bare bc"),
        /** BCJSSE with the JDK's cryptography. */
        BC_ON_JDK(Engine.BC, "bare bc on the JDK's cryptography");

        private final Engine engine;
        private final String title;

        Bare(Engine engine, String title) {
            this.engine = engine;
            this.title = title;
        }

        Engine engine() {
            return engine;
        }

        String title() {
            return title;
        }

        private Optional<Provider> provider() {
            return switch (this) {
                case JDK -> Optional.empty();
                case BC -> Optional.of(new BouncyCastleJsseProvider(
                        false, new JcaTlsCryptoProvider().setProvider(new BouncyCastleProvider())));
                case BC_ON_JDK -> Optional.of(new BouncyCastleJsseProvider());
            };
        }
    }

    /** The context of an engine without a policy. */
    static SSLContext bare(Bare kind, Keys keys, Role role) {
        try {
            Credential own = keys.of(role);
            KeyStore identity = KeyStore.getInstance("PKCS12");
            identity.load(null, null);
            identity.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", keys.authority());
            Optional<Provider> provider = kind.provider();
            KeyManagerFactory keyManagers = provider.isPresent()
                    ? KeyManagerFactory.getInstance("PKIX", provider.get())
                    : KeyManagerFactory.getInstance("PKIX");
            keyManagers.init(identity, new char[0]);
            TrustManagerFactory trustManagers = provider.isPresent()
                    ? TrustManagerFactory.getInstance("PKIX", provider.get())
                    : TrustManagerFactory.getInstance("PKIX");
            trustManagers.init(trusted);
            SSLContext context =
                    provider.isPresent() ? SSLContext.getInstance("TLS", provider.get()) : SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(kind.title() + " cannot be set up: " + e.getMessage(), e);
        }
    }

    /** A policy's transport for that end, if the engine can honour the profile there with such a key. */
    static Optional<SecureTransport> policy(Profile profile, Engine engine, Keys keys, Role role) {
        try {
            return Optional.of(build(profile, engine, keys, role));
        } catch (CannotEnforceException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static SecureTransport build(Profile profile, Engine engine, Keys keys, Role role) {
        return SecureTransport.of(profile)
                .engine(engine)
                .role(role)
                .identity(Identity.of(
                        new Identity.Entry(keys.of(role).key(), keys.of(role).chain())))
                .trust(Trust.authorities(keys.authority()))
                .build();
    }
}
