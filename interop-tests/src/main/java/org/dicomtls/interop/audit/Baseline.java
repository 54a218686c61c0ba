package org.dicomtls.interop.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Role;
import org.dicomtls.rule.Strength;
import org.dicomtls.rule.Verdict;

/**
 * What an earlier audit found violated.
 *
 * @param profile the id of the profile that it was held against
 * @param role the end that was audited
 * @param target the end's name at that time; another name now is no error, since addresses change
 * @param violated the ids of the SHALLs and SHOULDs that were violated, in the order of the report
 */
public record Baseline(String profile, Role role, String target, Set<String> violated) {

    public Baseline {
        violated = Collections.unmodifiableSet(new LinkedHashSet<>(violated));
    }

    /**
     * The whole report.
     *
     * @throws RecordFileException when the file holds no JSON
     */
    public static JsonNode report(Path file) throws RecordFileException {
        return RecordFile.json(file);
    }

    /**
     * Reads a report that {@code dicom-tls audit --json} wrote.
     *
     * @throws RecordFileException when the file is no such report; the message is one line and names file and place
     */
    public static Baseline read(Path file) throws RecordFileException {
        JsonNode report = RecordFile.json(file);
        if (!report.isObject()) {
            throw new RecordFileException(
                    file + ": not an audit report: an object is wanted, found " + RecordFile.kind(report));
        }
        String schema = RecordFile.text(file, "", report, "schema");
        if (!schema.equals(AuditJson.SCHEMA)) {
            throw new RecordFileException(
                    file + ": schema is '" + RecordFile.shown(schema) + "', wanted " + AuditJson.SCHEMA);
        }
        String profile = RecordFile.text(file, "", report, "profile");
        String title = RecordFile.text(file, "", report, "role");
        Role role = Arrays.stream(Role.values())
                .filter(r -> r.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new RecordFileException(file + ": unknown role '" + RecordFile.shown(title) + "'"));
        String target = RecordFile.text(file, "", report, "target");
        JsonNode findings = report.path("findings");
        if (!findings.isArray()) {
            throw new RecordFileException(file + ": holds no array 'findings'");
        }
        Set<String> ids = new LinkedHashSet<>();
        Set<String> violated = new LinkedHashSet<>();
        for (int i = 0; i < findings.size(); i++) {
            String place = "finding " + (i + 1) + ": ";
            JsonNode finding = findings.get(i);
            if (!finding.isObject()) {
                throw new RecordFileException(
                        file + ": " + place + "an object is wanted, found " + RecordFile.kind(finding));
            }
            String rule = RecordFile.text(file, place, finding, "rule");
            Verdict verdict = one(file, place, finding, "verdict", Verdict.class);
            Strength strength = one(file, place, finding, "strength", Strength.class);
            if (!ids.add(rule)) {
                throw new RecordFileException(file + ": " + place + "rule " + RecordFile.shown(rule) + " is in it twice");
            }
            if (verdict == Verdict.VIOLATED && strength != Strength.MAY) {
                violated.add(rule);
            }
        }
        return new Baseline(profile, role, target, violated);
    }

    private static <E extends Enum<E>> E one(Path file, String place, JsonNode finding, String key, Class<E> type)
            throws RecordFileException {
        String value = RecordFile.text(file, place, finding, key);
        try {
            return Enum.valueOf(type, value);
        } catch (IllegalArgumentException e) {
            throw new RecordFileException(
                    file + ": " + place + "unknown " + key + " '" + RecordFile.shown(value) + "'", e);
        }
    }

    /**
     * Reads a report that is to be the baseline of audits of ends in that role against that profile.
     *
     * @throws RecordFileException as {@link #read}; also when it was held against another profile, or is of the other role
     */
    public static Baseline of(Path file, Profile profile, Role role) throws RecordFileException {
        Baseline baseline = read(file);
        if (!baseline.profile().equals(profile.id())) {
            throw new RecordFileException(
                    file + ": an audit against " + RecordFile.shown(baseline.profile()) + ", not against " + profile.id());
        }
        if (baseline.role() != role) {
            throw new RecordFileException(file + ": an audit of a " + baseline.role().title() + ", not of a " + role.title());
        }
        return baseline;
    }
}
