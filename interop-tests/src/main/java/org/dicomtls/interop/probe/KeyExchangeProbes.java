package org.dicomtls.interop.probe;

import static org.dicomtls.interop.probe.Inquiry.evidence;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.probe.Inquiry.Listed;
import org.dicomtls.interop.probe.Probe.Need;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;

/** Groups, primes and public values of the key exchange. */
final class KeyExchangeProbes {

    private static final int SHARES_COMPARED = 3;

    private final Inquiry inquiry;
    private final Notes notes;

    KeyExchangeProbes(Inquiry inquiry) {
        this.inquiry = inquiry;
        this.notes = inquiry.notes();
    }

    List<Probe> probes() {
        return List.of(
                Probe.gentle(
                        List.of("S42", "S43"), Set.of(), List.of(Dimension.GROUP, Metric.ECDHE_BITS), this::groupsAndShares),
                Probe.gentle(List.of("S45"), Set.of(), List.of(Metric.DHE_BITS), this::finiteFields),
                Probe.gentle(
                        List.of("S52"),
                        Set.of(Need.TLS_1_2),
                        List.of(Property.NO_KEY_SHARE_REUSE),
                        () -> reuse12(KeyExchange.ECDHE)),
                Probe.gentle(
                        List.of("S52"),
                        Set.of(Need.TLS_1_2),
                        List.of(Property.NO_KEY_SHARE_REUSE),
                        () -> reuse12(KeyExchange.DHE)),
                Probe.gentle(
                        List.of("S52"), Set.of(Need.TLS_1_3), List.of(Property.NO_KEY_SHARE_REUSE), this::reuse13),
                Probe.rude(
                        List.of("S51"),
                        Set.of(Need.TLS_1_2, Need.ECDHE),
                        List.of(Property.INVALID_KEY_SHARES_REFUSED),
                        this::invalidPoint12));
    }

    private void reuse12(KeyExchange exchange) throws UnreachableException {
        List<CipherSuite> with =
                inquiry.list(TlsVersion.TLS_1_2).stream().filter(s -> s.keyExchange() == exchange).toList();
        reuse(inquiry.tls12(with), "TLS 1.2, " + exchange);
    }

    private void finiteFields() throws UnreachableException {
        List<CipherSuite> dhe = inquiry.list(TlsVersion.TLS_1_2).stream()
                .filter(s -> s.keyExchange() == KeyExchange.DHE)
                .toList();
        if (dhe.isEmpty()) {
            if (inquiry.complete(TlsVersion.TLS_1_2)) {
                notes.absent(Metric.DHE_BITS, "the server has no DHE suite");
            }
            return;
        }
        List<Question> questions = new ArrayList<>(List.of(
                inquiry.tls12(dhe).named("DHE, all groups"),
                inquiry.tls12(dhe).without(Extensions.SUPPORTED_GROUPS).named("DHE, no supported_groups")));
        // RFC 7919: who offers one field alone gets that one, or no DHE suite, or a server's own prime if it is older.
        for (NamedGroup field : inquiry.offered().groups()) {
            if (field.finiteField()) {
                questions.add(inquiry.tls12(dhe).groups(List.of(field)).named("DHE, " + field + " only"));
            }
        }
        for (Question question : questions) {
            Answer answer = inquiry.ask(question);
            if (answer.dhePrime().isPresent()) {
                notes.measured(Metric.DHE_BITS, answer.dhePrime().get().bitLength(), true);
                notes.evidence(Metric.DHE_BITS, evidence(question, answer));
                answer.group().ifPresent(field -> {
                    notes.supports(Dimension.GROUP, List.of(field));
                    notes.evidence(Dimension.GROUP, evidence(question, answer));
                });
            }
        }
    }

    private void groupsAndShares() throws UnreachableException {
        Set<NamedGroup> found = new LinkedHashSet<>();
        // Where no suites are known, or not all, a group may have gone unasked.
        boolean complete = (inquiry.speaks(TlsVersion.TLS_1_2) || inquiry.speaks(TlsVersion.TLS_1_3))
                && inquiry.complete(TlsVersion.TLS_1_2)
                && inquiry.complete(TlsVersion.TLS_1_3);
        List<CipherSuite> ecdhe = new ArrayList<>();
        for (CipherSuite s : inquiry.list(TlsVersion.TLS_1_2)) {
            if (s.keyExchange() == KeyExchange.ECDHE) {
                ecdhe.add(s);
            }
        }
        List<CipherSuite> rsa = ecdhe.stream().filter(s -> s.authentication() == Authentication.RSA).toList();
        if (!ecdhe.isEmpty()) {
            // An ECDSA certificate needs its own curve among the groups, so RSA is asked first.
            Listed<NamedGroup> listed = groups12(rsa.isEmpty() ? ecdhe : rsa, List.of());
            found.addAll(listed.values());
            complete &= listed.complete();
            if (rsa.isEmpty()) {
                for (NamedGroup curve : List.copyOf(listed.values())) {
                    if (KeyShare.GROUPS.contains(curve) && curve.kind() == NamedGroup.Kind.PRIME_CURVE) {
                        found.addAll(groups12(ecdhe, List.of(curve)).values());
                    }
                }
            }
        }
        if (inquiry.speaks(TlsVersion.TLS_1_3)) {
            List<NamedGroup> remaining = new ArrayList<>(inquiry.offered().groups());
            while (!remaining.isEmpty()) {
                Question question =
                        inquiry.tls13(inquiry.list(TlsVersion.TLS_1_3)).groups(remaining).named("groups of TLSv1.3 that are left");
                Answer answer = inquiry.ask(question);
                notes.evidence(Dimension.GROUP, evidence(question, answer));
                Optional<NamedGroup> group = answer.accepted() ? answer.group().filter(remaining::contains) : Optional.empty();
                if (group.isEmpty()) {
                    complete &= answer.refused();
                    break;
                }
                found.add(group.get());
                remaining.remove(group.get());
            }
        }
        inquiry.facts(Dimension.GROUP, found, complete);
        boolean curves = false;
        for (NamedGroup group : found) {
            if (group.ellipticCurve()) {
                notes.measured(Metric.ECDHE_BITS, group.bits(), complete);
                curves = true;
            } else if (group.finiteField()) {
                notes.measured(Metric.DHE_BITS, group.bits(), complete);
                notes.evidence(Metric.DHE_BITS, "group of TLS 1.3: " + group);
            }
        }
        if (curves) {
            notes.evidence(Metric.ECDHE_BITS, "groups: " + found);
        } else if (complete) {
            notes.absent(Metric.ECDHE_BITS, "the server uses no elliptic curve for key exchange");
        }
        inquiry.groups(found);
        if (inquiry.speaks(TlsVersion.TLS_1_3) && inquiry.offered().everything()) {
            invalidShares13(found);
        }
    }

    /** Strikes out what the server picks; the kept curve is offered last, so that a server of ECDSA can go on. */
    private Listed<NamedGroup> groups12(List<CipherSuite> with, List<NamedGroup> kept) throws UnreachableException {
        List<NamedGroup> remaining = new ArrayList<>(inquiry.offered().groups());
        remaining.removeIf(g -> !g.ellipticCurve() || kept.contains(g));
        List<NamedGroup> found = new ArrayList<>();
        while (!remaining.isEmpty()) {
            List<NamedGroup> offered = new ArrayList<>(remaining);
            offered.addAll(kept);
            Question question = inquiry.tls12(with).groups(offered).named("groups of TLSv1.2 that are left");
            Answer answer = inquiry.ask(question);
            notes.evidence(Dimension.GROUP, evidence(question, answer));
            Optional<NamedGroup> group = answer.accepted() ? answer.group() : Optional.empty();
            if (group.isEmpty()) {
                return new Listed<>(found, answer.refused());
            }
            if (!found.contains(group.get())) {
                found.add(group.get());
            }
            if (!remaining.remove(group.get())) {
                return new Listed<>(found, true);
            }
        }
        return new Listed<>(found, true);
    }

    /** What a share is that no honest client sends, and why it is refused. */
    private void invalidShares13(Set<NamedGroup> found) throws UnreachableException {
        Map<String, KeyShare> wrong = new LinkedHashMap<>();
        wrong.put("all zeros for x25519", KeyShare.invalid(NamedGroup.X25519, new byte[32]));
        wrong.put("all zeros for x448", KeyShare.invalid(NamedGroup.X448, new byte[56]));
        wrong.put("a point off the curve secp256r1", KeyShare.invalid(NamedGroup.SECP256R1, offCurve(32)));
        wrong.put("a point off the curve secp384r1", KeyShare.invalid(NamedGroup.SECP384R1, offCurve(48)));
        for (Map.Entry<String, KeyShare> one : wrong.entrySet()) {
            NamedGroup group = one.getValue().group();
            if (!found.contains(group)) {
                continue;
            }
            Question question = inquiry.tls13(inquiry.list(TlsVersion.TLS_1_3))
                    .groups(List.of(group))
                    .share(one.getValue())
                    .named("share of TLSv1.3: " + one.getKey());
            Answer answer = inquiry.ask(question);
            // A HelloRetryRequest says that the group is not taken in TLS 1.3, and nothing of the share.
            if (answer.kind() == Answer.Kind.HELLO || answer.refused()) {
                notes.holds(Property.INVALID_KEY_SHARES_REFUSED, answer.refused(), evidence(question, answer));
            }
        }
    }

    private static byte[] invalid(NamedGroup group) {
        return switch (group.kind()) {
            case PRIME_CURVE -> offCurve((group.bits() + 7) / 8);
            default -> new byte[group.equals(NamedGroup.X448) ? 56 : 32];
        };
    }

    private static byte[] offCurve(int length) {
        byte[] point = new byte[1 + 2 * length];
        point[0] = 4;
        point[2 * length] = 5;
        return point;
    }

    /**
     * A client's public value that is no point of the server's curve. Who does not check it goes on to Finished, which
     * then fails for another reason: its record does not decrypt.
     */
    private void invalidPoint12() throws UnreachableException {
        List<CipherSuite> ecdhe = inquiry.list(TlsVersion.TLS_1_2).stream()
                .filter(s -> s.keyExchange() == KeyExchange.ECDHE)
                .toList();
        // A server may like one group better than all others, so each kind is offered by itself.
        List<NamedGroup> curves = inquiry.offered().groups().stream()
                .filter(g -> g.kind() == NamedGroup.Kind.PRIME_CURVE)
                .toList();
        invalidPoint12(ecdhe, curves, "a point off the curve");
        invalidPoint12(ecdhe, List.of(NamedGroup.X25519), "all zeros for x25519");
        invalidPoint12(ecdhe, List.of(NamedGroup.X448), "all zeros for x448");
    }

    private void invalidPoint12(List<CipherSuite> ecdhe, List<NamedGroup> groups, String what) throws UnreachableException {
        Question question = inquiry.tls12(ecdhe).groups(groups).named("ClientKeyExchange of TLSv1.2 with " + what);
        Target.Sequel sequel = inquiry.target().go(question, answer -> {
            Optional<NamedGroup> group = answer.group().filter(groups::contains);
            // With a client certificate asked for, its absence may be what ends the handshake.
            return !answer.readable() || group.isEmpty() || answer.request().isPresent()
                    ? Optional.empty()
                    : Optional.of(Question.finishing12(invalid(group.get())));
        });
        String shown = question.words() + " → " + sequel.words();
        if (sequel.alert().isPresent()) {
            AlertDescription alert = sequel.alert().get();
            boolean late = alert.equals(AlertDescription.BAD_RECORD_MAC) || alert.equals(AlertDescription.DECRYPT_ERROR);
            notes.holds(Property.INVALID_KEY_SHARES_REFUSED, !late, shown);
        } else if (sequel.asked()) {
            notes.evidence(Property.INVALID_KEY_SHARES_REFUSED, shown);
        }
    }

    /** A key pair is kept, if at all, for each group by itself. */
    private void reuse13() throws UnreachableException {
        List<CipherSuite> suites = inquiry.list(TlsVersion.TLS_1_3);
        for (NamedGroup group : KeyShare.GROUPS) {
            // To agree on a secret with each answer was a third of the work of an audit, and told nothing more.
            Question question = inquiry.tls13(suites).groups(List.of(group)).shown(KeyShare.toShow(group));
            reuse(question, "TLS 1.3, " + group);
        }
    }

    private void reuse(Question question, String version) throws UnreachableException {
        if (question.suites().isEmpty()) {
            return;
        }
        Set<BigInteger> shares = new HashSet<>();
        for (int i = 0; i < SHARES_COMPARED; i++) {
            Answer answer = inquiry.ask(question);
            if (answer.serverShare().length == 0) {
                return;
            }
            shares.add(new BigInteger(1, answer.serverShare()));
        }
        notes.holds(
                Property.NO_KEY_SHARE_REUSE,
                shares.size() == SHARES_COMPARED,
                SHARES_COMPARED + " connections of " + version + ": " + shares.size() + " different public values");
    }
}
