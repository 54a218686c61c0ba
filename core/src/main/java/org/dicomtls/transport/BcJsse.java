package org.dicomtls.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.SignatureScheme;
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

        @Override
        public JcaTlsCrypto create(SecureRandom keys, SecureRandom nonces) {
            return new TokenCrypto(getHelper(), keys, nonces);
        }
    }

    /** Lets keys that stay in a token sign where Bouncy Castle would use its own provider. */
    private static final class TokenCrypto extends JcaTlsCrypto {
        TokenCrypto(JcaJceHelper helper, SecureRandom keys, SecureRandom nonces) {
            super(helper, null, keys, nonces);
        }

        @Override
        protected TlsStreamSigner createStreamSigner(
                String algorithm, AlgorithmParameterSpec parameters, PrivateKey key, boolean random) throws IOException {
            if (!Signing.staysInToken(key)) {
                return super.createStreamSigner(algorithm, parameters, key, random);
            }
            try {
                Signature signature = algorithm.toUpperCase(Locale.ROOT).endsWith("ANDMGF1")
                        ? Signing.by(key, "RSASSA-PSS", parameters)
                        : Signing.by(key, algorithm, parameters);
                return new TokenSigner(signature);
            } catch (GeneralSecurityException e) {
                throw new TlsFatalAlert(AlertDescription.internal_error, e);
            }
        }
    }

    /** A signature that is made as the handshake goes on. */
    private static final class TokenSigner extends OutputStream implements TlsStreamSigner {
        private final Signature signature;

        TokenSigner(Signature signature) {
            this.signature = signature;
        }

        @Override
        public OutputStream getOutputStream() {
            return this;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                signature.update(octets, offset, length);
            } catch (SignatureException e) {
                throw new TlsFatalAlert(AlertDescription.internal_error, e);
            }
        }

        @Override
        public byte[] getSignature() throws IOException {
            try {
                return signature.sign();
            } catch (SignatureException e) {
                throw new TlsFatalAlert(AlertDescription.internal_error, e);
            }
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

        /** Those of GCM are made for every record: those of the cipher's own provider cost it less heap. */
        @Override
        public AlgorithmParameters createAlgorithmParameters(String algorithm) throws NoSuchAlgorithmException {
            return algorithm.equals("GCM")
                    ? AlgorithmParameters.getInstance(algorithm)
                    : super.createAlgorithmParameters(algorithm);
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
        public Signature createSignature(String algorithm) throws NoSuchAlgorithmException {
            return TokenSignature.RAW.contains(algorithm)
                    ? new TokenSignature(algorithm, super.createSignature(algorithm))
                    : super.createSignature(algorithm);
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

    /** BCJSSE takes a scheme that the peer accepts without trying whether the key signs by it, so all have to work. */
    @Override
    Optional<String> objection(Identity.Entry entry, EngineModel.Usable usable) {
        if (!Signing.staysInToken(entry.key())) {
            return edwards(entry) ? adaptable(entry) : Optional.empty();
        }
        if (edwards(entry)) {
            return Optional.of("it needs an Edwards key as an object of its own, and this one does not leave its token;"
                    + " use engine jdk");
        }
        List<SignatureScheme> schemes = usable.schemes().stream()
                .filter(s -> usable.versions().stream().anyMatch(v -> entry.kind().signs(s, v)))
                .toList();
        for (SignatureScheme scheme : schemes) {
            try {
                if (!TokenSignature.belongTogether(entry.key(), entry.certificate().getPublicKey(), scheme)) {
                    return Optional.of("what it signs by " + scheme + " does not verify with its certificate");
                }
            } catch (GeneralSecurityException e) {
                return Optional.of("it cannot sign " + scheme + " with it: " + PemFile.oneLine(e)
                        + "; register the key's provider (Security.addProvider), or use engine jdk");
            }
        }
        return Optional.empty();
    }

    /**
     * BCJSSE knows an Edwards key by the algorithm names Ed25519 and Ed448; the JDK's objects say EdDSA. It can use the
     * JDK's keys on other curves, but computes the multiples of the curve's base point anew for each signature then,
     * which is a good part of the work. A key that does not leave its token stays what it is.
     */
    @Override
    Identity adapt(Identity identity) {
        List<Identity.Entry> entries = new ArrayList<>();
        for (Identity.Entry entry : identity.entries()) {
            if (edwards(entry)) {
                entries.add(new Identity.Entry(own(entry), ownCertificates(entry)));
            } else if (entry.kind().algorithm().equals("EC") && !Signing.staysInToken(entry.key())) {
                entries.add(new Identity.Entry(own(entry), entry.chain()));
            } else {
                entries.add(entry);
            }
        }
        return Identity.of(entries);
    }

    private static boolean edwards(Identity.Entry entry) {
        return entry.kind().algorithm().startsWith("Ed");
    }

    private static Optional<String> adaptable(Identity.Entry entry) {
        try {
            own(entry);
            ownCertificates(entry);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(PemFile.oneLine(e));
        }
    }

    private static PrivateKey own(Identity.Entry entry) {
        byte[] encoded = entry.key().getEncoded();
        try {
            return KeyFactory.getInstance(entry.kind().algorithm(), CRYPTO)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw unusable(entry, e);
        }
    }

    private static List<X509Certificate> ownCertificates(Identity.Entry entry) {
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509", CRYPTO);
            List<X509Certificate> chain = new ArrayList<>();
            for (X509Certificate certificate : entry.chain()) {
                chain.add((X509Certificate)
                        x509.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw unusable(entry, e);
        }
    }

    private static IllegalArgumentException unusable(Identity.Entry entry, GeneralSecurityException e) {
        return new IllegalArgumentException("it does not take over the key of " + entry + ": " + e.getMessage(), e);
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
