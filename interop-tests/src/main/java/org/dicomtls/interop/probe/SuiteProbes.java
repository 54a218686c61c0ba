package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.dicomtls.interop.probe.Inquiry.Listed;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;

/** Suites of each version, and which of them a server prefers. */
final class SuiteProbes {

    private static final int CHUNK = 64;
    private static final List<TlsVersion> VERSIONS = List.of(
            TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);

    private final Inquiry inquiry;
    private final Notes notes;

    SuiteProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    List<Probe> enumeration() {
        return List.of(
                Probe.gentle(
                        List.of("S07", "S28"), Set.of(), List.of(Dimension.SUITE_TLS13), () -> enumerate(TlsVersion.TLS_1_3)),
                Probe.gentle(
                        List.of("S06", "S12", "S15", "S20", "S23"),
                        Set.of(),
                        List.of(Dimension.SUITE_TLS12),
                        () -> enumerate(TlsVersion.TLS_1_2)));
    }

    List<Probe> preferences() {
        return List.of(
                preference("S24", Property.STRONG_SUITE_CHOSEN, CommonFacts::strong, s -> true),
                preference("S25", Property.FORWARD_SECRECY_PREFERRED, CipherSuite::forwardSecret, s -> true),
                preference(
                        "S27",
                        Property.STRONGEST_SUITE_CHOSEN,
                        s -> s.bits() == 256,
                        s -> CommonFacts.strong(s) && s.mode() == CipherMode.GCM && s.cipher() == BulkCipher.AES),
                preference(
                        "S26",
                        Property.ECDHE_BEFORE_DHE,
                        s -> s.keyExchange() == KeyExchange.ECDHE,
                        s -> s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE),
                preference(
                        "S17",
                        Property.AES_BEFORE_3DES,
                        s -> s.cipher() == BulkCipher.AES,
                        s -> s.cipher() == BulkCipher.AES || s.cipher() == BulkCipher.TRIPLE_DES),
                preference("S27", Property.SUITES_256_BIT_FIRST, s -> s.bits() == 256, s -> true),
                Probe.gentle(
                        List.of("S27"), Set.of(Need.TLS_1_3), List.of(Property.SUITES_256_BIT_FIRST), this::prefers256Bits13));
    }

    private Probe preference(
            String test, Property property, Predicate<CipherSuite> better, Predicate<CipherSuite> among) {
        return Probe.gentle(
                List.of(test), Set.of(Need.TLS_1_2), List.of(property), () -> prefers(property, better, among));
    }

    /** Finds the suites of a version by striking out what the server picks. */
    void enumerate(TlsVersion version) throws UnreachableException {
        List<CipherSuite> all =
                version.equals(TlsVersion.TLS_1_3) ? inquiry.offered().tls13() : inquiry.offered().tls12();
        Listed<CipherSuite> listed = chosen(all, version);
        if (listed.values().isEmpty() && version.equals(TlsVersion.TLS_1_2)) {
            // Some servers drop a hello of several hundred suites.
            List<CipherSuite> found = new ArrayList<>();
            boolean complete = true;
            for (int from = 0; from < all.size(); from += CHUNK) {
                Listed<CipherSuite> part = chosen(all.subList(from, Math.min(from + CHUNK, all.size())), version);
                found.addAll(part.values());
                complete &= part.complete();
            }
            listed = new Listed<>(found, complete);
        }
        inquiry.suites(version, listed);
    }

    private Question form(TlsVersion version, List<CipherSuite> offered) {
        return version.equals(TlsVersion.TLS_1_3)
                ? inquiry.tls13(offered)
                : version.equals(TlsVersion.TLS_1_2) ? inquiry.tls12(offered) : inquiry.old(version, offered);
    }

    private Listed<CipherSuite> chosen(List<CipherSuite> all, TlsVersion version) throws UnreachableException {
        List<CipherSuite> remaining = new ArrayList<>(all);
        List<CipherSuite> found = new ArrayList<>();
        while (!remaining.isEmpty()) {
            Question question = form(version, remaining).named("suites of " + version + " that are left");
            Answer answer = inquiry.ask(question);
            Dimension<CipherSuite> dimension =
                    version.equals(TlsVersion.TLS_1_3) ? Dimension.SUITE_TLS13 : Dimension.SUITE_TLS12;
            notes.evidence(dimension, evidence(question, answer));
            Optional<CipherSuite> suite = answer.suite().filter(remaining::contains);
            boolean same = answer.hello().map(h -> h.version().equals(version)).orElse(false);
            if (suite.isEmpty() || !same) {
                // An answer in an older version says that none of them is left for this one.
                boolean older = answer.hello().map(h -> answer.accepted() && h.version().compareTo(version) < 0).orElse(false);
                return new Listed<>(found, answer.refused() || older);
            }
            found.add(suite.get());
            remaining.remove(suite.get());
        }
        return new Listed<>(found, true);
    }

    /** Versions and suites as facts, once all of them are known. */
    void facts() {
        boolean every = inquiry.sslv2().isPresent();
        for (TlsVersion version : VERSIONS) {
            Optional<Answer> answer = inquiry.hello(version);
            answer.ifPresent(a -> notes.evidence(Dimension.VERSION, version + " hello → " + a.words()));
            if (spoken(version)) {
                notes.supports(Dimension.VERSION, List.of(version));
            } else if (answer.filter(a -> a.refused() || a.accepted()).isPresent()) {
                notes.lacks(Dimension.VERSION, List.of(version));
            } else {
                every = false;
            }
        }
        List<TlsVersion> spoken = VERSIONS.stream().filter(this::spoken).toList();
        if (every && (!spoken.isEmpty() || inquiry.sslv2().orElse(false))) {
            notes.supportsExactly(Dimension.VERSION, spoken);
        }
        suiteFacts();
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            if (spoken.contains(version) || inquiry.hello(version).orElseThrow().refused()) {
                notes.condition(
                        version.equals(TlsVersion.TLS_1_2) ? Condition.TLS_1_2 : Condition.TLS_1_3, spoken.contains(version));
            }
        }
        int port = inquiry.target().port();
        notes.holds(Property.RECOMMENDED_PORT, port == 2762, "the port is " + port);
    }

    private boolean spoken(TlsVersion version) {
        return inquiry.speaks(version)
                || inquiry.hello(version)
                        .filter(a -> a.accepted() && a.hello().orElseThrow().version().equals(version))
                        .isPresent();
    }

    private void suiteFacts() {
        boolean every = true;
        List<CipherSuite> old = new ArrayList<>();
        for (TlsVersion version : VERSIONS) {
            if (version.equals(TlsVersion.TLS_1_3)) {
                continue;
            }
            Optional<Listed<CipherSuite>> listed = inquiry.suites(version);
            listed.ifPresent(l -> old.addAll(l.values()));
            every &= listed.map(Listed::complete)
                    .orElse(inquiry.hello(version).map(Answer::refused).orElse(!inquiry.offered().everything()));
        }
        inquiry.facts(Dimension.SUITE_TLS12, old, every);
        inquiry.facts(
                Dimension.SUITE_TLS13, inquiry.list(TlsVersion.TLS_1_3), inquiry.complete(TlsVersion.TLS_1_3));
        condition(Condition.DHE, old, s -> s.keyExchange() == KeyExchange.DHE, every);
        condition(Condition.CBC, old, s -> s.mode() == CipherMode.CBC, every);
    }

    private void condition(Condition condition, List<CipherSuite> list, Predicate<CipherSuite> which, boolean complete) {
        boolean any = list.stream().anyMatch(which);
        if (any || complete) {
            notes.condition(condition, any);
        }
    }

    private void prefers256Bits13() throws UnreachableException {
        List<CipherSuite> weakFirst = weakFirst(inquiry.list(TlsVersion.TLS_1_3), s -> s.bits() == 256);
        if (weakFirst.stream().anyMatch(s -> s.bits() == 256) && weakFirst.stream().anyMatch(s -> s.bits() < 256)) {
            Question question = inquiry.tls13(weakFirst).named("128-bit suites listed first");
            Answer answer = inquiry.ask(question);
            answer.suite().ifPresent(s ->
                    notes.holds(Property.SUITES_256_BIT_FIRST, s.bits() == 256, evidence(question, answer)));
        }
    }

    private static List<CipherSuite> weakFirst(List<CipherSuite> list, Predicate<CipherSuite> better) {
        List<CipherSuite> order = new ArrayList<>(list);
        order.sort(Comparator.comparing(better::test));
        return order;
    }

    private void prefers(Property property, Predicate<CipherSuite> better, Predicate<CipherSuite> among)
            throws UnreachableException {
        List<CipherSuite> all = inquiry.list(TlsVersion.TLS_1_2);
        List<CipherSuite> offered = weakFirst(all.stream().filter(among).toList(), better);
        if (offered.stream().noneMatch(better)) {
            if (property == Property.STRONG_SUITE_CHOSEN || property == Property.FORWARD_SECRECY_PREFERRED) {
                notes.holds(property, false, "the server has no such suite: " + offered);
            } else {
                notes.absent(property, "the server has no suites to choose between");
            }
            return;
        }
        if (offered.stream().allMatch(better)) {
            notes.holds(property, true, "the server has no other suites: " + offered);
            return;
        }
        Question question = inquiry.tls12(offered).named("the weaker suites listed first");
        Answer answer = inquiry.ask(question);
        answer.suite().ifPresent(s -> notes.holds(property, better.test(s), evidence(question, answer)));
    }
}
