package org.dicomtls.interop.statement;

import java.text.MessageFormat;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.policy.Means;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;

/**
 * The words of a language. English rules speak for themselves; in another language a rule is written from its
 * constraint, so that no rule has to be written twice.
 */
final class Wording {

    private static final int MOST_NAMED = 12;

    private final Language language;
    private final ResourceBundle words;

    Wording(Language language) {
        this.language = language;
        this.words = ResourceBundle.getBundle(
                "org.dicomtls.interop.statement.words",
                language.locale(),
                // The default locale of whoever runs this has no say in what it asked for.
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    Language language() {
        return language;
    }

    /** The words of that key, with values put in; a key that is not there is a bug. */
    String text(String key, Object... values) {
        return new MessageFormat(words.getString(key), Locale.ROOT)
                .format(Stream.of(values).map(String::valueOf).toArray());
    }

    private Optional<String> find(String key) {
        return words.containsKey(key) ? Optional.of(words.getString(key)) : Optional.empty();
    }

    String role(Role role) {
        return text("role." + role.name());
    }

    String state(Profile.State state) {
        return text("state." + state.name());
    }

    String means(Means means) {
        return text("means." + means.name());
    }

    String metric(Metric metric) {
        return language == Language.ENGLISH ? metric.title() : text("metric." + metric.name());
    }

    String condition(Condition condition) {
        return language == Language.ENGLISH ? condition.title() : text("condition." + condition.name());
    }

    private String property(Property property) {
        return text("property." + property.name());
    }

    private String dimension(Dimension<?> dimension) {
        return text("dimension." + dimension.title().replace(' ', '-'));
    }

    /** What a rule demands, with its condition. */
    String requirement(Rule rule) {
        String statement = language == Language.ENGLISH ? rule.statement() : constraint(rule);
        return rule.condition() == Condition.ALWAYS
                ? statement
                : text("conditional", statement, condition(rule.condition()));
    }

    private String constraint(Rule rule) {
        Constraint constraint = rule.constraint();
        if (constraint instanceof Constraint.Permits<?> permits) {
            return text("permits", dimension(permits.dimension()), names(permits.allowed()));
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            return text("forbids", dimension(forbids.dimension()), names(forbids.denied()));
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            return text(
                    requires.wanted().size() == 1 ? "requires.one" : requires.all() ? "requires.all" : "requires.any",
                    dimension(requires.dimension()),
                    names(requires.wanted()));
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return text("least", metric(atLeast.metric()), atLeast.least());
        } else if (constraint instanceof Constraint.Holds holds) {
            return property(holds.property());
        }
        // A question to a person has no constraint to be written from; one that this catalogue does not know stays as it is.
        return find("attested." + rule.id())
                .or(() -> find("attested." + lastPart(rule)))
                .orElseGet(rule::statement);
    }

    static String lastPart(Rule rule) {
        return rule.id().substring(rule.id().lastIndexOf('/') + 1);
    }

    /** The names, and of very many the first ones. */
    String names(Collection<?> values) {
        String first = values.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return values.size() <= MOST_NAMED ? first : text("and.more", first, values.size() - MOST_NAMED);
    }
}
