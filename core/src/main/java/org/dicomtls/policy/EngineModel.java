package org.dicomtls.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * What an engine of a version can do as delivered, and in which manner it chooses. Written from measurement; a
 * standing test compares it with the ClientHello that the engine of the running JVM really sends.
 *
 * @param engine the engine
 * @param jdk the feature version of the JDK, e.g. 17
 */
public record EngineModel(Engine engine, int jdk) {

    public EngineModel {
        if (jdk < 17) {
            throw new IllegalArgumentException("JDK " + jdk + " is not supported, 17 is the least");
        }
    }

    /** The model of that engine on the running JVM. */
    public static EngineModel here(Engine engine) {
        return new EngineModel(engine, Runtime.version().feature());
    }

    /** Versions that are not switched off by the JVM-wide {@code jdk.tls.disabledAlgorithms} as delivered. */
    public List<TlsVersion> versions() {
        return List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
    }

    public boolean supports(TlsVersion version) {
        return versions().contains(version);
    }

    /** Whether the engine implements the suite and {@code jdk.tls.disabledAlgorithms} as delivered leaves it usable. */
    public boolean supports(CipherSuite suite) {
        if (!suite.certificateAuthenticated() || suite.bits() < 128) {
            return false;
        }
        if (suite.tls13()) {
            return suite.cipher() == BulkCipher.AES && suite.mode() == CipherMode.GCM
                    || suite.mode() == CipherMode.POLY1305
                    || engine == Engine.BC && suite.cipher() == BulkCipher.AES;
        }
        boolean aesGcmOrCbc = suite.cipher() == BulkCipher.AES
                && (suite.mode() == CipherMode.GCM || suite.mode() == CipherMode.CBC);
        boolean exchange = suite.keyExchange() == KeyExchange.ECDHE
                || suite.keyExchange() == KeyExchange.DHE
                || suite.keyExchange() == KeyExchange.RSA && staticRsa();
        if (!exchange) {
            return false;
        }
        if (aesGcmOrCbc) {
            return true;
        }
        if (suite.mode() == CipherMode.POLY1305) {
            return suite.keyExchange() != KeyExchange.RSA;
        }
        return engine == Engine.BC
                && (suite.cipher() == BulkCipher.AES
                        || suite.cipher() == BulkCipher.CAMELLIA
                        || suite.cipher() == BulkCipher.ARIA);
    }

    /** JDK 22 and later disable {@code TLS_RSA_*} for every engine that honours the property, BCJSSE among them. */
    private boolean staticRsa() {
        return jdk < 22;
    }

    public boolean supports(NamedGroup group) {
        return GROUPS.contains(group);
    }

    private static final Set<NamedGroup> GROUPS = Set.of(
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1,
            NamedGroup.X448,
            NamedGroup.FFDHE2048,
            NamedGroup.FFDHE3072,
            NamedGroup.FFDHE4096,
            NamedGroup.FFDHE6144,
            NamedGroup.FFDHE8192);

    private static final Set<SignatureScheme> SCHEMES = Stream.of(
                    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501,
                    0x0601)
            .map(SignatureScheme::of)
            .collect(Collectors.toUnmodifiableSet());

    public boolean supports(SignatureScheme scheme) {
        return SCHEMES.contains(scheme);
    }

    /**
     * What of the policy the engine can use. A scheme whose curve is not among the groups, a suite without a group or
     * without a scheme, and a version without a suite are of no use, and both engines leave them out.
     */
    public Usable usable(Policy policy) {
        List<NamedGroup> groups = policy.groups().stream().filter(this::supports).toList();
        List<SignatureScheme> schemes = policy.schemes().stream()
                .filter(this::supports)
                .filter(s -> s.curve().map(groups::contains).orElse(true))
                .toList();
        List<TlsVersion> allowed =
                policy.versions().stream().filter(this::supports).toList();
        List<CipherSuite> suites = policy.suites().stream()
                .filter(this::supports)
                .filter(s -> allowed.stream().anyMatch(v -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .filter(s -> useful(s, groups, schemes))
                .toList();
        List<TlsVersion> versions = allowed.stream()
                .filter(v -> suites.stream().anyMatch(s -> s.tls13() == v.equals(TlsVersion.TLS_1_3)))
                .toList();
        return new Usable(versions, suites, groups, schemes);
    }

    private static boolean useful(CipherSuite suite, List<NamedGroup> groups, List<SignatureScheme> schemes) {
        boolean keyExchange = switch (suite.keyExchange()) {
            case TLS13 -> !groups.isEmpty();
            case ECDHE -> groups.stream().anyMatch(NamedGroup::ellipticCurve);
            case DHE -> groups.stream().anyMatch(NamedGroup::finiteField);
            default -> true;
        };
        boolean signature = switch (suite.authentication()) {
            case TLS13 -> schemes.stream().anyMatch(SignatureScheme::tls13Handshake);
            // EC, Ed25519 and Ed448 keys all serve ECDSA suites (RFC 8422 §2.2).
            case ECDSA -> schemes.stream().anyMatch(s -> s.keyType().startsWith("E"));
            case RSA -> suite.keyExchange() == KeyExchange.RSA
                    || schemes.stream().anyMatch(s -> s.keyType().startsWith("RSA"));
            default -> true;
        };
        return keyExchange && signature;
    }

    /**
     * The part of a policy that an engine can use.
     *
     * @param versions newest first
     * @param suites in order of preference
     * @param groups in order of preference
     * @param schemes in order of preference
     */
    public record Usable(
            List<TlsVersion> versions,
            List<CipherSuite> suites,
            List<NamedGroup> groups,
            List<SignatureScheme> schemes) {}
}
