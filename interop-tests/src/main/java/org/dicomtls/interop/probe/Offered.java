package org.dicomtls.interop.probe;

import java.util.List;
import org.dicomtls.rule.Dimension;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;

/**
 * The values that a server is asked for.
 *
 * @param everything whether these are all that are registered, so that what the server does not take of them it does not
 *     have
 */
record Offered(
        boolean everything,
        List<CipherSuite> tls12,
        List<CipherSuite> tls13,
        List<NamedGroup> groups,
        List<SignatureScheme> schemes) {

    /** Whatever is registered, however weak. */
    static final Offered ALL = new Offered(
            true,
            CipherSuite.matching(s -> !s.tls13()),
            CipherSuite.matching(CipherSuite::tls13),
            Question.ALL_GROUPS,
            Question.ALL_SCHEMES);

    /** What a client of today or of the last fifteen years may offer: nothing anonymous, unencrypted or below 112 bits. */
    static final Offered GENTLE = new Offered(
            false,
            CipherSuite.matching(s -> !s.tls13() && s.certificateAuthenticated() && s.bits() >= 112
                    && s.cipher() != BulkCipher.RC4),
            CipherSuite.matching(s -> s.tls13() && s.bits() >= 128),
            Question.ALL_GROUPS.stream().filter(g -> g.bits() >= 224).toList(),
            Question.ALL_SCHEMES.stream()
                    .filter(s -> s.hash() != HashAlgorithm.MD5 && s.hash() != HashAlgorithm.SHA224)
                    .toList());

    @SuppressWarnings("unchecked") // each dimension goes with the list of its own type
    <T extends Comparable<? super T>> List<T> of(Dimension<T> dimension) {
        if (dimension == Dimension.SUITE_TLS12) {
            return (List<T>) tls12;
        } else if (dimension == Dimension.SUITE_TLS13) {
            return (List<T>) tls13;
        } else if (dimension == Dimension.GROUP) {
            return (List<T>) groups;
        } else if (dimension == Dimension.SCHEME) {
            return (List<T>) schemes;
        }
        return List.of();
    }
}
