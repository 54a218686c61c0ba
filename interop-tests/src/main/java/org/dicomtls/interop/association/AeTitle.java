package org.dicomtls.interop.association;

/** The notation of application entity titles: 1 to 16 printable ASCII characters without backslash (PS3.5 §6.2). */
public final class AeTitle {
    static final int LENGTH = 16;

    private AeTitle() {}

    /**
     * The title without its leading and trailing spaces.
     *
     * @throws IllegalArgumentException when it is not an AE title
     */
    public static String require(String title) {
        String trimmed = strip(title);
        if (!isValid(trimmed)) {
            throw new IllegalArgumentException(
                    "not an AE title (1 to 16 printable ASCII characters, no backslash): '" + printable(title) + "'");
        }
        return trimmed;
    }

    /** Whether it is an AE title as it stands: no leading or trailing space. */
    public static boolean isValid(String title) {
        return !title.isEmpty()
                && title.length() <= LENGTH
                && title.chars().allMatch(AeTitle::isAllowed)
                && title.equals(strip(title));
    }

    /** Only spaces go: a control character must stay to be refused. */
    static String strip(String title) {
        int from = 0;
        int to = title.length();
        while (from < to && title.charAt(from) == ' ') {
            from++;
        }
        while (to > from && title.charAt(to - 1) == ' ') {
            to--;
        }
        return title.substring(from, to);
    }

    private static boolean isAllowed(int character) {
        return character >= 0x20 && character <= 0x7E && character != '\\';
    }

    static String printable(String text) {
        StringBuilder result = new StringBuilder();
        text.codePoints().limit(64).forEach(c -> result.append(c >= 0x20 && c <= 0x7E ? (char) c : '?'));
        return result.toString();
    }
}
