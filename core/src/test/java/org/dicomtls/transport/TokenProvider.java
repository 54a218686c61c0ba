package org.dicomtls.transport;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * A JCA provider like that of a PKCS#11 token: its keys have no encoding, and no other provider can use them. Registered
 * with the JVM until it is closed.
 */
final class TokenProvider extends Provider implements AutoCloseable {
    private static final long serialVersionUID = 1;

    /** Signs over a hash that was made before; what the JDK's own providers lack for RSA. */
    private static final Provider RAW = new BouncyCastleProvider();

    static final Set<String> EVERYTHING = Set.of(
            "SHA256withRSA",
            "SHA384withRSA",
            "SHA512withRSA",
            "RSASSA-PSS",
            "NONEwithRSA",
            "SHA256withECDSA",
            "SHA384withECDSA",
            "SHA512withECDSA",
            "NONEwithECDSA");

    private final AtomicInteger signatures = new AtomicInteger();

    /** A key that stays in the token. */
    static class TokenKey implements PrivateKey {
        private static final long serialVersionUID = 1;
        final transient PrivateKey hidden;

        TokenKey(PrivateKey hidden) {
            this.hidden = hidden;
        }

        @Override
        public String getAlgorithm() {
            return hidden.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    /** One that tells its modulus, as those of most tokens do. */
    static final class RsaTokenKey extends TokenKey implements RSAKey {
        private static final long serialVersionUID = 1;

        RsaTokenKey(PrivateKey hidden) {
            super(hidden);
        }

        @Override
        public BigInteger getModulus() {
            return ((RSAKey) hidden).getModulus();
        }
    }

    /** A provider of those signature algorithms. */
    TokenProvider(Set<String> algorithms) {
        super("TestToken", "1", "keys that do not leave their token");
        for (String algorithm : algorithms) {
            putService(new Service(this, "Signature", algorithm, TokenSpi.class.getName(), List.of(), Map.of()) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    return new TokenSpi(algorithm);
                }

                @Override
                public boolean supportsParameter(Object key) {
                    return key instanceof TokenKey;
                }
            });
        }
    }

    TokenProvider register() {
        Security.addProvider(this);
        return this;
    }

    @Override
    public void close() {
        Security.removeProvider(getName());
    }

    /** How often a key of this token was used. */
    int signatures() {
        return signatures.get();
    }

    /** The same identity with its keys in the token; RSA keys tell their modulus. */
    static Identity inToken(Identity identity) {
        return Identity.of(identity.entries().stream()
                .map(e -> new Identity.Entry(
                        e.key() instanceof RSAKey ? new RsaTokenKey(e.key()) : new TokenKey(e.key()), e.chain()))
                .toList());
    }

    /** The same identity with keys that tell nothing but their algorithm. */
    static Identity opaque(Identity identity) {
        return Identity.of(identity.entries().stream()
                .map(e -> new Identity.Entry(new TokenKey(e.key()), e.chain()))
                .toList());
    }

    private final class TokenSpi extends SignatureSpi {
        private final Signature inside;

        TokenSpi(String algorithm) throws NoSuchAlgorithmException {
            inside = algorithm.startsWith("NONE") ? Signature.getInstance(algorithm, RAW) : software(algorithm);
        }

        private static Signature software(String algorithm) throws NoSuchAlgorithmException {
            try {
                return Signature.getInstance(algorithm, algorithm.contains("ECDSA") ? "SunEC" : "SunRsaSign");
            } catch (GeneralSecurityException e) {
                throw new NoSuchAlgorithmException(e);
            }
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof TokenKey token)) {
                throw new InvalidKeyException("not a key of this token");
            }
            inside.initSign(token.hidden);
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("this token verifies nothing");
        }

        @Override
        protected void engineUpdate(byte octet) throws SignatureException {
            inside.update(octet);
        }

        @Override
        protected void engineUpdate(byte[] octets, int offset, int length) throws SignatureException {
            inside.update(octets, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            signatures.incrementAndGet();
            return inside.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            throw new SignatureException("this token verifies nothing");
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec parameters)
                throws InvalidAlgorithmParameterException {
            inside.setParameter(parameters);
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            return inside.getParameters();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String parameter, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String parameter) {
            throw new UnsupportedOperationException();
        }
    }
}
