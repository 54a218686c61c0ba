package org.dicomtls.interop.peer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions in what programs say of themselves. */
final class Versions {

    private static final Pattern NUMBERS = Pattern.compile("\\d+(?:\\.\\d+)+[a-z]?");

    private Versions() {}

    /** The first thing in that line that looks like a version. */
    static Optional<String> first(String line) {
        Matcher matcher = NUMBERS.matcher(line);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** The first thing in those lines that looks like a version, or {@code unknown}. */
    static String in(Iterable<String> lines) {
        for (String line : lines) {
            Optional<String> found = first(line);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return "unknown";
    }
}
