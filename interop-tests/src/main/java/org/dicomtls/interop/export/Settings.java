package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;

/** What programs on top of OpenSSL are told, in OpenSSL's notation. */
final class Settings {

    /** Words that no notation of these systems needs to quote. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+=-]+");

    private final Policy policy;
    private final List<CipherSuite> suites;

    Settings(Policy policy) {
        this.policy = policy;
        this.suites = policy.suites().stream().filter(OpenSslNames::has).toList();
    }

    static boolean plain(String word) {
        return PLAIN.matcher(word).matches();
    }

    boolean tls13() {
        return policy.versions().contains(TlsVersion.TLS_1_3) && suites.stream().anyMatch(CipherSuite::tls13);
    }

    private boolean tls12() {
        return policy.versions().contains(TlsVersion.TLS_1_2) && suites.stream().anyMatch(s -> !s.tls13());
    }

    boolean dhe() {
        return suites.stream().anyMatch(s -> s.keyExchange() == KeyExchange.DHE);
    }

    /**
     * The versions, newest first.
     *
     * @throws CannotExpressException when OpenSSL has none of them with a suite
     */
    List<TlsVersion> versions() {
        List<TlsVersion> versions = new ArrayList<>();
        if (tls13()) {
            versions.add(TlsVersion.TLS_1_3);
        }
        if (tls12()) {
            versions.add(TlsVersion.TLS_1_2);
        }
        if (versions.isEmpty()) {
            throw new CannotExpressException("OpenSSL 3 has none of the versions and suites of " + policy.profile().id());
        }
        return versions;
    }

    TlsVersion newest() {
        return versions().get(0);
    }

    TlsVersion oldest() {
        return versions().get(versions().size() - 1);
    }

    /** For TLS 1.2, at security level 2 whatever the library was built with. */
    String ciphers() {
        List<CipherSuite> tls12 = suites.stream().filter(s -> !s.tls13()).toList();
        return OpenSslNames.suites(tls12) + ":@SECLEVEL=2";
    }

    /** For TLS 1.3. */
    String ciphersuites() {
        return OpenSslNames.suites(suites.stream().filter(CipherSuite::tls13).toList());
    }

    String groups() {
        List<NamedGroup> groups = policy.groups().stream()
                .filter(OpenSslNames::has)
                .filter(g -> tls13() || g.ellipticCurve())
                .toList();
        return OpenSslNames.groups(OpenSslNames.some(groups, "groups"));
    }

    String schemes() {
        List<SignatureScheme> schemes = policy.schemes();
        return OpenSslNames.schemes(OpenSslNames.some(schemes, "signature schemes"));
    }

    /** Whether a client of this profile compares the host with the certificate. */
    boolean hostChecked() {
        return policy.demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT).isPresent();
    }

    /** How to make the file of the DHE group. */
    static String dhParametersNote(Site site) {
        return "The group of DHE, once: openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out "
                + shell(List.of(site.dhParameters()));
    }

    /** A command line for a POSIX shell. */
    static String shell(List<String> words) {
        return words.stream()
                .map(word -> plain(word) ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /**
     * Of several ways the one that breaks the fewest SHALLs, then the fewest SHOULDs, in all releases; the first of equals.
     * One without a version that the profile demands connects to fewer peers, so it comes behind all others.
     */
    static <T> T best(Collection<T> ways, Function<T, List<Outlook>> outlooks) {
        return ways.stream()
                .map(way -> Scored.of(way, outlooks.apply(way)))
                .min(Comparator.<Scored<T>>comparingLong(Scored::versions)
                        .thenComparingLong(Scored::shalls)
                        .thenComparingLong(Scored::all))
                .orElseThrow()
                .way();
    }

    private record Scored<T>(T way, long versions, long shalls, long all) {
        static <T> Scored<T> of(T way, List<Outlook> outlooks) {
            return new Scored<>(
                    way,
                    outlooks.stream().mapToLong(Outlook::versionsMissing).sum(),
                    outlooks.stream().mapToLong(Outlook::brokenShalls).sum(),
                    outlooks.stream().mapToLong(o -> o.notKept().size()).sum());
        }
    }
}
