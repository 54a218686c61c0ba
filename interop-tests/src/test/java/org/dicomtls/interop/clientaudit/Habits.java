package org.dicomtls.interop.clientaudit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * All that an {@link OddClient} does, as one immutable value, so that two clients differ in what is changed and in nothing
 * else. Lists are in the order of the hello.
 *
 * @param credential the client's certificate, if it has one
 * @param dheBits the smallest prime of DHE that is taken
 * @param taken flawed certificates of servers that are taken all the same
 */
record Habits(
        List<TlsVersion> versions,
        List<CipherSuite> suites12,
        List<CipherSuite> suites13,
        List<NamedGroup> groups,
        List<SignatureScheme> schemes,
        Optional<Credential> credential,
        int dheBits,
        Set<Flaw> taken,
        Set<Oddity> oddities) {

    Habits {
        versions = List.copyOf(versions);
        suites12 = List.copyOf(suites12);
        suites13 = List.copyOf(suites13);
        groups = List.copyOf(groups);
        schemes = List.copyOf(schemes);
        taken = Set.copyOf(taken);
        oddities = Set.copyOf(oddities);
    }

    boolean odd(Oddity oddity) {
        return oddities.contains(oddity);
    }

    /** The suites of TLS 1.2 and before, if any such version is offered. */
    List<CipherSuite> offered12() {
        return versions.stream().anyMatch(v -> v.compareTo(TlsVersion.TLS_1_2) <= 0) ? suites12 : List.of();
    }

    List<CipherSuite> offered13() {
        return versions.contains(TlsVersion.TLS_1_3) ? suites13 : List.of();
    }

    Habits versions(List<TlsVersion> values) {
        return new Habits(values, suites12, suites13, groups, schemes, credential, dheBits, taken, oddities);
    }

    Habits suites12(List<CipherSuite> values) {
        return new Habits(versions, values, suites13, groups, schemes, credential, dheBits, taken, oddities);
    }

    Habits suites13(List<CipherSuite> values) {
        return new Habits(versions, suites12, values, groups, schemes, credential, dheBits, taken, oddities);
    }

    Habits groups(List<NamedGroup> values) {
        return new Habits(versions, suites12, suites13, values, schemes, credential, dheBits, taken, oddities);
    }

    Habits schemes(List<SignatureScheme> values) {
        return new Habits(versions, suites12, suites13, groups, values, credential, dheBits, taken, oddities);
    }

    Habits credential(Optional<Credential> one) {
        return new Habits(versions, suites12, suites13, groups, schemes, one, dheBits, taken, oddities);
    }

    Habits dheBits(int bits) {
        return new Habits(versions, suites12, suites13, groups, schemes, credential, bits, taken, oddities);
    }

    Habits taking(Flaw flaw) {
        return new Habits(versions, suites12, suites13, groups, schemes, credential, dheBits, Set.of(flaw), oddities);
    }

    Habits with(Oddity oddity) {
        Set<Oddity> all = EnumSet.of(oddity);
        all.addAll(oddities);
        return new Habits(versions, suites12, suites13, groups, schemes, credential, dheBits, taken, all);
    }

    /** The list with more values at its end. */
    static <T> List<T> plus(List<T> values, Collection<T> more) {
        List<T> all = new ArrayList<>(values);
        all.addAll(more);
        return all;
    }

    static <T> List<T> minus(List<T> values, Collection<T> less) {
        return values.stream().filter(v -> !less.contains(v)).toList();
    }
}
