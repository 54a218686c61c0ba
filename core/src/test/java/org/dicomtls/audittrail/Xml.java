package org.dicomtls.audittrail;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A message as a reader of it sees it. */
final class Xml {

    private final Document document;

    private Xml(Document document) {
        this.document = document;
    }

    static Xml of(String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return new Xml(builder.parse(new InputSource(new StringReader(text))));
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + text, e);
        }
    }

    /** The XML of a syslog message. */
    static Xml ofSyslog(String message) {
        return of(message.substring(message.indexOf("<?xml")));
    }

    private List<Element> elements(String name) {
        NodeList list = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < list.getLength(); i++) {
            elements.add((Element) list.item(i));
        }
        return elements;
    }

    String attribute(String element, int index, String attribute) {
        return elements(element).get(index).getAttribute(attribute);
    }

    String text(String element) {
        return elements(element).get(0).getTextContent();
    }

    int count(String element) {
        return elements(element).size();
    }

    /** The details by their type. */
    Map<String, String> details() {
        Map<String, String> details = new TreeMap<>();
        for (Element detail : elements("ParticipantObjectDetail")) {
            details.put(
                    detail.getAttribute("type"),
                    new String(Base64.getDecoder().decode(detail.getAttribute("value")), StandardCharsets.UTF_8));
        }
        return details;
    }
}
