package org.dicomtls.audittrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dicomtls.audittrail.AuditMessage.Outcome;
import org.dicomtls.rule.Role;
import org.dicomtls.transport.AssociationRefusal;
import org.dicomtls.transport.Refusal;
import org.dicomtls.transport.RefusalKind;
import org.dicomtls.transport.TestEnds;
import org.dicomtls.transport.TransportConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SecurityAlertTest {

    private static final AuditSchema SCHEMA = new AuditSchema();
    private static final AuditSource CT = new AuditSource(
            "ct-3",
            Optional.of("radiology"),
            Optional.of(AuditSource.Type.DATA_ACQUISITION_DEVICE),
            "ct-3.hospital.example",
            "dicom-tls",
            List.of("CT3", "CT3_QR"));
    private static final Optional<InetSocketAddress> PEER = Optional.of(address("192.0.2.7", 49_152));

    private static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Refusal refusal(RefusalKind kind, Role end, Optional<InetSocketAddress> peer) {
        return TestEnds.refusal(kind, end, peer, "it is so", Optional.empty());
    }

    private static Xml valid(AuditMessage message) {
        assertThat(SCHEMA.problems(message.xml())).as(message.xml()).isEmpty();
        return Xml.of(message.xml());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isWrittenAsTheStandardHasIt() {
        X509Certificate certificate = TestEnds.named("stranger");
        AuditMessage message = SecurityAlert.of(
                CT,
                TestEnds.refusal(
                        RefusalKind.CERTIFICATE_UNKNOWN_CA, Role.SERVER, PEER, "not \"trusted\" & <new>", Optional.of(certificate)));
        Map<String, String> details = valid(message).details();
        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(message.xml())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>"
                        + "<EventIdentification EventActionCode=\"E\" EventDateTime=\"1970-01-01T00:00:00.000000Z\""
                        + " EventOutcomeIndicator=\"8\">"
                        + "<EventID csd-code=\"110113\" codeSystemName=\"DCM\" originalText=\"Security Alert\"/>"
                        + "<EventTypeCode csd-code=\"110126\" codeSystemName=\"DCM\" originalText=\"Node Authentication\"/>"
                        + "<EventOutcomeDescription>not \"trusted\" &amp; &lt;new&gt;</EventOutcomeDescription>"
                        + "</EventIdentification>"
                        + "<ActiveParticipant UserID=\"" + pid + "\" AlternativeUserID=\"AETITLES=CT3;CT3_QR\""
                        + " UserName=\"dicom-tls\" UserIsRequestor=\"false\""
                        + " NetworkAccessPointID=\"ct-3.hospital.example\" NetworkAccessPointTypeCode=\"1\"></ActiveParticipant>"
                        + "<ActiveParticipant UserID=\"192.0.2.7\" UserName=\"CN=stranger\" UserIsRequestor=\"false\""
                        + " NetworkAccessPointID=\"192.0.2.7\" NetworkAccessPointTypeCode=\"2\"></ActiveParticipant>"
                        + "<AuditSourceIdentification AuditEnterpriseSiteID=\"radiology\" AuditSourceID=\"ct-3\">"
                        + "<AuditSourceTypeCode csd-code=\"2\"/></AuditSourceIdentification>"
                        + "<ParticipantObjectIdentification ParticipantObjectID=\"192.0.2.7\""
                        + " ParticipantObjectTypeCode=\"2\" ParticipantObjectTypeCodeRole=\"13\">"
                        + "<ParticipantObjectIDTypeCode csd-code=\"110182\" codeSystemName=\"DCM\" originalText=\"Node ID\"/>"
                        + "<ParticipantObjectName>192.0.2.7:49152</ParticipantObjectName>"
                        + Stream.of(
                                        "Alert Description",
                                        "Refusal Kind",
                                        "Refused By",
                                        "Profile",
                                        "Peer Address",
                                        "Local Address",
                                        "Peer Certificate SHA-256",
                                        "Alert ID")
                                .map(type -> "<ParticipantObjectDetail type=\"" + type + "\" value=\""
                                        + base64(details.get(type)) + "\"/>")
                                .collect(Collectors.joining())
                        + "</ParticipantObjectIdentification></AuditMessage>");
        assertThat(details)
                .contains(
                        entry(
                                "Alert Description",
                                "not \"trusted\" & <new>; offered: not \"trusted\" & <new>; wanted: not \"trusted\" & <new>;"
                                        + " remedy: not \"trusted\" & <new>"),
                        entry("Refusal Kind", "certificate.unknown-ca"),
                        entry("Refused By", "this node"),
                        entry("Profile", "test-wide"),
                        entry("Peer Address", "192.0.2.7:49152"),
                        entry("Local Address", "unknown"))
                .hasEntrySatisfying("Peer Certificate SHA-256", v -> assertThat(v).matches("[0-9a-f]{64}"))
                .hasEntrySatisfying("Alert ID", v -> assertThat(v).matches("[0-9a-f-]{36}"));
    }

    static Stream<RefusalKind> kinds() {
        return Stream.of(RefusalKind.values());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isValidForEveryKindOfRefusal(RefusalKind kind) {
        for (Role end : Role.values()) {
            Refusal refusal = kind.key().startsWith("association.")
                    ? AssociationRefusal.on(refusal(RefusalKind.TIMEOUT, end, PEER).connection(), kind, "it is so")
                            .aeTitles("CALLING", "CALLED")
                            .build()
                    : refusal(kind, end, PEER);
            AuditMessage message = SecurityAlert.of(CT, refusal);
            Xml xml = valid(message);
            assertThat(xml.details()).containsEntry("Refusal Kind", kind.key());
            assertThat(message.octets().length).isLessThan(4096);
        }
    }

    /** What somebody has to look at is serious; that something may have come about in spite of us is never said. */
    @Test
    void theOutcomeSaysHowSeriousItIs() {
        Map<Outcome, Set<RefusalKind>> kinds = new EnumMap<>(Outcome.class);
        kinds().filter(kind -> !kind.key().startsWith("association."))
                .forEach(kind -> kinds.computeIfAbsent(
                                SecurityAlert.outcome(refusal(kind, Role.SERVER, PEER)),
                                outcome -> EnumSet.noneOf(RefusalKind.class))
                        .add(kind));
        assertThat(kinds.get(Outcome.SUCCESS)).containsExactly(RefusalKind.SHUTTING_DOWN);
        assertThat(kinds.get(Outcome.SERIOUS_FAILURE))
                .containsExactlyInAnyOrderElementsOf(kinds().filter(kind -> kind.key().startsWith("certificate.")
                                || kind.key().startsWith("own-certificate.")
                                || Set.of(
                                                RefusalKind.DOWNGRADE,
                                                RefusalKind.INTEGRITY,
                                                RefusalKind.OUTSIDE_POLICY,
                                                RefusalKind.RENEGOTIATION,
                                                RefusalKind.RECORD_DAMAGED)
                                        .contains(kind))
                        .toList());
        assertThat(kinds).doesNotContainKey(Outcome.MAJOR_FAILURE);
    }

    /** Performing participants are never the requestor (A.5.3.11), so a server that was connected to knows none. */
    @ParameterizedTest
    @EnumSource
    void onlyAClientIsTheRequestor(Role end) {
        Xml xml = valid(SecurityAlert.of(CT, refusal(RefusalKind.TIMEOUT, end, PEER)));
        assertThat(xml.attribute("ActiveParticipant", 0, "UserIsRequestor")).isEqualTo(end == Role.CLIENT ? "true" : "false");
        assertThat(xml.attribute("ActiveParticipant", 1, "UserIsRequestor")).isEqualTo("false");
    }

    @Test
    void aNodeIsNamedAsTheStandardWantsIt() {
        Map<InetSocketAddress, List<String>> nodes = Map.of(
                address("192.0.2.7", 104), List.of("192.0.2.7", "110182", "2", "192.0.2.7:104"),
                address("2001:db8::7", 104),
                        List.of("2001:db8:0:0:0:0:0:7", "110182", "2", "[2001:db8:0:0:0:0:0:7]:104"),
                InetSocketAddress.createUnresolved("pacs.hospital.example", 2762),
                        List.of("pacs@hospital.example", "110182", "1", "pacs.hospital.example:2762"),
                InetSocketAddress.createUnresolved("pacs", 2762), List.of("dicom-tls://pacs:2762", "12", "1", "pacs:2762"));
        nodes.forEach((peer, wanted) -> {
            Xml xml = valid(SecurityAlert.of(CT, refusal(RefusalKind.TIMEOUT, Role.CLIENT, Optional.of(peer))));
            assertThat(List.of(
                            xml.attribute("ParticipantObjectIdentification", 0, "ParticipantObjectID"),
                            xml.attribute("ParticipantObjectIDTypeCode", 0, "csd-code"),
                            xml.attribute("ActiveParticipant", 1, "NetworkAccessPointTypeCode"),
                            xml.text("ParticipantObjectName")))
                    .isEqualTo(wanted);
        });
        Xml unknown = valid(SecurityAlert.of(CT, refusal(RefusalKind.TIMEOUT, Role.CLIENT, Optional.empty())));
        assertThat(unknown.attribute("ActiveParticipant", 1, "UserID")).isEqualTo("unknown");
        assertThat(unknown.attribute("ActiveParticipant", 1, "NetworkAccessPointID")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anAssociationNamesTheAeTitleOfThePeer(Role end) {
        TransportConnection connection = refusal(RefusalKind.TIMEOUT, end, PEER).connection();
        AssociationRefusal refusal = AssociationRefusal.on(
                        connection, RefusalKind.ASSOCIATION_AE_TITLE, "the certificate is not that of CALLING")
                .aeTitles("CALLING", "CALLED")
                .build();
        Xml xml = valid(SecurityAlert.of(CT, refusal));
        assertThat(xml.attribute("ActiveParticipant", 1, "AlternativeUserID"))
                .isEqualTo(end == Role.SERVER ? "AETITLES=CALLING" : "AETITLES=CALLED");
        assertThat(xml.attribute("EventIdentification", 0, "EventOutcomeIndicator")).isEqualTo("8");
    }

    @Test
    void twoAlertsAlikeHaveDifferentIds() {
        Refusal refusal = refusal(RefusalKind.TIMEOUT, Role.SERVER, PEER);
        assertThat(Xml.of(SecurityAlert.of(CT, refusal).xml()).details().get("Alert ID"))
                .isNotEqualTo(Xml.of(SecurityAlert.of(CT, refusal).xml()).details().get("Alert ID"));
    }

    /** What RFC 5425 §4.3 recommends every receiver to take, even if everything has to be escaped. */
    @Test
    void theLargestAlertFitsEveryReceiver() throws AuditNotRecordedException {
        String quotes = "\"".repeat(10_000);
        AuditSource large = new AuditSource(
                "s".repeat(128),
                Optional.of("e".repeat(128)),
                Optional.of(AuditSource.Type.OTHER),
                "n".repeat(255),
                "a".repeat(48),
                Collections.nCopies(8, "ABCDEFGHIJKLMNOP"));
        Optional<InetSocketAddress> peer = Optional.of(InetSocketAddress.createUnresolved(quotes, 65_535));
        Refusal refusal = TestEnds.refusal(
                RefusalKind.CERTIFICATE_REVOCATION_UNKNOWN, Role.CLIENT, peer, quotes, Optional.of(TestEnds.named(quotes)));
        AssociationRefusal association = AssociationRefusal.on(
                        refusal.connection(), RefusalKind.ASSOCIATION_NO_CONTEXT, quotes)
                .offered(quotes)
                .wanted(quotes)
                .remedy(quotes)
                .aeTitles(quotes, quotes)
                .build();
        for (Refusal each : List.of(refusal, association)) {
            AuditMessage message = SecurityAlert.of(large, each);
            valid(message);
            assertThat(new SyslogFormat("x".repeat(32), true).of(message).length).isLessThanOrEqualTo(8_192);
        }
    }

    @Test
    void lostMessagesAreAMajorFailureOfTheReportingNode() {
        AuditMessage message = SecurityAlert.recordingStopped(
                CT, 3, Instant.ofEpochSecond(10), Instant.ofEpochSecond(20), "the buffer is full");
        Xml xml = valid(message);
        assertThat(xml.attribute("EventIdentification", 0, "EventOutcomeIndicator")).isEqualTo("12");
        assertThat(xml.attribute("EventTypeCode", 0, "csd-code")).isEqualTo("110133");
        assertThat(xml.attribute("ParticipantObjectIdentification", 0, "ParticipantObjectID"))
                .isEqualTo("ct-3@hospital.example");
        assertThat(xml.details().get("Alert Description"))
                .isEqualTo("3 audit messages were not recorded from 1970-01-01T00:00:10.000000Z until"
                        + " 1970-01-01T00:00:20.000000Z: the buffer is full");
    }

    @Test
    void theGrammarOfTheTestsRefusesWhatIsWrong() {
        String good = SecurityAlert.of(CT, refusal(RefusalKind.TIMEOUT, Role.SERVER, PEER)).xml();
        List<String> wrong = List.of(
                good.replaceFirst("<ParticipantObjectName>.*</ParticipantObjectName>", ""),
                good.replaceFirst("EventOutcomeIndicator=\"4\"", "EventOutcomeIndicator=\"5\""),
                good.replaceFirst("csd-code", "code"),
                good.replaceFirst(" UserIsRequestor=\"false\"", ""),
                good.replaceFirst("value=\"[^\"]*\"", "value=\"*\""),
                good.replaceFirst("ParticipantObjectTypeCodeRole=\"13\"", "ParticipantObjectTypeCodeRole=\"27\""),
                good.replaceFirst("EventDateTime=\"[^\"]*\"", "EventDateTime=\"yesterday\""),
                good.replaceFirst("</AuditMessage>", "<More/></AuditMessage>"));
        assertThat(wrong).doesNotContain(good).allSatisfy(xml -> assertThat(SCHEMA.problems(xml)).as(xml).isNotEmpty());
    }

    @Test
    void aSourceThatNobodyCouldSendIsRefused() {
        assertThatThrownBy(() -> CT.withNode("ct 3"))
                .hasMessage("node 'ct 3' is not 1 to 255 printable ASCII characters without spaces");
        assertThatThrownBy(() -> CT.withApplication("x".repeat(49))).hasMessageContaining("is not 1 to 48 printable");
        assertThatThrownBy(() -> AuditSource.of(" \n")).hasMessage("AuditSourceID is empty");
        assertThat(AuditSource.of("x").node()).isNotEmpty();
    }
}
