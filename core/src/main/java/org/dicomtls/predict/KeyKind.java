package org.dicomtls.predict;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Optional;
import org.dicomtls.policy.EngineModel;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * The kind of key under a certificate, as far as it decides what can be negotiated.
 *
 * @param algorithm the JCA name: {@code RSA}, {@code RSASSA-PSS}, {@code EC}, {@code Ed25519} or {@code Ed448}
 * @param curve the curve of an EC key, if it is a registered group
 */
public record KeyKind(String algorithm, Optional<NamedGroup> curve) {

    public static final KeyKind RSA = new KeyKind("RSA", Optional.empty());
    public static final KeyKind ECDSA_P256 = new KeyKind("EC", Optional.of(NamedGroup.SECP256R1));

    /** The kind of that key. */
    public static KeyKind of(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            return new KeyKind(
                    "EC",
                    NamedGroup.matching(g -> g.kind() == NamedGroup.Kind.PRIME_CURVE && isOn(g, ec.getParams())).stream()
                            .findFirst());
        }
        if (key instanceof RSAKey) {
            return new KeyKind(key.getAlgorithm().equals("RSASSA-PSS") ? "RSASSA-PSS" : "RSA", Optional.empty());
        }
        return new KeyKind(
                key instanceof EdECPublicKey edwards ? edwards.getParams().getName() : key.getAlgorithm(), Optional.empty());
    }

    /** By the order of the base point: providers print a curve's name in different ways, or not at all. */
    private static boolean isOn(NamedGroup group, ECParameterSpec parameters) {
        if (group.bits() != parameters.getCurve().getField().getFieldSize()) {
            return false;
        }
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec(group.name()));
            return curve.getParameterSpec(ECParameterSpec.class).getOrder().equals(parameters.getOrder());
        } catch (GeneralSecurityException e) {
            return false; // a curve that this JVM does not know, and no profile uses
        }
    }

    /** Whether a server with such a key can authenticate in that suite of TLS 1.2 or earlier. */
    public boolean serves(CipherSuite suite) {
        return suite.authentication() == (algorithm.startsWith("RSA") ? Authentication.RSA : Authentication.ECDSA);
    }

    /**
     * Whether such a key can make a signature of that scheme in a handshake of that version. ECDSA schemes are tied to
     * their curves in TLS 1.3; in TLS 1.2 they are not, but SunJSSE signs by the same rule, so ours all do.
     */
    public boolean signs(SignatureScheme scheme, TlsVersion version) {
        return scheme.keyType().equals(algorithm)
                && (scheme.curve().isEmpty() || scheme.curve().equals(curve))
                && (scheme.tls13Handshake() || !version.equals(TlsVersion.TLS_1_3));
    }

    /** Whether an end can authenticate by such a key in that version, with what it can use of its policy. */
    public boolean usable(TlsVersion version, EngineModel.Usable usable) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        return usable.schemes().stream().anyMatch(s -> signs(s, version))
                && usable.suites().stream().anyMatch(s -> s.tls13() == tls13 && (tls13 || serves(s)));
    }

    /** For example {@code RSA} or {@code EC secp256r1}. */
    @Override
    public String toString() {
        return curve.map(c -> algorithm + " " + c).orElse(algorithm);
    }
}
