package org.dicomtls.transport;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HashMap;
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
            return new MixedHelper();
        }
    }

    private static final class MixedHelper extends ProviderJcaJceHelper {
        MixedHelper() {
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

    @Override
    void forget(SSLSession session) {
        session.invalidate();
    }
}
