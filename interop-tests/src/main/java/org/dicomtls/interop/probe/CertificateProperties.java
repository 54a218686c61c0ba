package org.dicomtls.interop.probe;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.dicomtls.tls.HashAlgorithm;

/** What rules ask of a certificate and JCA does not say. */
public final class CertificateProperties {

    private static final BigInteger P_256_ORDER = SECNamedCurves.getByName("secp256r1").getN();
    private static final BigInteger P_256_PRIME =
            SECNamedCurves.getByName("secp256r1").getCurve().getField().getCharacteristic();

    private static final Map<ASN1ObjectIdentifier, HashAlgorithm> HASHES = Map.of(
            OIWObjectIdentifiers.idSHA1, HashAlgorithm.SHA1,
            NISTObjectIdentifiers.id_sha224, HashAlgorithm.SHA224,
            NISTObjectIdentifiers.id_sha256, HashAlgorithm.SHA256,
            NISTObjectIdentifiers.id_sha384, HashAlgorithm.SHA384,
            NISTObjectIdentifiers.id_sha512, HashAlgorithm.SHA512);

    private CertificateProperties() {}

    /** The hash under the certificate's signature; empty where it is unknown. */
    public static Optional<HashAlgorithm> hash(X509Certificate certificate) {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT).replace("-", "");
        if (name.startsWith("ED")) {
            return Optional.of(HashAlgorithm.INTRINSIC);
        }
        if (name.equals("RSASSAPSS")) {
            try {
                return Optional.ofNullable(HASHES.get(
                        RSASSAPSSparams.getInstance(certificate.getSigAlgParams()).getHashAlgorithm().getAlgorithm()));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        for (HashAlgorithm hash : HashAlgorithm.values()) {
            if (name.startsWith(hash.name() + "WITH")) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** Whether that key is on P-256: other curves have 256 bits as well. */
    public static boolean onP256(ECPublicKey key) {
        return key.getParams().getOrder().equals(P_256_ORDER)
                && key.getParams().getCurve().getField() instanceof java.security.spec.ECFieldFp field
                && field.getP().equals(P_256_PRIME);
    }
}
