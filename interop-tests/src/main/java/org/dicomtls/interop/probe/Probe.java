package org.dicomtls.interop.probe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;

/**
 * One piece of a survey, with what it needs said beforehand.
 *
 * @param tests the numbers of the catalogue of wire tests, e.g. {@code S24}
 * @param needs without these it is not run, and what it is about stays open with the reason
 * @param manners whether a well-behaved client would ever send such a thing
 * @param about the dimensions, metrics and properties that it is about
 */
record Probe(List<String> tests, Set<Need> needs, Manners manners, List<Object> about, Action action) {

    /** Whether a gentle survey may ask it. */
    enum Manners {
        GENTLE,
        /** No well-behaved client sends this. */
        RUDE
    }

    /** What a probe cannot do without. */
    enum Need {
        TLS("the server negotiates neither TLS 1.2 nor TLS 1.3",
                i -> i.speaks(TlsVersion.TLS_1_2) || i.speaks(TlsVersion.TLS_1_3)),
        TLS_1_2("asked in TLS 1.2 only, which the server does not negotiate", i -> i.speaks(TlsVersion.TLS_1_2)),
        TLS_1_3("asked in TLS 1.3 only, which the server does not negotiate", i -> i.speaks(TlsVersion.TLS_1_3)),
        CBC("the server has no CBC suite",
                i -> i.list(TlsVersion.TLS_1_2).stream().anyMatch(s -> s.mode() == CipherMode.CBC)),
        ECDHE("the server has no ECDHE suite of TLS 1.2",
                i -> i.list(TlsVersion.TLS_1_2).stream().anyMatch(s -> s.keyExchange() == KeyExchange.ECDHE)),
        DHE("the server has no DHE suite of TLS 1.2",
                i -> i.list(TlsVersion.TLS_1_2).stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE));

        private final String missing;
        private final Predicate<Inquiry> met;

        Need(String missing, Predicate<Inquiry> met) {
            this.missing = missing;
            this.met = met;
        }
    }

    /** Asks the questions and notes the answers. */
    @FunctionalInterface
    interface Action {
        void run() throws UnreachableException;
    }

    static Probe gentle(List<String> tests, Set<Need> needs, List<Object> about, Action action) {
        return new Probe(tests, needs, Manners.GENTLE, about, action);
    }

    static Probe rude(List<String> tests, Set<Need> needs, List<Object> about, Action action) {
        return new Probe(tests, needs, Manners.RUDE, about, action);
    }

    /** Why it cannot be run now; empty where it can. */
    Optional<String> hindrance(Inquiry inquiry, Manner manner) {
        if (manner.gentle() && manners == Manners.RUDE) {
            return Optional.of("left out of a gentle audit (" + String.join(", ", tests) + ")");
        }
        return needs.stream().filter(need -> !need.met.test(inquiry)).map(need -> need.missing).findFirst();
    }
}
