package org.dicomtls.interop.peer;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** Lists of values for models, written as IANA names with blanks between them. */
public final class Names {

    private Names() {}

    /**
     * For example {@code TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256}.
     *
     * @throws IllegalArgumentException when one is not registered
     */
    public static List<CipherSuite> suites(String names) {
        return list(names, CipherSuite::named, "cipher suite");
    }

    /**
     * For example {@code x25519 secp256r1}.
     *
     * @throws IllegalArgumentException when one is not registered
     */
    public static List<NamedGroup> groups(String names) {
        return list(names, NamedGroup::named, "group");
    }

    /**
     * For example {@code ecdsa_secp256r1_sha256 rsa_pss_rsae_sha256}.
     *
     * @throws IllegalArgumentException when one is not registered
     */
    public static List<SignatureScheme> schemes(String names) {
        return list(names, SignatureScheme::named, "signature scheme");
    }

    /**
     * For example {@code TLSv1.3 TLSv1.2}.
     *
     * @throws IllegalArgumentException when one has no such name
     */
    public static List<TlsVersion> versions(String names) {
        return list(names, TlsVersion::named, "TLS version");
    }

    /** The one list, and then the other. */
    static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static <T> List<T> list(String names, Function<String, Optional<T>> named, String what) {
        return Stream.of(names.trim().split("\\s+"))
                .filter(name -> !name.isEmpty())
                .map(name -> named.apply(name)
                        .orElseThrow(() -> new IllegalArgumentException("unknown " + what + " '" + name + "'")))
                .toList();
    }
}
