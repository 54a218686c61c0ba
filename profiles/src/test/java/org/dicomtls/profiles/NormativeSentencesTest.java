package org.dicomtls.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every sentence of the texts is accounted for, against a list that was not made from the rules. */
class NormativeSentencesTest {

    private static List<String> listed() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NormativeSentencesTest.class.getResourceAsStream("/normative-sentences.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        }
    }

    private static Set<String> without(Collection<String> all, Collection<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    @Test
    void theListIsOne() throws IOException {
        assertThat(listed()).doesNotHaveDuplicates().hasSize(394);
    }

    @Test
    void everySentenceIsAccountedFor() throws IOException {
        Set<String> open = without(listed(), NormativeSentences.carried().keySet());
        open.removeAll(NormativeSentences.outOfScope().keySet());
        assertThat(open).isEmpty();
    }

    @Test
    void everySourceIsASentence() throws IOException {
        assertThat(without(NormativeSentences.carried().keySet(), listed())).isEmpty();
        assertThat(without(NormativeSentences.outOfScope().keySet(), listed())).isEmpty();
    }

    @Test
    void nothingIsBothCarriedAndOutOfScope() {
        Set<String> both = new TreeSet<>(NormativeSentences.carried().keySet());
        both.retainAll(NormativeSentences.outOfScope().keySet());
        assertThat(both).isEmpty();
    }

    @Test
    void everyReasonSaysSomething() {
        assertThat(NormativeSentences.outOfScope().values())
                .allSatisfy(account -> assertThat(account.reason()).hasSizeGreaterThan(20).endsWith("."));
    }

    @Test
    void whatOneSentenceCameTo() throws IOException {
        assertThat(NormativeSentences.of("B13-12").orElseThrow())
                .isEqualTo(new NormativeSentences.Carried(
                        List.of("B13-2023/tls12-suites-required", "B13/tls12-suites-required"), false));
        assertThat(NormativeSentences.of("CS-01").orElseThrow().text()).startsWith("attested: PS3.15/");
        assertThat(NormativeSentences.of("HS-CERT-05").orElseThrow().text()).startsWith("out of scope: ");
        assertThat(NormativeSentences.of("B13-99")).isEmpty();
        for (String sentence : listed()) {
            assertThat(NormativeSentences.of(sentence)).as(sentence).isPresent();
        }
    }
}
