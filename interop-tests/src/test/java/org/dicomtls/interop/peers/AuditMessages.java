package org.dicomtls.interop.peers;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The messages that a repository has kept, one a line. */
final class AuditMessages {

    private static final Pattern DETAIL = Pattern.compile("<ParticipantObjectDetail type=\"([^\"]*)\" value=\"([^\"]*)\"/>");
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    private AuditMessages() {}

    /** The lines that are complete. */
    static List<String> in(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The details of each message, by their type. */
    static List<Map<String, String>> details(Path file) throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        for (String line : in(file)) {
            Map<String, String> details = new TreeMap<>();
            for (Matcher detail = DETAIL.matcher(line); detail.find(); ) {
                details.put(
                        detail.group(1),
                        new String(Base64.getDecoder().decode(detail.group(2)), StandardCharsets.UTF_8));
            }
            all.add(details);
        }
        return all;
    }

    /** The XML of a line. */
    static Document document(String line) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(line.substring(line.indexOf(DECLARATION)))));
        } catch (Exception e) {
            throw new AssertionError("no XML: " + line, e);
        }
    }
}
