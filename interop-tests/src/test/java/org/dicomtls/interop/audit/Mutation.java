package org.dicomtls.interop.audit;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dicomtls.interop.witness.Change;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.TlsVersion;

/**
 * An honest server with one thing changed.
 *
 * @param words what it does now, after "the base, but it"
 * @param changes the fact, as rules see it
 * @param unknown what cannot be found out about it any more (property, dimension or metric), and why
 */
record Mutation(Base base, String words, Habits habits, List<Change> changes, Map<Object, String> unknown) {

    String name() {
        return base.name() + ", but " + words;
    }

    /** Whether the changed fact contradicts the rule and the rule applies to such a server. */
    boolean breaks(Rule rule) {
        return rule.subject().binds(Role.SERVER)
                && conditions(habits).contains(rule.condition())
                && changes.stream().anyMatch(change -> change.contradicts(rule));
    }

    /** The conditions that a server of these habits meets; it always has names, a protocol and tickets. */
    private static Set<Condition> conditions(Habits habits) {
        Set<Condition> met = EnumSet.of(
                Condition.ALWAYS, Condition.ALPN, Condition.SERVER_NAMES, Condition.RESUMPTION);
        if (habits.versions().contains(TlsVersion.TLS_1_2)) {
            met.add(Condition.TLS_1_2);
        }
        if (habits.versions().contains(TlsVersion.TLS_1_3)) {
            met.add(Condition.TLS_1_3);
        }
        if (!habits.odd(Oddity.CLIENT_CERTIFICATE_NOT_ASKED)) {
            met.add(Condition.CLIENT_AUTHENTICATION);
        }
        for (CipherSuite suite : habits.suites12()) {
            if (suite.keyExchange() == KeyExchange.DHE) {
                met.add(Condition.DHE);
            }
            if (suite.mode() == CipherMode.CBC) {
                met.add(Condition.CBC);
            }
        }
        return met;
    }
}
