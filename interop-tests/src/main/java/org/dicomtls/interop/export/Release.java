package org.dicomtls.interop.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The versions of a system that behave alike and of which at least one was measured.
 *
 * @param title in words, e.g. {@code DCMTK 3.6.8 and later}
 * @param versions of the system
 * @param library versions of OpenSSL, where it matters
 */
public record Release(String title, Range versions, Optional<Range> library) {

    /**
     * Versions from one on, and possibly below another.
     *
     * @param from the first of them, e.g. {@code 3.6.8}
     * @param below the first that is none of them, if there is one
     */
    public record Range(String from, Optional<String> below) {
        public Range {
            numbers(from);
            below.ifPresent(Release::numbers);
        }

        static Range from(String first) {
            return new Range(first, Optional.empty());
        }

        static Range of(String first, String below) {
            return new Range(first, Optional.of(below));
        }

        /** Whether a version such as {@code 3.6.9} is one of them. */
        public boolean covers(String version) {
            return compare(version, from) >= 0 && below.map(b -> compare(version, b) < 0).orElse(true);
        }
    }

    static Release of(String title, Range versions) {
        return new Release(title, versions, Optional.empty());
    }

    static Release of(String title, Range versions, OpenSslLibrary library) {
        return new Release(title + " with " + library.title(), versions, Optional.of(library.versions()));
    }

    /** Whether that version of the system, with that version of OpenSSL, is one of them. */
    public boolean covers(String version, String openssl) {
        return versions.covers(version) && library.map(range -> range.covers(openssl)).orElse(true);
    }

    private static int compare(String one, String other) {
        List<Integer> a = numbers(one);
        List<Integer> b = numbers(other);
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            int difference = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static List<Integer> numbers(String version) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : version.split("\\.", -1)) {
            if (!part.matches("\\d{1,9}")) {
                throw new IllegalArgumentException("'" + version + "' is not a version of numbers and dots");
            }
            numbers.add(Integer.parseInt(part));
        }
        return numbers;
    }

    @Override
    public String toString() {
        return title;
    }
}
