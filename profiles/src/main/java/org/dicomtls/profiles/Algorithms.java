package org.dicomtls.profiles;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** The sets of versions, groups, signature schemes and hashes that the clauses name or describe. */
final class Algorithms {

    static final List<TlsVersion> SSL = List.of(TlsVersion.SSL_2, TlsVersion.SSL_3);
    static final List<TlsVersion> TLS10_TLS11 = List.of(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1);
    static final List<TlsVersion> TLS12_TLS13 = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);

    /** All groups of ECDHE and DHE; neither hybrids nor ML-KEM alone are either. */
    static final List<NamedGroup> ECDHE_AND_DHE =
            NamedGroup.matching(g -> g.ellipticCurve() || g.finiteField());

    static final List<NamedGroup> CURVES = List.of(
            NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1, NamedGroup.X25519, NamedGroup.X448);

    static final List<NamedGroup> CURVES_AND_FFDHE = Stream.concat(
                    CURVES.stream(),
                    Stream.of(
                            NamedGroup.FFDHE2048,
                            NamedGroup.FFDHE3072,
                            NamedGroup.FFDHE4096,
                            NamedGroup.FFDHE6144,
                            NamedGroup.FFDHE8192))
            .toList();

    /** ECDSA, RSASSA-PSS and RSASSA-PKCS1-v1_5 with SHA-256 and SHA-384. */
    static final List<SignatureScheme> SHA256_SHA384_SCHEMES =
            schemes(0x0403, 0x0503, 0x0804, 0x0805, 0x0809, 0x080A, 0x0401, 0x0501);

    /** The same with SHA-512, and EdDSA. */
    static final List<SignatureScheme> SHA2_SCHEMES = Stream.concat(
                    SHA256_SHA384_SCHEMES.stream(),
                    schemes(0x0603, 0x0806, 0x080B, 0x0601, 0x0807, 0x0808).stream())
            .toList();

    static final List<SignatureScheme> SHA1_MD5_SCHEMES =
            SignatureScheme.matching(s -> s.hash() == HashAlgorithm.SHA1 || s.hash() == HashAlgorithm.MD5);

    static final List<SignatureScheme> SHA256_SCHEMES =
            SignatureScheme.matching(s -> s.hash() == HashAlgorithm.SHA256 && SHA2_SCHEMES.contains(s));

    static final List<HashAlgorithm> SHA256_OR_GREATER =
            List.of(HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512);

    /** The same, and the hashes inside EdDSA. */
    static final List<HashAlgorithm> SHA256_OR_STRONGER = List.of(
            HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512, HashAlgorithm.INTRINSIC);

    static final List<HashAlgorithm> BROKEN_HASHES =
            List.of(HashAlgorithm.MD2, HashAlgorithm.MD5, HashAlgorithm.SHA1);

    private Algorithms() {}

    private static List<SignatureScheme> schemes(int... codes) {
        return IntStream.of(codes).mapToObj(SignatureScheme::of).toList();
    }
}
