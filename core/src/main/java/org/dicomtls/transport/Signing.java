package org.dicomtls.transport;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.dicomtls.tls.SignatureScheme;

/** Signatures by keys of any JCA provider that is registered with the JVM, those that never leave a token among them. */
final class Signing {

    private static final byte[] PROBE =
            "dicom-tls: does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);

    private Signing() {}

    /** Whether the key stays where it is, so that only the provider that it comes from can use it. */
    static boolean staysInToken(PrivateKey key) {
        return key.getEncoded() == null;
    }

    /**
     * A signature that is ready to sign. The JCA chooses a provider by the key only as long as no parameters are set,
     * and RSASSA-PSS has parameters; so each provider is asked in turn.
     *
     * @param parameters null for none
     */
    static Signature by(PrivateKey key, String algorithm, AlgorithmParameterSpec parameters)
            throws GeneralSecurityException {
        Provider[] providers = Security.getProviders("Signature." + algorithm);
        if (providers == null) {
            throw new NoSuchAlgorithmException("no provider that is registered with this JVM knows " + algorithm);
        }
        InvalidKeyException refused =
                new InvalidKeyException("no provider that is registered with this JVM signs " + algorithm + " with it");
        for (Provider provider : providers) {
            try {
                Signature signature = Signature.getInstance(algorithm, provider);
                if (parameters != null) {
                    signature.setParameter(parameters);
                }
                signature.initSign(key);
                return signature;
            } catch (InvalidKeyException
                    | InvalidAlgorithmParameterException
                    | NoSuchAlgorithmException
                    | UnsupportedOperationException
                    | ProviderException e) {
                refused.addSuppressed(e);
            }
        }
        throw refused;
    }

    /**
     * Whether the private key signs what the public key verifies.
     *
     * @throws GeneralSecurityException when this JVM cannot sign or verify by that scheme with them
     */
    static boolean belongTogether(PrivateKey key, PublicKey certified, SignatureScheme scheme)
            throws GeneralSecurityException {
        String algorithm = algorithm(scheme);
        AlgorithmParameterSpec parameters = parameters(scheme);
        Signature signer = by(key, algorithm, parameters);
        Signature verifier = Signature.getInstance(algorithm);
        if (parameters != null) {
            verifier.setParameter(parameters);
        }
        verifier.initVerify(certified);
        try {
            signer.update(PROBE);
            verifier.update(PROBE);
            return verifier.verify(signer.sign());
        } catch (SignatureException e) {
            return false;
        }
    }

    private static String algorithm(SignatureScheme scheme) {
        return switch (scheme.algorithm()) {
            case RSASSA_PSS -> "RSASSA-PSS";
            case RSASSA_PKCS1_V1_5 -> scheme.hash().name() + "withRSA";
            case ECDSA -> scheme.hash().name() + "withECDSA";
            default -> scheme.keyType();
        };
    }

    private static AlgorithmParameterSpec parameters(SignatureScheme scheme) {
        if (scheme.algorithm() != SignatureScheme.Algorithm.RSASSA_PSS) {
            return null;
        }
        String hash = scheme.hash().title();
        int octets = Integer.parseInt(hash.substring(hash.indexOf('-') + 1)) / 8;
        return new PSSParameterSpec(
                hash, "MGF1", new MGF1ParameterSpec(hash), octets, PSSParameterSpec.TRAILER_FIELD_BC);
    }
}
