package org.dicomtls.transport;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How this node finds out whether a certificate of a peer was revoked: from revocation lists, from a status that the
 * server staples to the handshake, and from an OCSP responder. What is revoked is refused. What nobody tells anything of
 * is refused as well, unless {@link #softFail} says otherwise. Immutable.
 *
 * <p>Every certificate of the path but the trusted authority is asked about, and a certificate that is trusted for
 * itself is not: taking it off the list of trusted ones is how it is revoked.
 */
public final class Revocation {

    /** How long a handshake waits for responders, on the thread that does it. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    private static final Revocation NONE =
            new Revocation(false, List.of(), false, Optional.empty(), DEFAULT_TIMEOUT, false, false);

    private final boolean checked;
    private final List<RevocationList> lists;
    private final boolean fetching;
    private final Optional<URI> responder;
    private final Duration timeout;
    private final boolean soft;
    private final boolean peersOnly;

    private Revocation(
            boolean checked,
            List<RevocationList> lists,
            boolean fetching,
            Optional<URI> responder,
            Duration timeout,
            boolean soft,
            boolean peersOnly) {
        this.checked = checked;
        this.lists = List.copyOf(lists);
        this.fetching = fetching;
        this.responder = responder;
        this.timeout = timeout;
        this.soft = soft;
        this.peersOnly = peersOnly;
    }

    /** Revocation is not looked at. */
    public static Revocation unchecked() {
        return NONE;
    }

    /**
     * Believes the revocation lists of those files, DER or PEM, of any number of authorities. A list is used only if its
     * authority has signed it and its {@code nextUpdate} has not passed.
     *
     * @throws CredentialException when a file cannot be read, holds no list, or one that says nothing by itself (delta
     *     and indirect lists)
     */
    public static Revocation lists(Path... files) throws CredentialException {
        List<RevocationList> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(RevocationList.read(file));
        }
        return NONE.with(all, false, Optional.empty());
    }

    /**
     * Believes those revocation lists.
     *
     * @throws IllegalArgumentException when one says nothing by itself (delta and indirect lists)
     */
    public static Revocation lists(X509CRL... lists) {
        List<RevocationList> all = new ArrayList<>();
        for (X509CRL list : lists) {
            try {
                all.add(RevocationList.of(list));
            } catch (CRLException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return NONE.with(all, false, Optional.empty());
    }

    /**
     * What the revocation lists of those files say at any time: give it to {@link
     * SecureTransport.Builder#revocation(Watched)}.
     *
     * @throws CredentialException when they cannot be used now
     */
    public static Watched<Revocation> watched(Path... files) throws CredentialException {
        return Watched.of(() -> lists(files), files);
    }

    /** Believes what a server staples, and nothing else. Servers have no such thing from their clients. */
    public static Revocation stapled() {
        return NONE.with(List.of(), false, Optional.empty());
    }

    /**
     * Believes what a server staples, and asks the responder that a certificate names, while the handshake waits; answers
     * are remembered.
     */
    public static Revocation ocsp() {
        return NONE.with(List.of(), true, Optional.empty());
    }

    /**
     * Believes what a server staples, and asks that responder about all certificates.
     *
     * @throws IllegalArgumentException when it is not reached by http or https
     */
    public static Revocation ocsp(URI responder) {
        if (!OcspResponders.reachable(responder)) {
            throw new IllegalArgumentException(
                    "OCSP responder " + Printable.of(responder.toString(), 200) + ": an http or https URL is wanted");
        }
        return NONE.with(List.of(), true, Optional.of(responder));
    }

    private Revocation with(List<RevocationList> all, boolean ask, Optional<URI> whom) {
        return new Revocation(true, all, ask, whom, timeout, soft, peersOnly);
    }

    /**
     * This and another source of knowledge; what either says is revoked is. The responder and the timeout are the other's
     * if it asks a responder, and nothing fails softly that does not in both.
     */
    public Revocation and(Revocation other) {
        if (!checked) {
            return other;
        }
        if (!other.checked) {
            return this;
        }
        List<RevocationList> all = new ArrayList<>(lists);
        all.addAll(other.lists);
        return new Revocation(
                true,
                all,
                fetching || other.fetching,
                other.fetching ? other.responder : responder,
                other.fetching ? other.timeout : timeout,
                soft && other.soft,
                peersOnly && other.peersOnly);
    }

    /** This, with a time within which responders have to answer about all certificates of a peer. */
    public Revocation timeout(Duration value) {
        if (Objects.requireNonNull(value, "timeout").isNegative() || value.isZero()) {
            throw new IllegalArgumentException("OCSP timeout " + value + " is not positive");
        }
        return new Revocation(checked, lists, fetching, responder, value, soft, peersOnly);
    }

    /**
     * This, but a certificate is accepted where nobody tells whether it was revoked; that is logged. Who can keep the
     * responder from being reached can then use a revoked certificate.
     */
    public Revocation softFail() {
        return new Revocation(checked, lists, fetching, responder, timeout, true, peersOnly);
    }

    /** This, but only the peer's own certificate is asked about, not the authorities between it and the trusted one. */
    public Revocation peersOnly() {
        return new Revocation(checked, lists, fetching, responder, timeout, soft, true);
    }

    /** Whether revocation is looked at. */
    public boolean checked() {
        return checked;
    }

    /** In what this finds out less than that; phrases to follow "the next transport". */
    List<String> weakerThan(Revocation before) {
        List<String> weaker = new ArrayList<>();
        if (!before.checked) {
            return weaker;
        }
        if (!checked) {
            weaker.add("does not look at revocation");
            return weaker;
        }
        if (!before.lists.isEmpty() && lists.isEmpty()) {
            weaker.add("has no revocation lists");
        }
        if (before.fetching && !fetching) {
            weaker.add("asks no OCSP responder");
        }
        if (!before.soft && soft) {
            weaker.add("accepts certificates of which nobody tells whether they were revoked");
        }
        if (!before.peersOnly && peersOnly) {
            weaker.add("does not ask about the authorities of a peer");
        }
        return weaker;
    }

    List<RevocationList> lists() {
        return lists;
    }

    boolean fetching() {
        return fetching;
    }

    Optional<URI> responder() {
        return responder;
    }

    Duration timeout() {
        return timeout;
    }

    boolean soft() {
        return soft;
    }

    boolean onlyPeers() {
        return peersOnly;
    }

    @Override
    public String toString() {
        if (!checked) {
            return "not checked";
        }
        List<String> parts = new ArrayList<>();
        lists.forEach(list -> parts.add(list.toString()));
        parts.add("stapled OCSP");
        if (fetching) {
            parts.add("OCSP" + responder.map(uri -> " of " + uri).orElse(""));
        }
        return String.join(", ", parts) + (soft ? ", soft fail" : "");
    }
}
