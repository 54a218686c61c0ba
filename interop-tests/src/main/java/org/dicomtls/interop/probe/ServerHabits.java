package org.dicomtls.interop.probe;

import java.math.BigInteger;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.dicomtls.rule.Dimension;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.Ffdhe;

/**
 * What a server takes in TLS 1.2 and TLS 1.3, and by whose order it chooses: found by asking, like a {@link Survey}, but
 * about choice, which no rule is about.
 *
 * @param versions TLS 1.3 and TLS 1.2, as far as it speaks them, newest first
 * @param suites13 suites of TLS 1.3
 * @param suites12 suites of TLS 1.2
 * @param groups13 groups of TLS 1.3, asked for without a share, so that it chooses one by a HelloRetryRequest
 * @param groups12 curves of TLS 1.2
 * @param sharesOwn whether it goes by its own order among the shares of a client; empty if that was not to be seen
 * @param schemes with which it signs
 * @param clientSchemes what its CertificateRequests name; empty if it asks for no certificate
 * @param keys the public keys of the certificates that it presents
 * @param ownPrime its prime for DHE of TLS 1.2 when the client names no field of RFC 7919; empty without DHE
 * @param namedFieldsHeeded whether it keeps to the fields of RFC 7919 that the client names, and not to its own prime
 */
public record ServerHabits(
        List<TlsVersion> versions,
        Choice<CipherSuite> suites13,
        Choice<CipherSuite> suites12,
        Choice<NamedGroup> groups13,
        Choice<NamedGroup> groups12,
        Optional<Boolean> sharesOwn,
        SortedSet<SignatureScheme> schemes,
        Optional<List<SignatureScheme>> clientSchemes,
        List<PublicKey> keys,
        Optional<BigInteger> ownPrime,
        boolean namedFieldsHeeded,
        boolean extendedMasterSecret,
        boolean renegotiationInfo) {

    /**
     * What it takes of one kind.
     *
     * @param values in its own order if it has one, else in the order in which they were offered
     * @param own whether it goes by an order of its own; empty if it has fewer than two, or follows neither order
     */
    public record Choice<T>(List<T> values, Optional<Boolean> own) {
        public Choice {
            values = List.copyOf(values);
        }
    }

    /**
     * Asks that server, one question at a time.
     *
     * @throws UnreachableException when no connection can be opened
     */
    public static ServerHabits of(Target target) throws UnreachableException {
        return new Asking(new Inquiry(target, Presented.NOTHING, new Manner(1, true))).all();
    }

    private static final class Asking {
        private static final int MOST_ROUNDS = 400;

        private final Inquiry inquiry;

        Asking(Inquiry inquiry) {
            this.inquiry = inquiry;
        }

        ServerHabits all() throws UnreachableException {
            SuiteProbes suites = new SuiteProbes(inquiry);
            suites.enumerate(TlsVersion.TLS_1_3);
            suites.enumerate(TlsVersion.TLS_1_2);
            List<TlsVersion> versions = new ArrayList<>();
            for (TlsVersion version : List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)) {
                if (inquiry.speaks(version)) {
                    versions.add(version);
                }
            }
            List<CipherSuite> newest = inquiry.list(TlsVersion.TLS_1_3);
            List<CipherSuite> older = inquiry.list(TlsVersion.TLS_1_2);
            List<CipherSuite> ecdhe = exchanging(older, KeyExchange.ECDHE);
            List<CipherSuite> dhe = exchanging(older, KeyExchange.DHE);
            Choice<NamedGroup> groups13 = newest.isEmpty()
                    ? none()
                    : groups(inquiry.offered().groups(), offered -> inquiry.tls13(newest).groups(offered));
            Choice<NamedGroup> groups12 = ecdhe.isEmpty()
                    ? none()
                    : groups(
                            inquiry.offered().groups().stream().filter(NamedGroup::ellipticCurve).toList(),
                            offered -> inquiry.tls12(ecdhe).groups(withCurve(offered, ecdhe)));
            new SignatureProbes(inquiry).schemes();
            Optional<Answer> plain = older.isEmpty() ? Optional.empty() : Optional.of(inquiry.ask(inquiry.tls12(older)));
            Optional<BigInteger> ownPrime = dhe.isEmpty() ? Optional.empty() : ownPrime(dhe);
            return new ServerHabits(
                    List.copyOf(versions),
                    choice(newest, offered -> inquiry.tls13(offered)),
                    choice(older, offered -> inquiry.tls12(offered)),
                    groups13,
                    groups12,
                    sharesOwn(newest, groups13),
                    inquiry.notes().finish(0, 0, false).own().support(Dimension.SCHEME).supported(),
                    inquiry.request(TlsVersion.TLS_1_2).or(() -> inquiry.request(TlsVersion.TLS_1_3)).map(Answer.Request::schemes),
                    inquiry.chains().stream().map(chain -> chain.get(0).getPublicKey()).distinct().toList(),
                    ownPrime,
                    ownPrime.isPresent() && heedsNamedFields(dhe, ownPrime.get()),
                    plain.map(a -> answers(a, Extensions.EXTENDED_MASTER_SECRET)).orElse(true),
                    plain.map(a -> answers(a, Extensions.RENEGOTIATION_INFO)).orElse(true));
        }

        private static List<CipherSuite> exchanging(List<CipherSuite> suites, KeyExchange by) {
            return suites.stream().filter(s -> s.keyExchange() == by).toList();
        }

        private static <T> Choice<T> none() {
            return new Choice<>(List.of(), Optional.empty());
        }

        private static boolean answers(Answer answer, int extension) {
            return answer.extensions().map(e -> e.has(extension)).orElse(false);
        }

        /** Where every certificate is on a curve, TLS 1.2 needs that curve among the groups; last, it is chosen last. */
        private static List<NamedGroup> withCurve(List<NamedGroup> offered, List<CipherSuite> suites) {
            List<NamedGroup> all = new ArrayList<>(offered);
            boolean needed = suites.stream().allMatch(s -> s.authentication() == Authentication.ECDSA);
            if (needed && !all.contains(NamedGroup.SECP256R1)) {
                all.add(NamedGroup.SECP256R1);
            }
            return all;
        }

        private Choice<CipherSuite> choice(List<CipherSuite> found, Function<List<CipherSuite>, Question> question)
                throws UnreachableException {
            return new Choice<>(found, own(found, question, Answer::suite));
        }

        /** Whether the first of them is chosen, too, when all are offered the other way round. */
        private <T> Optional<Boolean> own(
                List<T> found, Function<List<T>, Question> question, Function<Answer, Optional<T>> chosen)
                throws UnreachableException {
            if (found.size() < 2) {
                return Optional.empty();
            }
            List<T> reversed = new ArrayList<>(found);
            Collections.reverse(reversed);
            T last = found.get(found.size() - 1);
            return chosen.apply(inquiry.ask(question.apply(reversed)))
                    .filter(value -> value.equals(found.get(0)) || value.equals(last))
                    .map(value -> value.equals(found.get(0)));
        }

        private Choice<NamedGroup> groups(List<NamedGroup> all, Function<List<NamedGroup>, Question> question)
                throws UnreachableException {
            List<NamedGroup> remaining = new ArrayList<>(all);
            List<NamedGroup> found = new ArrayList<>();
            for (int round = 0; round < MOST_ROUNDS && !remaining.isEmpty(); round++) {
                Answer answer = inquiry.ask(question.apply(remaining));
                Optional<NamedGroup> group = answer.accepted() ? answer.group() : Optional.empty();
                if (group.isEmpty() || !remaining.remove(group.get())) {
                    break;
                }
                found.add(group.get());
            }
            return new Choice<>(found, own(found, question, Answer::group));
        }

        /** Two shares that fit, in an order that is not the one of the list from which it would choose by itself. */
        private Optional<Boolean> sharesOwn(List<CipherSuite> suites, Choice<NamedGroup> groups)
                throws UnreachableException {
            List<NamedGroup> shared = groups.values().stream().filter(KeyShare.GROUPS::contains).toList();
            if (shared.size() < 2) {
                return Optional.empty();
            }
            NamedGroup first = shared.get(1);
            NamedGroup second = shared.get(0);
            Answer answer = inquiry.ask(inquiry.tls13(suites)
                    .groups(List.of(first, second))
                    .shares(KeyShare.of(first), KeyShare.of(second)));
            return answer.group().filter(g -> answer.kind() == Answer.Kind.HELLO).map(second::equals);
        }

        private Optional<BigInteger> ownPrime(List<CipherSuite> dhe) throws UnreachableException {
            List<NamedGroup> curves =
                    inquiry.offered().groups().stream().filter(g -> !g.finiteField()).toList();
            return inquiry.ask(inquiry.tls12(dhe).groups(curves)).dhePrime();
        }

        private boolean heedsNamedFields(List<CipherSuite> dhe, BigInteger own) throws UnreachableException {
            NamedGroup other =
                    Ffdhe.groupOf(own).equals(Optional.of(NamedGroup.FFDHE3072)) ? NamedGroup.FFDHE2048 : NamedGroup.FFDHE3072;
            // RFC 7919 §4: who does not have the field has no DHE suite for this client.
            return !inquiry.ask(inquiry.tls12(dhe).groups(List.of(other))).dhePrime().equals(Optional.of(own));
        }
    }
}
