package org.dicomtls.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.rule.Role;

/**
 * The messages that are demanded, from {@code refusals.txt}. A case begins with {@code ## name}; each line below is what
 * one end says: {@code client [tags] kind: message}. With tags (engine, version, API) it holds where all of them do, and
 * of several lines the one with most tags; a message of {@code -} means that this end is told nothing. In messages {@code
 * {a|b}} is either, {@code {sha256}}, {@code {time}} and {@code {port}} are any; what is long is written once, as {@code
 * = name: text}, and stands for itself as {@code {name}}.
 */
final class RefusalTable {

    /** What an end says in a case. */
    record Line(Role end, List<String> tags, String kind, String message) {

        boolean holds(Provocation p) {
            return Arrays.asList(p.toString().split(" ")).containsAll(tags);
        }

        boolean silent() {
            return message.equals("-");
        }

        boolean matches(Refusal refusal) {
            return refusal.kind().key().equals(kind) && pattern(message).matcher(refusal.text()).matches();
        }
    }

    private static final Pattern LINE = Pattern.compile("(client|server)(?: \\[([^]]*)])? (?:(\\S+): (.*)|(-))");
    private static final Pattern BRACES = Pattern.compile("\\{([^}]*)}");

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, List<Line>> cases = new LinkedHashMap<>();

    static RefusalTable read() {
        RefusalTable table = new RefusalTable();
        try (InputStream in = RefusalTable.class.getResourceAsStream("refusals.txt")) {
            List<Line> current = null;
            for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (text.startsWith("## ")) {
                    current = new ArrayList<>();
                    if (table.cases.put(text.substring(3), current) != null) {
                        throw new AssertionError("twice: " + text);
                    }
                } else if (text.startsWith("= ")) {
                    int colon = text.indexOf(": ");
                    table.texts.put(text.substring(2, colon), text.substring(colon + 2));
                } else if (!text.isBlank() && !text.startsWith("# ")) {
                    current.add(table.line(text));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return table;
    }

    private Line line(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new AssertionError("not a line of the table: " + text);
        }
        return new Line(
                line.group(1).equals("client") ? Role.CLIENT : Role.SERVER,
                line.group(2) == null ? List.of() : List.of(line.group(2).split(" ")),
                line.group(3),
                line.group(5) == null ? expanded(line.group(4)) : "-");
    }

    private String expanded(String message) {
        String result = message;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            result = result.replace("{" + text.getKey() + "}", text.getValue());
        }
        return result;
    }

    List<Line> all() {
        return cases.values().stream().flatMap(List::stream).toList();
    }

    List<String> names() {
        return List.copyOf(cases.keySet());
    }

    List<Line> lines(String name) {
        return cases.getOrDefault(name, List.of());
    }

    /** What is demanded of that end; null where the table has nothing. */
    Line demanded(String name, Role end, Provocation p) {
        Line best = null;
        for (Line line : lines(name)) {
            if (line.end() == end && line.holds(p) && (best == null || line.tags().size() > best.tags().size())) {
                best = line;
            }
        }
        return best;
    }

    private static Pattern pattern(String message) {
        StringBuilder regex = new StringBuilder();
        Matcher braces = BRACES.matcher(message);
        int last = 0;
        while (braces.find()) {
            regex.append(Pattern.quote(message.substring(last, braces.start())));
            regex.append(switch (braces.group(1)) {
                case "sha256" -> "[0-9a-f]{32}";
                case "time" -> "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
                case "port" -> "\\d{1,5}";
                default -> alternatives(braces.group(1));
            });
            last = braces.end();
        }
        return Pattern.compile(regex.append(Pattern.quote(message.substring(last))).toString());
    }

    private static String alternatives(String text) {
        return "(?:" + String.join("|", Arrays.stream(text.split("\\|")).map(Pattern::quote).toList()) + ")";
    }
}
