package org.dicomtls.interop.probe;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;

/** Collects facts from probes that run side by side. */
public final class Notes {

    private static final int MOST_EVIDENCE = 400;
    private static final int MOST_REMARKS = 50;

    private final Facts.Builder own;
    private final Facts.Builder accepting;
    private final Map<Object, String> absent = new HashMap<>();
    private final Map<Object, String> open = new HashMap<>();
    private final Map<Object, Set<String>> shown = new HashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    /** Notes of an end in that role. */
    public Notes(Role role) {
        own = Facts.of(role);
        accepting = Facts.of(role);
    }

    public synchronized void holds(Property property, boolean value, String evidence) {
        own.holds(property, value);
        accepting.holds(property, value);
        evidence(property, evidence);
    }

    public synchronized void condition(Condition condition, boolean met) {
        own.condition(condition, met);
        accepting.condition(condition, met);
    }

    public synchronized <T extends Comparable<? super T>> void supports(Dimension<T> dimension, Collection<T> values) {
        own.supports(dimension, values);
        accepting.supports(dimension, values);
    }

    public synchronized <T extends Comparable<? super T>> void lacks(Dimension<T> dimension, Collection<T> values) {
        own.lacks(dimension, values);
        accepting.lacks(dimension, values);
    }

    public synchronized <T extends Comparable<? super T>> void supportsExactly(Dimension<T> dimension, Collection<T> values) {
        own.supportsExactly(dimension, values);
        accepting.supportsExactly(dimension, values);
    }

    /** What the server itself presents; whether it accepts other values of its clients is another matter. */
    public synchronized <T extends Comparable<? super T>> void presents(Dimension<T> dimension, Collection<T> values) {
        own.supportsExactly(dimension, values);
        accepting.supports(dimension, values);
    }

    public synchronized void presents(Metric metric, int value) {
        own.measured(metric, value, true);
        accepting.measured(metric, value, false);
    }

    /** What the server accepts of its clients, which only some rules are about. */
    public synchronized <T extends Comparable<? super T>> void accepts(Dimension<T> dimension, Collection<T> values, boolean all) {
        if (all) {
            accepting.supportsExactly(dimension, values);
        } else {
            accepting.supports(dimension, values);
        }
    }

    public synchronized void accepts(Metric metric, int value, boolean all) {
        accepting.measured(metric, value, all);
    }

    public synchronized void measured(Metric metric, int value, boolean complete) {
        own.measured(metric, value, complete);
        accepting.measured(metric, value, complete);
    }

    /** Adds evidence, once and not without bound. */
    public synchronized void evidence(Object about, String reference) {
        Set<String> before = shown.computeIfAbsent(about, k -> new HashSet<>());
        if (before.size() < MOST_EVIDENCE && before.add(reference)) {
            String clean = PeerText.clean(reference);
            own.evidence(about, clean);
            accepting.evidence(about, clean);
        }
    }

    /** The server has nothing of the kind, so a rule about it has nothing to apply to. */
    public synchronized void absent(Object about, String why) {
        absent.put(about, why);
    }

    /** Something worth saying that no rule is about. */
    public synchronized void remark(String what) {
        if (remarks.size() < MOST_REMARKS) {
            remarks.add(PeerText.clean(what));
        }
    }

    /** Why nothing is known. */
    public synchronized void open(Object about, String why) {
        open.putIfAbsent(about, why);
    }

    /** All of it; nothing is to be noted afterwards. */
    public synchronized Survey finish(int connections, long nanos, boolean silent) {
        return new Survey(
                own.build(), accepting.build(), absent, open, List.copyOf(remarks), connections, nanos / 1_000_000, silent);
    }
}
