package org.dicomtls.interop.clientaudit;

import java.util.EnumSet;
import java.util.List;
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
 * A sound client with one thing changed.
 *
 * @param words what it does now, after "the base, but it"
 * @param changes the facts that differ, as rules see them
 * @param cases those that it is put to besides the controls
 */
record Mutation(Base base, String words, Habits habits, List<Change> changes, List<String> cases) {

    String name() {
        return base.name() + ", but " + words;
    }

    /** Whether a changed fact contradicts the rule and the rule applies to such a client. */
    boolean breaks(Rule rule) {
        return rule.subject().binds(Role.CLIENT)
                && conditions(habits).contains(rule.condition())
                && changes.stream().anyMatch(change -> change.contradicts(rule));
    }

    /** Whether the rule applies to such a client and did not to the base: how it is judged says nothing of the change. */
    boolean anew(Rule rule) {
        return conditions(habits).contains(rule.condition()) && !conditions(base.habits()).contains(rule.condition());
    }

    private static Set<Condition> conditions(Habits habits) {
        Set<Condition> met = EnumSet.of(Condition.ALWAYS, Condition.ALPN, Condition.CLIENT_AUTHENTICATION);
        if (habits.versions().contains(TlsVersion.TLS_1_2)) {
            met.add(Condition.TLS_1_2);
        }
        if (habits.versions().contains(TlsVersion.TLS_1_3)) {
            met.add(Condition.TLS_1_3);
        }
        if (habits.odd(Oddity.PSK_WITHOUT_KEY_EXCHANGE_OFFERED)) {
            met.add(Condition.RESUMPTION);
        }
        for (CipherSuite suite : habits.offered12()) {
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
