package org.dicomtls.interop.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/** A part in the making: takes samples as they come and compares them in the end. Not for several threads. */
final class Tally {

    /** A quantity in the making. */
    final class Column {
        private final String id;
        private final String title;
        private final String unit;
        private final boolean higherIsBetter;
        private final Optional<String> along;
        private final Map<Place, List<Double>> samples = new LinkedHashMap<>();

        private Column(String id, String title, String unit, boolean higherIsBetter, Optional<String> along) {
            this.id = id;
            this.title = title;
            this.unit = unit;
            this.higherIsBetter = higherIsBetter;
            this.along = along;
        }

        void add(String subject, double value) {
            samples.computeIfAbsent(new Place(subject, Optional.empty()), key -> new ArrayList<>()).add(value);
        }

        void add(String subject, double at, double value) {
            samples.computeIfAbsent(new Place(subject, Optional.of(at)), key -> new ArrayList<>()).add(value);
        }

        private Optional<List<Double>> of(Place place) {
            return Optional.ofNullable(samples.get(place));
        }

        private Series series() {
            return new Series(
                    id,
                    title,
                    unit,
                    higherIsBetter,
                    along,
                    samples.entrySet().stream()
                            .map(e -> new Series.Row(e.getKey().subject(), e.getKey().at(), new Samples(e.getValue())))
                            .toList());
        }
    }

    private record Place(String subject, Optional<Double> at) {}

    private final Topic topic;
    private final String how;
    private final long started = System.nanoTime();
    private final List<Column> columns = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Tally(Topic topic, String how) {
        this.topic = topic;
        this.how = how;
    }

    Column column(String id, String title, String unit, boolean higherIsBetter) {
        return column(id, title, unit, higherIsBetter, null);
    }

    Column column(String id, String title, String unit, boolean higherIsBetter, String along) {
        Column column = new Column(id, title, unit, higherIsBetter, Optional.ofNullable(along));
        columns.add(column);
        return column;
    }

    void note(String text) {
        notes.add(text);
    }

    /** Round by round the first subject's value divided by the second's; nothing where one was not measured. */
    void ratio(String id, String title, Column column, String over, String under, Optional<Ratio.Goal> goal) {
        ratio(id, title, column, new Place(over, Optional.empty()), new Place(under, Optional.empty()), goal);
    }

    /** As {@link #ratio(String, String, Column, String, String, Optional)}, of one subject at two places of the axis. */
    void ratio(
            String id, String title, Column column, String subject, double over, double under, Optional<Ratio.Goal> goal) {
        ratio(id, title, column, new Place(subject, Optional.of(over)), new Place(subject, Optional.of(under)), goal);
    }

    private void ratio(
            String id, String title, Column column, Place over, Place under, Optional<Ratio.Goal> goal) {
        Optional<List<Double>> a = column.of(over);
        Optional<List<Double>> b = column.of(under);
        if (a.isPresent() && b.isPresent()) {
            ratios.add(new Ratio(id, title, "", pairs(a.get(), b.get(), (x, y) -> x / y), goal));
        }
    }

    /** Round by round the median of the quotients of many pairs of subjects, those of the same place in the lists. */
    void median(
            String id, String title, Column column, List<String> over, List<String> under, Optional<Ratio.Goal> goal) {
        List<Samples> quotients = new ArrayList<>();
        for (int i = 0; i < over.size(); i++) {
            Optional<List<Double>> a = column.of(new Place(over.get(i), Optional.empty()));
            Optional<List<Double>> b = column.of(new Place(under.get(i), Optional.empty()));
            if (a.isPresent() && b.isPresent()) {
                quotients.add(pairs(a.get(), b.get(), (x, y) -> x / y));
            }
        }
        if (!quotients.isEmpty()) {
            List<Double> medians = new ArrayList<>();
            for (int round = 0; round < quotients.get(0).values().size(); round++) {
                int at = round;
                medians.add(new Samples(quotients.stream().map(q -> q.values().get(at)).toList()).median());
            }
            ratios.add(new Ratio(id, title, "", new Samples(medians), goal));
        }
    }

    /** Round by round what the first subject has more than the second. */
    void difference(
            String id, String title, String unit, Column column, String more, String less, Optional<Ratio.Goal> goal) {
        Optional<List<Double>> a = column.of(new Place(more, Optional.empty()));
        Optional<List<Double>> b = column.of(new Place(less, Optional.empty()));
        if (a.isPresent() && b.isPresent()) {
            ratios.add(new Ratio(id, title, unit, pairs(a.get(), b.get(), (x, y) -> x - y), goal));
        }
    }

    /** A subject's own values, where they have a goal. */
    void value(String id, String title, String unit, Column column, String subject, Optional<Ratio.Goal> goal) {
        column.of(new Place(subject, Optional.empty()))
                .ifPresent(values -> ratios.add(new Ratio(id, title, unit, new Samples(values), goal)));
    }

    /** What was compared elsewhere. */
    void ratio(Ratio ratio) {
        ratios.add(ratio);
    }

    private static Samples pairs(List<Double> a, List<Double> b, DoubleBinaryOperator compare) {
        List<Double> compared = new ArrayList<>();
        // A tool that takes minutes is run less often; its last value stands for the rounds that it missed.
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            compared.add(compare.applyAsDouble(a.get(Math.min(i, a.size() - 1)), b.get(Math.min(i, b.size() - 1))));
        }
        return new Samples(compared);
    }

    Part part() {
        return new Part(
                topic,
                how,
                columns.stream().filter(c -> !c.samples.isEmpty()).map(Column::series).toList(),
                ratios,
                notes,
                (System.nanoTime() - started) / 1e9);
    }
}
