package org.dicomtls.transport;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import java.security.cert.X509Certificate;
import org.dicomtls.rule.Profile;

/** The SSLContext of a transport. */
final class PolicyContext extends SSLContext {

    /** What {@link #getProvider()} answers; made once, because it lists every profile there is. */
    private static final class Lazy {
        static final Provider PROVIDER = new DicomTlsProvider();
    }

    PolicyContext(SecureTransport transport) {
        super(new Fixed(transport), Lazy.PROVIDER, DicomTlsProvider.algorithm(transport.profile()));
    }

    /** Common to both: everything that a context hands out comes from its transport. */
    abstract static class Spi extends SSLContextSpi {

        abstract SecureTransport transport();

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new PolicySocketFactory(transport());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new PolicyServerSocketFactory(transport());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new PolicyEngine(transport(), null, -1);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return new PolicyEngine(transport(), host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return NoSessions.INSTANCE;
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return NoSessions.INSTANCE;
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return new PolicySettings(transport(), org.dicomtls.rule.Role.CLIENT).parameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return new SSLParameters(transport().supportedCipherSuites(), transport().supportedProtocols());
        }
    }

    /** The context of a transport that was built. */
    private static final class Fixed extends Spi {
        private final SecureTransport transport;

        Fixed(SecureTransport transport) {
            this.transport = transport;
        }

        @Override
        SecureTransport transport() {
            return transport;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this SSLContext is initialised by its SecureTransport for profile "
                    + transport.profile().id() + " and cannot be initialised again");
        }
    }

    /** A context that was asked for by name, and is initialised with the application's managers. */
    static final class ByName extends Spi {
        private final Profile profile;
        private volatile SecureTransport transport;

        ByName(Profile profile) {
            this.profile = profile;
        }

        @Override
        SecureTransport transport() {
            SecureTransport made = transport;
            if (made == null) {
                throw new IllegalStateException("SSLContext.init was not called");
            }
            return made;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            if (trust == null || trust.length == 0) {
                throw new KeyManagementException("profile " + profile.id()
                        + ": no TrustManager given; the JDK's default authorities are not trusted for DICOM");
            }
            try {
                transport = SecureTransport.of(profile)
                        .identity(identity(keys))
                        .trust(authorities(trust))
                        .build();
            } catch (RuntimeException e) {
                throw new KeyManagementException(e.getMessage(), e);
            }
        }

        /** The keys themselves are taken out, because the engines ask a key manager in different words. */
        private static Identity identity(KeyManager[] managers) {
            List<Identity.Entry> entries = new ArrayList<>();
            Set<String> seen = new LinkedHashSet<>();
            for (KeyManager manager : managers == null ? new KeyManager[0] : managers) {
                if (manager instanceof X509KeyManager x509) {
                    for (String type : List.of("RSA", "RSASSA-PSS", "EC", "EdDSA")) {
                        add(x509, x509.getServerAliases(type, null), entries, seen);
                        add(x509, x509.getClientAliases(type, null), entries, seen);
                    }
                }
            }
            return Identity.of(entries);
        }

        private static void add(
                X509KeyManager manager, String[] aliases, List<Identity.Entry> entries, Set<String> seen) {
            for (String alias : aliases == null ? new String[0] : aliases) {
                X509Certificate[] chain = manager.getCertificateChain(alias);
                if (chain != null && chain.length > 0 && seen.add(PeerCertificateException.fingerprint(chain[0]))) {
                    entries.add(new Identity.Entry(manager.getPrivateKey(alias), List.of(chain)));
                }
            }
        }

        private static Trust authorities(TrustManager[] managers) throws KeyManagementException {
            List<X509Certificate> all = new ArrayList<>();
            for (TrustManager manager : managers) {
                if (!(manager instanceof X509TrustManager x509)) {
                    throw new KeyManagementException(manager.getClass().getName() + " is not an X509TrustManager");
                }
                all.addAll(List.of(x509.getAcceptedIssuers()));
            }
            if (all.isEmpty()) {
                throw new KeyManagementException("the TrustManager names no authority that it accepts;"
                        + " a policy context takes authorities from it, not its judgement");
            }
            return Trust.authorities(all.toArray(X509Certificate[]::new));
        }
    }

    /** Sessions are never resumed, so there are none to list. */
    private static final class NoSessions implements SSLSessionContext {
        static final SSLSessionContext INSTANCE = new NoSessions();

        @Override
        public SSLSession getSession(byte[] id) {
            return null;
        }

        @Override
        public Enumeration<byte[]> getIds() {
            return Collections.emptyEnumeration();
        }

        @Override
        public void setSessionTimeout(int seconds) {
            // Sessions are not resumed, so that a change of certificate or a revocation takes effect at once.
        }

        @Override
        public int getSessionTimeout() {
            return 0;
        }

        @Override
        public void setSessionCacheSize(int size) {
            // As above.
        }

        @Override
        public int getSessionCacheSize() {
            return 0;
        }
    }
}
