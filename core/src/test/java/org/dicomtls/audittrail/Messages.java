package org.dicomtls.audittrail;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dicomtls.audittrail.AuditMessage.Action;
import org.dicomtls.audittrail.AuditMessage.ActiveParticipant;
import org.dicomtls.audittrail.AuditMessage.Event;
import org.dicomtls.audittrail.AuditMessage.Outcome;

/** Small messages that tests can tell apart. */
final class Messages {

    static final AuditSource SOURCE = AuditSource.of("test-source").withNode("node.test.example");

    private static final Pattern LABEL = Pattern.compile("EventOutcomeDescription>message (\\d+)<");

    private Messages() {}

    /** A message with that number. */
    static AuditMessage message(int number) {
        return message(number, "");
    }

    static AuditMessage message(int number, String padding) {
        return new AuditMessage(
                new Event(
                        SecurityAlert.SECURITY_ALERT,
                        Action.EXECUTE,
                        Instant.ofEpochSecond(1_700_000_000L + number),
                        Outcome.SUCCESS,
                        List.of(),
                        Optional.of("message " + number)),
                List.of(new ActiveParticipant(
                        "test", Optional.of("x" + padding), Optional.empty(), false, List.of(), Optional.empty())),
                SOURCE,
                List.of());
    }

    /** The numbers of those among these messages that were made here. */
    static List<Integer> numbers(List<String> received) {
        return received.stream()
                .map(LABEL::matcher)
                .filter(Matcher::find)
                .map(m -> Integer.parseInt(m.group(1)))
                .toList();
    }
}
