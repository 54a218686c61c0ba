package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.TlsVersion;

/**
 * Bouncy Castle's engine. Its providers are objects of ours and are never registered with the JVM. AES-GCM,
 * ChaCha20-Poly1305, MACs and digests come from the JDK, whose intrinsics are many times faster; everything else,
 * elliptic curves above all, from Bouncy Castle, which is faster there on JDK 17.
 */
final class BcJsse extends JsseBinding {

    private static final Provider CRYPTO = new BouncyCastleProvider();

    private static final Provider PROVIDER =
            new BouncyCastleJsseProvider(false, new MixedCrypto().setProvider(CRYPTO));

    /** Chooses the JCA provider operation by operation. */
    private static final class MixedCrypto extends JcaTlsCryptoProvider {
        @Override
        public JcaJceHelper getHelper() {
            return new ByOperation();
        }
    }

    private static final class ByOperation extends ProviderJcaJceHelper {
        ByOperation() {
            super(CRYPTO);
        }

        @Override
        public Cipher createCipher(String algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
            return algorithm.equals("AES/GCM/NoPadding") || algorithm.equals("ChaCha20-Poly1305")
                    ? Cipher.getInstance(algorithm)
                    : super.createCipher(algorithm);
        }

        @Override
        public Mac createMac(String algorithm) throws NoSuchAlgorithmException {
            try {
                return Mac.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                return super.createMac(algorithm);
            }
        }

        @Override
        public MessageDigest createMessageDigest(String algorithm) throws NoSuchAlgorithmException {
            try {
                return MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                return super.createMessageDigest(algorithm);
            }
        }
    }

    private static final long OWN_LIMIT = 1L << 20;

    private final Map<KeyManager, SSLContext> contexts = new HashMap<>();

    /** One context for the same keys: unlike SunJSSE's it costs milliseconds, and holds no ticket keys. */
    @Override
    synchronized SSLContext context(KeyManager keys, TrustManager trust) throws GeneralSecurityException {
        SSLContext context = contexts.get(keys);
        if (context == null) {
            context = SSLContext.getInstance("TLS", PROVIDER);
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, RANDOM);
            contexts.put(keys, context);
        }
        return context;
    }

    /** BCJSSE knows an Edwards key by the algorithm names Ed25519 and Ed448; the JDK's objects say EdDSA. */
    @Override
    Identity adapt(Identity identity) {
        List<Identity.Entry> entries = new ArrayList<>();
        for (Identity.Entry entry : identity.entries()) {
            entries.add(entry.kind().algorithm().startsWith("Ed") ? own(entry) : entry);
        }
        return Identity.of(entries);
    }

    private static Identity.Entry own(Identity.Entry entry) {
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509", CRYPTO);
            List<X509Certificate> chain = new ArrayList<>();
            for (X509Certificate certificate : entry.chain()) {
                chain.add((X509Certificate)
                        x509.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
            }
            byte[] encoded = entry.key().getEncoded();
            if (encoded == null) {
                throw new IllegalArgumentException("engine bc cannot use an Edwards key that does not leave its token");
            }
            return new Identity.Entry(
                    KeyFactory.getInstance(entry.kind().algorithm(), CRYPTO)
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                    chain);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("engine bc cannot use the key of " + entry + ": " + e.getMessage(), e);
        }
    }

    @Override
    void tune(SSLSocket socket, EngineModel.Usable usable) {
        BCSSLSocket bc = (BCSSLSocket) socket;
        BCSSLParameters parameters = bc.getParameters();
        tune(parameters, usable);
        bc.setParameters(parameters);
    }

    @Override
    void tune(SSLEngine engine, EngineModel.Usable usable) {
        BCSSLEngine bc = (BCSSLEngine) engine;
        BCSSLParameters parameters = bc.getParameters();
        tune(parameters, usable);
        bc.setParameters(parameters);
    }

    private static void tune(BCSSLParameters parameters, EngineModel.Usable usable) {
        parameters.setNamedGroups(groupNames(usable));
        parameters.setSignatureSchemes(schemeNames(usable));
    }

    /** After 2^20 records that it sent it changes its keys by itself, in TLS 1.3; it cannot be asked to. */
    @Override
    KeyUse.Renewal renewal(TlsVersion version, long records) {
        return version.equals(TlsVersion.TLS_1_3) && records > OWN_LIMIT ? KeyUse.Renewal.BY_ENGINE : KeyUse.Renewal.NEVER;
    }

    @Override
    void forget(SSLSession session) {
        session.invalidate();
    }
}
