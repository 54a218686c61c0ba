package org.dicomtls.transport;

/** Makes text from a peer safe to put into a message: control characters out, length bounded. */
final class Printable {

    private Printable() {}

    static String of(String text, int most) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(most + 1L)
                .map(c -> obeyed(c) ? '?' : c)
                .forEach(clean::appendCodePoint);
        if (clean.codePointCount(0, clean.length()) > most) {
            clean.setLength(clean.offsetByCodePoints(0, most));
            clean.append('…');
        }
        return clean.toString();
    }

    /** Whether a terminal or a log might do something at that character instead of showing it. */
    private static boolean obeyed(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
