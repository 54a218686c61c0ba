package org.dicomtls.interop.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Properties;
import java.util.TreeSet;
import org.dicomtls.policy.Means;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both languages say the same things. */
class WordingTest {

    private static final String JAPANESE_LETTER = "(?s).*[\\p{IsHiragana}\\p{IsKatakana}\\p{IsHan}].*";

    private static Properties words(Language language) throws IOException {
        Properties words = new Properties();
        try (InputStream in = Wording.class.getResourceAsStream("words_" + language.tag() + ".properties");
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            words.load(reader);
        }
        return words;
    }

    @Test
    void everyWordOfEnglishIsThereInJapaneseWithTheSameValues() throws IOException {
        Properties english = words(Language.ENGLISH);
        Properties japanese = words(Language.JAPANESE);
        assertThat(japanese.keySet()).containsAll(english.keySet());
        for (String key : english.stringPropertyNames()) {
            assertThat(values(japanese.getProperty(key))).as(key).isEqualTo(values(english.getProperty(key)));
        }
    }

    private static int values(String words) {
        return new MessageFormat(words).getFormatsByArgumentIndex().length;
    }

    /** Of these, English has the rules' own words. */
    @Test
    void nothingIsThereInJapaneseAloneButWhatRulesAreWrittenFrom() throws IOException {
        TreeSet<Object> only = new TreeSet<>(words(Language.JAPANESE).keySet());
        only.removeAll(words(Language.ENGLISH).keySet());
        assertThat(only)
                .allMatch(key -> key.toString()
                        .matches("(property|metric|dimension|condition|attested)\\..+|permits|forbids|requires\\..+|least"));
    }

    @ParameterizedTest
    @EnumSource
    void everythingThatARuleIsMadeOfHasItsWords(Language language) {
        Wording words = new Wording(language);
        for (Means means : Means.values()) {
            assertThat(words.means(means)).isNotBlank();
        }
        for (Role role : Role.values()) {
            assertThat(words.role(role)).isNotBlank();
        }
        for (Profile.State state : Profile.State.values()) {
            assertThat(words.state(state)).isNotBlank();
        }
        for (Condition condition : Condition.values()) {
            assertThat(words.condition(condition)).isNotBlank();
        }
        for (Metric metric : Metric.values()) {
            assertThat(words.metric(metric)).isNotBlank();
        }
    }

    @Test
    void everyRuleOfTheCatalogueIsWrittenInJapanese() {
        Wording words = new Wording(Language.JAPANESE);
        for (Profile profile : Profiles.all()) {
            for (Rule rule : profile.rules()) {
                assertThat(words.requirement(rule)).as(rule.id()).matches(JAPANESE_LETTER).doesNotContain("{0", "{1", "''");
                if (rule.constraint() instanceof Constraint.AtLeast least) {
                    assertThat(words.requirement(rule)).as(rule.id()).contains(Integer.toString(least.least()));
                }
            }
        }
    }

    @Test
    void englishIsTheRulesOwnStatement() {
        Rule rule = Profiles.named("bcp195-mod").rule("B13/dhe-2048").orElseThrow();
        assertThat(new Wording(Language.ENGLISH).requirement(rule))
                .startsWith(rule.statement())
                .endsWith("(" + rule.condition().title() + ")");
    }
}
