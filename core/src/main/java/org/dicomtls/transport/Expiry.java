package org.dicomtls.transport;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A certificate of this node, or one that it trusts, that ends soon or has ended.
 *
 * @param use what it is here
 * @param certificate the certificate
 * @param within the least of 30, 7 and 1 days that is left at most; 0 when it has ended
 * @param at when this was found
 */
public record Expiry(Use use, X509Certificate certificate, int within, Instant at) {

    private static final int[] DAYS = {0, 1, 7, 30};

    /** What a certificate is to a transport. */
    public enum Use {
        /** Its own, or one of the chain that it presents. */
        OWN("own certificate"),
        /** An authority or a peer that it trusts. */
        TRUSTED("trusted certificate");

        private final String title;

        Use(String title) {
            this.title = title;
        }

        /** In words, for a message. */
        public String title() {
            return title;
        }
    }

    /**
     * What of these certificates ends within 30 days of that time or has ended, the most urgent first; each once. Where a
     * threshold falls into the first third of a certificate's life it says nothing new and does not count, so that
     * certificates of a month, a week or a day are not told of as soon as they are there.
     */
    public static List<Expiry> of(Identity identity, Trust trust, Instant at) {
        List<Expiry> found = new ArrayList<>();
        List<X509Certificate> own =
                identity.entries().stream().flatMap(e -> e.chain().stream()).distinct().toList();
        own.forEach(c -> of(Use.OWN, c, at).ifPresent(found::add));
        trust.authorities().stream()
                .filter(c -> !own.contains(c))
                .forEach(c -> of(Use.TRUSTED, c, at).ifPresent(found::add));
        return found.stream().sorted(Comparator.comparing(Expiry::end)).toList();
    }

    private static Optional<Expiry> of(Use use, X509Certificate certificate, Instant at) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(at, end);
        Duration whole = Duration.between(certificate.getNotBefore().toInstant(), end);
        for (int days : DAYS) {
            Duration threshold = Duration.ofDays(days);
            boolean newsworthy = threshold.multipliedBy(3).compareTo(whole.multipliedBy(2)) <= 0;
            if (newsworthy && (days == 0 ? left.isNegative() : left.compareTo(threshold) <= 0)) {
                return Optional.of(new Expiry(use, certificate, days, at));
            }
        }
        return Optional.empty();
    }

    /** Whether it has ended. */
    public boolean ended() {
        return within == 0;
    }

    /** When it ends or has ended. */
    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** One line for a log. */
    @Override
    public String toString() {
        long hours = Duration.between(at, end()).abs().toHours();
        String time = hours >= 48 ? hours / 24 + " days" : hours + (hours == 1 ? " hour" : " hours");
        return use.title() + " " + PeerCertificateException.name(certificate.getSubjectX500Principal()) + " (SHA-256 "
                + PeerCertificateException.fingerprint(certificate) + ") "
                + (ended() ? "has ended on " + end() + ", " + time + " ago" : "ends on " + end() + ", in " + time);
    }
}
