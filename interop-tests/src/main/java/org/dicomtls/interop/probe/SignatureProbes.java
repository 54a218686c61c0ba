package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.rule.Dimension;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** The schemes with which a server signs in its handshakes. */
final class SignatureProbes {

    private static final int MOST_ROUNDS = 400;

    private final Inquiry inquiry;
    private final Notes notes;

    SignatureProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    List<Probe> probes() {
        return List.of(Probe.gentle(List.of("S48"), Set.of(), List.of(Dimension.SCHEME), this::schemes));
    }

    /** Notes the schemes that it signs with. */
    void schemes() throws UnreachableException {
        Set<SignatureScheme> made = new LinkedHashSet<>();
        boolean complete = inquiry.complete(TlsVersion.TLS_1_2) && inquiry.complete(TlsVersion.TLS_1_3);
        for (Authentication by : List.of(Authentication.RSA, Authentication.ECDSA, Authentication.DSS)) {
            List<CipherSuite> signed = inquiry.list(TlsVersion.TLS_1_2).stream()
                    .filter(s -> s.authentication() == by
                            && (s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE))
                    .toList();
            if (!signed.isEmpty()) {
                complete &= schemes(inquiry.tls12(signed), inquiry.offered().schemes(), made);
            }
        }
        if (inquiry.speaks(TlsVersion.TLS_1_3)) {
            Optional<Question> readable = inquiry.readable13();
            if (readable.isPresent()) {
                for (boolean rsa : new boolean[] {true, false}) {
                    complete &= schemes(
                            readable.get(),
                            inquiry.offered().schemes().stream()
                                    .filter(s -> s.keyType().startsWith("RSA") == rsa)
                                    .toList(),
                            made);
                }
            } else {
                complete = false;
                notes.open(Dimension.SCHEME, "no flight of TLS 1.3 could be read: no suite or group of the server is known here");
            }
        }
        inquiry.facts(Dimension.SCHEME, made, complete && (inquiry.speaks(TlsVersion.TLS_1_2) || inquiry.speaks(TlsVersion.TLS_1_3)));
    }

    private boolean schemes(Question question, List<SignatureScheme> all, Set<SignatureScheme> made)
            throws UnreachableException {
        List<SignatureScheme> remaining = new ArrayList<>(all);
        for (int round = 0; round < MOST_ROUNDS && !remaining.isEmpty(); round++) {
            Question asked = question.schemes(remaining)
                    .certificateSchemes(Question.ALL_SCHEMES)
                    .named("schemes that are left (" + remaining.size() + ")");
            Answer answer = inquiry.ask(asked);
            notes.evidence(Dimension.SCHEME, evidence(asked, answer));
            if (answer.scheme().isEmpty()) {
                return answer.refused();
            }
            made.add(answer.scheme().get());
            if (!remaining.remove(answer.scheme().get())) {
                return true; // it signs with what was not offered: there is nothing left that could stop it
            }
        }
        return true;
    }
}
