package org.dicomtls.audittrail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An audit message (PS3.15 A.5.1). All texts are cleaned and cut when it is made, so that what a peer has sent can
 * neither break the XML nor fill a disk.
 *
 * @param event what happened
 * @param participants who took part: 1 to 16
 * @param source who reports
 * @param objects what it was about: 0 to 16
 */
public record AuditMessage(
        Event event, List<ActiveParticipant> participants, AuditSource source, List<ParticipantObject> objects) {

    private static final int NAME = 256;
    private static final int TEXT = 1024;
    private static final int VALUE = 4096;

    /** Event Action Code. */
    public enum Action {
        CREATE,
        READ,
        UPDATE,
        DELETE,
        EXECUTE;

        /** The letter in the message. */
        public String code() {
            return name().substring(0, 1);
        }
    }

    /** Event Outcome Indicator; what the failures mean of a Security Alert is in A.5.3.11. */
    public enum Outcome {
        /** Success; of an alert: informative. */
        SUCCESS(0),
        /** Minor failure: action restarted; of an alert: mitigation was effective. */
        MINOR_FAILURE(4),
        /** Serious failure: action terminated; of an alert: mitigation was effective. */
        SERIOUS_FAILURE(8),
        /** Major failure: action made unavailable; of an alert: mitigation may not have been effective. */
        MAJOR_FAILURE(12);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /** 0, 4, 8 or 12. */
        public int code() {
            return code;
        }
    }

    /**
     * EventIdentification.
     *
     * @param time when it happened; written in UTC with microseconds
     * @param types the categories within the family that {@code id} names
     * @param description EventOutcomeDescription, at most 1024 octets are kept
     */
    public record Event(
            Code id, Action action, Instant time, Outcome outcome, List<Code> types, Optional<String> description) {
        public Event {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(outcome, "outcome");
            types = List.copyOf(types);
            description = description.map(text -> AuditText.clean(text, TEXT)).filter(text -> !text.isEmpty());
            atMost(types, 16, "EventTypeCode");
        }
    }

    /**
     * NetworkAccessPointTypeCode and NetworkAccessPointID.
     *
     * @param address whether it is an IP address (2); otherwise it is a machine name (1)
     */
    public record AccessPoint(String id, boolean address) {
        public AccessPoint {
            id = AuditText.require(id, NAME, "NetworkAccessPointID");
        }

        /** 1 for a machine name, 2 for an IP address. */
        public String typeCode() {
            return address ? "2" : "1";
        }
    }

    /**
     * ActiveParticipant.
     *
     * @param requestor whether it initiated what is reported; true of one participant at most
     */
    public record ActiveParticipant(
            String userId,
            Optional<String> alternativeUserId,
            Optional<String> userName,
            boolean requestor,
            List<Code> roles,
            Optional<AccessPoint> accessPoint) {
        public ActiveParticipant {
            userId = AuditText.require(userId, NAME, "UserID");
            alternativeUserId = optional(alternativeUserId);
            userName = optional(userName);
            roles = List.copyOf(roles);
            Objects.requireNonNull(accessPoint, "accessPoint");
            atMost(roles, 16, "RoleIDCode");
        }
    }

    /**
     * ParticipantObjectIdentification of a system object (ParticipantObjectTypeCode 2).
     *
     * @param role ParticipantObjectTypeCodeRole, 1 to 26
     * @param name ParticipantObjectName, which the schema demands where there is no query
     */
    public record ParticipantObject(String id, Code idType, Optional<Integer> role, String name, List<Detail> details) {
        public ParticipantObject {
            id = AuditText.require(id, NAME, "ParticipantObjectID");
            Objects.requireNonNull(idType, "idType");
            role.filter(r -> r < 1 || r > 26).ifPresent(r -> {
                throw new IllegalArgumentException("ParticipantObjectTypeCodeRole " + r + " is outside 1…26");
            });
            name = AuditText.require(name, NAME, "ParticipantObjectName");
            details = List.copyOf(details);
            atMost(details, 32, "ParticipantObjectDetail");
        }
    }

    /**
     * ParticipantObjectDetail; the value goes as base64 of its UTF-8.
     *
     * @param value at most 4096 octets are kept
     */
    public record Detail(String type, String value) {
        public Detail {
            type = AuditText.require(type, NAME, "type");
            value = AuditText.clean(value, VALUE);
        }
    }

    public AuditMessage {
        Objects.requireNonNull(event, "event");
        participants = List.copyOf(participants);
        Objects.requireNonNull(source, "source");
        objects = List.copyOf(objects);
        if (participants.isEmpty()) {
            throw new IllegalArgumentException("no ActiveParticipant, at least 1");
        }
        atMost(participants, 16, "ActiveParticipant");
        atMost(objects, 16, "ParticipantObjectIdentification");
        if (participants.stream().filter(ActiveParticipant::requestor).count() > 1) {
            throw new IllegalArgumentException("UserIsRequestor is true of several participants");
        }
    }

    /** The message as one line of XML, with its declaration. */
    public String xml() {
        return AuditXml.of(this);
    }

    /** The XML in UTF-8, without a byte order mark. */
    public byte[] octets() {
        return xml().getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> optional(Optional<String> text) {
        return text.map(t -> AuditText.clean(t, NAME)).filter(t -> !t.isEmpty());
    }

    private static void atMost(List<?> list, int most, String element) {
        if (list.size() > most) {
            throw new IllegalArgumentException(list.size() + " times " + element + ", at most " + most);
        }
    }
}
