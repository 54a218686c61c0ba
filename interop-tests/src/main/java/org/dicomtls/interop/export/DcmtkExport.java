package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherSuite;

/** Command lines of DCMTK's tools, for each release. A tool shows one certificate. */
final class DcmtkExport implements Exporter {

    private static final String FIXED = "DCMTK has no profile option without it";
    private static final String UNSET = "DCMTK has no option for it";

    /** One way to run it. */
    private record Way(DcmtkOption option, List<CipherSuite> added, Site site) {}

    @Override
    public Export export(Policy policy, Role role, Site site) {
        List<Outlook> outlooks = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (DcmtkRelease release : DcmtkRelease.values()) {
            List<Way> ways = ways(release, policy, role, site);
            Way chosen = Settings.best(ways, way -> List.of(outlook(release, policy, role, way)));
            outlooks.add(outlook(release, policy, role, chosen));
            namesake(release, policy, role, ways, chosen).ifPresent(notes::add);
        }
        Comments comments = Comments.of("#", policy, role, "the command-line tools of DCMTK", outlooks);
        if (!notes.isEmpty()) {
            comments.line("");
            notes.forEach(comments::line);
        }
        boolean dhe = outlooks.stream().anyMatch(o -> o.part().contains(" +dp "));
        if (dhe) {
            comments.line("").line(Settings.dhParametersNote(site));
        }
        String parts = outlooks.stream()
                .map(o -> "# " + o.release() + "\n" + o.part())
                .collect(Collectors.joining("\n"));
        return new Export(comments + "\n" + parts, outlooks);
    }

    /** The option that DCMTK calls by the name of the profile comes first, so that it is taken among equals. */
    private static List<Way> ways(DcmtkRelease release, Policy policy, Role role, Site site) {
        List<Site> sites = site.credentials().size() < 2
                ? List.of(site)
                : site.credentials().stream().map(c -> site.with(List.of(c))).toList();
        return release.options().stream()
                .sorted(Comparator.comparing(o -> !o.clause().equals(policy.profile().clause())))
                .flatMap(option -> sites.stream().flatMap(one -> added(release, policy, role, option, one).map(
                        suites -> new Way(option, suites, one))))
                .toList();
    }

    /** Nothing, or all that the policy has and the option does not. */
    private static Stream<List<CipherSuite>> added(
            DcmtkRelease release, Policy policy, Role role, DcmtkOption option, Site site) {
        List<CipherSuite> missing = policy.suites().stream()
                .filter(s -> !s.tls13() && release.knows(s) && !option.suites().contains(s))
                .filter(s -> role == Role.CLIENT || site.credentials().stream().anyMatch(c -> c.kind().serves(s)))
                .toList();
        return option.extensible() && !missing.isEmpty() ? Stream.of(List.of(), missing) : Stream.of(List.of());
    }

    private static Outlook outlook(DcmtkRelease release, Policy policy, Role role, Way way) {
        ProgramEnd end = OpenSslEnd.of(policy, role, way.site());
        release.apply(end, role, way.option(), way.added(), FIXED, UNSET);
        return new Outlook(
                release.release(),
                role == Role.SERVER ? server(end, way) : client(way),
                policy.profile(),
                end.model());
    }

    /** What is to be said of the option of that name if another one is better. */
    private static Optional<String> namesake(
            DcmtkRelease release, Policy policy, Role role, List<Way> ways, Way chosen) {
        return ways.stream()
                .filter(way -> way.option().clause().equals(policy.profile().clause()))
                .findFirst()
                .filter(way -> way.option() != chosen.option())
                .map(way -> release.release() + ": " + way.option().option()
                        + ", which has the name of this profile, breaks "
                        + outlook(release, policy, role, way).notKept().stream()
                                .filter(f -> f.rule().strength() == Strength.SHALL)
                                .map(f -> f.rule().id())
                                .collect(Collectors.joining(", ")));
    }

    private static List<String> security(Way way) {
        Site site = way.site();
        List<String> words = new ArrayList<>();
        site.credentials().stream()
                .findFirst()
                .ifPresentOrElse(
                        c -> words.addAll(List.of("+tls", c.key(), c.certificate())), () -> words.add("+tla"));
        words.addAll(List.of("+cf", site.trust()));
        site.revoked().ifPresent(file -> words.addAll(List.of("+crl", file)));
        return words;
    }

    private static List<String> profile(Way way) {
        List<String> words = new ArrayList<>(List.of(way.option().option()));
        way.added().forEach(suite -> words.addAll(List.of("+cs", suite.name())));
        return words;
    }

    private static String server(ProgramEnd end, Way way) {
        List<String> words = new ArrayList<>(List.of("storescp", "-aet", way.site().aeTitle()));
        words.addAll(security(way));
        words.add(way.site().clientAuthentication() ? "--require-peer-cert" : "--ignore-peer-cert");
        words.addAll(profile(way));
        if (end.usable().stream().anyMatch(s -> s.name().contains("_DHE_"))) {
            words.addAll(List.of("+dp", way.site().dhParameters()));
        }
        words.add(Integer.toString(way.site().listen().requireEveryAddress("DCMTK").port()));
        return Settings.shell(words) + "\n";
    }

    private static String client(Way way) {
        Site site = way.site();
        List<String> words = new ArrayList<>(List.of("-aet", site.aeTitle(), "-aec", site.peerAeTitle()));
        words.addAll(security(way));
        words.add("--require-peer-cert");
        words.addAll(profile(way));
        words.addAll(List.of(site.peer().host(), Integer.toString(site.peer().port())));
        return "echoscu " + Settings.shell(words) + "\nstorescu " + Settings.shell(words) + " FILE.dcm\n";
    }
}
