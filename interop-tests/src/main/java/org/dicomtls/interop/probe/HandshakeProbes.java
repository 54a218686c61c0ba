package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.probe.Handshake.After;
import org.dicomtls.interop.probe.Handshake.Outcome;
import org.dicomtls.interop.probe.Handshake.Showing;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** What only a finished handshake shows: client authentication, sessions, renegotiation, DICOM. */
final class HandshakeProbes {

    private static final String NEEDS_CERTIFICATE =
            "needs a client certificate that the server takes (--cert and --key, or --pki)";
    private static final long LONGEST_TICKET = 604_800;

    private final Inquiry inquiry;
    private final Notes notes;
    private final Manner manner;
    private final Map<Flaw, Outcome> flawed = Collections.synchronizedMap(new EnumMap<>(Flaw.class));

    /** The versions in which a client with a good certificate got an answer to its association request. */
    private final Set<TlsVersion> controlled = ConcurrentHashMap.newKeySet();

    /** What is shown where the server is to go along; empty if it goes along with nothing that we have. */
    private Optional<Showing> welcome = Optional.empty();
    private String lastWords = "none was tried";
    private boolean asked;
    private boolean good;
    private boolean resumes;
    private boolean known = true;

    HandshakeProbes(Inquiry inquiry, Manner manner) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
        this.manner = manner;
    }

    /** Whom the server takes: to be asked before all others, for they need to be taken. */
    List<Probe> authentication() {
        return List.of(Probe.gentle(
                List.of("S61", "S62"),
                Set.of(Need.TLS),
                List.of(
                        Property.CLIENT_AUTHENTICATION_REQUIRED,
                        Property.CLIENT_AUTHENTICATION_SUPPORTED,
                        Property.CERTIFICATE_PATH_VALIDATED),
                this::clientAuthentication));
    }

    /** What follows a handshake that the server goes along with. */
    List<Probe> afterwards() {
        List<Probe> probes = new ArrayList<>();
        if (inquiry.target().givenUp()) {
            return probes;
        }
        if (asked && good) {
            inquiry.presented().flawed().forEach((flaw, credential) -> probes.add(Probe.rude(
                    List.of("S62"), Set.of(Need.TLS), List.of(about(flaw)), () -> flawed(flaw, credential))));
            probes.add(Probe.rude(
                    List.of("S48"), Set.of(Need.TLS), List.of(Dimension.SCHEME), this::clientSignatures));
        }
        if (welcome.isEmpty()) {
            for (Property property : List.of(
                    Property.RENEGOTIATION_REFUSED,
                    Property.NO_EARLY_DATA,
                    Property.TICKET_LIFETIME_LIMITED,
                    Property.RESUMPTION_WITH_KEY_EXCHANGE,
                    Property.COUNTER_NONCES,
                    Property.NO_POST_HANDSHAKE_AUTHENTICATION)) {
                notes.open(property, asked ? NEEDS_CERTIFICATE : "no handshake came to its end: " + lastWords);
            }
            return probes;
        }
        if (!inquiry.speaks(TlsVersion.TLS_1_3)) {
            notes.absent(Property.RESUMPTION_WITH_KEY_EXCHANGE, "the server does not speak TLS 1.3");
        }
        probes.add(Probe.gentle(
                List.of("S54", "S59", "S66"),
                Set.of(Need.TLS_1_2),
                List.of(Property.TICKET_LIFETIME_LIMITED, Property.COUNTER_NONCES),
                this::session12));
        probes.add(Probe.gentle(
                List.of("S54", "S55", "S56"),
                Set.of(Need.TLS_1_3),
                List.of(Property.TICKET_LIFETIME_LIMITED, Property.NO_EARLY_DATA, Property.RESUMPTION_WITH_KEY_EXCHANGE),
                this::session13));
        probes.add(Probe.gentle(
                List.of("S57", "S67"),
                Set.of(Need.TLS_1_3),
                List.of(Property.NO_POST_HANDSHAKE_AUTHENTICATION),
                this::postHandshake));
        probes.add(Probe.rude(
                List.of("S38"), Set.of(Need.TLS_1_2), List.of(Property.RENEGOTIATION_REFUSED), this::renegotiation));
        return probes;
    }

    /** What all of them together tell. */
    void conclude() {
        if (welcome.isPresent() && (resumes || known)) {
            notes.condition(Condition.RESUMPTION, resumes);
        }
        acceptedOfClients();
    }

    /** A handshake, and the version of it. */
    private record Tried(TlsVersion version, Handshake done) {}

    private Handshake handshake(TlsVersion version, Showing showing, After after) throws UnreachableException {
        return Handshake.with(inquiry.target(), version, inquiry.list(version), showing, after);
    }

    /**
     * What a server made of a client. Some complete every handshake, look at the certificate afterwards and then hang up
     * (nginx does): that is a refusal if a good certificate got an answer. Where none was tried, or none got one, nothing
     * is known of a server that asks for certificates.
     */
    private Outcome outcome(Tried one) {
        Handshake done = one.done();
        if (!done.hungUp() || !asked || done.outcome() != Outcome.ACCEPTED) {
            return done.outcome();
        }
        return controlled.contains(one.version()) ? Outcome.REFUSED : Outcome.UNKNOWN;
    }

    private List<TlsVersion> versions() {
        return Stream.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).filter(inquiry::speaks).toList();
    }

    private void clientAuthentication() throws UnreachableException {
        if (inquiry.target().givenUp()) {
            return;
        }
        Showing nothing = Showing.of(Optional.empty());
        List<Tried> bare = tried(nothing);
        asked = inquiry.asks() || bare.stream().anyMatch(t -> t.done().asked());
        for (Tried one : bare) {
            lastWords = one.done().words();
            notes.evidence(Property.CLIENT_AUTHENTICATION_REQUIRED, lastWords);
            notes.evidence(Property.CLIENT_AUTHENTICATION_SUPPORTED, lastWords);
        }
        notes.condition(Condition.CLIENT_AUTHENTICATION, asked);
        if (!asked) {
            welcome = any(bare, Outcome.ACCEPTED) ? Optional.of(nothing) : Optional.empty();
            if (welcome.isPresent()) {
                notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, false, "no CertificateRequest was seen");
            }
            notes.open(
                    Property.CLIENT_AUTHENTICATION_SUPPORTED,
                    "the server asks for no client certificate as it is configured; whether it can is not visible");
            notes.open(Property.CERTIFICATE_PATH_VALIDATED, "the server asks for no client certificate");
            return;
        }
        List<Tried> strangers = manner.gentle() ? List.of() : tried(Stranger.today());
        String shown = strangers.isEmpty()
                ? "no client certificate"
                : "an authority that nobody trusts: "
                        + String.join("; ", strangers.stream().map(t -> t.done().words()).toList());
        ownCertificate();
        boolean accepted = any(bare, Outcome.ACCEPTED);
        boolean lax = any(strangers, Outcome.ACCEPTED);
        if (welcome.isEmpty() && accepted) {
            welcome = Optional.of(nothing);
        }
        if (lax) {
            notes.holds(Property.CLIENT_AUTHENTICATION_SUPPORTED, false, shown);
            notes.holds(Property.CERTIFICATE_PATH_VALIDATED, false, shown);
        }
        if (accepted || lax) {
            notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, false, shown);
        }
        if (every(bare, Outcome.REFUSED) && !strangers.isEmpty() && every(strangers, Outcome.REFUSED)) {
            notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, true, shown);
            notes.holds(Property.CLIENT_AUTHENTICATION_SUPPORTED, true, shown);
            if (good) {
                notes.holds(Property.CERTIFICATE_PATH_VALIDATED, true, shown);
            }
        }
        notes.open(
                Property.CLIENT_AUTHENTICATION_SUPPORTED,
                "the server asks for a certificate and takes clients without one; whether it can insist is not visible");
        notes.open(Property.CERTIFICATE_PATH_VALIDATED, NEEDS_CERTIFICATE);
    }

    private List<Tried> tried(Showing showing) throws UnreachableException {
        List<Tried> all = new ArrayList<>();
        for (TlsVersion version : versions()) {
            all.add(new Tried(version, handshake(version, showing, After.ASSOCIATION)));
        }
        return all;
    }

    private boolean any(List<Tried> all, Outcome outcome) {
        return all.stream().anyMatch(t -> outcome(t) == outcome);
    }

    private boolean every(List<Tried> all, Outcome outcome) {
        return all.stream().allMatch(t -> outcome(t) == outcome);
    }

    /** A client of an authority that nobody trusts. It takes longer to make than to show, so it is kept for a while. */
    private record Stranger(Showing showing, Instant until) {
        private static final Duration KEPT = Duration.ofDays(1); // it is valid for longer
        private static Stranger last;

        static synchronized Showing today() {
            Instant now = Instant.now();
            if (last == null || now.isAfter(last.until)) {
                Credential credential = TestPki.create(PkiOptions.ecdsaOnly()).good(Role.CLIENT, KeyKind.ECDSA);
                last = new Stranger(Showing.of(Optional.of(credential)), now.plus(KEPT));
            }
            return last.showing;
        }
    }

    /** A server may take it in one version and not in the other: of its kind of key there may be no scheme in TLS 1.3. */
    private void ownCertificate() throws UnreachableException {
        if (inquiry.presented().good().isEmpty()) {
            return;
        }
        Showing own = Showing.of(inquiry.presented().good());
        for (Tried one : tried(own)) {
            Handshake done = one.done();
            if (done.answered()) {
                controlled.add(one.version());
            }
            if (done.outcome() == Outcome.ACCEPTED) {
                good = true;
                welcome = Optional.of(own);
            }
            lastWords = done.words();
            notes.evidence(Property.CLIENT_AUTHENTICATION_REQUIRED, done.words());
            notes.evidence(Property.CERTIFICATE_PATH_VALIDATED, done.words());
        }
    }

    // ---- certificates of clients

    private static Object about(Flaw flaw) {
        return switch (flaw) {
            case RSA_1024 -> Metric.RSA_CERTIFICATE_BITS;
            case P_224 -> Metric.EC_CERTIFICATE_BITS;
            case SHA1_LEAF, MD5_LEAF -> Dimension.CERTIFICATE_HASH;
            case REVOKED -> Property.REVOCATION_STRATEGY;
            case UNKNOWN_EXTENSION -> Property.CERTIFICATE_ATTRIBUTES_TOLERATED;
            default -> Property.CERTIFICATE_PATH_VALIDATED;
        };
    }

    /** Whether the server takes a certificate with that flaw; only one that takes the good one can be judged. */
    private void flawed(Flaw flaw, Credential credential) throws UnreachableException {
        boolean accepted = false;
        boolean unknown = false;
        for (TlsVersion version : versions()) {
            if (flaw == Flaw.P_224 && version.equals(TlsVersion.TLS_1_3) && versions().size() > 1) {
                continue; // TLS 1.3 has no scheme for it
            }
            Tried tried = new Tried(version, handshake(version, Showing.of(Optional.of(credential)), After.ASSOCIATION));
            notes.evidence(about(flaw), tried.done().words());
            accepted |= outcome(tried) == Outcome.ACCEPTED;
            unknown |= outcome(tried) == Outcome.UNKNOWN;
        }
        Outcome outcome = accepted ? Outcome.ACCEPTED : unknown ? Outcome.UNKNOWN : Outcome.REFUSED;
        flawed.put(flaw, outcome);
        if (outcome == Outcome.UNKNOWN) {
            return;
        }
        switch (flaw) {
            case RSA_1024 -> {
                if (accepted) {
                    notes.accepts(Metric.RSA_CERTIFICATE_BITS, 1024, false);
                }
            }
            case P_224 -> {
                if (accepted) {
                    notes.accepts(Metric.EC_CERTIFICATE_BITS, 224, false);
                }
            }
            case SHA1_LEAF, MD5_LEAF -> {
                if (accepted) {
                    notes.accepts(
                            Dimension.CERTIFICATE_HASH,
                            List.of(flaw == Flaw.SHA1_LEAF ? HashAlgorithm.SHA1 : HashAlgorithm.MD5),
                            false);
                }
            }
            case REVOKED -> {
                if (!accepted) {
                    notes.holds(Property.REVOCATION_STRATEGY, true, "a revoked client certificate was refused");
                }
            }
            case UNKNOWN_EXTENSION ->
                notes.holds(Property.CERTIFICATE_ATTRIBUTES_TOLERATED, accepted, "unknown extension and attributes");
            default -> {
                if (accepted) {
                    notes.holds(
                            Property.CERTIFICATE_PATH_VALIDATED, false, "a client certificate was taken: " + flaw.description());
                }
            }
        }
    }

    private boolean decided(Flaw flaw) {
        return flawed.getOrDefault(flaw, Outcome.UNKNOWN) != Outcome.UNKNOWN;
    }

    private void acceptedOfClients() {
        boolean weakTried = decided(Flaw.RSA_1024) && decided(Flaw.P_224);
        boolean hashTried = decided(Flaw.SHA1_LEAF) && decided(Flaw.MD5_LEAF);
        if (!asked || weakTried) {
            // Below the sizes tried nothing was asked for; a size between is ruled out by refusing the greater.
            for (List<X509Certificate> chain : inquiry.chains()) {
                chain.forEach(this::complete);
            }
        }
        if (!asked || hashTried) {
            notes.accepts(Dimension.CERTIFICATE_HASH, List.of(), true);
        }
        if (asked && !(weakTried && hashTried)) {
            String why = manner.gentle()
                    ? "which certificates the server takes of clients is left out of a gentle audit"
                    : good
                            ? "which certificates the server takes of clients needs flawed ones (--pki)"
                            : "which certificates the server takes of clients " + NEEDS_CERTIFICATE;
            notes.open(Metric.RSA_CERTIFICATE_BITS, why);
            notes.open(Metric.EC_CERTIFICATE_BITS, why);
            notes.open(Dimension.CERTIFICATE_HASH, why);
        }
    }

    private void complete(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof RSAPublicKey key) {
            notes.accepts(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength(), true);
        } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
            notes.accepts(Metric.EC_CERTIFICATE_BITS, key.getParams().getCurve().getField().getFieldSize(), true);
        }
    }

    /** That a server lists a scheme in CertificateRequest is advertised; here it is negotiated. */
    private void clientSignatures() throws UnreachableException {
        Credential own = inquiry.presented().good().orElseThrow();
        TlsVersion version = versions().get(0);
        List<SignatureScheme> listed = inquiry.request(version).map(Answer.Request::schemes).orElse(List.of());
        for (SignatureScheme scheme : listed) {
            if (!made(own, scheme, version)) {
                continue;
            }
            Showing showing = new Showing(Optional.of(own), OptionalInt.of(scheme.code()));
            Tried tried = new Tried(version, handshake(version, showing, After.ASSOCIATION));
            notes.evidence(Dimension.SCHEME, tried.done().words());
            if (outcome(tried) == Outcome.ACCEPTED) {
                notes.supports(Dimension.SCHEME, List.of(scheme));
            }
        }
    }

    /** Whether our own key can make a signature of that scheme; RSA keys of PSS certificates are another kind. */
    private static boolean made(Credential own, SignatureScheme scheme, TlsVersion version) {
        boolean tls13 = version.equals(TlsVersion.TLS_1_3);
        return switch (scheme.algorithm()) {
            case RSASSA_PKCS1_V1_5 -> own.key().getAlgorithm().equals("RSA") && !tls13 && scheme.hash() != HashAlgorithm.MD5;
            case RSASSA_PSS -> own.key().getAlgorithm().equals("RSA") && scheme.keyType().equals("RSA");
            case ECDSA -> own.key().getAlgorithm().startsWith("EC")
                    && scheme.known()
                    && (!tls13 || scheme.code() == Session13.scheme(own));
            default -> false;
        };
    }

    // ---- after the handshake

    private synchronized void resumed(boolean taken) {
        resumes |= taken;
    }

    private synchronized void unknown() {
        known = false;
    }

    private void lifetime(TlsVersion version, Handshake done) {
        done.ticketLifetime().filter(seconds -> seconds > 0).ifPresent(seconds -> notes.holds(
                Property.TICKET_LIFETIME_LIMITED, seconds <= LONGEST_TICKET, version + " ticket for " + seconds + " s"));
    }

    private Optional<Handshake> completed(TlsVersion version, After after) throws UnreachableException {
        Handshake done = handshake(version, welcome.orElseThrow(), after);
        if (done.outcome() != Outcome.ACCEPTED) {
            unknown();
            return Optional.empty();
        }
        return Optional.of(done);
    }

    private void session12() throws UnreachableException {
        Optional<Handshake> completed = completed(TlsVersion.TLS_1_2, After.ASSOCIATION);
        if (completed.isEmpty()) {
            return;
        }
        Handshake done = completed.get();
        lifetime(TlsVersion.TLS_1_2, done);
        nonces(done.nonces().size() < 2 ? withGcm(done) : done);
        if (!done.echo().isEmpty()) {
            notes.remark("over TLSv1.2: " + done.echo());
        }
        if (done.ticket().length == 0 && done.sessionId().length == 0) {
            return;
        }
        Question question = inquiry.tls12(inquiry.list(TlsVersion.TLS_1_2))
                .sessionId(done.sessionId().length > 0 ? done.sessionId() : Question.random(32))
                .extension(Extensions.SESSION_TICKET, done.ticket())
                .named("session of before");
        Answer answer = inquiry.ask(question);
        resumed(answer.resumed());
        if (answer.resumed()) {
            withoutExtendedMasterSecret(question);
        }
        if (answer.resumed() && done.ticket().length > 0 && !manner.gentle()) {
            changedTicket(question, done.ticket());
        }
    }

    private void withoutExtendedMasterSecret(Question resuming) throws UnreachableException {
        Question question = resuming.without(Extensions.EXTENDED_MASTER_SECRET)
                .named("session of before, without extended_master_secret");
        Answer answer = inquiry.ask(question);
        if (answer.resumed()) {
            notes.remark(evidence(question, answer) + ", resumed; expected an alert (RFC 7627 §5.3)");
        }
    }

    private void changedTicket(Question resuming, byte[] ticket) throws UnreachableException {
        byte[] changed = ticket.clone();
        changed[changed.length / 2] ^= 1;
        Question question = resuming.sessionId(Question.random(32))
                .extension(Extensions.SESSION_TICKET, changed)
                .named("ticket with one bit changed");
        Answer answer = inquiry.ask(question);
        if (answer.resumed()) {
            notes.holds(Property.TICKETS_PROTECTED, false, evidence(question, answer));
        } else {
            notes.evidence(Property.TICKETS_PROTECTED, evidence(question, answer));
            notes.open(
                    Property.TICKETS_PROTECTED, "a changed ticket is not taken; how tickets are encrypted is not visible");
        }
    }

    /** A server whose first choice has no explicit nonce shows it with the suites that have. */
    private Handshake withGcm(Handshake done) throws UnreachableException {
        List<CipherSuite> gcm =
                inquiry.list(TlsVersion.TLS_1_2).stream().filter(s -> s.mode() == CipherMode.GCM).toList();
        return gcm.isEmpty()
                ? done
                : Handshake.with(inquiry.target(), TlsVersion.TLS_1_2, gcm, welcome.orElseThrow(), After.ASSOCIATION);
    }

    private void nonces(Handshake done) {
        if (!CommonFacts.nonces(notes, done.nonces())) {
            notes.open(
                    Property.COUNTER_NONCES,
                    inquiry.list(TlsVersion.TLS_1_2).stream().anyMatch(s -> s.mode() == CipherMode.GCM)
                            ? "fewer than two records with a nonce came"
                            : "the server has no suite with AES-GCM in TLS 1.2");
        }
    }

    private void session13() throws UnreachableException {
        Optional<Handshake> completed = completed(TlsVersion.TLS_1_3, After.ASSOCIATION);
        if (completed.isEmpty()) {
            return;
        }
        Handshake done = completed.get();
        lifetime(TlsVersion.TLS_1_3, done);
        notes.holds(
                Property.NO_EARLY_DATA,
                !done.earlyData(),
                done.words() + "; tickets " + (done.earlyData() ? "with" : "without") + " early_data");
        if (!done.echo().isEmpty()) {
            notes.remark("over TLSv1.3: " + done.echo());
        }
        Optional<Question> readable = inquiry.readable13();
        if (done.ticketLifetime().isEmpty() || readable.isEmpty()) {
            return; // no tickets, nothing to take up
        }
        Optional<Session13.Ticket> ticket =
                Session13.ticket(inquiry.target(), readable.get(), welcome.orElseThrow().credential());
        if (ticket.isEmpty()) {
            unknown();
            return;
        }
        Session13.Resumption resumption = Session13.resume(inquiry.target(), readable.get(), ticket.get());
        resumed(resumption.taken());
        if (resumption.taken()) {
            notes.holds(Property.RESUMPTION_WITH_KEY_EXCHANGE, resumption.keyShare(), resumption.words());
        } else {
            notes.evidence(Property.RESUMPTION_WITH_KEY_EXCHANGE, resumption.words());
        }
    }

    private void postHandshake() throws UnreachableException {
        Handshake done = handshake(TlsVersion.TLS_1_3, welcome.orElseThrow(), After.POST_HANDSHAKE);
        if (done.laterRequest()) {
            notes.holds(Property.NO_POST_HANDSHAKE_AUTHENTICATION, false, done.words());
        } else if (done.outcome() == Outcome.ACCEPTED) {
            notes.holds(
                    Property.NO_POST_HANDSHAKE_AUTHENTICATION,
                    true,
                    done.words() + "; post_handshake_auth was offered, no CertificateRequest came");
        }
        if (done.echo().startsWith("KeyUpdate sent")) {
            notes.remark("over TLSv1.3: " + done.echo() + "; expected that the association goes on (RFC 8446 §4.6.3)");
        }
    }

    private void renegotiation() throws UnreachableException {
        Handshake again = handshake(TlsVersion.TLS_1_2, welcome.orElseThrow(), After.RENEGOTIATION);
        again.renegotiation()
                .filter(outcome -> outcome != Outcome.UNKNOWN)
                .ifPresent(outcome ->
                        notes.holds(Property.RENEGOTIATION_REFUSED, outcome == Outcome.REFUSED, again.words()));
        notes.open(Property.RENEGOTIATION_REFUSED, again.words());
    }
}
