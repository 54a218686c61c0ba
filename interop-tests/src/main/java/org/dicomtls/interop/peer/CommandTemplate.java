package org.dicomtls.interop.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line with placeholders such as {@code {port}}. It is cut into words at blanks outside of quotes, and run as it
 * is, by no shell.
 */
final class CommandTemplate {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z-]+)}");

    private final List<String> words;

    private CommandTemplate(List<String> words) {
        this.words = words;
    }

    /**
     * Reads one.
     *
     * @param allowed the placeholders that may stand in it
     * @param needed the placeholders that have to
     * @throws IllegalArgumentException when they do not, or another one does, or it is no command; the message is one line
     */
    static CommandTemplate of(String text, Set<String> allowed, String... needed) {
        List<String> words = words(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command is empty");
        }
        Set<String> found = new TreeSet<>();
        for (String word : words) {
            Matcher matcher = PLACEHOLDER.matcher(word);
            while (matcher.find()) {
                if (!allowed.contains(matcher.group(1))) {
                    throw new IllegalArgumentException("unknown placeholder {" + matcher.group(1) + "} in '" + text
                            + "'; known here: {" + String.join("}, {", new TreeSet<>(allowed)) + "}");
                }
                found.add(matcher.group(1));
            }
        }
        for (String placeholder : needed) {
            if (!found.contains(placeholder)) {
                throw new IllegalArgumentException("{" + placeholder + "} is missing in '" + text + "'");
            }
        }
        return new CommandTemplate(words);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (char c : text.toCharArray()) {
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed in '" + text + "'");
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** The words with the placeholders filled in. */
    List<String> words(Map<String, String> values) {
        return words.stream()
                .map(word -> PLACEHOLDER.matcher(word).replaceAll(m -> Matcher.quoteReplacement(values.get(m.group(1)))))
                .toList();
    }
}
