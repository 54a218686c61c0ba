package org.dicomtls.rule;

import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * A kind of value of which an end supports some and not others.
 *
 * @param <T> the type of the values
 */
public final class Dimension<T extends Comparable<? super T>> {

    /** Protocol versions that the end negotiates. */
    public static final Dimension<TlsVersion> VERSION = new Dimension<>("version", TlsVersion.class);
    /** Suites that the end negotiates with TLS 1.2 or earlier. */
    public static final Dimension<CipherSuite> SUITE_TLS12 = new Dimension<>("TLS 1.2 cipher suite", CipherSuite.class);
    /** Suites that the end negotiates with TLS 1.3. */
    public static final Dimension<CipherSuite> SUITE_TLS13 = new Dimension<>("TLS 1.3 cipher suite", CipherSuite.class);
    /** Groups of (EC)DHE that the end negotiates. */
    public static final Dimension<NamedGroup> GROUP = new Dimension<>("group", NamedGroup.class);
    /** Signature schemes that the end accepts or makes in a handshake. */
    public static final Dimension<SignatureScheme> SCHEME = new Dimension<>("signature scheme", SignatureScheme.class);
    /** Hash functions under the signatures of certificates that the end uses or accepts. */
    public static final Dimension<HashAlgorithm> CERTIFICATE_HASH =
            new Dimension<>("certificate hash", HashAlgorithm.class);

    private final String title;
    private final Class<T> type;

    private Dimension(String title, Class<T> type) {
        this.title = title;
        this.type = type;
    }

    /** In words, e.g. {@code signature scheme}. */
    public String title() {
        return title;
    }

    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return title;
    }
}
