package org.dicomtls.transport;

/** Makes text from a peer safe to put into a message: control characters out, length bounded. */
final class Printable {

    private Printable() {}

    static String of(String text, int most) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(most + 1L)
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) || Character.getType(c) == Character.FORMAT
                        ? '?'
                        : c)
                .forEach(clean::appendCodePoint);
        if (clean.codePointCount(0, clean.length()) > most) {
            clean.setLength(clean.offsetByCodePoints(0, most));
            clean.append('…');
        }
        return clean.toString();
    }
}
