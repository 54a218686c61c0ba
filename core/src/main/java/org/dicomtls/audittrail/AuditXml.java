package org.dicomtls.audittrail;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an audit message in the order of the schema of PS3.15 A.5.1.1. */
final class AuditXml {

    /** xsd:dateTime, which is RFC 5424's TIMESTAMP as well. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The JDK's own, whatever else is on the class path. */
    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

    private final XMLStreamWriter out;

    private AuditXml(XMLStreamWriter out) {
        this.out = out;
    }

    static String of(AuditMessage message) {
        StringWriter text = new StringWriter();
        try {
            AuditXml xml = new AuditXml(WRITERS.createXMLStreamWriter(text));
            xml.write(message);
            xml.out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a message in memory cannot be written", e);
        }
        return text.toString();
    }

    static String time(Instant time) {
        return TIME.format(time);
    }

    private void write(AuditMessage message) throws XMLStreamException {
        out.writeStartDocument("UTF-8", "1.0");
        out.writeStartElement("AuditMessage");
        event(message.event());
        for (AuditMessage.ActiveParticipant participant : message.participants()) {
            participant(participant);
        }
        source(message.source());
        for (AuditMessage.ParticipantObject object : message.objects()) {
            object(object);
        }
        out.writeEndElement();
        out.writeEndDocument();
    }

    private void event(AuditMessage.Event event) throws XMLStreamException {
        out.writeStartElement("EventIdentification");
        out.writeAttribute("EventActionCode", event.action().code());
        out.writeAttribute("EventDateTime", time(event.time()));
        out.writeAttribute("EventOutcomeIndicator", Integer.toString(event.outcome().code()));
        code("EventID", event.id());
        for (Code type : event.types()) {
            code("EventTypeCode", type);
        }
        if (event.description().isPresent()) {
            element("EventOutcomeDescription", event.description().get());
        }
        out.writeEndElement();
    }

    private void participant(AuditMessage.ActiveParticipant participant) throws XMLStreamException {
        out.writeStartElement("ActiveParticipant");
        out.writeAttribute("UserID", participant.userId());
        attribute("AlternativeUserID", participant.alternativeUserId());
        attribute("UserName", participant.userName());
        out.writeAttribute("UserIsRequestor", Boolean.toString(participant.requestor()));
        attribute("NetworkAccessPointID", participant.accessPoint().map(AuditMessage.AccessPoint::id));
        attribute("NetworkAccessPointTypeCode", participant.accessPoint().map(AuditMessage.AccessPoint::typeCode));
        for (Code role : participant.roles()) {
            code("RoleIDCode", role);
        }
        out.writeEndElement();
    }

    private void source(AuditSource source) throws XMLStreamException {
        out.writeStartElement("AuditSourceIdentification");
        attribute("AuditEnterpriseSiteID", source.enterpriseSite());
        out.writeAttribute("AuditSourceID", source.id());
        if (source.type().isPresent()) {
            out.writeEmptyElement("AuditSourceTypeCode");
            out.writeAttribute("csd-code", source.type().get().code());
        }
        out.writeEndElement();
    }

    private void object(AuditMessage.ParticipantObject object) throws XMLStreamException {
        out.writeStartElement("ParticipantObjectIdentification");
        out.writeAttribute("ParticipantObjectID", object.id());
        out.writeAttribute("ParticipantObjectTypeCode", "2");
        attribute("ParticipantObjectTypeCodeRole", object.role().map(String::valueOf));
        code("ParticipantObjectIDTypeCode", object.idType());
        element("ParticipantObjectName", object.name());
        for (AuditMessage.Detail detail : object.details()) {
            out.writeEmptyElement("ParticipantObjectDetail");
            out.writeAttribute("type", detail.type());
            out.writeAttribute(
                    "value",
                    Base64.getEncoder().encodeToString(detail.value().getBytes(StandardCharsets.UTF_8)));
        }
        out.writeEndElement();
    }

    private void code(String element, Code code) throws XMLStreamException {
        out.writeEmptyElement(element);
        out.writeAttribute("csd-code", code.code());
        out.writeAttribute("codeSystemName", code.system());
        out.writeAttribute("originalText", code.meaning());
    }

    private void element(String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private void attribute(String name, Optional<String> value) throws XMLStreamException {
        if (value.isPresent()) {
            out.writeAttribute(name, value.get());
        }
    }
}
