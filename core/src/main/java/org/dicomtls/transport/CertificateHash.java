package org.dicomtls.transport;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import org.dicomtls.tls.HashAlgorithm;

/** The hash function under a certificate's signature. */
final class CertificateHash {

    private CertificateHash() {}

    static HashAlgorithm of(X509Certificate certificate) {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (name.startsWith("ED") || name.equals("1.3.101.112") || name.equals("1.3.101.113")) {
            return HashAlgorithm.INTRINSIC;
        }
        if (name.equals("RSASSA-PSS") || certificate.getSigAlgOID().equals("1.2.840.113549.1.1.10")) {
            return pss(certificate.getSigAlgParams());
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
