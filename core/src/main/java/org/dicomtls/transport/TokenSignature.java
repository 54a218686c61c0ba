package org.dicomtls.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Set;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.dicomtls.tls.SignatureScheme;

/**
 * A signature over a hash that was made before, as Bouncy Castle's engine asks for it: by Bouncy Castle where it has the
 * key, and by the key's own provider where the key stays in a token. Few providers sign RSA without hashing; then the
 * cipher with the padding of PKCS#1 does the same (CKM_RSA_PKCS).
 */
final class TokenSignature extends Signature {

    private static final String RSA = "NoneWithRSA";
    private static final String ECDSA = "NoneWithECDSA";

    /** The algorithms that Bouncy Castle asks its helper for. */
    static final Set<String> RAW = Set.of(RSA, ECDSA);

    private final Signature ours;
    private final ByteArrayOutputStream hash = new ByteArrayOutputStream();
    private Signature signature;
    private Cipher cipher;

    /** With Bouncy Castle's own signature of that algorithm. */
    TokenSignature(String algorithm, Signature ours) {
        super(algorithm);
        this.ours = ours;
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
        signature = ours;
        cipher = null;
        signature.initVerify(key);
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
        cipher = null;
        hash.reset();
        if (!Signing.staysInToken(key)) {
            signature = ours;
            if (appRandom == null) {
                signature.initSign(key);
            } else {
                signature.initSign(key, appRandom);
            }
            return;
        }
        try {
            signature = Signing.by(key, getAlgorithm().equals(RSA) ? "NONEwithRSA" : "NONEwithECDSA", null);
        } catch (GeneralSecurityException e) {
            signature = null;
            if (!getAlgorithm().equals(RSA)) {
                throw new InvalidKeyException(e.getMessage(), e);
            }
            cipher = cipher(key);
        }
    }

    private static Cipher cipher(PrivateKey key) throws InvalidKeyException {
        InvalidKeyException refused = new InvalidKeyException("no provider that is registered with this JVM signs RSA with it"
                + " over a given hash (NONEwithRSA, or the cipher RSA/ECB/PKCS1Padding)");
        for (Provider provider : Security.getProviders()) {
            try {
                Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding", provider);
                cipher.init(Cipher.ENCRYPT_MODE, key);
                return cipher;
            } catch (GeneralSecurityException | UnsupportedOperationException | ProviderException e) {
                refused.addSuppressed(e);
            }
        }
        throw refused;
    }

    @Override
    protected void engineUpdate(byte octet) throws SignatureException {
        engineUpdate(new byte[] {octet}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] octets, int offset, int length) throws SignatureException {
        if (cipher != null) {
            hash.write(octets, offset, length);
        } else {
            signature.update(octets, offset, length);
        }
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        if (cipher == null) {
            return signature.sign();
        }
        try {
            return cipher.doFinal(hash.toByteArray());
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SignatureException(e.getMessage(), e);
        } finally {
            hash.reset();
        }
    }

    @Override
    protected boolean engineVerify(byte[] signed) throws SignatureException {
        return signature.verify(signed);
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String parameter, Object value) {
        throw new UnsupportedOperationException("a signature over a hash has no parameters");
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec parameters)
            throws java.security.InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new java.security.InvalidAlgorithmParameterException("a signature over a hash has no parameters");
        }
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
        return null;
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String parameter) {
        throw new UnsupportedOperationException("a signature over a hash has no parameters");
    }

    /**
     * Whether the key signs by that scheme, in the way in which Bouncy Castle's engine will ask for it, what the public
     * key verifies.
     *
     * @throws GeneralSecurityException when no provider signs so
     */
    static boolean belongTogether(PrivateKey key, PublicKey certified, SignatureScheme scheme)
            throws GeneralSecurityException {
        if (scheme.algorithm() == SignatureScheme.Algorithm.RSASSA_PSS) {
            return Signing.belongTogether(key, certified, scheme);
        }
        boolean rsa = scheme.algorithm() == SignatureScheme.Algorithm.RSASSA_PKCS1_V1_5;
        byte[] probe = {7, 7, 7};
        byte[] digest = MessageDigest.getInstance(scheme.hash().title()).digest(probe);
        TokenSignature signer = new TokenSignature(rsa ? RSA : ECDSA, null);
        signer.initSign(key);
        signer.update(rsa ? digestInfo(scheme, digest) : digest);
        Signature verifier = Signature.getInstance(scheme.hash().name() + (rsa ? "withRSA" : "withECDSA"));
        verifier.initVerify(certified);
        verifier.update(probe);
        return verifier.verify(signer.sign());
    }

    private static byte[] digestInfo(SignatureScheme scheme, byte[] digest) throws NoSuchAlgorithmException {
        try {
            AlgorithmIdentifier hash = new DefaultDigestAlgorithmIdentifierFinder().find(scheme.hash().title());
            return new DigestInfo(new AlgorithmIdentifier(hash.getAlgorithm(), DERNull.INSTANCE), digest)
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new NoSuchAlgorithmException(e.getMessage(), e);
        }
    }
}
