package org.dicomtls.interop.report;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** What comes from a peer, made fit for a terminal: no control characters, bounded. */
public final class PeerText {

    private static final int MOST = 400;

    private PeerText() {}

    /** The text without control and format characters, at most 400 characters of it. */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(MOST)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    /** A certificate in one line. */
    public static String certificate(X509Certificate certificate) {
        return clean(certificate.getSubjectX500Principal().getName()) + ", issued by "
                + clean(certificate.getIssuerX500Principal().getName()) + ", until "
                + certificate.getNotAfter().toInstant() + ", SHA-256 " + fingerprint(certificate);
    }

    /** The SHA-256 of a certificate in hexadecimal. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was parsed cannot be encoded", e);
        }
    }
}
