package org.dicomtls.transport;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.dicomtls.tls.HashAlgorithm;

/** The hash function under the signature of a certificate, a revocation list or a status. */
final class CertificateHash {

    private CertificateHash() {}

    static HashAlgorithm of(X509Certificate certificate) {
        return of(certificate.getSigAlgName(), certificate.getSigAlgOID(), certificate.getSigAlgParams());
    }

    /** The same of a revocation list. */
    static HashAlgorithm of(X509CRL list) {
        return of(list.getSigAlgName(), list.getSigAlgOID(), list.getSigAlgParams());
    }

    /** The same of anything that has a signature with that algorithm. */
    static HashAlgorithm of(AlgorithmIdentifier algorithm) {
        try {
            return of(
                    new DefaultSignatureNameFinder().getAlgorithmName(algorithm),
                    algorithm.getAlgorithm().getId(),
                    algorithm.getParameters() == null
                            ? null
                            : algorithm.getParameters().toASN1Primitive().getEncoded());
        } catch (java.io.IOException e) {
            return HashAlgorithm.UNKNOWN;
        }
    }

    private static HashAlgorithm of(String given, String oid, byte[] parameters) {
        String name = given.toUpperCase(Locale.ROOT);
        if (name.startsWith("ED") || name.equals("1.3.101.112") || name.equals("1.3.101.113")) {
            return HashAlgorithm.INTRINSIC;
        }
        if (name.equals("RSASSA-PSS") || oid.equals("1.2.840.113549.1.1.10")) {
            return pss(parameters);
        }
        int with = name.indexOf("WITH");
        return with < 0 ? HashAlgorithm.UNKNOWN : named(name.substring(0, with));
    }

    private static HashAlgorithm pss(byte[] encoded) {
        if (encoded == null) {
            return HashAlgorithm.SHA1; // RFC 4055 §3.1: the default
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            return named(parameters
                    .getParameterSpec(PSSParameterSpec.class)
                    .getDigestAlgorithm()
                    .toUpperCase(Locale.ROOT));
        } catch (GeneralSecurityException | java.io.IOException e) {
            return HashAlgorithm.UNKNOWN;
        }
    }

    private static HashAlgorithm named(String name) {
        String bare = name.replace("-", "");
        for (HashAlgorithm hash : HashAlgorithm.values()) {
            if (hash.name().equals(bare)) {
                return hash;
            }
        }
        return HashAlgorithm.UNKNOWN;
    }
}
