package org.dicomtls.interop.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.dicomtls.policy.Policy;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.dicomtls.rule.Strength;
import org.dicomtls.tls.CipherSuite;

/**
 * Profiles side by side.
 *
 * @param profiles the columns
 * @param sections the rows, in sections
 */
public record Comparison(List<Profile> profiles, List<Section> sections) {

    /** What the cells mean. */
    public static final String LEGEND =
            "SHALL: required of both ends; SHALL(S), SHALL(C): of servers, of clients; likewise SHOULD and MAY; yes: in use;"
                    + " –: not in use, or not addressed.";

    /** Rows about one thing. */
    public record Section(String title, List<Row> rows) {}

    /** A line: one cell for each profile. */
    public record Row(String what, List<String> cells) {
        public boolean differs() {
            return cells.stream().distinct().count() > 1;
        }
    }

    /** Compares those profiles. */
    public static Comparison of(List<Profile> profiles) {
        List<Policy> policies = profiles.stream().map(Policy::of).toList();
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                "Profile",
                List.of(
                        row("clause", profiles, Profile::clause),
                        row("state", profiles, p -> p.state().title()),
                        row("editions", profiles, p -> String.join(", ", p.editions())),
                        row("rules", profiles, p -> String.valueOf(p.rules().size())))));
        sections.add(values("TLS versions", policies, Policy::versions, Dimension.VERSION));
        sections.add(values(
                "TLS 1.3 cipher suites",
                policies,
                p -> p.suites().stream().filter(s -> s.tls13()).toList(),
                Dimension.SUITE_TLS13));
        sections.add(values(
                "TLS 1.2 cipher suites",
                policies,
                p -> p.suites().stream().filter(s -> !s.tls13()).toList(),
                Dimension.SUITE_TLS12));
        sections.add(values("Groups", policies, Policy::groups, Dimension.GROUP));
        sections.add(values("Signature schemes", policies, Policy::schemes, Dimension.SCHEME));
        List<Row> lengths = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            lengths.add(row(metric.title() + ", bits", policies, p -> {
                int least = p.least(metric);
                return least == 0 ? "–" : "≥ " + least;
            }));
        }
        lengths.add(row(
                "certificate hashes",
                policies,
                p -> String.join(" ", new TreeSet<>(p.certificateHashes()).stream().map(Object::toString).toList())));
        sections.add(new Section("Key lengths and hashes", lengths));
        List<Row> properties = new ArrayList<>();
        for (Property property : Property.values()) {
            Row row = row("the end " + property.title(), profiles, p -> demanded(p, property));
            if (row.cells().stream().anyMatch(c -> !c.equals("–"))) {
                properties.add(row);
            }
        }
        sections.add(new Section("Behaviour", properties));
        return new Comparison(profiles, sections);
    }

    private static <P> Row row(String what, List<P> columns, Function<P, String> cell) {
        return new Row(what, columns.stream().map(cell).toList());
    }

    private static <T extends Comparable<? super T>> Section values(
            String title, List<Policy> policies, Function<Policy, List<T>> used, Dimension<T> dimension) {
        Set<T> all = new LinkedHashSet<>();
        policies.forEach(p -> all.addAll(used.apply(p)));
        List<Row> rows = new ArrayList<>();
        for (T value : all) {
            rows.add(row(value.toString(), policies, p -> {
                if (!used.apply(p).contains(value)) {
                    return "–";
                }
                String demanded = strengths(p.profile().effectiveRules().stream()
                        .filter(r -> r.constraint() instanceof Constraint.Requires<?> requires
                                && requires.all()
                                && requires.dimension() == dimension
                                && requires.wanted().contains(value))
                        .toList());
                String place = dimension.type() == CipherSuite.class ? used.apply(p).indexOf(value) + 1 + " " : "";
                return place + (demanded.isEmpty() ? "yes" : demanded);
            }));
        }
        return new Section(title, rows);
    }

    private static String demanded(Profile profile, Property property) {
        String text = strengths(profile.effectiveRules().stream()
                .filter(r -> r.constraint() instanceof Constraint.Holds holds && holds.property() == property)
                .toList());
        return text.isEmpty() ? "–" : text;
    }

    /** The strongest for either role: {@code SHALL}, or {@code SHALL(S) SHOULD(C)} where they differ. */
    private static String strengths(Collection<Rule> rules) {
        Optional<Strength> server = strongest(rules, Role.SERVER);
        Optional<Strength> client = strongest(rules, Role.CLIENT);
        if (server.equals(client)) {
            return server.map(Strength::name).orElse("");
        }
        List<String> texts = new ArrayList<>();
        server.ifPresent(s -> texts.add(s.name() + "(S)"));
        client.ifPresent(s -> texts.add(s.name() + "(C)"));
        return String.join(" ", texts);
    }

    private static Optional<Strength> strongest(Collection<Rule> rules, Role role) {
        return rules.stream()
                .filter(rule -> rule.subject().binds(role))
                .map(Rule::strength)
                .min(Comparator.naturalOrder());
    }

    /** As JSON: schema {@code dicom-tls/compare/1}. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("schema", "dicom-tls/compare/1");
        json.set("profiles", Json.names(profiles));
        ArrayNode array = json.putArray("sections");
        for (Section section : sections) {
            ArrayNode rows = array.addObject().put("title", section.title()).putArray("rows");
            for (Row row : section.rows()) {
                rows.addObject().put("what", row.what()).put("differs", row.differs()).set("cells", Json.names(row.cells()));
            }
        }
        return json;
    }
}
