package org.dicomtls.audittrail;

/**
 * Makes text fit for an audit message, whatever a peer has put into it: only characters that XML 1.0 and a terminal can
 * take, white space as the schema's tokens have it, and no more octets than there is room for.
 */
final class AuditText {

    private AuditText() {}

    /**
     * The text with each character that cannot stand replaced by a question mark, runs of white space made one space,
     * and cut after the last whole character that leaves it within so many octets of UTF-8.
     */
    static String clean(String text, int mostOctets) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), mostOctets));
        int octets = 0;
        boolean space = false;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
                space = !clean.isEmpty();
                continue;
            }
            int kept = allowed(character) ? character : '?';
            octets += (space ? 1 : 0) + octets(kept);
            if (octets > mostOctets) {
                break;
            }
            if (space) {
                clean.append(' ');
                space = false;
            }
            clean.appendCodePoint(kept);
        }
        return clean.toString();
    }

    /** The same for a field that must not be empty. */
    static String require(String text, int mostOctets, String field) {
        String clean = clean(text, mostOctets);
        if (clean.isEmpty()) {
            throw new IllegalArgumentException(field + " is empty");
        }
        return clean;
    }

    /** Not U+FFFE, U+FFFF and surrogates without a partner (XML 1.0 §2.2), nor what rearranges or hides other text. */
    private static boolean allowed(int character) {
        int type = Character.getType(character);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED;
    }

    private static int octets(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
