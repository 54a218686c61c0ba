package org.dicomtls.interop.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Waiver;

/** Reads waivers as {@code waivers-1.json} describes them. */
public final class Waivers {

    private static final List<String> KEYS = List.of("rule", "reason", "owner", "until");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private Waivers() {}

    /**
     * The waivers of a file, in its order.
     *
     * @param audited the profiles that are audited: a waiver for a rule of none of them is an error, for it would stay
     *     unnoticed that it waives nothing
     * @throws RecordFileException when anything in the file is not understood; the message is one line that names the
     *     file, the place in it and what is wrong
     */
    public static List<Waiver> read(Path file, Collection<Profile> audited) throws RecordFileException {
        JsonNode list = RecordFile.json(file);
        if (!list.isArray()) {
            throw new RecordFileException(file + ": not an array of waivers, found " + RecordFile.kind(list));
        }
        List<Waiver> waivers = new ArrayList<>();
        Set<String> rules = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Waiver waiver = waiver(file, "entry " + (i + 1) + ": ", list.get(i), audited);
            if (!rules.add(waiver.rule())) {
                throw new RecordFileException(
                        file + ": entry " + (i + 1) + ": rule " + waiver.rule() + " is waived before in this file");
            }
            waivers.add(waiver);
        }
        return waivers;
    }

    private static Waiver waiver(Path file, String place, JsonNode entry, Collection<Profile> audited)
            throws RecordFileException {
        if (!entry.isObject()) {
            throw new RecordFileException(file + ": " + place + "an object is wanted, found " + RecordFile.kind(entry));
        }
        for (Iterator<String> names = entry.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KEYS.contains(name)) {
                throw new RecordFileException(file + ": " + place + "unknown key '" + RecordFile.shown(name) + "'; known: "
                        + String.join(", ", KEYS));
            }
        }
        String rule = RecordFile.text(file, place, entry, "rule");
        String reason = RecordFile.text(file, place, entry, "reason");
        String owner = RecordFile.text(file, place, entry, "owner");
        Optional<LocalDate> until = Optional.empty();
        if (entry.has("until")) {
            String date = RecordFile.text(file, place, entry, "until");
            until = Optional.of(date(date).orElseThrow(() -> new RecordFileException(file + ": " + place
                    + "'until' is '" + RecordFile.shown(date) + "', a date such as 2027-03-31 is wanted")));
        }
        if (audited.stream().noneMatch(profile -> profile.rule(rule).isPresent())) {
            throw new RecordFileException(file + ": " + place + "rule '" + RecordFile.shown(rule) + "' is not in "
                    + String.join(", ", audited.stream().map(Profile::id).distinct().toList()));
        }
        return new Waiver(rule, reason.strip(), owner.strip(), until);
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return DATE.matcher(text).matches() ? Optional.of(LocalDate.parse(text)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
