package org.dicomtls.profiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Rule;

/**
 * What became of every normative sentence of the texts: the rules that carry it, or the reason why none does. A
 * sentence is known by its identifier, e.g. {@code B13-12} or {@code 9325-4.1-a}.
 */
public final class NormativeSentences {

    /** What became of one sentence. */
    public sealed interface Account {

        /** One line for a table. */
        String text();
    }

    /**
     * Rules carry it.
     *
     * @param rules their ids, in the order of the catalogue
     * @param attested whether all of them are questions to a person
     */
    public record Carried(List<String> rules, boolean attested) implements Account {
        public Carried {
            rules = List.copyOf(rules);
        }

        @Override
        public String text() {
            return (attested ? "attested: " : "") + String.join(", ", rules);
        }
    }

    /**
     * No rule carries it.
     *
     * @param reason why
     */
    public record OutOfScope(String reason) implements Account {
        @Override
        public String text() {
            return "out of scope: " + reason;
        }
    }

    private static final Map<String, Rule> RULES = catalogue();
    private static final Map<String, OutOfScope> OUT_OF_SCOPE = read();

    private NormativeSentences() {}

    /** Every rule of every profile and of every edition of BCP 195, by id. */
    static Map<String, Rule> rules() {
        return RULES;
    }

    /** The sentences that no rule carries, with their reasons. */
    public static Map<String, OutOfScope> outOfScope() {
        return OUT_OF_SCOPE;
    }

    /** The sentences that rules carry, with the rules. */
    public static Map<String, Carried> carried() {
        Map<String, List<Rule>> carrying = new LinkedHashMap<>();
        for (Rule rule : RULES.values()) {
            for (String sentence : rule.sources()) {
                carrying.computeIfAbsent(sentence, k -> new ArrayList<>()).add(rule);
            }
        }
        Map<String, Carried> carried = new LinkedHashMap<>();
        carrying.forEach((sentence, rules) -> carried.put(
                sentence,
                new Carried(
                        rules.stream().map(Rule::id).toList(),
                        rules.stream().allMatch(rule -> rule.constraint() instanceof Constraint.Attested))));
        return Collections.unmodifiableMap(carried);
    }

    /** What became of that sentence; empty when it is not known here. */
    public static Optional<Account> of(String sentence) {
        Carried carried = carried().get(sentence);
        return Optional.ofNullable(carried != null ? carried : OUT_OF_SCOPE.get(sentence));
    }

    private static Map<String, Rule> catalogue() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        Stream.concat(
                        DicomProfiles.all().stream().map(Profile::rules),
                        Stream.of(Bcp195.values()).map(Bcp195::rules))
                .flatMap(List::stream)
                .forEach(rule -> rules.putIfAbsent(rule.id(), rule));
        return Collections.unmodifiableMap(rules);
    }

    private static Map<String, OutOfScope> read() {
        Map<String, OutOfScope> reasons = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(
                        NormativeSentences.class.getResourceAsStream("out-of-scope.txt"), "resource out-of-scope.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                int bar = line.indexOf('|');
                if (bar < 0 || line.substring(bar + 1).isBlank()) {
                    throw new IllegalStateException("out-of-scope.txt: no reason in \"" + line + '"');
                }
                OutOfScope account = new OutOfScope(line.substring(bar + 1).strip());
                for (String sentence : line.substring(0, bar).strip().split("\\s+")) {
                    if (reasons.put(sentence, account) != null) {
                        throw new IllegalStateException("out-of-scope.txt: " + sentence + " stands there twice");
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(reasons);
    }
}
