package org.dicomtls.interop.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/**
 * All that an {@link OddServer} does, as one immutable value, so that two servers differ in what is changed and in nothing
 * else. Lists are in the server's order of preference.
 *
 * @param suites12 of TLS 1.2 and before
 * @param credentials at most one of each kind of key
 * @param dheBits the size of the prime of DHE suites
 * @param ticketSeconds the lifetime that tickets of TLS 1.3 are given
 * @param taken flawed certificates of clients that are taken all the same
 */
record Habits(
        List<TlsVersion> versions,
        List<CipherSuite> suites12,
        List<CipherSuite> suites13,
        List<NamedGroup> groups,
        List<SignatureScheme> schemes,
        List<Credential> credentials,
        int dheBits,
        long ticketSeconds,
        Set<Flaw> taken,
        Set<Oddity> oddities) {

    Habits {
        versions = List.copyOf(versions);
        suites12 = List.copyOf(suites12);
        suites13 = List.copyOf(suites13);
        groups = List.copyOf(groups);
        schemes = List.copyOf(schemes);
        credentials = List.copyOf(credentials);
        taken = Set.copyOf(taken);
        oddities = Set.copyOf(oddities);
    }

    boolean odd(Oddity oddity) {
        return oddities.contains(oddity);
    }

    Habits versions(List<TlsVersion> values) {
        return new Habits(values, suites12, suites13, groups, schemes, credentials, dheBits, ticketSeconds, taken, oddities);
    }

    Habits suites12(List<CipherSuite> values) {
        return new Habits(versions, values, suites13, groups, schemes, credentials, dheBits, ticketSeconds, taken, oddities);
    }

    Habits suites13(List<CipherSuite> values) {
        return new Habits(versions, suites12, values, groups, schemes, credentials, dheBits, ticketSeconds, taken, oddities);
    }

    Habits groups(List<NamedGroup> values) {
        return new Habits(
                versions, suites12, suites13, values, schemes, credentials, dheBits, ticketSeconds, taken, oddities);
    }

    Habits schemes(List<SignatureScheme> values) {
        return new Habits(
                versions, suites12, suites13, groups, values, credentials, dheBits, ticketSeconds, taken, oddities);
    }

    Habits credentials(List<Credential> values) {
        return new Habits(versions, suites12, suites13, groups, schemes, values, dheBits, ticketSeconds, taken, oddities);
    }

    Habits dheBits(int bits) {
        return new Habits(versions, suites12, suites13, groups, schemes, credentials, bits, ticketSeconds, taken, oddities);
    }

    Habits ticketSeconds(long seconds) {
        return new Habits(versions, suites12, suites13, groups, schemes, credentials, dheBits, seconds, taken, oddities);
    }

    Habits taking(Flaw... flaws) {
        return new Habits(
                versions, suites12, suites13, groups, schemes, credentials, dheBits, ticketSeconds, Set.of(flaws), oddities);
    }

    Habits with(Oddity first, Oddity... more) {
        Set<Oddity> all = EnumSet.of(first, more);
        all.addAll(oddities);
        return new Habits(
                versions, suites12, suites13, groups, schemes, credentials, dheBits, ticketSeconds, taken, all);
    }

    /** The list with one more value, which is chosen only where no other can be. */
    static <T> List<T> plus(List<T> values, Collection<T> more) {
        List<T> all = new ArrayList<>(values);
        all.addAll(more);
        return all;
    }

    static <T> List<T> minus(List<T> values, Collection<T> less) {
        return values.stream().filter(v -> !less.contains(v)).toList();
    }
}
