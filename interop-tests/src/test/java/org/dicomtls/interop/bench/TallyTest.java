package org.dicomtls.interop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dicomtls.interop.report.Environment;
import org.junit.jupiter.api.Test;

/** Samples and what is made of them. */
class TallyTest {

    private final Tally tally = new Tally(Topic.STORE, "how");
    private final Tally.Column rates = tally.column("rates", "Rates", "1/s", true);

    private void add(String subject, double... values) {
        for (double value : values) {
            rates.add(subject, value);
        }
    }

    private List<Ratio> ratios() {
        return tally.part().ratios();
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Samples(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
        assertThat(new Samples(List.of(9.0, 1.0, 3.0)).median()).isEqualTo(3);
    }

    @Test
    void whatIsNoNumberIsNoSample() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Samples(List.of(1.0, Double.NaN))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Samples(List.of(1.0, 1.0 / 0))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratiosAreTakenRoundByRoundSoThatAMachineThatSlowsDownDoesNotMatter() {
        add("a", 100, 50, 10);
        add("b", 50, 25, 5);
        tally.ratio("id", "a to b", rates, "a", "b", Ratio.Goal.least(2));
        assertThat(ratios().get(0).samples().values()).containsExactly(2.0, 2.0, 2.0);
        assertThat(ratios().get(0).met()).contains(true);
    }

    @Test
    void aToolThatRanLessOftenIsComparedByItsLastValue() {
        add("a", 10, 20, 30);
        add("b", 10);
        tally.ratio("id", "a to b", rates, "a", "b", Optional.empty());
        assertThat(ratios().get(0).samples().values()).containsExactly(1.0, 2.0, 3.0);
        assertThat(ratios().get(0).met()).isEmpty();
    }

    @Test
    void whatWasNotMeasuredIsNotCompared() {
        add("a", 10);
        tally.ratio("id", "a to b", rates, "a", "b", Ratio.Goal.least(1));
        tally.difference("id", "a more than b", "", rates, "a", "b", Ratio.Goal.least(1));
        tally.value("id", "b", "", rates, "b", Ratio.Goal.least(1));
        tally.median("id", "all", rates, List.of("a"), List.of("b"), Ratio.Goal.least(1));
        assertThat(ratios()).isEmpty();
    }

    @Test
    void theMedianOfManyPairsIsTakenInEachRound() {
        add("a", 1, 10);
        add("b", 2, 20);
        add("c", 9, 90);
        add("x", 1, 10);
        tally.median("id", "all to x", rates, List.of("a", "b", "c"), List.of("x", "x", "x"), Ratio.Goal.most(1.03));
        assertThat(ratios().get(0).samples().values()).containsExactly(2.0, 2.0);
        assertThat(ratios().get(0).met()).contains(false);
    }

    @Test
    void aPageEscapesAndDrawsWhatItIsGiven() {
        add("<b>&", 1, 2);
        Tally.Column along = tally.column("along", "Along", "s", false, "targets");
        along.add("all", 1, 2);
        along.add("all", 500, 8);
        BenchReport report = new BenchReport(
                new Machine(
                        Environment.here(),
                        "<cpu>",
                        Map.of(),
                        Optional.of(0.1),
                        Optional.of(0.5),
                        false,
                        2),
                List.of(tally.part()));
        assertThat(BenchPage.of(report))
                .contains("&lt;b&gt;&amp;", "&lt;cpu&gt;", "<polyline", "other programs used 50 % of the processors")
                .doesNotContain("<b>&", "<cpu>");
        assertThat(BenchText.lines(report, 120)).anyMatch(line -> line.startsWith("WARNING: other programs used 50 %"));
    }
}
