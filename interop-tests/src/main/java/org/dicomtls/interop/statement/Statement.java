package org.dicomtls.interop.statement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.report.Environment;
import org.dicomtls.policy.EngineModel.Usable;
import org.dicomtls.policy.Means;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Evaluation;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;
import org.dicomtls.rule.Waiver;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.transport.SecureTransport;

/**
 * The security section of a DICOM Conformance Statement: the tables of PS3.2 N.8.3, N.8.4.2 and N.11.2.5 (2024c), filled in
 * from the rules of the profiles that are claimed and from what the engine makes of them, and then by what each rule is
 * kept. The template's own suite tables print two suites twice and leave others out; here stand those in use.
 */
public final class Statement {

    /** Rules that ask the Conformance Statement for something that stands in this section. */
    private static final Set<String> ANSWERED_HERE = Set.of(
            "profile-selection-stated",
            "security-profiles-stated",
            "template-followed",
            "ports-stated",
            "key-management-stated",
            "algorithms-stated",
            "provider-reason-stated",
            "remote-ports-configurable");

    private final Wording words;
    private final Product product;
    private final List<Claim> claims;
    private final List<Block> blocks = new ArrayList<>();

    private Statement(Language language, Product product, List<Claim> claims) {
        this.words = new Wording(language);
        this.product = product;
        this.claims = List.copyOf(claims);
    }

    /**
     * Writes the section.
     *
     * @param claims at least one, and each with a role in which it can be claimed
     */
    public static Statement of(Language language, Product product, List<Claim> claims) {
        if (claims.isEmpty()) {
            throw new IllegalArgumentException("a statement without a claim says nothing");
        }
        for (Claim claim : claims) {
            if (claim.roles().isEmpty()) {
                throw new IllegalArgumentException(claim.profile().id() + " cannot be claimed in any role");
            }
        }
        Statement statement = new Statement(language, product, claims);
        statement.write();
        return statement;
    }

    public Language language() {
        return words.language();
    }

    public String title() {
        return words.text("title", name());
    }

    public List<Claim> claims() {
        return claims;
    }

    /** What stands below the title, in order. */
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    private String name() {
        return product.name().isBlank() ? words.text("product") : product.name();
    }

    private void write() {
        blocks.add(new Block.Paragraph(words.text("intro", Environment.VERSION, Environment.here())));
        blocks.add(new Block.Bullets(claims.stream()
                .map(c -> words.text(
                        "engine",
                        c.profile().id(),
                        c.profile().title(),
                        c.profile().clause(),
                        words.state(c.profile().state()),
                        c.engine().title()))
                .toList()));
        claims.forEach(this::waivers);
        ports();
        profiles();
        blocks.add(heading(2, "details"));
        keys();
        algorithms();
        configuration(true);
        configuration(false);
        claims.forEach(this::kept);
    }

    private Block heading(int level, String key) {
        return new Block.Heading(level, words.text(key));
    }

    private void waivers(Claim claim) {
        Profile profile = claim.profile();
        if (profile.waivers().isEmpty()) {
            return;
        }
        String base = profile.base().map(Profile::id).orElse("");
        blocks.add(new Block.Paragraph(words.text("waived", profile.id(), base)));
        List<String> items = new ArrayList<>();
        for (Waiver waiver : profile.waivers()) {
            String until = waiver.until().map(day -> words.text("waiver.until", day)).orElse("");
            items.add(words.text("waiver", waiver.rule(), waiver.reason(), waiver.owner(), until));
        }
        blocks.add(new Block.Bullets(items));
    }

    private Set<Role> roles() {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        claims.forEach(claim -> roles.addAll(claim.roles()));
        return roles;
    }

    private void ports() {
        blocks.add(heading(2, "ports"));
        List<List<String>> rows = new ArrayList<>();
        if (roles().contains(Role.SERVER)) {
            rows.add(List.of(
                    words.text("ports.incoming"),
                    Integer.toString(product.port()),
                    words.text("yes"),
                    words.text("ports.incoming.comment")));
        }
        if (roles().contains(Role.CLIENT)) {
            rows.add(List.of(
                    words.text("ports.outgoing"),
                    words.text("ports.remote"),
                    words.text("yes"),
                    words.text("ports.outgoing.comment")));
        }
        blocks.add(grid("ports.caption", List.of("ports.use", "ports.port", "configurable", "comments"), rows));
    }

    private Block grid(String caption, List<String> headings, List<List<String>> rows) {
        return new Block.Grid(words.text(caption), headings.stream().map(words::text).toList(), rows);
    }

    private void profiles() {
        blocks.add(heading(2, "profiles"));
        blocks.add(new Block.Paragraph(words.text("profiles.roles")));
        String secured = product.aeTitles().isEmpty() ? words.text("all") : String.join(", ", product.aeTitles());
        blocks.add(grid(
                "profiles.caption",
                List.of("profile", "secured", "sender", "receiver", "reference"),
                claims.stream()
                        .map(c -> List.of(
                                c.profile().title(),
                                secured,
                                claimed(c, Role.CLIENT),
                                claimed(c, Role.SERVER),
                                "N.11.2.5"))
                        .toList()));
        for (Claim claim : claims) {
            claim.broken().forEach((role, findings) -> {
                if (!findings.isEmpty()) {
                    Facts facts = claim.end().facts(role);
                    blocks.add(new Block.Paragraph(words.text("profiles.not", claim.profile().id(), words.role(role))));
                    blocks.add(new Block.Bullets(findings.stream()
                            .map(f -> f.rule().id() + ": "
                                    + words.text("conditional", words.requirement(f.rule()), notKept(facts, f.rule())))
                            .toList()));
                }
            });
        }
        blocks.add(new Block.Paragraph(words.text("profiles.choice")));
    }

    private String claimed(Claim claim, Role role) {
        return words.text(claim.roles().contains(role) ? "yes" : "no");
    }

    private void keys() {
        blocks.add(heading(3, "keys"));
        List<String> items = new ArrayList<>();
        items.add(words.text("keys.distribution"));
        items.add(words.text("keys.replacement"));
        items.add(words.text("keys.validation"));
        for (Claim claim : claims) {
            String id = claim.profile().id();
            items.add(words.text("keys.strength", id, strength(claim)));
            if (claim.roles().contains(Role.SERVER)) {
                items.add(words.text(clientCertificateRequired(claim) ? "keys.client.required" : "keys.client.default", id));
            }
            if (claim.roles().contains(Role.CLIENT)) {
                items.add(words.text(hostChecked(claim) ? "keys.host.on" : "keys.host.off", id));
            }
        }
        items.add(words.text("keys.revocation"));
        items.add(words.text("keys.limits"));
        items.add(words.text("keys.audit"));
        blocks.add(new Block.Bullets(items));
    }

    private String strength(Claim claim) {
        List<String> parts = new ArrayList<>();
        for (Metric metric : List.of(Metric.RSA_CERTIFICATE_BITS, Metric.EC_CERTIFICATE_BITS)) {
            int least = claim.policy().least(metric);
            if (least > 0) {
                parts.add(words.text("keys.least", words.metric(metric), least));
            }
        }
        parts.add(words.text(
                "keys.hashes",
                words.names(claim.policy().certificateHashes().stream().sorted().toList())));
        return String.join("; ", parts);
    }

    private static boolean clientCertificateRequired(Claim claim) {
        return claim.policy().demands(Property.CLIENT_AUTHENTICATION_REQUIRED, Role.SERVER).isPresent();
    }

    private static boolean hostChecked(Claim claim) {
        return claim.policy().demands(Property.HOST_IDENTITY_CHECKED, Role.CLIENT).isPresent();
    }

    private void algorithms() {
        preferences("suites13", "suite", TlsVersion.TLS_1_3, usable -> suites(usable, true));
        preferences("groups13", "exchange", TlsVersion.TLS_1_3, usable -> groups(usable, group -> true));
        if (roles().contains(Role.SERVER)) {
            blocks.add(new Block.Paragraph(words.text("groups.order")));
        }
        preferences("schemes13", "signature", TlsVersion.TLS_1_3, usable -> schemes(usable, SignatureScheme::tls13Handshake));
        preferences("suites12", "suite", TlsVersion.TLS_1_2, usable -> suites(usable, false));
        preferences("groups12", "exchange", TlsVersion.TLS_1_2, usable -> groups(usable, group -> usedInTls12(usable, group)));
        preferences("schemes12", "signature", TlsVersion.TLS_1_2, usable -> schemes(usable, scheme -> true));
    }

    /** A table of what a version uses, in order of preference. */
    private void preferences(
            String caption, String heading, TlsVersion version, Function<Usable, List<String>> algorithms) {
        List<List<String>> rows = new ArrayList<>();
        for (Claim claim : claims) {
            String profile = claim.profile().title();
            Usable usable = claim.end().usable();
            if (!usable.versions().contains(version)) {
                rows.add(List.of(profile, words.text("unsupported", version), ""));
                continue;
            }
            List<String> all = algorithms.apply(usable);
            for (int i = 0; i < all.size(); i++) {
                rows.add(List.of(profile, all.get(i), Integer.toString(i + 1)));
            }
        }
        blocks.add(grid(caption, List.of("profile", heading, "order"), rows));
    }

    private static List<String> suites(Usable usable, boolean tls13) {
        return usable.suites().stream().filter(s -> s.tls13() == tls13).map(CipherSuite::name).toList();
    }

    private static List<String> groups(Usable usable, Predicate<NamedGroup> wanted) {
        return usable.groups().stream()
                .filter(wanted)
                .map(group -> (group.finiteField() ? "DHE: " : "ECDHE: ") + group.name())
                .toList();
    }

    /** Whether a TLS 1.2 suite is there that a group of that kind could serve. */
    private static boolean usedInTls12(Usable usable, NamedGroup group) {
        KeyExchange exchange = group.finiteField() ? KeyExchange.DHE : KeyExchange.ECDHE;
        return usable.suites().stream().anyMatch(s -> !s.tls13() && s.keyExchange() == exchange);
    }

    private static List<String> schemes(Usable usable, Predicate<SignatureScheme> wanted) {
        return usable.schemes().stream()
                .filter(wanted)
                .map(scheme -> family(scheme) + ": " + scheme.name())
                .toList();
    }

    /** As the template names it. */
    private static String family(SignatureScheme scheme) {
        return switch (scheme.algorithm()) {
            case RSASSA_PKCS1_V1_5 -> "RSASSA PKCS#1 v1.5 (RSA)";
            case RSASSA_PSS -> "RSASSA-PSS";
            case EDDSA -> "EdDSA";
            default -> scheme.algorithm().name();
        };
    }

    private void configuration(boolean local) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("port", "yes", words.text("port.see"), ""));
        rows.add(row(
                "reason",
                "no",
                words.text(local ? "reason.value" : "reason.remote"),
                local ? words.text("reason.comment") : ""));
        if (local) {
            localParameters(rows);
        } else {
            rows.add(row("remote.name", "yes", "", words.text("remote.name.comment")));
            rows.add(row("remote.ae", "yes", words.text("remote.ae.value"), words.text("remote.ae.comment")));
        }
        blocks.add(new Block.Grid(
                words.text("configuration", words.text(local ? "local" : "remote")),
                Stream.of("parameter", "configurable", "default", "comments").map(words::text).toList(),
                rows));
    }

    private List<String> row(String parameter, String configurable, String value, String comment) {
        return List.of(words.text(parameter), words.text(configurable), value, comment);
    }

    private List<String> row(String parameter, Claim claim, String configurable, String value, String comment) {
        return List.of(words.text(parameter, claim.profile().id()), words.text(configurable), value, comment);
    }

    private void localParameters(List<List<String>> rows) {
        rows.add(row("chosen", "yes", claims.get(0).profile().title(), ""));
        String fixed = words.text("fixed");
        for (Claim claim : claims) {
            rows.add(row("versions", claim, "no", words.names(claim.end().usable().versions()), fixed));
            rows.add(row("algorithms", claim, "no", words.text("algorithms.value"), fixed));
            if (claim.roles().contains(Role.SERVER)) {
                boolean required = clientCertificateRequired(claim);
                rows.add(row(
                        "client.authentication", claim, required ? "no" : "yes", words.text("on"), required ? fixed : ""));
            }
            if (claim.roles().contains(Role.CLIENT)) {
                rows.add(row("host.identity", claim, "yes", words.text(hostChecked(claim) ? "on" : "off"), ""));
            }
        }
        rows.add(row("certificates", "yes", words.text("certificates.value"), ""));
        rows.add(row("trusted", "yes", words.text("certificates.value"), ""));
        rows.add(row("revocation", "yes", words.text("off"), ""));
        rows.add(row(
                "timeout",
                "yes",
                words.text("timeout.value", SecureTransport.DEFAULT_HANDSHAKE_TIMEOUT.toSeconds()),
                words.text("timeout.comment")));
        rows.add(row("resumption", "no", words.text("off"), ""));
        rows.add(row("renegotiation", "no", words.text("off"), ""));
        rows.add(row("alpn", "yes", words.text("off"), words.text("alpn.comment")));
    }

    private void kept(Claim claim) {
        blocks.add(new Block.Heading(2, words.text("kept", claim.profile().id())));
        blocks.add(new Block.Paragraph(words.text(
                "kept.intro", words.names(claim.roles().stream().map(words::role).toList()))));
        Map<Role, Facts> facts = new EnumMap<>(Role.class);
        claim.roles().forEach(role -> facts.put(role, claim.end().facts(role)));
        List<List<String>> rows = new ArrayList<>();
        for (Rule rule : claim.profile().effectiveRules()) {
            Map<Role, String> by = new EnumMap<>(Role.class);
            facts.forEach((role, known) -> {
                if (rule.strength() != Strength.MAY && rule.subject().binds(role)) {
                    by.put(role, by(claim, rule, role, known));
                }
            });
            if (!by.isEmpty()) {
                rows.add(List.of(
                        rule.id(), rule.strength().name(), rule.clause(), words.requirement(rule), together(by)));
            }
        }
        blocks.add(grid(
                "kept.caption",
                List.of("kept.rule", "kept.strength", "kept.clause", "kept.requirement", "kept.by"),
                rows));
    }

    /** Role by role where the roles differ. */
    private String together(Map<Role, String> by) {
        if (Set.copyOf(by.values()).size() == 1) {
            return by.values().iterator().next();
        }
        return by.entrySet().stream()
                .map(each -> words.text("by.role", words.role(each.getKey()), each.getValue()))
                .collect(Collectors.joining("; "));
    }

    private String by(Claim claim, Rule rule, Role role, Facts facts) {
        Finding finding = Evaluation.of(rule, facts);
        if (finding.verdict() == Verdict.VIOLATED) {
            return notKept(facts, rule);
        }
        if (finding.verdict() == Verdict.NOT_APPLICABLE) {
            return words.text("by.absent", words.condition(rule.condition()));
        }
        Means means = claim.end().means(rule, role);
        if (means == Means.ATTESTED && ANSWERED_HERE.contains(Wording.lastPart(rule))) {
            return words.text("by.statement");
        }
        return switch (means) {
            case APPLICATION, ATTESTED, JVM_PROPERTY -> words.text("by.vendor", words.means(means));
            default -> words.means(means);
        };
    }

    /** What of a required list the engine does not have, where it is that. */
    private String notKept(Facts facts, Rule rule) {
        if (rule.constraint() instanceof Constraint.Requires<?> requires && requires.all()) {
            List<?> missing = missing(facts, requires);
            if (!missing.isEmpty()) {
                return words.text("by.without", words.names(missing));
            }
        }
        return words.text("by.not");
    }

    private static <T extends Comparable<? super T>> List<T> missing(Facts facts, Constraint.Requires<T> requires) {
        Set<T> has = facts.support(requires.dimension()).supported();
        return requires.wanted().stream().filter(value -> !has.contains(value)).toList();
    }
}
