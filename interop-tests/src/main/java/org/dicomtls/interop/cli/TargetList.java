package org.dicomtls.interop.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.dicomtls.interop.association.AeTitle;
import org.dicomtls.interop.audit.Node;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.TextFile;
import org.dicomtls.rule.Profile;
import org.dicomtls.rule.Profiles;
import org.dicomtls.rule.UnknownProfileException;

/**
 * A file of servers: a line {@code AE-TITLE, HOST, PORT, PROFILE} each, blanks around the parts, blank lines, and lines
 * that begin with {@code #}.
 */
final class TargetList {

    private static final long LARGEST = 4 << 20;
    private static final int MOST_ERRORS = 20;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,253}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[A-Za-z0-9._-]+)?");

    private final Path file;
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    private TargetList(Path file) {
        this.file = file;
    }

    /**
     * Reads the file to its end, whatever is wrong with a line.
     *
     * @throws UsageException when it cannot be read, or is not text
     */
    static TargetList read(Path file) {
        TargetList list = new TargetList(file);
        list.parse(text(file));
        return list;
    }

    /** The servers, in the order of the file. */
    List<Node> nodes() {
        return nodes;
    }

    /** What is wrong, a line each, the first {@value #MOST_ERRORS} and how many more; empty if the list can be used. */
    List<String> errors() {
        if (errors.isEmpty() && nodes.isEmpty()) {
            return List.of(file + ": names no server; a line is AE-TITLE, HOST, PORT, PROFILE");
        }
        if (errors.size() <= MOST_ERRORS) {
            return errors;
        }
        List<String> first = new ArrayList<>(errors.subList(0, MOST_ERRORS));
        first.add(file + ": and " + (errors.size() - MOST_ERRORS) + " more");
        return first;
    }

    private void parse(String text) {
        Map<String, Integer> seen = new HashMap<>();
        int number = 0;
        for (String line : text.split("\r\n|\n|\r", -1)) {
            number++;
            String trimmed = line.strip();
            if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                continue;
            }
            try {
                Node node = node(trimmed);
                String same = node.aeTitle() + "," + node.target().toLowerCase(Locale.ROOT) + "," + node.profile().id();
                Integer before = seen.putIfAbsent(same, number);
                if (before != null) {
                    throw new IllegalArgumentException("the same as line " + before);
                }
                nodes.add(node);
            } catch (IllegalArgumentException e) {
                errors.add(file + ":" + number + ": " + e.getMessage());
            }
        }
    }

    private static Node node(String line) {
        String[] parts = line.split(",", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    parts.length + (parts.length == 1 ? " part" : " parts") + ", wanted 4: AE-TITLE, HOST, PORT, PROFILE");
        }
        String aeTitle = AeTitle.require(parts[0].strip());
        String host = host(parts[1].strip());
        String port = parts[2].strip();
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("port '" + shown(port) + "' is outside 1…65535");
        }
        return new Node(aeTitle, host, Integer.parseInt(port), profile(parts[3].strip()));
    }

    private static String host(String text) {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            throw new IllegalArgumentException("'" + shown(text) + "' is no host");
        }
        return host;
    }

    private static Profile profile(String id) {
        try {
            return Profiles.named(id);
        } catch (UnknownProfileException e) {
            throw new IllegalArgumentException(PeerText.clean(e.getMessage()), e);
        }
    }

    private static String shown(String text) {
        String clean = PeerText.clean(text);
        return clean.length() > 60 ? clean.substring(0, 60) + " …" : clean;
    }

    private static String text(Path file) {
        try {
            return TextFile.read(file, LARGEST, "a list of servers");
        } catch (IOException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
