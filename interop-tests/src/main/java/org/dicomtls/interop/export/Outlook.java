package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.interop.audit.Audit;
import org.dicomtls.rule.Constraint;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Facts;
import org.dicomtls.rule.Finding;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;

/**
 * How far a system of some release keeps a profile when it is set as exported: the audit that is to be expected of it.
 *
 * @param release the versions that it holds for
 * @param part what of the export is meant for that release alone, such as a command line; empty where all of it is
 */
public final class Outlook {

    private static final int MOST_VALUES = 4;

    private final Release release;
    private final String part;
    private final Audit audit;
    private final Map<Object, String> because;

    Outlook(Release release, String part, Profile profile, EndModel model) {
        this.release = release;
        this.part = part;
        this.audit = model.audit(release.title(), profile);
        this.because = model.because();
    }

    public Release release() {
        return release;
    }

    /** What of the export is meant for that release alone, such as a command line; empty where all of it is. */
    public String part() {
        return part;
    }

    public Role role() {
        return audit.role();
    }

    /** A finding for every rule, in the order of the profile. */
    public List<Finding> findings() {
        return audit.findings();
    }

    /** The SHALLs and SHOULDs that the system does not keep, SHALLs first. */
    public List<Finding> notKept() {
        return of(Verdict.VIOLATED);
    }

    /** The SHALLs and SHOULDs that depend on what is outside of the configuration, SHALLs first. */
    public List<Finding> open() {
        return of(Verdict.INCONCLUSIVE);
    }

    private List<Finding> of(Verdict verdict) {
        return Stream.of(Strength.SHALL, Strength.SHOULD)
                .flatMap(strength -> findings().stream()
                        .filter(f -> f.verdict() == verdict && f.rule().strength() == strength))
                .toList();
    }

    /** How many SHALLs are not kept. */
    long brokenShalls() {
        return notKept().stream().filter(f -> f.rule().strength() == Strength.SHALL).count();
    }

    /** How many SHALLs that demand a version are not kept. */
    long versionsMissing() {
        return notKept().stream()
                .filter(f -> f.rule().strength() == Strength.SHALL
                        && f.rule().constraint() instanceof Constraint.Requires<?> requires
                        && requires.dimension() == Dimension.VERSION)
                .count();
    }

    /** Why a rule is not kept, in one line: what is there or missing, and why that cannot be set. */
    public String why(Finding finding) {
        Constraint constraint = finding.rule().constraint();
        if (constraint instanceof Constraint.Holds holds) {
            return because.getOrDefault(holds.property(), "it does not");
        } else if (constraint instanceof Constraint.AtLeast atLeast) {
            return join(finding.actual(), Stream.of(atLeast.metric()));
        } else if (constraint instanceof Constraint.Permits<?> permits) {
            Collection<?> values = supported(finding, permits.dimension());
            return listed("also ", values.stream().filter(v -> !permits.allowed().contains(v)).toList());
        } else if (constraint instanceof Constraint.Forbids<?> forbids) {
            Collection<?> values = supported(finding, forbids.dimension());
            return listed("", values.stream().filter(forbids.denied()::contains).toList());
        } else if (constraint instanceof Constraint.Requires<?> requires) {
            Collection<?> values = supported(finding, requires.dimension());
            return listed("without ", requires.wanted().stream().filter(v -> !values.contains(v)).toList());
        }
        return finding.actual();
    }

    private Collection<?> supported(Finding finding, Dimension<?> dimension) {
        // As the audit does: what is taken of the other end counts for rules about certificates.
        Facts facts = dimension == Dimension.CERTIFICATE_HASH ? audit.survey().accepting() : audit.survey().own();
        return facts.support(dimension).supported();
    }

    private String listed(String before, List<?> values) {
        String shown = values.stream().limit(MOST_VALUES).map(Object::toString).collect(Collectors.joining(", "))
                + (values.size() > MOST_VALUES ? " and " + (values.size() - MOST_VALUES) + " more" : "");
        return join(before + shown, values.stream());
    }

    private String join(String actual, Stream<?> about) {
        Set<String> reasons = new LinkedHashSet<>();
        about.map(because::get).filter(r -> r != null).forEach(reasons::add);
        List<String> words = new ArrayList<>(List.of(actual));
        words.addAll(reasons);
        return String.join("; ", words);
    }
}
