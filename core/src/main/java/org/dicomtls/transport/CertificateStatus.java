package org.dicomtls.transport;

import java.time.Duration;
import java.time.Instant;

/**
 * What is known of a certificate's revocation.
 *
 * @param kind good, revoked, or not known
 * @param why for revoked and unknown, to follow "it"; for good, who says so
 * @param until how long this may be believed; for unknown it has no meaning
 */
record CertificateStatus(Kind kind, String why, Instant until) {

    /** How far the clocks of this node and of an authority may be apart. */
    static final Duration CLOCKS = Duration.ofMinutes(5);

    enum Kind {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    static CertificateStatus good(String who, Instant until) {
        return new CertificateStatus(Kind.GOOD, who, until);
    }

    static CertificateStatus revoked(Instant when, String reason, String who, Instant until) {
        return new CertificateStatus(Kind.REVOKED, "was revoked on " + when + " (" + reason + "), says " + who, until);
    }

    static CertificateStatus unknown(String why) {
        return new CertificateStatus(Kind.UNKNOWN, why, Instant.MIN);
    }
}
